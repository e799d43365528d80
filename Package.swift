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
    .target(name: "MynahBase", dependencies: ["CMessageDigest", "CGlibc"], swiftSettings: swiftSettings),
    .target(
        name: "MynahAudio",
        dependencies: ["CSndFile", "CSoxr", "MynahBase"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahFeatures",
        dependencies: ["MynahBase", "MynahAudio", "CFFTW", "CVectorMath"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahNetwork",
        dependencies: ["MynahBase", "CVectorMath"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahModel",
        dependencies: ["MynahBase", "MynahFeatures", "MynahNetwork"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahRecognition",
        dependencies: [
            "CBuiltInModel", "MynahBase", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel",
        ],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahLanguage",
        dependencies: ["MynahBase", "MynahNetwork", "MynahModel"],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahData",
        dependencies: [
            "MynahBase", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel", "MynahLanguage",
            "CMessageDigest", "CShippedNegatives", "CVectorMath", "CYAML",
        ],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahTraining",
        dependencies: [
            "MynahBase", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel", "MynahRecognition",
            "MynahLanguage", "MynahData", "CVectorMath",
        ],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahEvaluation",
        dependencies: [
            "MynahBase", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel", "MynahRecognition",
            "MynahLanguage", "MynahData",
        ],
        swiftSettings: swiftSettings),
    .target(
        name: "MynahTeaching",
        dependencies: [
            "MynahBase", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel", "MynahRecognition",
            "MynahLanguage", "MynahData", "MynahTraining", "MynahEvaluation", "CTeachingModel", "CVectorMath",
        ],
        swiftSettings: swiftSettings),
]

/// The libraries whose tests read files from a folder `Fixtures`.
let stationsWithFixtures: Set = [
    "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel", "MynahRecognition", "MynahData",
    "MynahEvaluation",
]

/// Programs that measure speed, one for each table; only those build them who ask for it (`make bench`).
let benchmarks: [Target] =
    Context.environment["MYNAH_BENCHMARKS"] == nil
    ? []
    : [
        "AugmentationBenchmark", "FrontEndBenchmark", "ServerLoad", "StreamingBenchmark",
        "TrainingBenchmark",
    ].map { name in
        .executableTarget(
            name: name,
            dependencies: stations.map { .target(name: $0.name) },
            path: "Benchmarks/Sources/\(name)",
            swiftSettings: swiftSettings)
    }

/// Programs that read damaged files; only those build them who ask for it (`make fuzz`).
let fuzzing: [Target] =
    Context.environment["MYNAH_FUZZING"] == nil
    ? []
    : [
        .target(
            name: "FuzzSupport",
            dependencies: ["MynahTestSupport", "MynahBase", "MynahAudio", "MynahFeatures"],
            path: "Fuzzing/Sources/FuzzSupport",
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "MutatedFiles", dependencies: ["FuzzSupport"], path: "Fuzzing/Sources/MutatedFiles",
            swiftSettings: swiftSettings),
        .systemLibrary(name: "CLibFuzzer", path: "Fuzzing/Sources/CLibFuzzer"),
        .target(
            name: "FuzzerDriver", dependencies: ["CLibFuzzer"], path: "Fuzzing/Sources/FuzzerDriver",
            swiftSettings: swiftSettings),
    ]
        + [
            .executableTarget(
                name: "FuzzPhrases",
                dependencies: ["FuzzSupport", "FuzzerDriver", "MynahBase", "MynahData", "MynahLanguage"],
                path: "Fuzzing/Sources/FuzzPhrases",
                swiftSettings: swiftSettings),
            .executableTarget(
                name: "FuzzServer",
                dependencies: [
                    "FuzzSupport", "FuzzerDriver", "MynahServer",
                    .product(name: "Logging", package: "swift-log"),
                    .product(name: "NIOCore", package: "swift-nio"),
                    .product(name: "NIOEmbedded", package: "swift-nio"),
                ],
                path: "Fuzzing/Sources/FuzzServer",
                swiftSettings: swiftSettings),
        ]
        + ["FuzzAudio", "FuzzFrontEnd"].map { name in
            .executableTarget(
                name: name,
                dependencies: ["FuzzSupport", "FuzzerDriver", "MynahAudio", "MynahFeatures"],
                path: "Fuzzing/Sources/\(name)",
                swiftSettings: swiftSettings)
        }

/// The program for many machines; only those build it who name an MPI, as pkg-config calls it (`make build-mpi`).
let cluster: [Target] =
    Context.environment["MYNAH_MPI"].map { implementation in
        [
            .systemLibrary(name: "CMPI", pkgConfig: implementation, providers: [.apt(["libopenmpi-dev"])]),
            .target(name: "MynahCluster", dependencies: ["CMPI", "MynahBase"], swiftSettings: swiftSettings),
            .executableTarget(
                name: "mynah-mpi", dependencies: ["MynahCluster", "MynahCommands"],
                swiftSettings: swiftSettings),
        ]
    } ?? []

let package = Package(
    name: "mynah",
    products: [
        .library(name: "Mynah", targets: ["Mynah"]),
        .library(name: "MynahLearning", targets: ["MynahLearning"]),
        .executable(name: "mynah", targets: ["mynah"]),
        .executable(name: "mynah-server", targets: ["mynah-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(
            name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(
            name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(
            name: "CMessageDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        // Only its header: it is loaded while the program runs.
        .systemLibrary(name: "CPortAudio", providers: [.apt(["portaudio19-dev"])]),
        .systemLibrary(
            name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CGlibc"),
        .target(
            name: "CBuiltInModel",
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        .target(
            name: "CTeachingModel",
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        .target(
            name: "CShippedNegatives",
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        .target(
            name: "CPageStyle", exclude: ["page.css"],
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        .target(
            name: "CServerPage",
            exclude: [
                "drawing.js", "elements.js", "icon.svg", "microphone.js", "openapi.json", "page.html",
                "page.js", "server.css", "teaching.js", "worklet.js",
            ],
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        .target(name: "CVectorMath", cSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "CAllocationCounter", cSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "MynahPlot", dependencies: ["MynahBase"], swiftSettings: swiftSettings),
        .target(
            name: "MynahCapture", dependencies: ["CPortAudio", "MynahBase", "MynahAudio"],
            swiftSettings: swiftSettings),
    ] + stations + [
        .target(
            name: "MynahReport",
            dependencies: [
                "CPageStyle", "MynahBase", "MynahPlot", "MynahFeatures", "MynahNetwork", "MynahModel",
                "MynahRecognition", "MynahLanguage", "MynahData", "MynahTraining", "MynahEvaluation",
                "MynahTeaching",
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Mynah",
            dependencies: [
                "MynahBase", "MynahAudio", "MynahCapture", "MynahModel", "MynahRecognition",
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "MynahLearning",
            dependencies: [
                "Mynah", "MynahNetwork", "MynahData", "MynahTraining", "MynahTeaching", "MynahEvaluation",
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "MynahServer",
            dependencies: [
                "CPageStyle", "CServerPage", "MynahBase", "MynahAudio", "MynahModel", "MynahRecognition",
                "MynahLanguage", "MynahData", "MynahTeaching",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "mynah-server",
            dependencies: [
                "MynahBase", "MynahModel", "MynahRecognition", "MynahServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "MynahCommands",
            dependencies: stations.map { .target(name: $0.name) } + [
                "Mynah", "MynahPlot", "MynahCapture", "MynahReport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(name: "mynah", dependencies: ["MynahCommands"], swiftSettings: swiftSettings),
        .target(
            name: "MynahTestSupport",
            dependencies: [
                "MynahBase", "MynahAudio", "MynahFeatures", "MynahNetwork", "MynahModel", "MynahRecognition",
            ],
            swiftSettings: swiftSettings),
    ]
        + stations.enumerated().map { index, station in
            .testTarget(
                name: "\(station.name)Tests",
                dependencies: ["CAllocationCounter", "MynahTestSupport"]
                    + stations.prefix(through: index).map { .target(name: $0.name) },
                resources: stationsWithFixtures.contains(station.name) ? [.copy("Fixtures")] : [],
                swiftSettings: swiftSettings)
        } + [
            .testTarget(
                name: "MynahPlotTests", dependencies: ["MynahPlot"], swiftSettings: swiftSettings),
            .testTarget(
                name: "MynahReportTests",
                dependencies: [
                    "MynahReport", "MynahPlot", "MynahEvaluation", "MynahTraining", "MynahData", "MynahModel",
                    "MynahRecognition", "MynahNetwork", "MynahBase",
                ],
                swiftSettings: swiftSettings),
            .testTarget(
                name: "MynahTests",
                dependencies: [
                    "Mynah", "MynahTestSupport", "MynahBase", "MynahAudio", "MynahModel", "MynahRecognition",
                ],
                swiftSettings: swiftSettings),
            .testTarget(
                name: "MynahCaptureTests", dependencies: ["MynahCapture"], swiftSettings: swiftSettings),
            .testTarget(
                name: "MynahServerTests",
                dependencies: [
                    "MynahServer", "MynahTestSupport", "MynahBase", "MynahAudio", "MynahModel",
                    "MynahNetwork", "MynahRecognition", "MynahTeaching",
                    .product(name: "CoreMetrics", package: "swift-metrics"),
                    .product(name: "Logging", package: "swift-log"),
                    .product(name: "NIOCore", package: "swift-nio"),
                    .product(name: "NIOHTTP1", package: "swift-nio"),
                ],
                swiftSettings: swiftSettings),
            .testTarget(
                name: "MynahCommandTests",
                dependencies: [
                    "mynah", "mynah-server", "MynahTestSupport", "MynahBase", "MynahAudio", "MynahFeatures",
                    "MynahModel",
                    "MynahNetwork", "MynahData", "MynahTraining",
                ] + (cluster.isEmpty ? [] : ["mynah-mpi"]),
                swiftSettings: swiftSettings),
        ] + benchmarks + fuzzing + cluster,
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x
)
