import MynahBase
import MynahData

extension DoctorReport {
    /// The findings about training clips as an exclusion list.
    ///
    /// What training gains nothing from is excluded: clips that are empty, unreadable or near-silent, all copies of a
    /// clip but the first, and those of a clip that is also tested with or that has several labels. The other findings
    /// stand in it as remarks, for a person to listen to and to uncomment.
    package var exclusionList: String {
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
        name.escapingUndecodedBytes.isPrintable && !name.hasPrefix("#")
    }
}
