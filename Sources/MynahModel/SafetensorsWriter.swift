extension SafetensorsFile {
    /// Lays out tensors and metadata as a file.
    ///
    /// The same content gives the same bytes, which are also those of the reference implementation: metadata first,
    /// then the tensors, those of the largest alignment first and of each kind by name, the header filled up with spaces so that the data begins at a multiple of 8.
    /// Traps on names that stand twice.
    package init(tensors: [NamedTensor], metadata: [String: String]) {
        let sorted = tensors.sorted { ($1.dataType, $0.name) < ($0.dataType, $1.name) }
        var header: [UInt8] = []
        if !metadata.isEmpty {
            header.append(json: "__metadata__")
            header.append(contentsOf: ":{".utf8)
            for (index, key) in metadata.keys.sorted().enumerated() {
                if index > 0 { header.append(UInt8(ascii: ",")) }
                header.append(json: key)
                header.append(UInt8(ascii: ":"))
                header.append(json: metadata[key, default: ""])
            }
            header.append(UInt8(ascii: "}"))
        }
        var end = 0
        for tensor in sorted {
            let begin = end
            end += tensor.bytes.count
            if !header.isEmpty { header.append(UInt8(ascii: ",")) }
            header.append(json: tensor.name)
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            header.append(contentsOf: #":{"dtype":"\#(tensor.dataType.rawValue)","shape":[\#(shape)],"#.utf8)
            header.append(contentsOf: #""data_offsets":[\#(begin),\#(end)]}"#.utf8)
        }
        header = [UInt8(ascii: "{")] + header + [UInt8(ascii: "}")]
        let padding = (8 - header.count % 8) % 8
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))

        var bytes: [UInt8] = []
        bytes.reserveCapacity(SafetensorsHeader.lengthByteCount + header.count + end)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: header)
        for tensor in sorted { bytes.append(contentsOf: tensor.bytes) }
        do {
            self.init(
                header: try SafetensorsHeader(parsing: bytes, fileByteCount: bytes.count), bytes: bytes)
        } catch {
            preconditionFailure("these tensors make no file: \(error)")
        }
    }
}

extension [UInt8] {
    /// Appends a text as a JSON string.
    fileprivate mutating func append(json text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0x08: append(contentsOf: #"\b"#.utf8)
            case 0x09: append(contentsOf: #"\t"#.utf8)
            case 0x0A: append(contentsOf: #"\n"#.utf8)
            case 0x0C: append(contentsOf: #"\f"#.utf8)
            case 0x0D: append(contentsOf: #"\r"#.utf8)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                append(contentsOf: #"\u"#.utf8)
                append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
                append(contentsOf: digits.utf8)
            default:
                append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }
}
