public import ArgumentParser
import MynahFeatures
public import MynahNetwork
import MynahTraining

/// The shape of the network, as options.
struct NetworkOptions: ParsableArguments {
    @Option(
        help:
            "Shape of the network: \(NetworkPreset.allCases.map(\.rawValue).joined(separator: ", ")); commands unless given."
    )
    var preset: NetworkPreset?

    @OptionGroup var own: LayerOptions

    @Option(help: "How the states become one vector: last, mean or attention:HEADS:SIZE.")
    var readOut: String?

    /// Whether nothing was asked for.
    var isDefault: Bool { preset == nil && own.layers == nil && readOut == nil }

    /// The layers that were asked for; those of `other`, or of the preset `commands`, where none were.
    func layerDescriptions(
        behind frontEnd: FrontEndConfiguration, else other: [LayerDescription]? = nil
    ) throws -> [LayerDescription] {
        try own.layerDescriptions() ?? preset?.layers(behind: frontEnd) ?? other
            ?? NetworkPreset.commands.layers(behind: frontEnd)
    }

    /// The read-out that was asked for.
    func readOutDescription() throws -> ReadOut {
        guard let readOut else { return (preset ?? .commands).readOut }
        return try ReadOut(ofWhole: readOut, option: "--read-out")
    }
}

/// Layers of one's own, as an option.
struct LayerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Layers of your own instead, first to last, separated by commas.",
            discussion: "Each is \(LayerDescription.usage)."))
    var layers: String?

    /// The layers that were asked for; nil where none were.
    func layerDescriptions() throws -> [LayerDescription]? {
        guard let layers else { return nil }
        return try layers.split(separator: ",", omittingEmptySubsequences: false).map { text in
            do {
                let layer = try LayerDescription(parsing: String(text))
                try layer.validate(name: "\(layer)")
                return layer
            } catch {
                throw ValidationError("--layers: \(error)")
            }
        }
    }
}

extension ReadOut {
    /// A read-out of a whole sequence, as a person writes it.
    init(ofWhole text: String, option: String) throws {
        do {
            let description = try ReadOut(parsing: text)
            try description.validate()
            guard description != .frame else {
                throw ValidationError(
                    "\(option): frame is for models that spell, which mynah train-speech trains")
            }
            self = description
        } catch let error as ValidationError {
            throw error
        } catch {
            throw ValidationError("\(option): \(error)")
        }
    }
}
extension NetworkPreset: ExpressibleByArgument {}
