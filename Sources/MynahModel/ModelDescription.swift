internal import MynahBase
internal import MynahFeatures
internal import MynahNetwork

/// Everything in the file of a model of commands beside the weights, in the form in which it is written there.
struct ModelDescription: SoundModelDescription {
    static let kind = ModelKind.commands

    /// Longest label, in bytes of UTF-8.
    static let maximumLabelByteCount = 128

    var labels: [String]
    var frontEnd: FrontEndConfiguration
    var frontEndHash: String
    var normalizer: FeatureNormalizer
    var clipSampleCount: Int

    /// Files written before models had one lack it.
    var temperature: Float?
    var network: NetworkDescription
    var provenance: TrainingProvenance
    var detection: DetectionSettings?
    var laxDetection: DetectionSettings?
    var strictDetection: DetectionSettings?
    var statePaths: StatePaths?
    var earlyCalibration: EarlyCalibration?
    var spellings: Spellings?

    func checkOwnParts() throws(ModelFault) {
        // From 10 ms to 10 minutes.
        let allowed = frontEnd.sampleRate / 100...frontEnd.sampleRate * 600
        guard allowed.contains(clipSampleCount) else {
            throw .clipSampleCount(actual: clipSampleCount, allowed: allowed)
        }
        let frameCount = frontEnd.frameCount(sampleCount: clipSampleCount)
        try network.check(frameCount: frameCount)
        let temperature = temperature ?? 1
        guard CommandModel.allowedTemperatures.contains(temperature) else {
            throw .temperature(actual: temperature, allowed: CommandModel.allowedTemperatures)
        }
        try Self.check(labels: labels, classCount: network.classCount)
        for settings in [detection, laxDetection, strictDetection] {
            if let fault = settings?.fault(labels: labels) { throw .badDetection(reason: fault) }
        }
        if let fault = statePaths?.fault(stateSize: network.stateSize, labelCount: labels.count) {
            throw .badStatePaths(reason: fault)
        }
        if let fault = earlyCalibration?.fault(
            decisionCount: network.stepCount(frameCount: frameCount), isCausal: network.isCausal)
        {
            throw .badEarlyCalibration(reason: fault)
        }
        if let fault = spellings?.fault(labels: labels) { throw .badSpellings(reason: fault) }
    }

    /// Checks the names of the classes of a network.
    static func check(labels: [String], classCount: Int) throws(ModelFault) {
        guard labels.count == classCount else {
            throw .labelCount(actual: labels.count, expected: classCount)
        }
        var seen: Set<String> = []
        for (index, label) in labels.enumerated() {
            if let fault = fault(ofLabel: label, at: index) { throw fault }
            guard seen.insert(label).inserted else { throw .duplicateLabel(label: label) }
        }
    }

    private static func fault(ofLabel label: String, at index: Int) -> ModelFault? {
        let byteCount = label.utf8.count
        if label.isEmpty { return .emptyLabel(index: index) }
        if byteCount > maximumLabelByteCount {
            return .labelTooLong(index: index, byteCount: byteCount, limit: maximumLabelByteCount)
        }
        // A word may be named after a folder whose name is not UTF-8.
        return label.escapingUndecodedBytes.isPrintable ? nil : .unprintableLabel(index: index, label: label)
    }

    /// Whether a model can have a label of this name.
    static func canKeep(label: String) -> Bool { fault(ofLabel: label, at: 0) == nil }
}

extension ModelDescription {
    /// The settings of detection for a strictness.
    subscript(strictness: Strictness) -> DetectionSettings? {
        get {
            switch strictness {
            case .lax: laxDetection
            case .usual: detection
            case .strict: strictDetection
            }
        }
        set {
            switch strictness {
            case .lax: laxDetection = newValue
            case .usual: detection = newValue
            case .strict: strictDetection = newValue
            }
        }
    }
}
