// swift-tools-version: 6.2
import PackageDescription

/// The programs of the README and of Documentation/, as they would be written outside of this package: each imports one product.
let package = Package(
    name: "MynahExamples",
    dependencies: [
        .package(name: "mynah", path: "..")
    ],
    targets: [
        .executableTarget(name: "recognize", dependencies: [.product(name: "Mynah", package: "mynah")]),
        .executableTarget(name: "listen", dependencies: [.product(name: "Mynah", package: "mynah")]),
        .executableTarget(name: "follow", dependencies: [.product(name: "Mynah", package: "mynah")]),
        .executableTarget(name: "train", dependencies: [.product(name: "MynahLearning", package: "mynah")]),
        .executableTarget(name: "teach", dependencies: [.product(name: "MynahLearning", package: "mynah")]),
    ],
    swiftLanguageModes: [.v6]
)
