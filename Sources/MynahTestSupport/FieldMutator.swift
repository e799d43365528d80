/// Damages safetensors files field by field: what comes out can be read as a file, and tells lies.
///
/// A mutation of bytes hardly ever gets past the first checks. This one takes the header apart, with the JSON texts that
/// its metadata hold, changes a field or a tensor, and puts a file together again whose sizes agree. What comes out
/// depends on the originals and the random numbers alone.
public struct FieldMutator: Sendable {
    /// A file, taken apart.
    private struct Parts {
        /// Members of the header: the metadata, and the entry of each tensor.
        var header: JSONTree

        /// The bytes of the tensors.
        var data: [UInt8]
    }

    private static let metadataKey = "__metadata__"
    private static let lengthByteCount = 8

    private let originals: [Parts]

    /// Takes valid files; traps if there is none, or one that is no safetensors file.
    public init(originals: [[UInt8]]) {
        precondition(!originals.isEmpty, "there is no file to damage")
        self.originals = originals.map { bytes in
            let length = bytes.prefix(Self.lengthByteCount).reversed().reduce(0) { $0 << 8 | Int($1) }
            let dataStart = Self.lengthByteCount + length
            guard dataStart <= bytes.count,
                let header = JSONTree(parsing: bytes[Self.lengthByteCount..<dataStart])
            else { preconditionFailure("a file of \(bytes.count) bytes that is no safetensors file") }
            return Parts(header: header, data: Array(bytes[dataStart...]))
        }
    }

    /// A damaged copy of one of the originals.
    public func mutatedFile(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        var parts = originals[Int.random(in: originals.indices, using: &generator)]
        for _ in 0..<[1, 1, 1, 2, 3][Int.random(in: 0..<5, using: &generator)] {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<6: mutateMetadata(&parts.header, using: &generator)
            case 6: parts.header.mutate(using: &generator)
            case 7: resizeTensor(&parts, using: &generator)
            case 8: renameTensor(&parts.header, using: &generator)
            default: replaceValues(&parts.data, using: &generator)
            }
        }
        let header = Array(parts.header.text.utf8)
        let length = (0..<Self.lengthByteCount).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return length + header + parts.data
    }

    /// Changes one text of the metadata; where it is JSON itself, a field within it.
    private func mutateMetadata(_ header: inout JSONTree, using generator: inout some RandomNumberGenerator) {
        guard case .object(var members) = header,
            let place = members.firstIndex(where: { $0.name == Self.metadataKey }),
            case .object(var texts) = members[place].value, !texts.isEmpty
        else { return }
        let chosen = Int.random(in: texts.indices, using: &generator)
        // Nearly all that can be said lies in the texts that are JSON.
        let inner = texts.indices.first { index in
            guard case .string(let text) = texts[index].value else { return false }
            return text.hasPrefix("{")
        }
        if let inner, Int.random(in: 0..<8, using: &generator) > 0,
            case .string(let text) = texts[inner].value, var tree = JSONTree(parsing: Array(text.utf8)[...])
        {
            tree.mutate(using: &generator)
            texts[inner].value = .string(tree.text)
        } else {
            texts[chosen].value.mutate(using: &generator)
        }
        members[place].value = .object(texts)
        header = .object(members)
    }

    /// Gives a tensor another number of values, and moves those behind it, so that all fits together.
    private func resizeTensor(_ parts: inout Parts, using generator: inout some RandomNumberGenerator) {
        guard case .object(var members) = parts.header,
            let place = members.indices.filter({ members[$0].name != Self.metadataKey })
                .randomElement(using: &generator),
            let range = members[place].value.dataOffsets, range.upperBound <= parts.data.count
        else { return }
        let oldCount = range.count / 4
        let counts = [0, 1, oldCount - 1, oldCount + 1, oldCount / 2, oldCount * 2]
        let newCount = max(0, counts[Int.random(in: counts.indices, using: &generator)])
        let change = 4 * newCount - range.count
        let kept = parts.data[range].prefix(4 * newCount)
        parts.data.replaceSubrange(
            range, with: kept + [UInt8](repeating: 0, count: 4 * newCount - kept.count))
        for index in members.indices where members[index].name != Self.metadataKey {
            guard let offsets = members[index].value.dataOffsets else { continue }
            if index == place {
                members[index].value["data_offsets"] = .numbers([
                    offsets.lowerBound, offsets.upperBound + change,
                ])
                members[index].value["shape"] = .numbers([newCount])
            } else if offsets.lowerBound >= range.upperBound {
                members[index].value["data_offsets"] = .numbers([
                    offsets.lowerBound + change, offsets.upperBound + change,
                ])
            }
        }
        parts.header = .object(members)
    }

    /// Gives a tensor the name of nothing, or of another one.
    private func renameTensor(_ header: inout JSONTree, using generator: inout some RandomNumberGenerator) {
        guard case .object(var members) = header,
            let place = members.indices.filter({ members[$0].name != Self.metadataKey })
                .randomElement(using: &generator)
        else { return }
        let names = members.map(\.name) + ["", members[place].name + "0"]
        members[place].name = names[Int.random(in: names.indices, using: &generator)]
        header = .object(members)
    }

    /// Writes numbers that are not finite, or beyond all bounds, over some values.
    private func replaceValues(_ data: inout [UInt8], using generator: inout some RandomNumberGenerator) {
        guard data.count >= 4 else { return }
        let values: [Float] = [
            .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, -1, 0,
            .leastNonzeroMagnitude,
        ]
        let value = values[Int.random(in: values.indices, using: &generator)].bitPattern
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let place = 4 * Int.random(in: 0..<data.count / 4, using: &generator)
            for index in 0..<4 {
                data[place + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))
            }
        }
    }
}

extension JSONTree {
    /// Where the bytes of a tensor lie, behind the header; nil for what is no entry of a tensor.
    fileprivate var dataOffsets: Range<Int>? {
        guard case .array(let offsets)? = self["data_offsets"], offsets.count == 2,
            case .other(let lower) = offsets[0], case .other(let upper) = offsets[1],
            let lower = Int(lower), let upper = Int(upper), 0 <= lower, lower <= upper
        else { return nil }
        return lower..<upper
    }
}
