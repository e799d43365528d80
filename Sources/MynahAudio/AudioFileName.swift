/// Which files are taken for audio.
public enum AudioFileName {
    /// Extensions of the containers that libsndfile recognizes by their headers, in lower case.
    public static let extensions: Set<String> = [
        "aif", "aifc", "aiff", "au", "avr", "caf", "flac", "htk", "mp3", "oga", "ogg", "opus", "paf", "rf64",
        "sf", "snd", "sph", "svx", "voc", "w64", "wav", "wave", "wve", "xi",
    ]

    /// Whether a file name has one of the extensions, in upper or lower case.
    public static func isAudio(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > bytes.startIndex else { return false }
        return extensions.contains(String(name[bytes.index(after: dot)...]).lowercased())
    }
}
