// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The libraries, in the order in which the data flows; each may import only those above it.
let stations: [Target] = [
    .target(
        name: "MynahAudio",
        dependencies: ["CSndFile", "CSoxr", "MynahText"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahFeatures",
        dependencies: ["MynahAudio", "CFFTW", "CVectorMath"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahNetwork",
        dependencies: ["COpenBLAS", "CVectorMath"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahModel",
        dependencies: ["MynahText", "MynahFeatures", "MynahNetwork", "CMessageDigest"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahRecognition",
        dependencies: ["CBuiltInModel", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahTraining",
        dependencies: [
            "MynahText", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel", "CMessageDigest",
            "CVectorMath",
        ],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahEvaluation",
        dependencies: [
            "MynahText", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel", "MynahRecognition",
            "MynahTraining",
        ],
        swiftSettings: swiftSettings),
]

let package = Package(
    name: "mynah",
    products: [
        .library(name: "Mynah", targets: stations.map(\.name)),
        .executable(name: "mynah", targets: ["mynah"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(
            name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(
            name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"])]),
        .systemLibrary(
            name: "CMessageDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        // Its pkg-config file has a flag that the package manager warns of, and says nothing else that is needed.
        .systemLibrary(name: "CPortAudio", providers: [.apt(["portaudio19-dev"])]),
        .target(
            name: "CBuiltInModel",
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        .target(
            name: "CReportPage", exclude: ["page.mustache", "page.css"],
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        .target(name: "CVectorMath", cSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "CAllocationCounter", cSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "MynahText", swiftSettings: swiftSettings),
        .target(name: "MynahPlot", dependencies: ["MynahText"], swiftSettings: swiftSettings),
        .target(
            name: "MynahCapture", dependencies: ["CPortAudio", "MynahText"], swiftSettings: swiftSettings),
    ] + stations + [
        .target(
            name: "MynahReport",
            dependencies: [
                "CReportPage", "MynahText", "MynahPlot", "MynahModel", "MynahEvaluation",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "mynah",
            dependencies: stations.map { .target(name: $0.name) } + [
                "MynahText", "MynahPlot", "MynahCapture", "MynahReport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "MynahTestSupport",
            dependencies: ["MynahAudio", "MynahNetwork"],
            swiftSettings: swiftSettings),
    ]
        + stations.map { station in
            .testTarget(
                name: "\(station.name)Tests",
                dependencies: [
                    .target(name: station.name), "CAllocationCounter", "MynahText", "MynahTestSupport",
                ],
                resources: [.copy("Fixtures")],
                swiftSettings: swiftSettings)
        } + [
            .testTarget(
                name: "MynahPlotTests", dependencies: ["MynahPlot"], swiftSettings: swiftSettings),
            .testTarget(
                name: "MynahReportTests",
                dependencies: [
                    "MynahReport", "MynahEvaluation", "MynahModel", "MynahRecognition", "MynahNetwork",
                ],
                swiftSettings: swiftSettings),
            .testTarget(
                name: "MynahCaptureTests", dependencies: ["MynahCapture"], swiftSettings: swiftSettings),
            .testTarget(
                name: "MynahCommandTests",
                dependencies: [
                    "mynah", "MynahTestSupport", "MynahAudio", "MynahFeatures", "MynahModel", "MynahNetwork",
                ],
                swiftSettings: swiftSettings),
        ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x
)
