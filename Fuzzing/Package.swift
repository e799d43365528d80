// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The main program of a fuzzer is libFuzzer's own.
let fuzzerSettings: [SwiftSetting] =
    swiftSettings + [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])]

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
        .executableTarget(
            name: "FuzzAudio",
            dependencies: ["FuzzSupport"],
            swiftSettings: fuzzerSettings,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
        .executableTarget(
            name: "FuzzFrontEnd",
            dependencies: ["FuzzSupport"],
            swiftSettings: fuzzerSettings,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
    ],
    swiftLanguageModes: [.v6]
)
