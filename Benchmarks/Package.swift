// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "MynahBenchmarks",
    dependencies: [
        .package(name: "mynah", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "AugmentationBenchmark",
            dependencies: [.product(name: "Mynah", package: "mynah")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ]),
        .executableTarget(
            name: "FrontEndBenchmark",
            dependencies: [.product(name: "Mynah", package: "mynah")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
