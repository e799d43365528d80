import Glibc
public import MynahAudio
import MynahBase
import MynahData
import MynahFeatures
public import MynahModel
import MynahNetwork
public import MynahRecognition

/// Words that somebody teaches a model, a few recordings each: the network stays as it is, and its last layer is learnt anew
/// from all recordings within some seconds.
///
/// The recordings lie beside the model, in `mine.recordings` for `mine.safetensors`, as `mynah train` reads them:
/// `<word>/<speaker>_nohash_<take>.wav`. They say which words the model knows, and none is ever deleted: what is forgotten can be
/// had back by ``undo()``. Each change leaves a model that belongs to the recordings, or none where there are no more words.
///
/// What the words are told from, other words, running speech and noise, comes with Mynah.
public struct Enrolment: Sendable {
    /// The model file.
    public let modelPath: String

    /// The folder of the recordings.
    public var recordingsPath: String { folder.path }

    /// Seed of the variations of the recordings that are learnt from as well.
    public var seed: UInt64 = 1

    /// Threads that work, `1 ... 1024`; the model does not depend on their number.
    public var threadCount = processorCount()

    /// The command that changes the words, kept in the model.
    public var commandLine = ""

    /// The model whose network is used.
    private let base: CommandModel
    private let folder: RecordingsFolder
    private let negatives: NegativeWindows
    private let verifier: SpellingVerifier?
    private let lock: RecordingsFolder.Lock

    /// Longest recording of a word, in seconds.
    public static let maximumSeconds = 60.0

    /// What says in a model that it was taught.
    private static let method = TrainingProvenance.Setting(
        name: "method", value: "softmax regression on the read-out of a network")

    /// Most bytes of the file of a recording.
    private static let takeLimit = 1 << 26

    /// Opens a model that was taught words, or begins one.
    ///
    /// As long as it lives, no other process can change the words of the same model.
    ///
    /// - Parameters:
    ///   - path: the model file, which need not exist.
    ///   - base: the model whose network is taken where there is none yet; nil for one that comes with Mynah, which has learnt to
    ///     tell hundreds of words apart. Its own words are not taken over: somebody who teaches *lights* expects *lights*.
    ///   - negatives: what the words are told from instead of what comes with Mynah, for a model of another front end: a
    ///     folder of recordings in which none of them is said, or a file that `mynah negatives` has made.
    ///   - verifier: what spells the recordings; the model keeps that, so that a `Recognizer` with the same verifier can compare it
    ///     with what it hears.
    /// - Throws: ``EnrolmentError/model(_:)`` where the file is no model of commands,
    ///   ``EnrolmentError/wordsWithoutRecordings(model:folder:words:)`` where it knows words that were not taught,
    ///   ``EnrolmentError/data(_:)`` where the negatives cannot be used, ``EnrolmentError/verifierMissing(model:)`` where the
    ///   words were taught with a verifier, ``EnrolmentError/inUse(folder:)``. A verifier that hears another sample rate is refused
    ///   when words change, with ``EnrolmentError/recognition(_:)``.
    public init(
        at path: String, from base: CommandModel? = nil, negatives: String? = nil,
        verifier: SpellingVerifier? = nil
    ) throws(EnrolmentError) {
        let folder = RecordingsFolder(besideModel: path)
        let existing =
            fileExists(path)
            ? try EnrolmentError.ofModel { () throws(ModelError) in try CommandModel(contentsOf: path) } : nil
        if let existing {
            try Self.checkWords(of: existing, at: path, folder)
            guard existing.spellings == nil || verifier != nil else { throw .verifierMissing(model: path) }
        }
        let model = try EnrolmentError.ofModel { () throws(ModelError) in
            if let model = existing ?? base { return model }
            return try CommandModel.builtInForTeaching()
        }
        let windows = try EnrolmentError.ofData { () throws(DataError) in
            guard let negatives else { return try NegativeWindows.shipped() }
            return try NegativeWindows(at: negatives, frontEnd: model.frontEnd, seconds: model.clipSeconds)
        }
        _ = try Self.negatives(windows, model: model, words: [])
        lock = try folder.lock()
        modelPath = path
        self.base = model
        self.folder = folder
        self.negatives = windows
        self.verifier = verifier
    }

    /// The words that were taught, by the bytes of their names, with the names of their recordings.
    public func words() throws(EnrolmentError) -> [(word: String, takes: [String])] { try folder.words() }

    /// The words of which recordings lie beside a model, as ``words()`` has them, without keeping others from changing them.
    package static func words(at path: String) throws(EnrolmentError) -> [(word: String, takes: [String])] {
        try RecordingsFolder(besideModel: path).words()
    }

    /// Makes sure that a model at a path can be taught words: that there are recordings of those that it knows, and that what
    /// comes with Mynah is of its front end.
    ///
    /// - Throws: ``EnrolmentError/wordsWithoutRecordings(model:folder:words:)``, or ``EnrolmentError/data(_:)`` for the other
    ///   front end.
    package static func check(_ model: CommandModel, at path: String) throws(EnrolmentError) {
        try checkWords(of: model, at: path, RecordingsFolder(besideModel: path))
        let shipped = try EnrolmentError.ofData { () throws(DataError) in try NegativeWindows.shipped() }
        _ = try Self.negatives(shipped, model: model, words: [])
    }

    private static func checkWords(
        of model: CommandModel, at path: String, _ folder: RecordingsFolder
    ) throws(EnrolmentError) {
        let taught = Set(try folder.takes().map(\.word))
        let others = model.labels.filter { StandardLabel.isWord($0) && !taught.contains($0) }
        guard others.isEmpty else {
            throw .wordsWithoutRecordings(model: path, folder: folder.path, words: others)
        }
    }

    /// The rate at which the model hears, in Hz.
    public var sampleRate: Int { base.sampleRate }

    // MARK: - Changes

    /// What became of a recording that was to be learnt from.
    public struct Reception: Hashable, Sendable {
        /// The file.
        public let path: String

        /// Its name among the recordings; that of an equal one where it was there already.
        public let name: String

        /// Whether the same recording was there already.
        public let isRepeated: Bool

        /// What is wrong with it.
        public let faults: [TakeFault]
    }

    /// Teaches a word from files, or adds them to those of a word that is there.
    ///
    /// They are copied as they are. What is too quiet, clipped or cut is learnt from all the same, for a file cannot be recorded
    /// again; where nothing is said, nothing is learnt. The same recording counts once.
    ///
    /// - Parameters:
    ///   - word: printable, up to 128 bytes, no path, not `_unknown_` or the like.
    ///   - files: audio files, up to 60 s each.
    ///   - speaker: who speaks, where the name of a file does not say so, as in `anna_nohash_0.wav`.
    /// - Returns: what became of each, in the order given, and the advice.
    /// - Throws: ``EnrolmentError``; nothing is changed then, but where the model cannot be written: the recordings are there,
    ///   and are learnt with the next change.
    public func teach(
        _ word: String, files: [String], speaker: String = "me"
    ) throws(EnrolmentError) -> (receptions: [Reception], advice: EnrolmentAdvice) {
        try check(word)
        try check(speaker: speaker)
        guard !files.isEmpty else { throw .noTakes(word: word) }
        var sounds: [(bytes: [UInt8], fileExtension: String)] = []
        var speakers: [String] = []
        var drafts: [(path: String, place: Int?, name: String, faults: [TakeFault])] = []
        var known = try knownSounds(of: word)
        for path in files {
            let bytes = try EnrolmentError.ofFile { () throws(FileError) in
                try RegularFile.contents(of: path, limitBytes: Self.takeLimit)
            }
            let sound = try Self.decode(path, sampleRate: base.sampleRate)
            let faults = TakeFault.faults(of: sound)
            guard !faults.contains(.silent) else { throw .silentTake(path: path) }
            let hash = SHA256.hexDigest(of: bytes)
            if let other = known[hash] {
                drafts.append((path, other.place, other.name, faults))
                continue
            }
            known[hash] = (sounds.count, "")
            drafts.append((path, sounds.count, "", faults))
            let name = String(path.pathName)
            let dot = name.utf8.lastIndex(of: UInt8(ascii: "."))
            let ending = dot.map { String(name[name.utf8.index(after: $0)...]) } ?? "wav"
            sounds.append((bytes, AudioFileName.isAudio(name) ? ending : "wav"))
            let own = SpeakerSplit.speaker(ofFileName: name)
            speakers.append(own.flatMap { Self.fault(ofSpeaker: $0) == nil ? $0 : nil } ?? speaker)
        }
        let added = sounds.isEmpty ? [] : try folder.add(sounds, of: word, speakers: speakers)
        var seen: Set<Int> = []
        let receptions = drafts.map { draft in
            let isNew = draft.place.map { seen.insert($0).inserted } ?? false
            return Reception(
                path: draft.path, name: draft.place.map { added[$0].name } ?? draft.name, isRepeated: !isNew,
                faults: draft.faults)
        }
        return (receptions, try learn())
    }

    /// Teaches a word from sounds, for instance of a microphone, as ``teach(_:files:speaker:)`` does from files; they are kept as
    /// WAV files of 16 bits.
    ///
    /// - Parameter takes: finite samples within ±1, at 4,000 to 384,000 Hz.
    @discardableResult
    public func teach(
        _ word: String, takes: [Waveform], speaker: String = "me"
    ) throws(EnrolmentError) -> EnrolmentAdvice {
        try keep(takes, of: word, speaker: speaker)
        return try learn()
    }

    /// Keeps one recording of a word, unless the same one is there already; it is learnt from with the next change, or ``learn()``.
    ///
    /// - Parameter take: finite samples within ±1, at 4,000 to 384,000 Hz; kept as a WAV file of 16 bits.
    /// - Throws: ``EnrolmentError``; nothing is changed then.
    package func keep(
        _ take: Waveform, of word: String, speaker: String = "me"
    ) throws(EnrolmentError) -> Reception {
        try check(word)
        try check(speaker: speaker)
        let faults = TakeFault.faults(of: take)
        guard !faults.contains(.silent) else { throw .silentTake(path: "take") }
        let bytes = Self.fileBytes(of: take)
        let kept: RecordingsFolder.Take
        let known = try knownSounds(of: word)[SHA256.hexDigest(of: bytes)]
        if let known {
            kept = RecordingsFolder.Take(word: word, name: known.name)
        } else {
            kept = try folder.add([(bytes, "wav")], of: word, speakers: [speaker])[0]
        }
        return Reception(
            path: folder.path(of: kept), name: kept.name, isRepeated: known != nil, faults: faults)
    }

    /// Keeps recordings of a word; they are learnt from with the next change, or ``learn()``.
    ///
    /// - Returns: where they lie.
    @discardableResult
    package func keep(
        _ takes: [Waveform], of word: String, speaker: String
    ) throws(EnrolmentError) -> [String] {
        try check(word)
        try check(speaker: speaker)
        guard !takes.isEmpty else { throw .noTakes(word: word) }
        for (index, take) in takes.enumerated() where TakeFault.faults(of: take).contains(.silent) {
            throw .silentTake(path: "take \(index + 1)")
        }
        return try folder.add(
            takes.map { (Self.fileBytes(of: $0), "wav") }, of: word, speakers: takes.map { _ in speaker }
        ).map(folder.path(of:))
    }

    /// A sound as a WAV file of 16 bits.
    private static func fileBytes(of take: Waveform) -> [UInt8] {
        let encoding = WAVEncoding.integer16
        return encoding.header(sampleCount: take.samples.count, sampleRate: take.sampleRate)
            + encoding.bytes(of: take.samples.span)
    }

    /// Forgets a word, or one of its recordings.
    ///
    /// - Parameter take: the name of a recording, such as `me_nohash_2.wav`; nil for all.
    /// - Returns: the advice on the words that are left; nil where there are none, and with them no model.
    @discardableResult
    public func forget(_ word: String, take: String? = nil) throws(EnrolmentError) -> EnrolmentAdvice? {
        let own = try takes(of: word)
        guard let take else {
            try folder.remove(own, of: word)
            return try learnOrRemove()
        }
        guard let found = own.first(where: { $0.name == take }) else {
            throw .unknownTake(word: word, take: take, folder: folder.path)
        }
        try folder.remove([found], of: word)
        return try learnOrRemove()
    }

    /// Gives a word another name.
    @discardableResult
    public func rename(_ word: String, to name: String) throws(EnrolmentError) -> EnrolmentAdvice {
        _ = try takes(of: word)
        guard try !words().contains(where: { $0.word == name }) else { throw .wordExists(word: name) }
        try check(name, besides: word)
        try folder.rename(word, to: name)
        return try learn()
    }

    /// Undoes the last change, and the one before that the next time.
    ///
    /// - Returns: what was undone, in words, and the advice; nil where no words are left.
    @discardableResult
    public func undo() throws(EnrolmentError) -> (change: String, advice: EnrolmentAdvice?) {
        let change = try folder.undo()
        return (change.sentence, try learnOrRemove())
    }

    private func takes(of word: String) throws(EnrolmentError) -> [RecordingsFolder.Take] {
        let all = try folder.takes()
        let own = all.filter { $0.word == word }
        guard !own.isEmpty else { throw .unknownWord(word: word, known: EnrolmentFit.words(of: all)) }
        return own
    }

    /// The recordings of a word by their hashes.
    private func knownSounds(
        of word: String
    ) throws(EnrolmentError) -> [String: (place: Int?, name: String)] {
        var known: [String: (place: Int?, name: String)] = [:]
        for take in try folder.takes() where take.word == word {
            let bytes = try EnrolmentError.ofFile { () throws(FileError) in
                try RegularFile.contents(of: folder.path(of: take), limitBytes: Self.takeLimit)
            }
            known[SHA256.hexDigest(of: bytes)] = (nil, take.name)
        }
        return known
    }

    // MARK: - Learning

    private func learnOrRemove() throws(EnrolmentError) -> EnrolmentAdvice? {
        guard try folder.takes().isEmpty else { return try learn() }
        if modelPath.withPath({ unlink($0) }) != 0, fileExists(modelPath) {
            throw .file(.unwritable(path: modelPath, reason: systemMessage()))
        }
        return nil
    }

    /// Learns from all recordings, and writes the model.
    package func learn() throws(EnrolmentError) -> EnrolmentAdvice {
        let takes = try folder.takes()
        var sounds: [EnrolmentExamples.Sound] = []
        for take in takes {
            let sound = try Self.decode(folder.path(of: take), sampleRate: base.sampleRate)
            sounds.append(.init(take: take, samples: QuantizedSamples(sound.samples)))
        }
        let source = try Self.negatives(negatives, model: base, words: EnrolmentFit.words(of: takes))
        let examples = try EnrolmentExamples(
            sounds, negatives: source, model: base,
            noise: BackgroundNoise(pinkSeconds: 4, sampleRate: base.sampleRate, seed: seed), seed: seed,
            threads: threadCount)
        let fit = EnrolmentFit(
            examples, takes: takes, isNoise: (0..<source.count).map(source.isNoise),
            negativeWords: (0..<source.count).map(source.word), threads: threadCount)
        let spellings = try spellings(of: sounds)
        let model = try EnrolmentError.ofModel { () throws(ModelError) in
            try self.model(fit, takes: takes, sounds: sounds).with(spellings: spellings)
        }
        try EnrolmentError.ofModel { () throws(ModelError) in try model.write(to: modelPath) }
        return fit.advice
    }

    /// What the verifier spells of the recordings, if there is one.
    private func spellings(of sounds: [EnrolmentExamples.Sound]) throws(EnrolmentError) -> Spellings? {
        guard let verifier else { return nil }
        let margin = Int(SpellingVerifier.marginSeconds * Double(base.sampleRate))
        let spelled: [(spelling: String, isWritten: Bool)]
        do throws(RecognitionError) {
            spelled = try verifier.spell(
                sounds.map(\.take.word), sampleRate: base.sampleRate, threads: threadCount
            ) { index in
                // What is heard of it when it is recognized: the window with the word, and as much around it.
                let sound = sounds[index].samples
                let start = ClipWindow.centredStart(in: sound, sampleCount: base.clipSampleCount)
                let first = max(0, start - margin)
                let end = min(sound.count, start + base.clipSampleCount + margin)
                var samples = [Float](repeating: 0, count: end - first)
                sound.copy(from: first, into: &samples)
                return samples
            }
        } catch {
            throw .recognition(error)
        }
        var words: [String: [String]] = [:]
        var written: [String: Int] = [:]
        for (sound, found) in zip(sounds, spelled) where !found.spelling.isEmpty {
            words[sound.take.word, default: []].append(found.spelling)
            if found.isWritten { written[sound.take.word, default: 0] += 1 }
        }
        return Spellings(
            speechModel: verifier.hash, words: words,
            written: words.filter { 2 * (written[$0.key] ?? 0) >= $0.value.count }.keys.sorted())
    }

    /// The negatives as a model takes them, without those that hold one of its words.
    private static func negatives(
        _ windows: NegativeWindows, model: CommandModel, words: [String]
    ) throws(EnrolmentError) -> NegativeExamples {
        try EnrolmentError.ofData { () throws(DataError) in
            try NegativeExamples(
                windows, frontEnd: model.frontEnd,
                frameCount: model.frontEnd.frameCount(sampleCount: model.clipSampleCount), without: words)
        }
    }

    /// The network with the output layer that was learnt.
    private func model(
        _ fit: EnrolmentFit, takes: [RecordingsFolder.Take], sounds: [EnrolmentExamples.Sound]
    ) throws(ModelError) -> CommandModel {
        var network = base.network
        network.classCount = fit.labels.count
        var parameters: [Float] = []
        for entry in base.network.parameterLayout.entries where entry.part != .output {
            parameters += base.parameters[entry.range]
        }
        for entry in network.parameterLayout.entries where entry.part == .output {
            parameters += entry.role == .bias ? fit.bias : fit.weights
        }
        var detection = DetectionSettings()
        detection.thresholds = Dictionary(
            uniqueKeysWithValues: fit.advice.words.map { ($0.word, $0.threshold) })
        var digest = SHA256()
        for sound in sounds { digest.update("\(sound.take.place)\0\(sound.samples.count)\n") }
        let counts = fit.labels.map { label in
            TrainingProvenance.TrainingData.ClipCount(
                label: label, training: takes.count { $0.word == label }, validation: 0, testing: 0)
        }
        return try CommandModel(
            labels: fit.labels, frontEnd: base.frontEnd, normalizer: base.normalizer,
            clipSampleCount: base.clipSampleCount, network: network, parameters: parameters,
            provenance: TrainingProvenance(
                seed: seed, commandLine: commandLine, data: .init(clips: counts),
                dataHash: digest.hexDigest(), splitRule: "each recording left out once",
                mynahVersion: mynahVersion, date: currentDateText(), epochCount: 0, bestEpoch: 0,
                validationAccuracy: .init(correct: fit.recognized.count, total: fit.recognized.total),
                settings: [
                    Self.method,
                    .init(name: "start", value: networkHash),
                    .init(name: "negatives", value: SHA256.hexDigest(of: negatives.fileBytes)),
                ] + EnrolmentExamples.augmentation.record,
                attribution: attribution),
            temperature: fit.temperature, detection: detection)
    }

    /// The hash of the model whose network this is: of a model that was taught before, the one that it began from.
    private var networkHash: String {
        let settings = base.provenance.settings
        guard settings.contains(Self.method) else { return base.hash }
        return settings.first { $0.name == "start" }?.value ?? base.hash
    }

    /// What the recordings of the network and those of the negatives ask to be said.
    private var attribution: String {
        let own = base.provenance.attribution ?? ""
        return own.contains(negatives.attribution)
            ? own : [own, negatives.attribution].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private static func decode(_ path: String, sampleRate: Int) throws(EnrolmentError) -> Waveform {
        let sound: Waveform
        do throws(AudioError) {
            sound = try Waveform(
                contentsOf: .file(path: path), sampleRate: sampleRate, maximumDuration: maximumSeconds)
        } catch {
            let line = error.description
            let prefix = "\(path.printable): "
            throw .unreadableTake(
                path: path, reason: line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line)
        }
        guard !sound.samples.isEmpty else { throw .silentTake(path: path) }
        return sound
    }
}

extension RecordingsFolder.Change {
    /// What was done, in words.
    var sentence: String {
        switch self {
        case .taught(let word, let takes): "taught \(word.quoted), \(counted(takes.count, "recording"))"
        case .forgot(let word, let takes, _): "forgot \(counted(takes.count, "recording")) of \(word.quoted)"
        case .renamed(let word, let name): "renamed \(word.quoted) to \(name.quoted)"
        }
    }
}
