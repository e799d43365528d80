// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "MynahFuzzing",
    dependencies: [
        .package(name: "mynah", path: "..")
    ],
    targets: [
        .target(
            name: "FuzzSupport",
            dependencies: [.product(name: "Mynah", package: "mynah")],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "MutatedFiles",
            dependencies: ["FuzzSupport", .product(name: "Mynah", package: "mynah")],
            swiftSettings: swiftSettings),
        .systemLibrary(name: "CLibFuzzer"),
        .target(name: "FuzzerDriver", dependencies: ["CLibFuzzer"], swiftSettings: swiftSettings),
    ]
        + ["FuzzAudio", "FuzzFrontEnd"].map { name in
            .executableTarget(
                name: name,
                dependencies: ["FuzzSupport", "FuzzerDriver", .product(name: "Mynah", package: "mynah")],
                swiftSettings: swiftSettings,
                linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
        },
    swiftLanguageModes: [.v6]
)
