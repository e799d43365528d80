/// The table of contents of a safetensors file, checked in full before anything else is believed.
///
/// Source: the format section of the README of huggingface/safetensors. Stricter in that an entry has no other keys than
/// the three of the format.
package struct SafetensorsHeader: Equatable, Sendable {
    /// One tensor of the file.
    package struct Tensor: Equatable, Sendable {
        /// Unique name, for instance `output.weights`.
        package let name: String

        /// Kind of its values.
        package let dataType: SafetensorsDataType

        /// Sizes of the dimensions, row-major; empty for a single value.
        package let shape: [Int]

        /// Its bytes within the file.
        package let byteRange: Range<Int>

        /// Number of values.
        package var valueCount: Int { byteRange.count / dataType.byteCount }
    }

    /// Longest header that the format allows, in bytes.
    package static let maximumByteCount = 100_000_000

    /// Most tensors that are accepted; far above what any recurrent network needs.
    package static let maximumTensorCount = 10_000

    /// Bytes in front of the header, which hold its length.
    static let lengthByteCount = 8

    /// The tensors, in the order in which they lie in the file, without gaps.
    package let tensors: [Tensor]

    /// The free texts that accompany the tensors (`__metadata__`).
    package let metadata: [String: String]

    /// Reads the header length from the first eight bytes of a file of `fileByteCount` bytes.
    static func readLength(_ bytes: [UInt8], fileByteCount: Int) throws(SafetensorsFault) -> Int {
        guard bytes.count >= lengthByteCount, fileByteCount >= lengthByteCount else {
            throw .fileTooShort(byteCount: fileByteCount)
        }
        let length = bytes[..<lengthByteCount].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= maximumByteCount else {
            throw .headerTooLong(byteCount: length, limit: maximumByteCount)
        }
        guard length <= fileByteCount - lengthByteCount else {
            throw .headerBeyondFile(byteCount: length, available: fileByteCount - lengthByteCount)
        }
        return Int(length)
    }

    /// Reads the header from the beginning of a file of `fileByteCount` bytes.
    ///
    /// `bytes` need hold no more than the header length and the header.
    init(parsing bytes: [UInt8], fileByteCount: Int) throws(SafetensorsFault) {
        let length = try Self.readLength(bytes, fileByteCount: fileByteCount)
        let dataStart = Self.lengthByteCount + length
        var scanner = HeaderScanner(bytes, in: Self.lengthByteCount..<dataStart)
        guard length > 0, bytes[Self.lengthByteCount] == UInt8(ascii: "{") else { throw .headerNotObject }
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        try scanner.readObject("'{'") { (scanner, name) throws(SafetensorsFault) in
            if name == "__metadata__" {
                try scanner.readObject("an object") { (scanner, key) throws(SafetensorsFault) in
                    metadata[key] = try scanner.readString("a string")
                }
            } else {
                guard entries.count < Self.maximumTensorCount else {
                    throw .tooManyTensors(limit: Self.maximumTensorCount)
                }
                entries.append(try Entry(name: name, &scanner))
            }
        }
        guard scanner.peek() == nil else {
            throw .unexpectedHeader(offset: scanner.offset, expected: "the end of the header")
        }
        self.metadata = metadata
        tensors = try Self.tile(entries, dataStart: dataStart, dataByteCount: fileByteCount - dataStart)
    }

    /// One tensor as the header tells it; its offsets count from the start of the data.
    private struct Entry {
        let name: String
        let dataType: SafetensorsDataType
        let shape: [Int]
        let begin: Int
        let end: Int

        init(name: String, _ scanner: inout HeaderScanner) throws(SafetensorsFault) {
            var dataType: String?
            var shape: [Int]?
            var offsets: [Int]?
            try scanner.readObject("an object") { (scanner, key) throws(SafetensorsFault) in
                switch key {
                case "dtype": dataType = try scanner.readString("a string")
                case "shape": shape = try scanner.readIntegers("an array of sizes")
                case "data_offsets":
                    let start = scanner.offset
                    offsets = try scanner.readIntegers("an array of two offsets")
                    guard offsets?.count == 2 else {
                        throw .unexpectedHeader(offset: start, expected: "two offsets")
                    }
                default: throw .unknownKey(tensor: name, key: key)
                }
            }
            guard let dataType else { throw .missingKey(tensor: name, key: "dtype") }
            guard let shape else { throw .missingKey(tensor: name, key: "shape") }
            guard let offsets else { throw .missingKey(tensor: name, key: "data_offsets") }
            guard let known = SafetensorsDataType(rawValue: dataType) else {
                throw .unsupportedDataType(tensor: name, dataType: dataType)
            }
            self.name = name
            self.dataType = known
            self.shape = shape
            begin = offsets[0]
            end = offsets[1]
            try checkSize()
        }

        private func checkSize() throws(SafetensorsFault) {
            var byteCount = dataType.byteCount
            for size in shape {
                let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
                guard !overflow else { throw .shapeTooLarge(tensor: name, shape: shape) }
                byteCount = product
            }
            guard begin <= end else { throw .offsetsReversed(tensor: name, begin: begin, end: end) }
            guard end - begin == byteCount else {
                throw .sizeMismatch(tensor: name, shape: shape, expected: byteCount, actual: end - begin)
            }
        }
    }

    /// Checks that the tensors cover the data exactly, and puts them into the order in which they lie there.
    private static func tile(
        _ entries: [Entry], dataStart: Int, dataByteCount: Int
    ) throws(SafetensorsFault) -> [Tensor] {
        let sorted = entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
        var tensors: [Tensor] = []
        var covered = 0
        for entry in sorted {
            guard entry.end <= dataByteCount else {
                throw .offsetsOutOfRange(tensor: entry.name, end: entry.end, available: dataByteCount)
            }
            if entry.begin < covered, let other = tensors.last {
                throw .overlap(tensor: entry.name, other: other.name)
            }
            guard entry.begin == covered else {
                throw .hole(tensor: entry.name, byteCount: entry.begin - covered)
            }
            covered = entry.end
            tensors.append(
                Tensor(
                    name: entry.name, dataType: entry.dataType, shape: entry.shape,
                    byteRange: dataStart + entry.begin..<dataStart + entry.end))
        }
        guard covered == dataByteCount else { throw .dataAfterEnd(byteCount: dataByteCount - covered) }
        return tensors
    }
}
