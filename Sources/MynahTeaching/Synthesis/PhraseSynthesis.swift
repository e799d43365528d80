import Glibc
import MynahAudio
package import MynahBase
import MynahData
import MynahModel

/// Phrases spoken by all synthesizers that are installed, as a labelled folder to train with.
///
/// Each clip becomes `<phrase>/<voice>_nohash_<take>.wav` at 16 kHz: the voice is the speaker, whatever its accent, so that no
/// voice is both learnt from and tested with. What is there already stays as it is.
package struct PhraseSynthesis: Sendable {
    /// What is chosen before.
    package struct Settings: Hashable, Sendable {
        /// The most voices that speak, 1 or more; those of all synthesizers in turn, so that those with few are all heard.
        package var voiceCount = 100

        /// Clips of each phrase by each voice, 1 or more: one as the voice speaks by itself, the others faster or slower, higher or
        /// lower.
        package var takeCount = 4

        /// The language that the voices speak, as `en`, `en-gb` or `de`.
        package var language = "en"

        /// Seed of every choice.
        package var seed: UInt64 = 1

        /// The usual ones.
        package init() {}
    }

    /// Samples per second of the clips, in Hz.
    package static let sampleRate = 16_000

    /// All synthesizers that Mynah knows how to call.
    package static var synthesizers: [any Synthesizer] {
        [EspeakNG(), Flite(), Festival(), PicoTTS(), Piper(), Kokoro()]
    }

    /// A clip that is to be made.
    struct Job: Hashable {
        let synthesizer: Int
        let voice: SynthesizerVoice
        let text: String
        let manner: SpeakingManner
        let path: String
        let isNear: Bool
    }

    /// A synthesizer, and those of its voices that speak.
    private struct Cast {
        let synthesizer: any Synthesizer
        var voices: [SynthesizerVoice]
    }

    /// The names of synthesizers that are not installed.
    package let missing: [String]

    /// What else is to be known before, a line each: which synthesizer is left out, and why.
    package let notes: [String]

    private let phrases: [String]
    private let settings: Settings
    private let casts: [Cast]

    /// Looks for synthesizers and chooses their voices.
    ///
    /// - Parameters:
    ///   - phrases: what is spoken, one or more; each is the name of a folder and a label.
    ///   - isInstalled: whether a program is there.
    /// - Throws: ``SynthesisError``.
    package init(
        of phrases: [String], settings: Settings = Settings(),
        isInstalled: (String) -> Bool = ProgramRun.isInstalled
    ) throws(SynthesisError) {
        for phrase in phrases { try Self.check(phrase) }
        self.phrases = phrases
        self.settings = settings
        var missing: [String] = []
        var notes: [String] = []
        var casts: [Cast] = []
        for synthesizer in Self.synthesizers {
            guard isInstalled(synthesizer.name) else {
                missing.append(synthesizer.name)
                continue
            }
            do throws(ProgramRun.Fault) {
                let voices = try synthesizer.voices(for: settings.language)
                guard !voices.isEmpty else {
                    notes.append("\(synthesizer.name): has no voice for \(settings.language.quoted)")
                    continue
                }
                let obstacle = phrases.lazy.compactMap { synthesizer.obstacle(to: $0, voices: voices) }.first
                if let obstacle {
                    notes.append("\(synthesizer.name): left out: \(obstacle)")
                } else {
                    casts.append(Cast(synthesizer: synthesizer, voices: voices))
                }
            } catch {
                notes.append("\(synthesizer.name): left out: \(error)")
            }
        }
        guard !casts.isEmpty else {
            if !notes.isEmpty { throw .nothingSpoken(phrase: phrases[0], reasons: notes) }
            throw .noSynthesizer(language: settings.language)
        }
        self.missing = missing
        self.notes = notes
        self.casts = Self.chosen(casts, settings)
    }

    /// Makes sure that a phrase can be spoken and be a label.
    private static func check(_ phrase: String) throws(SynthesisError) {
        func fault(_ reason: String) -> SynthesisError { .badPhrase(phrase: phrase, reason: reason) }
        guard
            phrase.unicodeScalars.contains(where: {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            })
        else { throw fault("has no letter and no digit, expected words") }
        guard CommandModel.canKeep(label: phrase), phrase == phrase.trimmed, !phrase.hasUndecodedBytes else {
            throw fault("cannot be a label, which has 1 to 128 printable bytes and no blanks at its ends")
        }
        guard !phrase.utf8.contains(UInt8(ascii: "/")), !phrase.hasPrefix("."), !phrase.hasPrefix("_") else {
            throw fault("cannot be the name of its folder: it has a / in it, or begins with . or _")
        }
        guard !phrase.contains("[[") else {
            throw fault("has [[ in it, by which espeak-ng would read phonemes")
        }
    }

    /// As many voices as are wanted, of each synthesizer in turn, drawn where it has more.
    private static func chosen(_ casts: [Cast], _ settings: Settings) -> [Cast] {
        let shuffled = casts.map { cast in
            var generator = SeededGenerator(
                seed: settings.seed, Int(SHA1.lowWord(of: cast.synthesizer.name)))
            var voices = cast.voices
            generator.shuffle(&voices)
            return voices
        }
        var counts = [Int](repeating: 0, count: casts.count)
        var left = settings.voiceCount
        while left > 0,
            let next = casts.indices.filter({ counts[$0] < shuffled[$0].count }).min(by: {
                counts[$0] < counts[$1]
            })
        {
            counts[next] += 1
            left -= 1
        }
        return casts.indices.compactMap { index in
            counts[index] == 0
                ? nil
                : Cast(
                    synthesizer: casts[index].synthesizer,
                    voices: shuffled[index].prefix(counts[index]).sorted {
                        ($0.speaker, $0.accent) < ($1.speaker, $1.accent)
                    })
        }
    }

    /// Voices that speak, of all synthesizers.
    package var voiceCount: Int { casts.reduce(0) { $0 + $1.voices.count } }

    /// Speaks all phrases into a folder, and, where a second one is given, near phrases into that.
    ///
    /// - Parameters:
    ///   - folder: where the folders of the phrases are made.
    ///   - nearFolder: where those of near phrases are made, as many clips of them as of the phrases; nil for none.
    ///   - shouldStop: asked while programs run; `true` ends it.
    ///   - onClip: hears how many clips are done, and how many there will be.
    /// - Throws: ``SynthesisError``, `FileError` where a clip cannot be written; what was written before stays.
    package func speak(
        into folder: String, near nearFolder: String? = nil, shouldStop: () -> Bool = { false },
        onClip: (_ done: Int, _ count: Int) -> Void = { _, _ in }
    ) throws -> SynthesisSummary {
        var jobs: [Job] = []
        for phrase in phrases { jobs += self.jobs(of: phrase, in: folder.pathOf(phrase)) }
        if let nearFolder { jobs += try nearJobs(in: nearFolder, clipsPerPhrase: jobs.count / phrases.count) }
        // One synthesizer after the other, as the machine may hold but one network of theirs.
        jobs = casts.indices.flatMap { index in jobs.filter { $0.synthesizer == index } }
        for path in [folder, nearFolder].compactMap(\.self) { try makeFolder(path) }
        for path in Set(jobs.map(\.path.pathFolder)) { try makeFolder(path) }

        let scratch = try ScratchFolder(in: temporaryFolder())
        var tallies = casts.map { SynthesisSummary.Tally(synthesizer: $0.synthesizer.name) }
        for (index, job) in jobs.enumerated() {
            if shouldStop() {
                throw SynthesisError.stopped(
                    folder: folder, clipCount: tallies.reduce(0) { $0 + $1.clipCount })
            }
            do throws(ProgramRun.Fault) {
                try Self.carryOut(
                    job, by: casts[job.synthesizer].synthesizer, scratch: scratch.path.pathOf("clip.wav"),
                    tally: &tallies[job.synthesizer], shouldStop: shouldStop)
            } catch {
                // The next round tells of it.
            }
            if let failure = tallies[job.synthesizer].writingFailure { throw failure }
            onClip(index + 1, jobs.count)
        }
        let summary = SynthesisSummary(tallies, missing: missing, notes: notes)
        for phrase in phrases
        where !jobs.contains(where: { $0.path.pathFolder == folder.pathOf(phrase) && fileExists($0.path) }) {
            throw SynthesisError.nothingSpoken(phrase: phrase, reasons: summary.failures)
        }
        return summary
    }

    /// Makes one clip, unless it is there or its voice has failed; ``ProgramRun/Fault/stopped`` alone is thrown.
    private static func carryOut(
        _ job: Job, by synthesizer: any Synthesizer, scratch: String, tally: inout SynthesisSummary.Tally,
        shouldStop: () -> Bool
    ) throws(ProgramRun.Fault) {
        if fileExists(job.path) {
            tally.existingCount += 1
            if !job.isNear { tally.seconds.append(seconds(ofClip: job.path)) }
            return
        }
        guard tally.isAtWork, tally.failedVoices[job.voice.name] == nil else { return }
        _ = scratch.withPath { unlink($0) }
        let call = synthesizer.call(job.text, voice: job.voice, manner: job.manner, output: scratch)
        do throws(ProgramRun.Fault) {
            _ = try ProgramRun.output(
                of: call.words, input: call.input, limitSeconds: synthesizer.limitSeconds,
                shouldStop: shouldStop)
        } catch .stopped {
            throw .stopped
        } catch {
            return tally.fail(job.voice, error)
        }
        guard
            let sound = try? Waveform(
                contentsOf: .file(path: scratch), sampleRate: sampleRate, maximumDuration: 60),
            let clip = SpokenClip.trimmed(sound)
        else {
            tally.droppedCount += 1
            return
        }
        do throws(FileError) {
            try WAVEncoding.integer16.write(clip.samples, sampleRate: sampleRate, to: job.path)
        } catch {
            tally.writingFailure = error
            return
        }
        tally.count(job.voice, isNear: job.isNear, seconds: clip.duration)
    }

    /// The length of a window that holds the clips which were spoken into a folder before, in seconds.
    ///
    /// - Throws: `FileError` where the folder cannot be read.
    package static func windowSeconds(ofClipsIn folder: String) throws(FileError) -> Double {
        var seconds: [Double] = []
        for phrase in try namesInFolder(folder) {
            let clips = folder.pathOf(phrase)
            for name in try namesInFolder(clips) where name.hasSuffix(".wav") {
                seconds.append(Self.seconds(ofClip: clips.pathOf(name)))
            }
        }
        return SynthesisSummary.windowSeconds(ofClips: seconds.sorted())
    }

    private static func seconds(ofClip path: String) -> Double {
        let header = WAVEncoding.integer16.header(sampleCount: 0, sampleRate: sampleRate).count
        let byteCount = FileStatus(of: path)?.byteCount ?? header
        return Double(max(0, byteCount - header) / 2) / Double(sampleRate)
    }

    private func jobs(of phrase: String, in folder: String) -> [Job] {
        casts.indices.flatMap { index in
            casts[index].voices.flatMap { voice in
                (0..<settings.takeCount).map { take in
                    job(phrase, by: index, voice, take: take, in: folder, isNear: false)
                }
            }
        }
    }

    private func job(
        _ text: String, by synthesizer: Int, _ voice: SynthesizerVoice, take: Int, in folder: String,
        isNear: Bool
    ) -> Job {
        Job(
            synthesizer: synthesizer, voice: voice, text: text,
            manner: SpeakingManner(seed: settings.seed, voice: voice.name, take: take),
            path: folder.pathOf(voice.fileName(take: take)), isNear: isNear)
    }

    /// As many clips of near phrases as there are of the phrases, by the same voices.
    private func nearJobs(in folder: String, clipsPerPhrase: Int) throws -> [Job] {
        guard let speaker = casts.firstIndex(where: { $0.synthesizer is EspeakNG }) else {
            throw SynthesisError.noPhonemes
        }
        let espeak = EspeakNG()
        let accent = settings.language
        let spoken = try phrases.map { try espeak.phonemes(of: $0, voice: accent) }
        var jobs: [Job] = []
        for (index, phrase) in phrases.enumerated() {
            var generator = SeededGenerator(seed: settings.seed, Int(SHA1.lowWord(of: phrase)), -1)
            let variants = NearPhrases.variants(of: spoken[index], besides: spoken, using: &generator)
            guard !variants.isEmpty else {
                throw SynthesisError.noNearWords(
                    phrase: phrase, phonemes: spoken[index].map { $0.joined() }.joined(separator: " "))
            }
            var near: [NearPhrase] = []
            let words = phrase.split(whereSeparator: \.isWhitespace).map(String.init)
            for word in words where words.count > 1 && !phrases.contains(word) {
                near.append(NearPhrase(name: word, text: word, isPhonemes: false))
            }
            for variant in variants {
                let text = EspeakNG.text(speaking: variant)
                let name = try espeak.phoneticText(of: text, voice: accent)
                near.append(NearPhrase(name: Self.folderName(name), text: text, isPhonemes: true))
            }
            jobs += nearJobs(near, in: folder, count: clipsPerPhrase, by: speaker, using: &generator)
        }
        return jobs
    }

    private func nearJobs(
        _ near: [NearPhrase], in folder: String, count: Int, by espeak: Int,
        using generator: inout SeededGenerator
    ) -> [Job] {
        let all = casts.indices.flatMap { index in casts[index].voices.map { (index, $0) } }
        let own = all.filter { $0.0 == espeak }
        var takes: [String: Int] = [:]
        return (0..<count).map { number in
            let phrase = near[number % near.count]
            let voices = phrase.isPhonemes ? own : all
            let (synthesizer, voice) = voices[generator.index(below: voices.count)]
            let place = folder.pathOf(phrase.name)
            let take = takes[place + voice.name, default: 0]
            takes[place + voice.name] = take + 1
            return job(phrase.text, by: synthesizer, voice, take: take, in: place, isNear: true)
        }
    }

    /// A name that can be that of a folder.
    private static func folderName(_ text: String) -> String {
        let name = String(text.map { $0 == "/" ? "-" : $0 })
        return name.isEmpty || name.hasPrefix(".") || name.hasPrefix("_") ? "near \(name)" : name
    }
}
