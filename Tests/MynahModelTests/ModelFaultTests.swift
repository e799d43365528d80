import Foundation
import MynahFeatures
import MynahNetwork
import Testing

@testable import MynahModel

/// One model for every way in which it can be unusable.
struct ModelFaultTests {
    private func load(
        _ metadata: [String: String], _ tensors: [SafetensorsFile.NamedTensor] = TinyModel.tensors
    ) throws -> CommandModel {
        let file = SafetensorsFile(tensors: tensors, metadata: metadata)
        return try CommandModel(bytes: file.bytes.span.bytes, name: "m")
    }

    private func expect(
        _ fault: ModelFault, replacing old: String, by new: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: ModelError.invalidModel(file: "m", fault: fault), sourceLocation: sourceLocation) {
            try load(TinyModel.metadata(replacing: old, by: new))
        }
    }

    private func expectBadDescription(
        replacing old: String, by new: String, mentions text: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = #expect(throws: ModelError.self, sourceLocation: sourceLocation) {
            try load(TinyModel.metadata(replacing: old, by: new))
        }
        guard case .invalidModel("m", .badDescription(let reason)) = error else {
            Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
            return
        }
        #expect(text.isEmpty || reason.contains(text), "\(reason)", sourceLocation: sourceLocation)
        #expect(reason.count < 700, sourceLocation: sourceLocation)
    }

    @Test func unspoiltPartsMakeAModel() throws {
        #expect(try load(TinyModel.metadata()).labels == TinyModel.labels)
    }

    @Test(arguments: ["format", "version", "description"])
    func missingMetadata(key: String) throws {
        var metadata = try TinyModel.metadata()
        metadata[key] = nil
        #expect(throws: ModelError.invalidModel(file: "m", fault: .missingMetadata(key: key))) {
            try load(metadata)
        }
    }

    @Test func fileOfAnotherProgram() throws {
        let path = try fixture("written-by-python.safetensors")
        #expect(throws: ModelError.invalidModel(file: path, fault: .missingMetadata(key: "format"))) {
            try CommandModel(contentsOf: path)
        }
        #expect(throws: ModelError.invalidModel(file: "m", fault: .foreignFormat(actual: "pt"))) {
            try load(["format": "pt"])
        }
    }

    @Test func versionOfTheFuture() throws {
        var metadata = try TinyModel.metadata()
        metadata["version"] = "2"
        #expect(
            throws: ModelError.invalidModel(
                file: "m", fault: .unsupportedVersion(actual: "2", expected: "1"))
        ) { try load(metadata) }
    }

    @Test func descriptionThatIsNoDescription() throws {
        for text in ["", "null", "3", "[]", "{}", "{", "\u{0}", "{\"labels\":", "NaN"] {
            var metadata = try TinyModel.metadata()
            metadata["description"] = text
            let error = #expect(throws: ModelError.self) { try load(metadata) }
            guard case .invalidModel("m", .badDescription) = error else {
                Issue.record("\(text): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func descriptionWithoutEnd() throws {
        var metadata = try TinyModel.metadata()
        metadata["description"] = String(repeating: " ", count: 4_000_001)
        let fault = ModelFault.descriptionTooLong(byteCount: 4_000_001, limit: 4_000_000)
        #expect(throws: ModelError.invalidModel(file: "m", fault: fault)) { try load(metadata) }
    }

    @Test func bombsOfNestedValues() throws {
        for opening in ["[", "{\"a\":", "[{\"labels\":"] {
            try expectBadDescription(
                replacing: "\"clipSampleCount\":16000",
                by: "\"clipSampleCount\":" + String(repeating: opening, count: 300_000))
        }
    }

    @Test func hugeNumbers() throws {
        for number in [
            "1e999", "99999999999999999999", "1.5", "-", "1e", String(repeating: "9", count: 100_000),
        ] {
            try expectBadDescription(replacing: "16000,\"frontEnd\"", by: "\(number),\"frontEnd\"")
        }
        expect(
            .clipSampleCount(actual: 10_000_000, allowed: 160...9_600_000), replacing: "16000,\"frontEnd\"",
            by: "1e7,\"frontEnd\"")
    }

    @Test func valuesOfWrongTypes() throws {
        try expectBadDescription(replacing: "[\"_silence_\"", by: "[7", mentions: "labels")
        try expectBadDescription(replacing: "\"labels\"", by: "\"lables\"", mentions: "labels")
        try expectBadDescription(
            replacing: "\"readOut\":\"mean\"", by: "\"readOut\":\"max\"", mentions: "readOut")
        try expectBadDescription(
            replacing: "\"seed\":18446744073709551615", by: "\"seed\":-1")
        try expectBadDescription(replacing: "\"correct\":97", by: "\"correct\":null", mentions: "correct")
    }

    @Test func labels() throws {
        let long = String(repeating: "ü", count: 65)
        expect(.labelCount(actual: 2, expected: 3), replacing: "\"_silence_\",", by: "")
        expect(.emptyLabel(index: 1), replacing: "\"_unknown_\"", by: "\"\"")
        expect(
            .labelTooLong(index: 1, byteCount: 130, limit: 128), replacing: "\"_unknown_\"", by: "\"\(long)\""
        )
        expect(.duplicateLabel(label: "_silence_"), replacing: "\"_unknown_\"", by: "\"_silence_\"")
        for (escape, scalar) in [
            ("\\u001b", "\u{1B}"), ("\\n", "\n"), ("\\u009b", "\u{9B}"), ("\\u0000", "\u{0}"),
            ("\\u202e", "\u{202E}"), ("\\u2028", "\u{2028}"), ("\\u2066", "\u{2066}"), ("\\u007f", "\u{7F}"),
        ] {
            expect(
                .unprintableLabel(index: 1, label: "a\(scalar)b"), replacing: "\"_unknown_\"",
                by: "\"a\(escape)b\"")
        }
        #expect(
            try load(TinyModel.metadata(replacing: "\"_unknown_\"", by: "\"می‌خواهم\"")).labels[1] == "می‌خواهم"
        )
    }

    @Test func labelsOfAModelInMemory() {
        #expect(
            throws: ModelError.invalidModel(file: nil, fault: .unprintableLabel(index: 0, label: "\u{7}"))
        ) { try TinyModel.make(labels: ["\u{7}", "b", "c"]) }
    }

    @Test func frontEnd() throws {
        let stored = TinyModel.frontEnd.settingsHash
        var other = TinyModel.frontEnd
        other.sampleRate = 22_050
        expect(
            .frontEndHashMismatch(stored: stored, computed: other.settingsHash, differences: []),
            replacing: "\"sampleRate\":16000", by: "\"sampleRate\":22050")
        #expect(
            "\(ModelFault.frontEndHashMismatch(stored: "aa", computed: "bb", differences: []))"
                == "the settings of its front end were changed after training, "
                + "or mean another front end to this version: "
                + "their hash is bb, that of training is 'aa'")

        let kaldi = FrontEndPreset.kaldi.configuration()
        let differences = TinyModel.frontEnd.differences(from: kaldi)
        let fault = ModelFault.frontEndHashMismatch(
            stored: kaldi.settingsHash, computed: stored, differences: differences)
        expect(fault, replacing: stored, by: kaldi.settingsHash)
        #expect("\(fault)".contains("window: periodicHann, expected povey; "))
        expect(
            .badFrontEnd(reason: "front-end setting sampleRate is 0, expected 4000 to 384000 Hz"),
            replacing: "\"sampleRate\":16000", by: "\"sampleRate\":0")
        expect(
            .badFrontEnd(
                reason:
                    "front-end setting cepstrum.coefficientCount is -3, expected 1 to 40, given 40 mel bands"),
            replacing: "\"coefficientCount\":3", by: "\"coefficientCount\":-3")
        expect(.featureCount(frontEnd: 3, network: 4), replacing: "\"inputSize\":3", by: "\"inputSize\":4")
    }

    @Test func normalizer() throws {
        expect(
            .badNormalizer(reason: "2 means for 3 standard deviations"), replacing: "\"mean\":[0.1,",
            by: "\"mean\":[")
        expect(
            .badNormalizer(reason: "3 means for 4 standard deviations"),
            replacing: "\"standardDeviation\":[", by: "\"standardDeviation\":[1,")
        for number in ["0", "-0.3", "1e-40"] {
            let error = #expect(throws: ModelError.self) {
                try load(
                    TinyModel.metadata(
                        replacing: "\"standardDeviation\":[0.3", by: "\"standardDeviation\":[\(number)"))
            }
            guard case .invalidModel("m", .badNormalizer(let reason)) = error else {
                Issue.record("\(number): \(String(describing: error))")
                continue
            }
            #expect(reason.hasPrefix("standardDeviation[0] is "))
        }
        let narrow = FeatureNormalizer(mean: [0, 0], standardDeviation: [1, 1])
        #expect(
            throws: ModelError.invalidModel(file: nil, fault: .normalizerSize(actual: 2, expected: 3))
        ) {
            try CommandModel(
                labels: TinyModel.labels, frontEnd: TinyModel.frontEnd, normalizer: narrow,
                clipSampleCount: 16_000, network: TinyModel.network, parameters: TinyModel.parameters,
                provenance: TinyModel.provenance)
        }
        for number in ["1e39", "1e999", "-1e999", "NaN", "Infinity", "null", "\"1\""] {
            #expect(throws: ModelError.self, "\(number)") {
                try load(TinyModel.metadata(replacing: "\"mean\":[0.1", by: "\"mean\":[\(number)"))
            }
        }
    }

    @Test(arguments: [
        ("\"inputSize\":3", "\"inputSize\":0", "inputSize is 0, expected 1 to 4096"),
        (
            "\"inputSize\":3", "\"inputSize\":9223372036854775807",
            "inputSize is 9223372036854775807, expected 1 to 4096"
        ),
        ("\"classCount\":3", "\"classCount\":-1", "classCount is -1, expected 2 to 10000"),
        ("\"classCount\":3", "\"classCount\":10001", "classCount is 10001, expected 2 to 10000"),
        ("\"hiddenSize\":2", "\"hiddenSize\":0", "layers[0].hiddenSize is 0, expected 1 to 4096"),
        ("\"hiddenSize\":2", "\"hiddenSize\":4097", "layers[0].hiddenSize is 4097, expected 1 to 4096"),
        (
            "\"hiddenSize\":2", "\"hiddenSize\":4096",
            "100810755 parameters, expected at most 67108864"
        ),
    ])
    func networkSizes(old: String, new: String, reason: String) {
        expect(.badNetwork(reason: reason), replacing: old, by: new)
    }

    @Test func towerOfLayers() throws {
        let network = NetworkDescription(
            inputSize: 3, layers: Array(repeating: .gru(hiddenSize: 1, bidirectional: false), count: 17),
            readOut: .last, classCount: 3)
        let fault = ModelFault.badNetwork(reason: "17 layers, expected 1 to 16")
        #expect(throws: ModelError.invalidModel(file: nil, fault: fault)) {
            try TinyModel.make(network: network)
        }
    }

    @Test func provenance() throws {
        expect(
            .badProvenance(reason: "epoch 13 of 12 was the best"), replacing: "\"bestEpoch\":9",
            by: "\"bestEpoch\":13")
        expect(
            .badProvenance(reason: "101 of 100 clips were recognized"), replacing: "\"correct\":97",
            by: "\"correct\":101")
        expect(
            .badProvenance(reason: "-8, 1 and 1 clips of 'größer'"), replacing: "\"training\":8",
            by: "\"training\":-8")
        expect(
            .badProvenance(reason: "unprintable characters in 'a\\u{1B}/b'"), replacing: "\"value\":\"a/b\"",
            by: "\"value\":\"a\\u001b/b\"")
    }

    @Test func tensors() throws {
        let metadata = try TinyModel.metadata()
        let tensors = TinyModel.tensors
        func expect(_ fault: ModelFault, _ tensors: [SafetensorsFile.NamedTensor]) {
            #expect(throws: ModelError.invalidModel(file: "m", fault: fault)) { try load(metadata, tensors) }
        }
        expect(.missingTensor(name: "output.bias"), tensors.filter { $0.name != "output.bias" })
        expect(
            .extraTensor(name: "layers.1.forward.inputBias"),
            tensors + [.init(name: "layers.1.forward.inputBias", shape: [6], values: [0, 0, 0, 0, 0, 0])])
        expect(
            .tensorShape(name: "output.weights", actual: [4, 3], expected: [3, 4]),
            tensors.map {
                $0.name == "output.weights"
                    ? .init(name: $0.name, dataType: $0.dataType, shape: [4, 3], bytes: $0.bytes) : $0
            })
        expect(
            .tensorDataType(name: "output.weights", actual: "I32"),
            tensors.map {
                $0.name == "output.weights"
                    ? .init(name: $0.name, dataType: .int32, shape: $0.shape, bytes: $0.bytes) : $0
            })
    }

    @Test(arguments: [Float.infinity, -.infinity])
    func weightsThatAreNotFinite(value: Float) throws {
        var parameters = TinyModel.parameters
        parameters[parameters.count - 1] = value
        let fault = ModelFault.notFinite(tensor: "output.bias", index: 2, value: value)
        #expect(throws: ModelError.invalidModel(file: nil, fault: fault)) {
            try TinyModel.make(parameters: parameters)
        }
        let tensors = TinyModel.network.parameterLayout.entries.map {
            SafetensorsFile.NamedTensor(name: $0.name, shape: $0.shape, values: parameters[$0.range])
        }
        #expect(throws: ModelError.invalidModel(file: "m", fault: fault)) {
            try load(TinyModel.metadata(), tensors)
        }
    }

    @Test(arguments: [0x7F80_0001, 0x7FC0_0000, 0xFFFF_FFFF] as [UInt32])
    func weightsThatAreNotNumbers(bits: UInt32) throws {
        var parameters = TinyModel.parameters
        parameters[0] = Float(bitPattern: bits)
        let error = #expect(throws: ModelError.self) { try TinyModel.make(parameters: parameters) }
        guard case .invalidModel(nil, .notFinite("layers.0.forward.inputWeights", 0, let value)) = error,
            value.isNaN
        else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func messagesNameFileAndBothValues() {
        #expect(
            ModelError.invalidModel(
                file: "a.safetensors", fault: .tensorShape(name: "output.bias", actual: [3], expected: [12])
            ).description
                == "a.safetensors is not a usable model: tensor 'output.bias' has shape [3], expected [12]")
        #expect(
            ModelError.invalidModel(file: nil, fault: .labelCount(actual: 2, expected: 3)).description
                == "not a usable model: 2 labels for 3 classes")
    }
}
