import Mynah

let words = try Detections(in: .file(path: "talk.wav"), model: .builtIn())  // or inMicrophone: nil
for try await word in words {
    print(word.label, word.start, word.end)
}
