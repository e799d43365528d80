import MynahFeatures
import MynahModel
import MynahPlot
import MynahRecognition

/// The page about a clip: what each drawing shows, in the order in which the sound takes its way.
struct ExplanationPage {
    private let clip: ClipExplanation
    private let file: String
    private let modelName: String
    private let figures: ExplanationFigures

    init(_ clip: ClipExplanation, file: String, model: String) throws {
        self.clip = clip
        self.file = file
        modelName = model
        figures = ExplanationFigures(clip)
    }

    var page: HTMLPage {
        get throws {
            HTMLPage(
                title: "What Mynah heard in \(file == "-" ? "standard input" : name(of: file))", lead: lead,
                sections: [sound, try spectrogram, posteriors, memory, state] + (gate.map { [$0] } ?? []) + [
                    path
                ],
                notes: notes)
        }
    }

    private var lead: String {
        let answer = "\(clip.model.labels[clip.best]), \(percent(clip.final[clip.best])) sure at the end."
        guard let verdict = clip.verdict, let time = clip.decisionTime else {
            return """
                \(answer) It never was \(percent(clip.confidence)) sure\(minimumTime), so the end of the clip decided.
                """
        }
        let heard =
            "after \(fixed(1_000 * time, digits: 0)) of \(fixed(1_000 * clip.heardSeconds, digits: 0)) ms"
        let word =
            verdict.label == clip.best ? "It knew" : "It took it for \(clip.model.labels[verdict.label])"
        return "\(answer) \(word) \(heard)."
    }

    /// How long a label has to stay sure, in words; empty where one moment is enough.
    private var minimumTime: String {
        let seconds = EarlyDecision.defaultMinimumSeconds(clip.model.earlyCalibration)
        return seconds == 0 ? "" : " for \(fixed(1_000 * seconds, digits: 0)) ms"
    }

    private var sound: HTMLPage.Section {
        let dashed =
            clip.decisionTime == nil
            ? "" : " The dashed line, here and below, is the moment at which the network knew."
        return .init(
            title: "The sound",
            paragraphs: [
                """
                \(grouped(clip.samples.count)) numbers, \(grouped(clip.model.frontEnd.sampleRate)) for each second: how the \
                air pressed on the microphone.\(dashed)
                """
            ], svg: figures.waveform)
    }

    private var spectrogram: HTMLPage.Section {
        get throws {
            let frontEnd = clip.model.frontEnd
            let length = fixed(frontEnd.frameLengthMilliseconds, digits: 0)
            let shift = fixed(
                1_000 * Double(frontEnd.framing.frameShiftSamples) / Double(frontEnd.sampleRate), digits: 0)
            return .init(
                title: "What the front end makes of it",
                paragraphs: [
                    """
                    Each column is a frame of \(length) ms, one every \(shift) ms: how loud it is from low tones to high ones. \
                    Vowels are stripes, s and t are light at the top.
                    """,
                    """
                    The network reads the columns from left to right, one after the other, as \(frontEnd.featureCount) \
                    numbers each. It never sees two at once, and never looks back: whatever it is to know later, it has to \
                    remember.
                    """,
                ], svg: try figures.spectrogram())
        }
    }

    private var posteriors: HTMLPage.Section {
        .init(
            title: "What it believes",
            paragraphs: [
                """
                After each step the network says how probable each label is, by what it has heard so far. The level line is at \
                \(percent(clip.confidence)): a label that is above it\(minimumTime) is \
                decided, and the rest of the clip need not be heard.
                """
            ], svg: figures.posteriors,
            keys: clip.shownLabels.map { (clip.ink(of: $0), clip.model.labels[$0]) }
                + (clip.shownLabels.count < clip.model.labels.count ? [(.grey, "all others")] : []))
    }

    private var memory: HTMLPage.Section {
        .init(
            title: "Memory builds up, and is cleared",
            paragraphs: [
                """
                All that the network knows of the past is its state: \(clip.states.first?.count ?? 0) numbers in the last \
                layer. Before the clip all of them are 0. Each step changes them a little, with what was heard; the line is \
                their root mean square.
                """,
                """
                At the end of the clip the state is cleared, so that the next clip is heard with a fresh mind. In an endless \
                stream nobody clears it: there the gates have to let go of what is over.
                """,
            ], svg: figures.memory)
    }

    private var state: HTMLPage.Section {
        .init(
            title: "The state, number by number",
            paragraphs: [
                """
                Each row is one unit of the last recurrent layer, dark for negative and light for positive values. The rows are \
                sorted by the moment at which they are strongest, the earliest on top. Units that stay light or dark remember \
                what came early, when the sound is long over. The columns after the end are the cleared state.
                """
            ], svg: figures.stateMap)
    }

    private var gate: HTMLPage.Section? {
        figures.keptMap.map { svg in
            .init(
                title: "The gate that keeps or takes",
                paragraphs: [
                    """
                    In each unit, and at each step, a gate chooses between old and new. Light: the unit keeps what it had. Dark: \
                    it takes what it hears now. Dark columns are moments at which something happens in the sound.
                    """,
                    "The gate is computed from the sound and the state, and training has found how: nobody has told it when to open.",
                ], svg: svg)
        }
    }

    private var path: HTMLPage.Section {
        let paths = clip.model.statePaths
        let clips = paths?.clipCounts.reduce(0, +) ?? 0
        let origin =
            paths == nil
            ? """
            This model carries no mean paths of its words, so the plane is the one in which this path is longest; mynah \
            calibrate adds them.
            """
            : """
            Thin lines are the mean paths of all labels, over \(grouped(clips)) clips of the validation split that the model \
            recognizes. The plane is the one in which they differ the most.
            """
        return .init(
            title: "The path of the state",
            paragraphs: [
                """
                The same numbers as a place in a plane, one step after the other: the thick line is this clip. All paths leave \
                from the same place, the empty state, and part when the words do.
                """,
                origin,
                "A plane shows only a part of so many numbers: what seems to meet here may be far apart in other directions.",
            ], svg: PathFigure(clip: clip).svg,
            keys: paths == nil
                ? [] : clip.shownLabels.map { (clip.ink(of: $0), clip.model.labels[$0]) })
    }

    private var notes: [String] {
        [
            "Made by mynah \(mynahVersion): \(commandLineText())",
            "Model \(modelName), SHA-256 \(clip.model.hash), temperature \(clip.model.temperature)",
        ]
    }

    private func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }
}
