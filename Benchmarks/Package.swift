// swift-tools-version: 6.2
import PackageDescription

/// One program for each table.
let benchmarks = ["AugmentationBenchmark", "FrontEndBenchmark", "StreamingBenchmark", "TrainingBenchmark"]

let package = Package(
    name: "MynahBenchmarks",
    dependencies: [
        .package(name: "mynah", path: "..")
    ],
    targets: benchmarks.map { name in
        .executableTarget(
            name: name,
            dependencies: [.product(name: "Mynah", package: "mynah")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ])
    },
    swiftLanguageModes: [.v6]
)
