extension PreparedNetwork {
    /// The logits `[steps, C]` of each of some clips, given by their features `[frames, D]`; one output for each step.
    package func frameLogits(of clips: [[Float]]) -> [[Float]] {
        let frameCounts = clips.map { $0.count / description.inputSize }
        let pass: NetworkPass
        do {
            pass = try NetworkPass(
                description, frameCount: frameCounts.max() ?? 0, batchSize: clips.count)
        } catch {
            preconditionFailure("the network was validated for clips as long: \(error)")
        }
        for (clip, features) in clips.enumerated() { pass.setInput(clip: clip, features: features) }
        let logits = pass.forward(self, decisions: Array(0..<pass.stepCount))
        let classCount = description.classCount
        return pass.clipStepCounts.enumerated().map { clip, stepCount in
            var own: [Float] = []
            own.reserveCapacity(stepCount * classCount)
            for step in 0..<stepCount {
                let start = (step * clips.count + clip) * classCount
                own += logits[start..<start + classCount]
            }
            return own
        }
    }
}
