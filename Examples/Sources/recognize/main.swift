import Mynah

let recognizer = try Recognizer(model: .builtIn())
let heard = try recognizer.recognize(.file(path: "yes.wav"))
print(heard.best.label, heard.best.probability)
