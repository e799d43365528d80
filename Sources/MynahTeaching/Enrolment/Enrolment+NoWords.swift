package import MynahModel
import MynahNetwork
import MynahRecognition

extension Enrolment {
    /// The network that comes with Mynah, and no word: what is heard before the first one is taught, and when the last one is
    /// forgotten.
    package static func modelWithoutWords() throws(ModelError) -> CommandModel {
        let base = try CommandModel.builtIn()
        let labels = EnrolmentFit.standardLabels
        let rows = labels.compactMap { base.labels.firstIndex(of: $0) }
        var network = base.network
        network.classCount = labels.count
        var parameters: [Float] = []
        for entry in base.network.parameterLayout.entries {
            let values = base.parameters[entry.range]
            guard entry.part == .output else {
                parameters += values
                continue
            }
            let width = values.count / base.labels.count
            for row in rows { parameters += values.dropFirst(row * width).prefix(width) }
        }
        return try CommandModel(
            labels: labels, frontEnd: base.frontEnd, normalizer: base.normalizer,
            clipSampleCount: base.clipSampleCount, network: network, parameters: parameters,
            provenance: base.provenance, temperature: base.temperature, detection: DetectionSettings())
    }
}
