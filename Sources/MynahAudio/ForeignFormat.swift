internal import MynahBase

/// Formats that phones, browsers and cameras record and libsndfile does not read, known by their first bytes.
enum ForeignFormat {
    /// The name of the format that `head`, at least 16 bytes, begins like.
    static func name(of head: [UInt8]) -> String? {
        // ISO/IEC 14496-12: a box `ftyp` with the brand behind it; older QuickTime files begin with other boxes.
        if head.has("ftypqt", at: 4) { return "a QuickTime film" }
        if head.has("ftyp3g", at: 4) { return "3GP" }
        if head.has("ftyp", at: 4) { return "MPEG-4 (m4a, mp4)" }
        if head.has("moov", at: 4) || head.has("wide", at: 4), head.has("\0\0", at: 0) {
            return "a QuickTime film"
        }
        if head.starts(with: [0x1a, 0x45, 0xdf, 0xa3]) { return "Matroska or WebM (mka, mkv, webm)" }
        if head.starts(with: [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]) {
            return "Windows Media (wma, wmv, asf)"
        }
        if head.has("#!AMR", at: 0) { return "AMR" }
        if head.has("AVI ", at: 8), head.has("RIFF", at: 0) { return "an AVI film" }
        if head.has("FLV\u{01}", at: 0) { return "Flash video" }
        if head.has("wvpk", at: 0) { return "WavPack" }
        if head.has("MAC ", at: 0) { return "Monkey's Audio" }
        if head.has("MPCK", at: 0) { return "Musepack" }
        if head.has("TTA1", at: 0) { return "True Audio" }
        if head.has("DSD ", at: 0) { return "DSD" }
        if head.has(".RMF", at: 0) { return "RealMedia" }
        if head.has("ADIF", at: 0) { return "AAC" }
        return nil
    }

    /// The name of the format of a file, from its byte `start` on, also where one mark alone might be chance.
    static func name(of head: [UInt8], in file: borrowing OpenFile, start: Int) throws(AudioError) -> String?
    {
        if let name = name(of: head) { return name }
        // ISO/IEC 13818-7, section 6.2: three frames of ADTS that join.
        var position = start
        for _ in 0..<3 {
            let frame = try file.bytes(at: position, count: 7)
            guard frame.count == 7, frame[0] == 0xff, frame[1] & 0xf6 == 0xf0 else { return nil }
            let length = Int(frame[3] & 3) << 11 | Int(frame[4]) << 3 | Int(frame[5]) >> 5
            guard length > 7 else { return nil }
            position += length
        }
        return "AAC"
    }

    /// The lines for a shell that have ffmpeg read the file: into one that any command takes, and into a pipe.
    static func conversion(of file: String) -> String {
        // ffmpeg takes what stands before a colon for a protocol.
        func argument(_ name: String) -> String {
            (name.utf8.contains(UInt8(ascii: ":")) ? "file:" + name : name).quotedForShell
        }
        let pipe = "ffmpeg -i \(argument(file)) -ac 1 -ar 16000 -f wav - | mynah recognize -"
        guard file != "-" else { return pipe }
        let wave = String(file.withoutFileExtension) + ".wav"
        return "\(pipe); or keep it: ffmpeg -i \(argument(file)) -ac 1 -ar 16000 \(argument(wave))"
    }
}
