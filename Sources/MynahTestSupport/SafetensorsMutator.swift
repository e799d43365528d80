/// The parts of a safetensors file, from which a file can be put together that keeps or breaks the format.
package struct SafetensorsParts: Sendable {
    /// One tensor and what the header says of it.
    package struct Tensor: Sendable {
        /// Its name.
        package var name: String

        /// Kind of its values, for instance `F32`.
        package var dataType: String

        /// Sizes of the dimensions, row-major.
        package var shape: [Int]

        /// Its values as they lie in the file.
        package var bytes: [UInt8]
    }

    /// The texts beside the tensors.
    package var metadata: [String: String]

    /// The tensors, in the order in which they lie in the file.
    package var tensors: [Tensor]

    /// Takes a sound file apart; traps for any other.
    package init(_ file: [UInt8]) {
        let headerEnd = 8 + file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard
            case .object(let entries) = JSONValue(
                parsing: String(decoding: file[8..<headerEnd], as: UTF8.self))
        else { preconditionFailure("the file has no header") }
        var metadata: [String: String] = [:]
        var tensors: [(begin: Int, tensor: Tensor)] = []
        for (name, entry) in entries {
            guard case .object(let values) = entry else { continue }
            if name == "__metadata__" {
                for case (let key, .string(let text)) in values { metadata[key] = text }
            } else if case .string(let dataType) = values["dtype"], let shape = values["shape"]?.integers,
                let offsets = values["data_offsets"]?.integers, offsets.count == 2
            {
                let bytes = Array(file[headerEnd + offsets[0]..<headerEnd + offsets[1]])
                tensors.append(
                    (offsets[0], Tensor(name: name, dataType: dataType, shape: shape, bytes: bytes)))
            }
        }
        self.metadata = metadata
        self.tensors = tensors.sorted { ($0.begin, $0.tensor.name) < ($1.begin, $1.tensor.name) }.map(
            \.tensor)
    }

    /// The file; `spoil` may change what the header says of the tensors.
    package func bytes(spoil: (inout JSONValue) -> Void = { _ in }) -> [UInt8] {
        var entries: [String: JSONValue] = [:]
        var end = 0
        for tensor in tensors {
            let begin = end
            end += tensor.bytes.count
            entries[tensor.name] = .object([
                "dtype": .string(tensor.dataType), "shape": .array(tensor.shape.map { .integer($0) }),
                "data_offsets": .array([.integer(begin), .integer(end)]),
            ])
        }
        var header = JSONValue.object(entries)
        spoil(&header)
        if case .object(var entries) = header, !metadata.isEmpty {
            entries["__metadata__"] = .object(metadata.mapValues { .string($0) })
            header = .object(entries)
        }
        let text = Array(header.text.utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return length + text + tensors.flatMap(\.bytes)
    }
}

extension JSONValue {
    fileprivate var integers: [Int]? {
        guard case .array(let values) = self else { return nil }
        return values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    }
}

/// Spoils safetensors files field by field: what their texts say where these are JSON, and names, sizes and values of
/// the tensors.
///
/// A random byte seldom gets past the parser. Here the file that comes out can mostly be parsed, and lies.
package struct SafetensorsMutator: Sendable {
    /// The sound files.
    package let originals: [SafetensorsParts]

    /// Takes sound files; traps if there is none.
    package init(originals: [[UInt8]]) {
        precondition(!originals.isEmpty, "there is no file to spoil")
        self.originals = originals.map(SafetensorsParts.init)
    }

    /// A spoilt copy of one of the originals.
    ///
    /// - Parameter mend: may make parts fit to each other again after a text has changed, so that readers get further.
    package func mutatedFile(
        using generator: inout some RandomNumberGenerator,
        mending mend: (inout SafetensorsParts) -> Void = { _ in }
    ) -> [UInt8] {
        var parts = originals[Int.random(in: originals.indices, using: &generator)]
        var spoilsHeader = false
        for _ in 0..<[1, 1, 1, 2, 3][Int.random(in: 0..<5, using: &generator)] {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<6: spoilText(&parts, using: &generator)
            case 6: resizeTensor(&parts, using: &generator)
            case 7: spoilValues(&parts, using: &generator)
            case 8: renameTensor(&parts, using: &generator)
            default: spoilsHeader = true
            }
        }
        mend(&parts)
        return parts.bytes { header in
            if spoilsHeader { header.mutateField(using: &generator) }
        }
    }

    /// Changes a field of a text that is a JSON document, or the text itself.
    private func spoilText(_ parts: inout SafetensorsParts, using generator: inout some RandomNumberGenerator)
    {
        let keys = parts.metadata.keys.sorted()
        let documents = keys.filter { parts.metadata[$0]?.hasPrefix("{") == true }
        let from = documents.isEmpty || Int.random(in: 0..<20, using: &generator) == 0 ? keys : documents
        guard !from.isEmpty else { return }
        let key = from[Int.random(in: from.indices, using: &generator)]
        guard let text = parts.metadata[key] else { return }
        var value = JSONValue(parsing: text) ?? .string(text)
        value.mutateField(using: &generator)
        if case .string(let plain) = value {
            parts.metadata[key] = plain
        } else {
            parts.metadata[key] = value.text
        }
    }

    /// Gives a tensor another size, with as many bytes as that takes.
    private func resizeTensor(
        _ parts: inout SafetensorsParts, using generator: inout some RandomNumberGenerator
    ) {
        guard let index = parts.tensors.indices.randomElement(using: &generator) else { return }
        var shape = parts.tensors[index].shape
        if let axis = shape.indices.randomElement(using: &generator) {
            shape[axis] =
                [0, 1, shape[axis] + 1, max(0, shape[axis] - 1), 2 * shape[axis]][
                    Int.random(in: 0..<5, using: &generator)]
        } else {
            shape = [2]
        }
        let count = shape.reduce(4, *)
        guard count <= 1 << 20 else { return }
        var bytes = Array(parts.tensors[index].bytes.prefix(count))
        bytes += [UInt8](repeating: 0, count: count - bytes.count)
        parts.tensors[index].shape = shape
        parts.tensors[index].bytes = bytes
    }

    /// Writes numbers into a tensor that few expect there.
    private func spoilValues(
        _ parts: inout SafetensorsParts, using generator: inout some RandomNumberGenerator
    ) {
        guard let index = parts.tensors.indices.randomElement(using: &generator) else { return }
        let count = parts.tensors[index].bytes.count / 4
        guard count > 0 else { return }
        let numbers: [Float] = [
            .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1e30, 1e9, .leastNonzeroMagnitude,
        ]
        let bits = numbers[Int.random(in: numbers.indices, using: &generator)].bitPattern
        let place = Int.random(in: 0..<count, using: &generator)
        let end = Bool.random(using: &generator) ? place + 1 : count
        for value in place..<end {
            for byte in 0..<4 {
                parts.tensors[index].bytes[4 * value + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte))
            }
        }
    }

    /// Renames, repeats or removes a tensor.
    private func renameTensor(
        _ parts: inout SafetensorsParts, using generator: inout some RandomNumberGenerator
    ) {
        guard let index = parts.tensors.indices.randomElement(using: &generator) else { return }
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: parts.tensors[index].name += "x"
        case 1:
            var copy = parts.tensors[index]
            copy.name += "2"
            parts.tensors.append(copy)
        default: parts.tensors.remove(at: index)
        }
    }
}
