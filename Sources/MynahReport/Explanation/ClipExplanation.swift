import MynahBase
import MynahFeatures
import MynahModel
import MynahPlot
import MynahRecognition

/// A clip, and all that a network did with it.
struct ClipExplanation {
    let model: CommandModel

    /// At the rate of the model's front end.
    let samples: [Float]
    let trace: ClipTrace
    let confidence: Float

    /// `[T][C]`, what the network believed after each decision, as the rule for early decisions sees it.
    let beliefs: [[Float]]

    /// When the network was sure; nil where the end of the clip decides.
    let verdict: EarlyDecision.Verdict?

    /// Follows a clip.
    init(_ samples: [Float], model: CommandModel, confidence: Float) throws {
        self.model = model
        self.samples = samples
        self.confidence = confidence
        trace = try ClipTrace(samples, model: model)
        var decision = EarlyDecision(
            labels: model.labels, confidence: confidence, decisionSeconds: trace.timing.decisionSeconds,
            calibration: model.earlyCalibration)
        for posteriors in trace.posteriors { _ = decision.push(posteriors.span) }
        verdict = decision.verdict
        let unknown = model.labels.firstIndex(of: StandardLabel.unknown)
        beliefs = trace.posteriors.enumerated().map { decision, posteriors in
            var belief = posteriors
            model.earlyCalibration?.apply(to: &belief, decision: decision, unknown: unknown)
            return belief
        }
    }

    /// What the end of the clip says, `[C]`.
    var final: [Float] { trace.posteriors.last ?? [] }

    /// The most probable label at the end.
    var best: Int { final.indexOfLargest ?? 0 }

    /// Seconds that were heard: those of the clip, with the silence that fills a short one.
    var heardSeconds: Double {
        Double(max(samples.count, model.clipSampleCount)) / Double(model.frontEnd.sampleRate)
    }

    /// When the verdict was reached, in seconds.
    var decisionTime: Double? { verdict.map { trace.timing.end(ofDecision: $0.decision) } }

    /// The labels that get a colour: those of which most was believed at some moment, the most probable first.
    var shownLabels: [Int] {
        let peaks = model.labels.indices.map { label in beliefs.map { $0[label] }.max() ?? 0 }
        return Array(model.labels.indices.sorted { peaks[$0] > peaks[$1] }.prefix(5))
    }

    /// The colour of a label, the same all over the page.
    func ink(of label: Int) -> Ink {
        shownLabels.firstIndex(of: label).map(Ink.distinct) ?? .grey
    }

    /// What the colours stand for.
    var legend: [PageLegend] {
        let shown = shownLabels
        return shown.map { PageLegend(ink: ink(of: $0), text: model.labels[$0]) }
            + (shown.count < model.labels.count ? [PageLegend(ink: .grey, text: "all others")] : [])
    }

    /// `[T][R]`, the states that the read-out reads, or those after each decision.
    var states: [[Float]] { trace.layers.last?.states ?? [] }
}
