internal import MynahNetwork

/// What the header of a model file says, checked in full: all but the weights.
struct ModelContents<Description: ModelFileDescription> {
    /// Everything beside the weights.
    let description: Description

    /// The weight tensors that the network needs.
    let layout: ParameterLayout

    /// Where those tensors lie in the file, in the order of the layout; there are no others.
    let tensors: [SafetensorsHeader.Tensor]

    /// The header as it stands in the file, with its length in front.
    let headerBytes: [UInt8]

    /// Wraps parts that are already checked.
    init(
        description: Description, layout: ParameterLayout, tensors: [SafetensorsHeader.Tensor],
        headerBytes: [UInt8]
    ) {
        self.description = description
        self.layout = layout
        self.tensors = tensors
        self.headerBytes = headerBytes
    }

    /// Checks the description in a header, and the tensors against it.
    init(of header: SafetensorsHeader, headerBytes: [UInt8]) throws(ModelFault) {
        description = try Description.decode(header.metadata)
        layout = description.network.parameterLayout
        tensors = try Self.match(header, layout)
        self.headerBytes = headerBytes
    }

    /// Finds the tensors of a layout in a file, which must hold these and no others.
    static func match(
        _ header: SafetensorsHeader, _ layout: ParameterLayout
    ) throws(ModelFault) -> [SafetensorsHeader.Tensor] {
        var named = Dictionary(uniqueKeysWithValues: header.tensors.map { ($0.name, $0) })
        var tensors: [SafetensorsHeader.Tensor] = []
        for entry in layout.entries {
            guard let tensor = named.removeValue(forKey: entry.name) else {
                throw .missingTensor(name: entry.name)
            }
            guard tensor.shape == entry.shape else {
                throw .tensorShape(name: entry.name, actual: tensor.shape, expected: entry.shape)
            }
            guard tensor.dataType == .float32 else {
                throw .tensorDataType(name: entry.name, actual: tensor.dataType.rawValue)
            }
            tensors.append(tensor)
        }
        if let extra = named.keys.min() { throw .extraTensor(name: extra) }
        return tensors
    }
}
