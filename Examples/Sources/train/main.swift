import MynahLearning

let folder = try LabelledFolder(scanning: "recordings")
var plan = CommandTraining.Plan(network: .tiny)
plan.settings.epochCount = 20
let training = try CommandTraining(folder: folder, plan: plan)

if let model = try training.run(onEpoch: { print("epoch \($0.epoch), loss \($0.validationLoss)") }) {
    try model.write(to: "my-words.safetensors")
    let evaluation = try FolderEvaluation(folder: "recordings", model: model, split: .validation)
    let accuracy = try evaluation.closedSet().accuracy
    print("\(accuracy.count) of \(accuracy.total) clips are right")
}
