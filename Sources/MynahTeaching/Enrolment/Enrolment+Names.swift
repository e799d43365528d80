import MynahBase
import MynahData
import MynahModel

extension Enrolment {
    private static let speakerLimit = 64

    /// Makes sure that a word can be a label and the name of a folder, and that nobody takes it for another one.
    ///
    /// - Parameter other: a word that it may look like, since it takes its place.
    func check(_ word: String, besides other: String? = nil) throws(EnrolmentError) {
        func unusable(_ reason: String) -> EnrolmentError { .unusableWord(word: word, reason: reason) }
        let reserved = [
            StandardLabel.silence, StandardLabel.unknown, StandardLabel.backgroundNoiseFolder,
        ]
        if word.utf8.contains(UInt8(ascii: "/")) { throw unusable("it is a path") }
        if reserved.contains(word) { throw unusable("it is reserved") }
        if word.hasPrefix(".") { throw unusable("a name that begins with a dot is hidden") }
        guard CommandModel.canKeep(label: word), word == word.trimmed else {
            throw unusable("expected 1 to 128 printable bytes without blanks at the ends")
        }
        let known = try words().map(\.word).filter { $0 != other }
        if let alike = LookalikeNames(known + reserved).lookalike(of: word) {
            throw unusable("it looks like \(alike.quoted)")
        }
    }

    /// Makes sure that a name can stand in front of `_nohash_` in the name of a file.
    func check(speaker: String) throws(EnrolmentError) {
        if let reason = Self.fault(ofSpeaker: speaker) {
            throw .unusableSpeaker(name: speaker, reason: reason)
        }
    }

    /// Why a name cannot be that of a speaker; nil if it can.
    static func fault(ofSpeaker speaker: String) -> String? {
        if speaker.utf8.contains(UInt8(ascii: "/")) { return "it is a path" }
        if speaker.hasPrefix(".") { return "a name that begins with a dot is hidden" }
        if SpeakerSplit.speaker(ofFileName: speaker) != nil || speaker.contains(SpeakerSplit.separator) {
            return "it contains \(SpeakerSplit.separator)"
        }
        guard (1...speakerLimit).contains(speaker.utf8.count), speaker.isPrintable, speaker == speaker.trimmed
        else { return "expected 1 to \(speakerLimit) printable bytes without blanks at the ends" }
        return nil
    }
}
