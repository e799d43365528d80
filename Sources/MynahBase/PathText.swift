// Paths as text. A path is a row of bytes that need not be UTF-8: names from an old disk are often in Latin-1. Text for people,
// in JSON and in models has to be UTF-8. So a path is kept as a `String` in which every byte that belongs to no valid UTF-8
// stands as one private scalar, and comes back as that byte when the system is asked for the file.
//
// The two borders are here: `init(path:)` for every name that comes in (arguments, folder listings, lists, the environment),
// `withPath` for every system call and every C library that takes a path.

extension String {
    /// The text of a path, or of anything else from outside that ought to be UTF-8 but may not be.
    ///
    /// A byte that is not part of valid UTF-8 becomes the scalar U+10FE00 plus the byte, in the range U+10FE80 to U+10FEFF.
    /// The bytes of a scalar of this range that really occurs are taken as bytes, too, so that different paths always have
    /// different texts; ``pathBytes`` gives back the bytes.
    package init(path bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        if let text = String(validating: bytes, as: UTF8.self),
            !bytes.contains(UndecodedByte.firstByte) || !text.hasUndecodedBytes
        {
            self = text
            return
        }
        self = ""
        var rest = bytes[...]
        while let first = rest.first {
            let sequence = rest.prefix(Self.sequenceLength(startingWith: first))
            if let text = String(validating: sequence, as: UTF8.self), !text.hasUndecodedBytes {
                self += text
                rest = rest.dropFirst(sequence.count)
            } else {
                unicodeScalars.append(UndecodedByte.scalar(of: first))
                rest = rest.dropFirst()
            }
        }
    }

    /// The text of a path that ends with a zero byte.
    package init(path cString: UnsafePointer<CChar>) {
        var end = cString
        while end.pointee != 0 { end += 1 }
        self.init(
            path: UnsafeRawBufferPointer(start: UnsafeRawPointer(cString), count: end - cString))
    }

    /// The bytes of a path that ``init(path:)`` has made, and those of any other text in UTF-8.
    package var pathBytes: [UInt8] {
        guard hasUndecodedBytes else { return Array(utf8) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            if let byte = scalar.undecodedByte {
                bytes.append(byte)
            } else {
                bytes += String(scalar).utf8
            }
        }
        return bytes
    }

    /// Calls `body` with the bytes of this path and a zero byte behind them, as every system call takes it.
    ///
    /// A path with a zero byte in it names nothing; the empty one is handed over instead, which names nothing either.
    package func withPath<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var bytes = pathBytes
        if bytes.contains(0) { bytes = [] }
        bytes.append(0)
        return try bytes.withUnsafeBufferPointer { buffer throws(Failure) in
            try buffer.withMemoryRebound(to: CChar.self) { text throws(Failure) in
                guard let start = text.baseAddress else { preconditionFailure("a path of no bytes") }
                return try body(start)
            }
        }
    }

    /// Whether some of it stands for bytes that are not UTF-8.
    package var hasUndecodedBytes: Bool {
        utf8.contains(UndecodedByte.firstByte) && unicodeScalars.contains { $0.undecodedByte != nil }
    }

    /// This text with each byte that is not UTF-8 written as `\xE4`, and all else as it is.
    package var escapingUndecodedBytes: String {
        guard hasUndecodedBytes else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if let byte = scalar.undecodedByte {
                text += UndecodedByte.escape(byte)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// How many bytes a valid sequence of UTF-8 has that starts so; 1 where none does.
    private static func sequenceLength(startingWith byte: UInt8) -> Int {
        switch byte {
        case 0xc2...0xdf: 2
        case 0xe0...0xef: 3
        case 0xf0...0xf4: 4
        default: 1
        }
    }
}

extension String {
    /// The part of a path in front of its last `/`: the folder that its last name stands in, `.` for a name alone.
    ///
    /// Compared byte by byte: as a `Character`, a `/` in front of a combining mark is no `/`.
    package var pathFolder: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == utf8.startIndex ? "/" : String(self[..<slash])
    }

    /// The part of a path behind its last `/`; empty if it ends with one.
    package var pathName: Substring {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self[...] }
        return self[utf8.index(after: slash)...]
    }

    /// A path without the extension of its last name, if that has one.
    package var withoutFileExtension: Substring {
        let name = pathName
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else {
            return self[...]
        }
        return self[..<dot]
    }

    /// The path of what lies under a name, or a path, in this folder.
    package func pathOf(_ name: some StringProtocol) -> String {
        utf8.last == UInt8(ascii: "/") ? self + name : "\(self)/\(name)"
    }
}

/// The private scalars that stand for bytes outside UTF-8.
package enum UndecodedByte {
    /// What is added to a byte.
    private static let offset: UInt32 = 0x10_fe00

    /// The first byte of all of them in UTF-8.
    static let firstByte: UInt8 = 0xf4

    /// The scalar for a byte of at least 0x80; smaller ones are always valid.
    static func scalar(of byte: UInt8) -> Unicode.Scalar {
        guard byte >= 0x80, let scalar = Unicode.Scalar(offset + UInt32(byte)) else {
            preconditionFailure("byte \(byte) is ASCII")
        }
        return scalar
    }

    /// The byte that a scalar stands for, if it stands for one.
    static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        (offset + 0x80...offset + 0xff).contains(scalar.value) ? UInt8(scalar.value - offset) : nil
    }

    /// A byte as people write it: `\xE4`.
    static func escape(_ byte: UInt8) -> String { "\\x" + String(byte, radix: 16, uppercase: true) }
}

extension Unicode.Scalar {
    /// The byte outside UTF-8 that this scalar stands for, if it stands for one.
    package var undecodedByte: UInt8? { UndecodedByte.byte(of: self) }
}
