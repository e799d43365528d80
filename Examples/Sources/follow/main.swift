import Mynah

let model = try CommandModel.builtIn()
let recognizer = try StreamingRecognizer(model: model)
let sound = try Waveform(
    contentsOf: .file(path: "talk.wav"), sampleRate: model.sampleRate, maximumDuration: 600)

let tell = { (word: Detection) in print(word.label, word.end, word.confidence) }
let samples = sound.samples
recognizer.push(samples.span, onDetection: tell)  // as often as samples come
recognizer.finish(onDetection: tell)
