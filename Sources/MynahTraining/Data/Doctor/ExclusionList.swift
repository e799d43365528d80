import MynahModel
import MynahText

/// Clips that are not to be trained on, as a text file that a person may edit.
///
/// Each line is `word/file`, then, behind a tab, a reason that nobody reads but people. Lines that begin with `#` and
/// empty ones say nothing.
public struct ExclusionList: Hashable, Sendable {
    /// The clips, `word/file`.
    public let clips: Set<String>

    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    public let hash: String

    /// Reads a list.
    ///
    /// - Throws: `TrainingError.unreadable`, or `.invalidExclusion` for a line that is no `word/file`.
    public init(contentsOf path: String) throws(TrainingError) {
        let bytes = try readSmallFile(path, limitBytes: 64 << 20)
        hash = SHA256.hexDigest(of: bytes)
        var clips: Set<String> = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var line = line
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let name = line.prefix { $0 != UInt8(ascii: "\t") }
            let parts = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
                let text = String(validating: name, as: UTF8.self)
            else {
                throw .invalidExclusion(path: path, line: number)
            }
            clips.insert(text)
        }
        self.clips = clips
    }

    /// What a model keeps of it.
    var record: TrainingProvenance.Setting {
        TrainingProvenance.Setting(name: "exclusion list, SHA-256", value: hash)
    }
}

extension DoctorReport {
    /// The findings about training clips as an exclusion list.
    ///
    /// What training gains nothing from is excluded: clips that are empty, unreadable or near-silent, all copies of a
    /// clip but the first, and those of a clip that is also tested with or that has several labels. The other findings
    /// stand in it as remarks, for a person to listen to and to uncomment.
    public var exclusionList: String {
        var active: [(String, String)] = []
        var remarks: [(String, String)] = []
        for finding in findings where finding.split == .training {
            let entry = (finding.clip, "\(finding.kind.title): \(finding.detail)")
            if finding.kind.isWorthless { active.append(entry) } else { remarks.append(entry) }
        }
        for group in duplicates {
            let reason = group.crossesLabels ? "same sound under another label" : "same sound"
            let spared = group.crossesSplits || group.crossesLabels ? 0 : 1
            for copy in group.clips.dropFirst(spared) where copy.split == .training {
                let other = group.clips.first { $0 != copy }?.clip ?? ""
                active.append((copy.clip, "\(reason): \(other)"))
            }
        }
        for doubt in crossValidation?.doubts ?? [] where doubt.split == .training {
            remarks.append((doubt.clip, "doubted: sounds like \(doubt.heard)"))
        }
        var text = """
            # Clips that mynah train --exclude leaves out of training: word/file, then a tab and the reason.
            # Remarks are not excluded; take their # away to exclude them.

            """
        for (clip, reason) in active where Self.isListable(clip) {
            text += "\(clip)\t\(reason.printable)\n"
        }
        for (clip, reason) in remarks where Self.isListable(clip) {
            text += "# \(clip)\t\(reason.printable)\n"
        }
        return text
    }

    /// Whether a name can stand on a line of its own; no recorder makes others.
    private static func isListable(_ name: String) -> Bool {
        name.isPrintable && !name.hasPrefix("#")
    }
}
