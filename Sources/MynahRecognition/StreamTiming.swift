import MynahFeatures
package import MynahModel
import MynahNetwork

/// When the network of a model speaks in a stream.
package struct StreamTiming: Sendable, Hashable {
    /// Seconds of audio from one decision of the network to the next, above 0.
    package let decisionSeconds: Double

    /// Seconds of audio before the first decision.
    package let firstDecisionEnd: Double

    /// The timing that follows from front end and network of a model.
    package init(_ model: CommandModel) {
        let framing = model.frontEnd.framing
        let rate = Double(model.frontEnd.sampleRate)
        let stride = model.network.timeStride
        // Derivatives of features wait for the frames that they look ahead to.
        let lookahead = model.frontEnd.deltas.map { $0.order * $0.windowFrames } ?? 0
        decisionSeconds = Double(stride * framing.frameShiftSamples) / rate
        firstDecisionEnd =
            Double((stride - 1 + lookahead) * framing.frameShiftSamples + framing.frameLengthSamples) / rate
    }

    /// The timing of a network that speaks every `decisionSeconds`, first after `firstDecisionEnd`, both above 0.
    package init(decisionSeconds: Double, firstDecisionEnd: Double) {
        precondition(decisionSeconds > 0, "decisions every \(decisionSeconds) s")
        self.decisionSeconds = decisionSeconds
        self.firstDecisionEnd = firstDecisionEnd
    }

    /// Seconds of audio before a decision, counted from 0.
    package func end(ofDecision index: Int) -> Double {
        firstDecisionEnd + Double(index) * decisionSeconds
    }
}
