import MynahTestSupport

/// A WAV file put together from its parts, for what no writer of ours would write.
struct WaveShape: Sendable, CustomStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// Largest error of a sample, where the sound is the tone.
    var tolerance: Float = 0

    var description: String { name }

    /// Numbers of up to eight bytes.
    static func number(_ value: Int, _ byteCount: Int, isBigEndian: Bool = false) -> [UInt8] {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? bytes.reversed() : bytes
    }

    /// The body of a chunk `fmt `.
    static func format(
        tag: Int = 1, channels: Int = 1, rate: Int = 16_000, bits: Int, container: Int,
        isBigEndian: Bool = false
    ) -> [UInt8] {
        number(tag, 2, isBigEndian: isBigEndian) + number(channels, 2, isBigEndian: isBigEndian)
            + number(rate, 4, isBigEndian: isBigEndian)
            + number(rate * channels * container, 4, isBigEndian: isBigEndian)
            + number(channels * container, 2, isBigEndian: isBigEndian)
            + number(bits, 2, isBigEndian: isBigEndian)
    }

    /// The extension that names a sub-format by a GUID.
    static func extensible(tag: Int, bits: Int, channels: Int = 1, container: Int) -> [UInt8] {
        format(tag: 0xfffe, channels: channels, bits: 8 * container, container: container) + number(22, 2)
            + number(bits, 2) + number(4, 4) + number(tag, 2)
            + [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]
    }

    /// A whole file.
    static func wave(
        format: [UInt8], before: [UInt8] = [], data: [UInt8], size: Int? = nil, whole: Int? = nil,
        after: [UInt8] = [], isBigEndian: Bool = false
    ) -> [UInt8] {
        func size32(_ value: Int) -> [UInt8] { number(value, 4, isBigEndian: isBigEndian) }
        let body =
            Array("WAVEfmt ".utf8) + size32(format.count) + format + before + Array("data".utf8)
            + size32(size ?? data.count) + data + after
        return Array((isBigEndian ? "RIFX" : "RIFF").utf8) + size32(whole ?? body.count) + body
    }

    /// Samples as integers of so many bits at one end of so many bytes.
    static func integers(
        _ samples: [Float], bits: Int, container: Int, atUpperEnd: Bool = true, isBigEndian: Bool = false
    ) -> [UInt8] {
        samples.flatMap { sample -> [UInt8] in
            let value = Int((sample * Float(1 << (bits - 1))).rounded(.down))
            return number(
                atUpperEnd ? value << (8 * container - bits) : value, container, isBigEndian: isBigEndian)
        }
    }

    static let tone = SyntheticSignal.tone(frequency: 440, sampleCount: 9_000, sampleRate: 16_000)

    /// Integers of every width, at both ends of what holds them.
    static let integers: [WaveShape] = [
        (12, 2, true), (16, 2, true), (20, 3, true), (24, 3, true), (32, 4, true), (24, 4, true),
        (24, 4, false), (20, 4, true),
    ].map { bits, container, atUpperEnd in
        WaveShape(
            name: "\(bits) bits in \(container) bytes\(atUpperEnd ? "" : ", at the lower end")",
            bytes: wave(
                format: format(bits: bits, container: container),
                data: integers(tone, bits: bits, container: container, atUpperEnd: atUpperEnd)),
            tolerance: 1.01 / Float(1 << (min(bits, 24) - 1)))
    }

    /// Files that are in order.
    static let valid: [WaveShape] = {
        let data = integers(tone, bits: 16, container: 2)
        let plain = format(bits: 16, container: 2)
        var shapes = integers
        func add(_ name: String, _ bytes: [UInt8]) { shapes.append(WaveShape(name: name, bytes: bytes)) }
        for encoding in WAVFile.Encoding.allCases {
            add("\(encoding)", WAVFile(tone, sampleRate: 16_000, encoding: encoding).bytes)
            add(
                "\(encoding), stereo",
                WAVFile(tone, sampleRate: 16_000, channels: 2, encoding: encoding).bytes)
        }
        add("no block length", wave(format: Array(plain.prefix(12)) + [0, 0] + plain.suffix(2), data: data))
        add("extensible", wave(format: extensible(tag: 1, bits: 16, container: 2), data: data))
        add(
            "extensible, 24 bits in 4 bytes",
            wave(
                format: extensible(tag: 1, bits: 24, container: 4),
                data: integers(tone, bits: 24, container: 4)))
        let floats = tone.flatMap { number(Int($0.bitPattern), 4) }
        add("extensible, float", wave(format: extensible(tag: 3, bits: 32, container: 4), data: floats))
        add("float, extended", wave(format: format(tag: 3, bits: 32, container: 4) + [0, 0], data: floats))
        add(
            "big-endian",
            wave(
                format: format(bits: 16, container: 2, isBigEndian: true),
                data: integers(tone, bits: 16, container: 2, isBigEndian: true), isBigEndian: true))
        add(
            "long chunk before",
            wave(
                format: plain, before: WAVFile.chunk("LIST", [UInt8](repeating: 7, count: 3 << 20)),
                data: data))
        add(
            "odd chunk before",
            wave(format: plain, before: WAVFile.chunk("LIST", [UInt8](repeating: 7, count: 33)), data: data))
        add(
            "odd chunk without padding",
            wave(
                format: plain,
                before: Array(WAVFile.chunk("LIST", [UInt8](repeating: 7, count: 33)).dropLast()), data: data)
        )
        add(
            "odd chunk without padding, many",
            wave(
                format: plain,
                before: (0..<5).flatMap { _ in Array(WAVFile.chunk("junk", [1, 2, 3]).dropLast()) },
                data: data))
        add(
            "chunks after",
            wave(
                format: plain, data: data,
                after: WAVFile.chunk("LIST", [1, 2, 3])
                    + WAVFile.chunk("id3 ", [UInt8](repeating: 1, count: 70_000))))
        add("rubbish after", wave(format: plain, data: data, after: Array("rubbish".utf8)))
        for size in [0, 0xffff_ffff, 0x7fff_ffff, 0x7fff_f000, 0x8000_0000, 0x7eff_0000] {
            add("open size \(size)", wave(format: plain, data: data, size: size, whole: size))
        }
        add("stub of a header", wave(format: plain, data: data, size: 0, whole: 36))
        var long = WAVFile(tone, sampleRate: 16_000)
        long.identifier = "RF64"
        add("RF64", long.bytes)
        for size in [0, -1] {
            long.declaredDataSize = size
            long.declaredTotalSize = size
            add("RF64, open size \(size)", long.bytes)
        }
        for size in [-1, Int.max, 0, 24 + data.count] {
            add("W64, size \(size)", w64(format: plain, data: data, size: size))
        }
        return shapes
    }()

    /// Files that are refused.
    static let refused: [WaveShape] = {
        let data = integers(tone, bits: 16, container: 2)
        let plain = format(bits: 16, container: 2)
        var shapes: [WaveShape] = []
        func add(_ name: String, _ bytes: [UInt8]) { shapes.append(WaveShape(name: name, bytes: bytes)) }
        let whole = wave(format: plain, data: data)
        add("cut off", Array(whole.dropLast(100)))
        add("cut off within a frame", Array(whole.dropLast(1)))
        add("header only", Array(whole.prefix(44)))
        add("empty", wave(format: plain, data: []))
        add("empty by both sizes, and more behind", wave(format: plain, data: data, size: 0))
        add("open and empty", wave(format: plain, data: [], size: 0xffff_ffff, whole: 0xffff_ffff))
        add("cut off in the header", Array(whole.prefix(40)))
        add(
            "cut off in a chunk before",
            Array(
                wave(
                    format: plain, before: WAVFile.chunk("LIST", [UInt8](repeating: 0, count: 99_000)),
                    data: data
                ).prefix(60_000)))
        add(
            "no format",
            Array("RIFF".utf8) + number(4 + 8 + data.count, 4) + Array("WAVEdata".utf8)
                + number(data.count, 4) + data)
        add("two in a row", whole + whole)
        add(
            "two in a row with chunks between",
            wave(format: plain, data: data, after: WAVFile.chunk("LIST", [1, 2, 3])) + whole)
        let open = wave(format: plain, data: data, size: 0xffff_ffff, whole: 0xffff_ffff)
        add("two of open length in a row", open + open)
        add(
            "two of open length in a row, another rate",
            open + [0]
                + wave(format: format(rate: 48_000, bits: 16, container: 2), data: data, size: 0, whole: 0))
        let unscaled = tone.map { $0 * 20_000 }.flatMap { number(Int($0.bitPattern), 4) }
        add("integers as float", wave(format: format(tag: 3, bits: 32, container: 4), data: unscaled))
        add("float of 16 bits", wave(format: format(tag: 3, bits: 16, container: 2), data: data))
        add("no channels", wave(format: format(channels: 0, bits: 16, container: 2), data: data))
        add("slow", wave(format: format(rate: 100, bits: 16, container: 2), data: data))
        for size in [Int.min, Int.min + 23, Int.max - 1, 1 << 40, 3, 5_000_000] {
            add("W64, size \(size)", w64(format: plain, data: data, size: size))
        }
        return shapes
    }()

    /// A Wave-64 file, the size of whose samples stands in 64 bits and counts their header of 24 bytes.
    static func w64(format: [UInt8], data: [UInt8], size: Int) -> [UInt8] {
        func chunk(_ name: String, _ body: [UInt8], size: Int) -> [UInt8] {
            Array(name.utf8) + [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a]
                + number(size, 8) + body
        }
        return Array("riff".utf8) + [0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0, 0]
            + number(size <= 0 || size == .max ? size : 40 + 24 + format.count + 24 + data.count, 8)
            + chunk("wave", [], size: 0).prefix(16) + chunk("fmt ", format, size: 24 + format.count)
            + chunk("data", data, size: size)
    }
}
