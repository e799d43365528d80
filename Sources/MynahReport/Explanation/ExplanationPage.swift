import MynahBase
import MynahFeatures
package import MynahModel
import MynahPlot
import MynahRecognition

/// A page that shows how a network came to its answer about one clip, and when it knew.
package struct ExplanationPage {
    /// The program that made a page.
    package struct Origin {
        /// The version of Mynah.
        package var mynahVersion: String

        /// The command line, quoted as a shell needs it.
        package var commandLine: String

        /// States where a page comes from.
        package init(mynahVersion: String, commandLine: String) {
            self.mynahVersion = mynahVersion
            self.commandLine = commandLine
        }
    }

    /// One or two sentences: what was heard, and when it was known.
    package let summary: String

    /// The page as HTML that needs nothing else: no network, no script, no other file.
    package let html: String

    /// Follows a clip through a network, and draws what happened.
    ///
    /// - Parameters:
    ///   - samples: full scale ±1, at the rate of the model's front end.
    ///   - name: what the clip is called.
    ///   - model: a causal model.
    ///   - modelName: what the model is called.
    ///   - confidence: the probability at which the network may decide before the end, 0.5 to 1.
    ///   - origin: what makes the page.
    /// - Throws: `RecognitionError` for a model that cannot follow a stream, `FeatureError` for a front end that cannot be
    ///   built.
    package init(
        of samples: [Float], name: String, model: CommandModel, modelName: String, confidence: Float,
        origin: Origin
    ) throws {
        let clip = try ClipExplanation(samples, model: model, confidence: confidence)
        let sections = ExplanationSections(clip)
        summary = sections.summary
        html =
            Page(
                title: "What Mynah heard in \(name)", lead: summary,
                sections: try sections.all + [
                    PageSection(
                        id: "origin", title: "Where this page comes from",
                        facts: [
                            ("command", origin.commandLine), ("version", "Mynah \(origin.mynahVersion)"),
                            ("model", "\(modelName)  (\(model.hash))"),
                            ("temperature", NumberText.fixed(Double(model.temperature), decimals: 3)),
                        ])
                ], mynahVersion: origin.mynahVersion
            ).html
    }
}

/// The sections of an explanation: a drawing each, and what it means.
private struct ExplanationSections {
    private let clip: ClipExplanation
    private let figures: ExplanationFigures

    init(_ clip: ClipExplanation) {
        self.clip = clip
        figures = ExplanationFigures(clip)
    }

    var all: [PageSection] {
        get throws {
            [sound, try spectrogram, posteriors, memory, state] + (gate.map { [$0] } ?? []) + [path]
        }
    }

    var summary: String {
        let answer = "\(clip.model.labels[clip.best]), \(percent(clip.final[clip.best])) sure at the end."
        guard let verdict = clip.verdict, let time = clip.decisionTime else {
            return "\(answer) It was never \(percent(clip.confidence)) sure\(minimumTime) before then."
        }
        let moment =
            "after \(milliseconds(time)) of \(milliseconds(clip.heardSeconds)) ms"
        let word =
            verdict.label == clip.best ? "It knew" : "It took it for \(clip.model.labels[verdict.label])"
        return "\(answer) \(word) \(moment)."
    }

    private func section(
        _ id: String, _ title: String, _ drawing: any Drawing, legend: [PageLegend] = [], _ text: String...
    ) -> PageSection {
        PageSection(
            id: id, title: title, layout: .beside, text: text, figures: [PageFigure(drawing)], legend: legend)
    }

    private var sound: PageSection {
        let dashed =
            clip.decisionTime == nil
            ? "" : " The dashed line, here and below, marks the moment at which the network knew."
        return section(
            "sound", "The sound", figures.waveform,
            """
            \(NumberText.grouped(clip.samples.count)) samples, \(NumberText.grouped(clip.model.frontEnd.sampleRate)) \
            a second: the air pressure at the microphone.\(dashed)
            """)
    }

    private var spectrogram: PageSection {
        get throws {
            let frontEnd = clip.model.frontEnd
            let length = NumberText.fixed(frontEnd.frameLengthMilliseconds, decimals: 0)
            let shift = NumberText.fixed(frontEnd.frameShiftMilliseconds, decimals: 0)
            return section(
                "spectrogram", "What the front end makes of it", try figures.spectrogram(),
                """
                Each column is a frame of \(length) ms, one every \(shift) ms. It shows how loud the sound is at each \
                pitch, from low at the bottom to high at the top. Vowels show as stripes; s and t are bright at the top.
                """,
                """
                The network gets \(frontEnd.featureCount) numbers for each column. It reads them from left to right, at \
                most a few columns at a time, and never goes back: whatever it needs later, it has to remember.
                """)
        }
    }

    private var posteriors: PageSection {
        section(
            "probabilities", "What it believes", figures.posteriors,
            legend: clip.legend,
            """
            After each step the network says how probable each label is, given what it has heard so far. The horizontal \
            dashed line is at \(percent(clip.confidence)): once a label stays above it\(minimumTime), the network has \
            decided, and the rest of the clip need not be heard.
            """)
    }

    private var memory: PageSection {
        section(
            "memory", "Memory builds up, and is cleared", figures.memory,
            """
            All that the network knows of the past is its state: \(clip.states.first?.count ?? 0) numbers in the last \
            recurrent layer, all of them 0 before the clip. Each step changes them a little. The line is their root mean \
            square.
            """,
            """
            At the end of the clip the state is cleared, so that the next clip starts afresh. In an endless stream nothing \
            clears it: there the gates have to let go of what is over.
            """)
    }

    private var state: PageSection {
        section(
            "state", "The state, number by number", figures.stateMap,
            """
            Each row is one unit of the last recurrent layer: dark where its value is negative, light where it is positive. \
            The rows are sorted by when they are strongest, the earliest at the top. Rows that stay light or dark remember \
            what came early, long after the sound is over. The columns after the end are the cleared state.
            """)
    }

    private var gate: PageSection? {
        figures.keptMap.map { map in
            section(
                "gate", "The gate that keeps or takes", map,
                """
                At each step, each unit's gate chooses between old and new. Light: the unit keeps what it had. Dark: it \
                takes in what it hears now. Dark columns are moments at which something happens in the sound.
                """,
                """
                The gate is computed from the sound and the state. Training found out how; nobody told it when to open.
                """)
        }
    }

    private var path: PageSection {
        let paths = clip.model.statePaths
        let clips = paths?.clipCounts.reduce(0, +) ?? 0
        let origin =
            paths == nil
            ? """
            This model carries no mean paths of its words, so the plane is the one in which this path is longest; mynah \
            calibrate adds them.
            """
            : """
            Thin lines are the mean paths of all labels, over \(NumberText.grouped(clips)) clips of the validation split \
            that the model recognizes. The plane is the one in which they differ most.
            """
        return section(
            "path", "The path of the state", PathFigure(clip: clip).drawing,
            legend: paths == nil ? [] : clip.legend,
            """
            The same numbers as a point in a plane, step by step: the thick line is this clip. All paths start from the same \
            point, the empty state, and part where the words do.
            """,
            origin,
            "A plane shows only part of so many numbers: paths that seem to meet here may be far apart in other directions."
        )
    }

    /// How long a label has to stay sure, in words; empty where one moment is enough.
    private var minimumTime: String {
        let seconds = EarlyDecision.defaultMinimumSeconds(clip.model.earlyCalibration)
        return seconds == 0 ? "" : " for \(milliseconds(seconds)) ms"
    }

    private func milliseconds(_ seconds: Double) -> String { NumberText.fixed(1_000 * seconds, decimals: 0) }

    private func percent(_ probability: Float) -> String { NumberText.percent(Double(probability)) }
}
