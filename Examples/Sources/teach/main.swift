import MynahLearning

let enrolment = try Enrolment(at: "mine.safetensors")
let files = ["lights-1.wav", "lights-2.wav", "lights-3.wav"]
let advice = try enrolment.teach("lights", files: files).advice

if let lights = advice["lights"], let heard = lights.heardCount {
    print("\(lights.word): \(heard) of \(lights.takeCount) takes heard, from \(lights.threshold) on")
}
let recognizer = try Recognizer(model: CommandModel(contentsOf: "mine.safetensors"))
print(try recognizer.recognize(.file(path: "lights-4.wav")).best.label)
