import FoundationEssentials
package import MynahBase

/// Piper (https://github.com/OHF-Voice/piper1-gpl): neural voices, each a file of its own, some with hundreds of speakers.
package struct Piper: Synthesizer {
    package let name = "piper"

    /// A program that loads a network for each clip.
    package let limitSeconds = 60.0

    /// The most speakers of one voice that are used.
    private static let speakerLimit = 200

    /// How deep below the folders of ``folders`` voices lie: language, dialect, name, quality.
    private static let depthLimit = 5

    private let folders: [String]

    /// Looks for voices where packages and people put them, and in the working folder, as Piper does.
    package init() {
        let home = environmentVariable("HOME") ?? ""
        folders = [
            ".", home.pathOf(".local/share/piper-voices"), home.pathOf(".local/share/piper"),
            "/usr/local/share/piper-voices", "/usr/share/piper-voices",
        ]
    }

    /// What is read of the file beside a voice.
    private struct Settings: Decodable {
        let speakerCount: Int?

        private enum CodingKeys: String, CodingKey {
            case speakerCount = "num_speakers"
        }
    }

    package func voices(for language: String) throws(ProgramRun.Fault) -> [SynthesizerVoice] {
        let prefix = language.lowercased().split(separator: "-").joined(separator: "_")
        let files =
            Self.files(in: folders[0], depth: 0)
            + folders.dropFirst().flatMap {
                Self.files(in: $0, depth: Self.depthLimit)
            }
        return files.filter {
            let name = $0.pathName.lowercased()
            return name.hasPrefix(prefix + "_") || name.hasPrefix(prefix + "-")
        }.flatMap { file in
            let stem = String(file.pathName.dropLast(".onnx".count))
            return (0..<Self.speakerCount(of: file)).map { speaker in
                SynthesizerVoice("\(speaker) \(file)", of: name, speaker: "\(stem)-\(speaker)")
            }
        }
    }

    package func obstacle(to text: String, voices: [SynthesizerVoice]) -> String? { nil }

    package func call(
        _ text: String, voice: SynthesizerVoice, manner: SpeakingManner, output: String
    ) -> SynthesizerCall {
        let (speaker, file) = Self.parts(of: voice)
        return SynthesizerCall(
            [
                name, "--model", file, "--speaker", speaker, "--length_scale",
                NumberText.fixed(1 / manner.speed, decimals: 3), "--output_file", output,
            ], input: text + "\n")
    }

    private static func parts(of voice: SynthesizerVoice) -> (speaker: String, file: String) {
        let blank = voice.name.firstIndex(of: " ") ?? voice.name.startIndex
        return (String(voice.name[..<blank]), String(voice.name[blank...].dropFirst()))
    }

    private static func speakerCount(of file: String) -> Int {
        guard let bytes = try? RegularFile.contents(of: file + ".json", limitBytes: 1 << 20),
            let settings = try? JSONDecoder().decode(Settings.self, from: Data(bytes))
        else { return 1 }
        return max(1, min(settings.speakerCount ?? 1, speakerLimit))
    }

    private static func files(in folder: String, depth: Int) -> [String] {
        ((try? namesInFolder(folder)) ?? []).flatMap { name -> [String] in
            let path = folder.pathOf(name)
            switch FileKind(at: path) {
            case .regular: return name.hasSuffix(".onnx") && fileExists(path + ".json") ? [path] : []
            case .folder where depth > 0 && !name.hasPrefix("."): return files(in: path, depth: depth - 1)
            default: return []
            }
        }
    }
}
