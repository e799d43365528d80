import MynahEvaluation

/// A clip that is nothing but its label and its posteriors.
func clip(
    _ label: Int, _ posteriors: [Float], path: String = "clip.wav", speaker: String? = nil,
    milliseconds: Double = 1
) -> ScoredClip {
    ScoredClip(
        path: path, speaker: speaker, label: label, posteriors: posteriors,
        processingSeconds: milliseconds / 1000, audioSeconds: 1)
}

/// Six clips of "yes" and "no" by two speakers and of "go", which nobody says.
///
/// "yes" is heard rightly in 2 of 3 clips, "no" in 2 of 3; each is once heard as the other.
let smallSet = [
    clip(0, [0.9, 0.1, 0], path: "yes/a_nohash_0.wav", speaker: "a", milliseconds: 4),
    clip(0, [0.8, 0.1, 0.1], path: "yes/a_nohash_1.wav", speaker: "a", milliseconds: 2),
    clip(0, [0.3, 0.7, 0], path: "yes/b_nohash_0.wav", speaker: "b", milliseconds: 3),
    clip(1, [0.1, 0.9, 0], path: "no/a_nohash_0.wav", speaker: "a", milliseconds: 1),
    clip(1, [0.05, 0.95, 0], path: "no/b_nohash_0.wav", speaker: "b", milliseconds: 9),
    clip(1, [0.99, 0.01, 0], path: "no/b_nohash_1.wav", speaker: "b", milliseconds: 2),
]

let smallLabels = ["yes", "no", "go"]

/// Draws that are few enough for a test.
let fewDraws = ClusterBootstrap(seed: 1, replicateCount: 200)
