import MynahAudio
import MynahBase
package import MynahFeatures
import MynahModel

/// Which recordings become ``NegativeWindows``, and how.
///
/// Each folder gives as many clips, one of each word by turns, every clip by another speaker as far
/// as possible; those that are for validation and testing are left. Every second window of a word or of speech is varied as training varies clips (``Augmentation``): what is
/// learnt from takes that are varied must not tell variation from none.
package struct NegativeSelection: Sendable {
    /// Windows of words, of running speech and of noise.
    package var counts: (words: Int, speech: Int, noise: Int)

    /// Folders with a folder for each word.
    package var wordFolders: [String]

    /// Recordings of running speech.
    package var speech: [NegativeRecordings.File]

    /// A recording of noise, or a folder of them; nil for noise that is made.
    package var noise: String?

    /// Words that are left out.
    package var leftOut: Set<String>

    /// Seed of all that is drawn.
    package var seed: UInt64

    /// Threads that read.
    package var threads: Int

    /// Chooses from folders and files.
    package init(
        counts: (words: Int, speech: Int, noise: Int), wordFolders: [String],
        speech: [NegativeRecordings.File], noise: String?, leftOut: Set<String> = [], seed: UInt64,
        threads: Int
    ) {
        self.counts = counts
        self.wordFolders = wordFolders
        self.speech = speech
        self.noise = noise
        self.leftOut = leftOut
        self.seed = seed
        self.threads = threads
    }

    /// A window that is to be made.
    private enum Draft: Sendable {
        case clip(path: String, word: Int)
        case stretch(path: String)
        case noise
    }

    /// Reads what is chosen, and makes the windows.
    ///
    /// - Parameters:
    ///   - frontEnd: computes the features.
    ///   - seconds: length of a window.
    ///   - attribution: source and licence of the recordings, and the names that they ask to be given.
    ///   - commandLine: the command that makes them.
    /// - Returns: the windows, and the recordings that could not be read.
    /// - Throws: `DataError` where a folder cannot be read or nothing can be chosen from.
    package func windows(
        frontEnd: FrontEndConfiguration, seconds: Double, attribution: String, commandLine: String
    ) throws(DataError) -> (windows: NegativeWindows, unreadable: [ClipStore.Unreadable]) {
        let decoder = ClipDecoder.audioFiles(sampleRate: frontEnd.sampleRate)
        let background =
            try noise.map { path throws(DataError) in
                try BackgroundNoise(decodingFilesIn: path, with: decoder, threads: threads)
            } ?? BackgroundNoise(pinkSeconds: 10, sampleRate: frontEnd.sampleRate, seed: seed)
        var (drafts, words) = try chosenClips()
        drafts += chosenSpeech()
        guard !drafts.isEmpty else {
            throw .badNegatives(path: wordFolders.first ?? noise ?? "negatives", reason: "no recordings")
        }
        drafts += Array(repeating: Draft.noise, count: counts.noise)
        let augmentation = Augmentation(maximumShiftMilliseconds: 150)
        let sampleCount = Int((seconds * Double(frontEnd.sampleRate)).rounded())
        let renderer = VariationRenderer(
            augmentation: augmentation, noise: background, sampleRate: frontEnd.sampleRate,
            windowSampleCount: sampleCount)
        let plan = drafts
        let made = concurrentMap(
            plan.count, threads: threads,
            makeContext: { FeatureWorkspace.make(frontEnd, nil) }
        ) { (workspace, index) -> Result<FeatureMatrix, ClipDecoder.Failure> in
            var generator = SeededGenerator(seed: seed, index)
            workspace.samples = [Float](repeating: 0, count: sampleCount)
            func clip(_ path: String) -> Result<QuantizedSamples, ClipDecoder.Failure> {
                decoder.samples(of: path, maximumSeconds: ClipStore.Limits().clipSeconds)
            }
            func render(_ clip: QuantizedSamples) -> FeatureMatrix {
                let settings = index % 2 == 0 ? Augmentation.none : augmentation
                renderer.render(
                    Variation(settings, using: &generator), of: clip, into: &workspace.samples)
                return workspace.features()
            }
            switch plan[index] {
            case .clip(let path, _): return clip(path).map(render)
            case .stretch(let path):
                return clip(path).map { samples in
                    // Twice the window, so that shift and speed bring in no silence that is not there.
                    let length = min(samples.count, 2 * sampleCount)
                    let start = generator.index(below: samples.count - length + 1)
                    return render(samples.part(start..<start + length))
                }
            case .noise:
                renderer.renderSilence(
                    Variation.Silence(augmentation, using: &generator), into: &workspace.samples)
                return .success(workspace.features())
            }
        }
        var windows: [(content: NegativeWindows.Content, features: FeatureMatrix)] = []
        var unreadable: [ClipStore.Unreadable] = background.unreadable
        for (draft, result) in zip(plan, made) {
            switch (draft, result) {
            case (.clip(_, let word), .success(let features)): windows.append((.word(word), features))
            case (.stretch, .success(let features)): windows.append((.speech, features))
            case (.noise, .success(let features)): windows.append((.noise, features))
            case (.clip(let path, _), .failure(let failure)), (.stretch(let path), .failure(let failure)):
                unreadable.append(ClipStore.Unreadable(name: path, reason: failure.reason))
            case (.noise, .failure): break
            }
        }
        guard !windows.isEmpty else {
            throw .noNegatives(
                fileCount: plan.count, firstName: unreadable.first?.name ?? "",
                firstReason: unreadable.first?.reason ?? "")
        }
        let file = try NegativeWindows(
            windows, words: words, frontEnd: frontEnd, attribution: attribution, commandLine: commandLine)
        return (file, unreadable)
    }

    /// Clips of words, of each folder as many: of each word in turn one by a speaker who has had the fewest, until there are
    /// enough.
    private func chosenClips() throws(DataError) -> (drafts: [Draft], words: [String]) {
        var words: [String] = []
        var drafts: [Draft] = []
        for (number, folder) in wordFolders.enumerated() {
            var clips: [String: [LabelledClip]] = [:]
            for clip in try LabelledFolder(scanning: folder).clips(in: .training)
            where StandardLabel.isWord(clip.word) && !leftOut.contains(clip.word) {
                clips[clip.word, default: []].append(clip)
            }
            var generator = SeededGenerator(seed: seed, -1, number)
            var order = clips.keys.sorted()
            generator.shuffle(&order)
            for word in order { generator.shuffle(&clips[word, default: []]) }
            let wanted = counts.words * (number + 1) / wordFolders.count
            var used: [String: Int] = [:]
            while drafts.count < wanted, clips.values.contains(where: { !$0.isEmpty }) {
                for word in order where drafts.count < wanted {
                    guard let pool = clips[word],
                        let place = pool.indices.min(by: {
                            used[pool[$0].person, default: 0] < used[pool[$1].person, default: 0]
                        })
                    else { continue }
                    used[pool[place].person, default: 0] += 1
                    let index = words.firstIndex(of: word) ?? words.count
                    if index == words.count { words.append(word) }
                    drafts.append(.clip(path: pool[place].path, word: index))
                    clips[word]?.remove(at: place)
                }
            }
        }
        return (drafts, words)
    }

    /// Stretches of running speech: of each recording one, of more of them where there are too few.
    private func chosenSpeech() -> [Draft] {
        guard !speech.isEmpty else { return [] }
        var generator = SeededGenerator(seed: seed, -2)
        var files = speech
        generator.shuffle(&files)
        return (0..<counts.speech).map { .stretch(path: files[$0 % files.count].path) }
    }
}

extension NegativeWindows {
    /// The windows of a file that `mynah negatives` has made, or 1,000 that are cut out of the recordings below a folder, wherever they lie
    /// in it.
    ///
    /// - Parameters:
    ///   - frontEnd: computes the features of recordings.
    ///   - seconds: length of a window of these.
    /// - Throws: `DataError`.
    package init(at path: String, frontEnd: FrontEndConfiguration, seconds: Double) throws(DataError) {
        if FileKind(at: path) == .regular {
            try self.init(contentsOf: path)
            return
        }
        let tree = try RecordingTree(at: path)
        guard !tree.files.isEmpty else {
            throw .badNegatives(path: path, reason: "no recordings in this folder")
        }
        self = try NegativeSelection(
            counts: (words: 0, speech: 900, noise: 100), wordFolders: [], speech: tree.files, noise: nil,
            seed: 1, threads: processorCount()
        ).windows(frontEnd: frontEnd, seconds: seconds, attribution: "", commandLine: "").windows
    }
}

extension LabelledClip {
    /// Who says it, as far as that is known.
    fileprivate var person: String { speaker ?? path }
}
