// What a program that trains or evaluates imports: `import MynahLearning` brings the public declarations of these libraries,
// and those of `Mynah`.

@_exported public import Mynah
@_exported public import MynahData
@_exported public import MynahEvaluation
@_exported public import MynahNetwork
@_exported public import MynahTeaching
@_exported public import MynahTraining
