import MynahBase
import MynahModel

/// One recording of a transcribed folder: what is said in it, and by whom.
package struct Sentence: Hashable, Sendable {
    /// Where the file lies.
    package let path: String

    /// Its place inside its folder, free of where that lies.
    package let name: String

    /// Who speaks.
    package let speaker: String

    /// What is said, as ``TranscriptText`` has it.
    package let text: String

    /// Size of the file, in bytes.
    package let byteCount: Int

    /// Wraps the values.
    package init(path: String, name: String, speaker: String, text: String, byteCount: Int) {
        self.path = path
        self.name = name
        self.speaker = speaker
        self.text = text
        self.byteCount = byteCount
    }

    /// What it goes by: its path where there are several folders, else its place in the only one.
    package func name(withFolder isWanted: Bool) -> String { isWanted ? path : name }

    /// What is wrong with the name of a speaker, of which models keep some; nil for a usable one.
    static func fault(ofSpeaker speaker: String) -> String? {
        if speaker.isEmpty { return "no speaker is named" }
        let limit = MovedSpeaker.maximumByteCount
        guard speaker.utf8.count <= limit, speaker.escapingUndecodedBytes.isPrintable else {
            return "the speaker is called \(speaker.quoted), expected up to \(limit) printable bytes"
        }
        return nil
    }
}
