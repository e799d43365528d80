internal import MynahBase
package import MynahFeatures
package import MynahNetwork

/// A trained network that spells what is said, one output for each step, with everything that it needs: one value, one file.
///
/// Its classes are the blank of connectionist temporal classification and one symbol each; see ``SymbolTable``. Every
/// instance is sound: initializers check all parts against each other, wherever they come from.
package struct SpeechModel: Sendable {
    private let file: ModelFile<SpeechDescription>

    /// What it spells with.
    package let symbols: SymbolTable

    /// Settings of the front end that computes the features.
    package var frontEnd: FrontEndConfiguration { file.description.frontEnd }

    /// SHA-256 over the settings of the front end, as 64 hexadecimal digits.
    package var frontEndHash: String { file.description.frontEndHash }

    /// Statistics of the features, one mean and one positive standard deviation per input of the network.
    package var normalizer: FeatureNormalizer { file.description.normalizer }

    /// Shape of the network; its read-out is `frame`.
    package var network: NetworkDescription { file.description.network }

    /// `[network.parameterLayout.parameterCount]`, the weights in the order of that layout; all finite.
    package var parameters: [Float] { file.parameters }

    /// Where the model comes from; its clips are sentences, its labels folders, and what validation counts are symbols.
    package var provenance: TrainingProvenance { file.description.provenance }

    /// Speakers who were not in the split that the hash of their names says.
    package var movedSpeakers: [MovedSpeaker] { file.description.movedSpeakers }

    /// The network with its weights laid out for recognition; done once, and shared by copies of the model.
    package var preparedNetwork: PreparedNetwork { file.preparedNetwork }

    /// Time from step to step, in seconds.
    package var stepSeconds: Double {
        frontEnd.frameShiftMilliseconds / 1000 * Double(network.timeStride)
    }

    /// The longest sentence that is learnt from or spelled, in seconds; the network can be run over one of it at once.
    package static let maximumSeconds = 35.0

    /// Puts a model together.
    ///
    /// Traps unless there is one parameter for each place of the layout. Throws `ModelError.invalidModel` when a part
    /// is out of range or does not fit to the others, for instance when a weight is not finite.
    package init(
        symbols: SymbolTable, frontEnd: FrontEndConfiguration, normalizer: FeatureNormalizer,
        network: NetworkDescription,
        parameters: [Float], provenance: TrainingProvenance, movedSpeakers: [MovedSpeaker] = []
    ) throws(ModelError) {
        self.init(
            try ModelFile(
                SpeechDescription(
                    symbols: symbols.symbols, frontEnd: frontEnd, frontEndHash: frontEnd.settingsHash,
                    normalizer: normalizer, network: network, provenance: provenance,
                    movedSpeakers: movedSpeakers),
                parameters: parameters))
    }

    /// Reads a model file.
    ///
    /// Header, description and tensor shapes are checked before the weights are read.
    package init(contentsOf path: String) throws(ModelError) {
        self.init(try ModelFile(contentsOf: path))
    }

    /// Reads a model file from memory; `name` stands for it in errors.
    package init(bytes: RawSpan, name: String) throws(ModelError) {
        self.init(try ModelFile(bytes: bytes, name: name))
    }

    private init(_ file: ModelFile<SpeechDescription>) {
        self.file = file
        symbols = SymbolTable(symbols: file.description.symbols)
    }

    /// Writes the model under a temporary name and renames it, so that `path` never holds half a model.
    package func write(to path: String) throws(ModelError) { try file.write(to: path) }

    /// The model as a file; put together at each call.
    package var fileBytes: [UInt8] { file.fileBytes }

    /// SHA-256 of the model file, as 64 hexadecimal digits.
    package var hash: String { file.hash }
}

/// Everything in the file of a speech model beside the weights.
struct SpeechDescription: SoundModelDescription {
    static let kind = ModelKind.speech

    var symbols: [String]
    var frontEnd: FrontEndConfiguration
    var frontEndHash: String
    var normalizer: FeatureNormalizer
    var network: NetworkDescription
    var provenance: TrainingProvenance
    var movedSpeakers: [MovedSpeaker]

    func checkOwnParts() throws(ModelFault) {
        guard network.readOut == .frame else {
            throw .badNetwork(reason: "its read-out is \(network.readOut), expected frame")
        }
        try network.check(
            frameCount: frontEnd.frameCount(
                sampleCount: Int(SpeechModel.maximumSeconds * Double(frontEnd.sampleRate))))
        if let fault = SymbolTable(symbols: symbols).fault(classCount: network.classCount) {
            throw .badSymbols(reason: fault)
        }
        for moved in movedSpeakers where !moved.isSound {
            throw .badSpeakers(reason: "\(moved.speaker.quoted) in the split \(moved.split.quoted)")
        }
    }
}
