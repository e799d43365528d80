package import MynahAudio
package import MynahBase
import MynahData
import MynahFeatures
package import MynahModel
package import MynahRecognition

/// Recordings as the network of a model hears them, once, for the decoder to be tried on with many thresholds.
///
/// The posteriors are those of `StreamingRecognizer`: the state goes on from the start of a stream to its end, and from a
/// file without commands to the next one. A file that cannot be read to its end is left out as a whole.
package struct OpenSetListening: Sendable {
    /// A recording that was listened to.
    package struct Recording: Codable, Hashable, Sendable {
        /// The recording.
        package let name: String

        /// The hash of its samples at the rate of the model, and of the table of words.
        package let hash: String

        /// Its length, in seconds.
        package let seconds: Double

        /// How many files it is made of.
        package let fileCount: Int

        /// How often a word of the model is said in it.
        package let wordCount: Int
    }

    /// The posteriors, recording by recording.
    package let tracks: [PosteriorTrack]

    /// What was listened to; a recording of which nothing could be read is missing.
    package let recordings: [Recording]

    /// Files that could not be read.
    package let unreadable: [UnreadableClip]

    /// Processor time that it took, summed over threads, in seconds.
    package let processingSeconds: Double

    /// The hash of the speech model that verified words; nil where none did.
    package let verifierHash: String?

    /// Listens to recordings, on all threads of all processes.
    ///
    /// The posteriors are too many to have them everywhere, so that only the first process gets them: in the others nothing was
    /// heard.
    ///
    /// - Throws: ``EvaluationError/lookalikeWord(place:word:label:)``, ``EvaluationError/noKnownWords(file:words:)`` and
    ///   ``EvaluationError/truthBeyondRecording(file:end:seconds:)`` for a table that does not fit model or recording,
    ///   `RecognitionError` for a model that cannot follow a stream.
    package init(
        _ recordings: [ContinuousRecording], model: CommandModel, verifier: SpellingVerifier? = nil,
        channel: ChannelSelection = .average, threads: Int, communicator: any Communicator = SingleProcess()
    ) throws {
        // Tried out here, so that it cannot fail later.
        _ = try StreamingRecognizer(model: model, verifier: verifier)
        let known = Set(model.labels.filter(StandardLabel.isWord))
        let lookalikes = LookalikeNames(known.sorted())
        for recording in recordings {
            guard let truth = recording.truth else { continue }
            for word in Set(truth.events.map(\.word)).subtracting(known).sorted() {
                guard let label = lookalikes.lookalike(of: word) else { continue }
                throw EvaluationError.lookalikeWord(place: recording.truthName, word: word, label: label)
            }
            guard truth.events.contains(where: { known.contains($0.word) }) else {
                throw EvaluationError.noKnownWords(
                    file: recording.truthName, words: Set(truth.events.map(\.word)).sorted())
            }
        }
        let jobs = recordings.indices.flatMap { index in
            recordings[index].streams.map { (recording: index, files: $0) }
        }
        try communicator.requireSame("model", model.hash)
        try communicator.requireSame("speech model", verifier?.hash ?? "")
        let sizes = jobs.map { job in
            job.files.reduce(0) { sum, file in
                guard case .file(let path) = file.location else { return sum }
                return sum + (FileStatus(of: path)?.byteCount ?? 0)
            }
        }
        try communicator.requireSame(
            "set of recordings", Self.listing(jobs.map(\.files), sizes: sizes))
        let heard: [StreamListener.Heard]
        if communicator.size > 1 {
            heard = communicator.mapToFirst(
                jobs.count, costs: sizes, threads: threads,
                makeContext: { StreamListener(model, verifier: verifier, channel: channel) }
            ) { listener, index in
                listener.hear(jobs[index].files).bytes
            }.map(StreamListener.Heard.init(bytes:))
        } else {
            heard = concurrentMap(
                jobs.count, threads: threads,
                makeContext: { StreamListener(model, verifier: verifier, channel: channel) }
            ) { listener, index in
                listener.hear(jobs[index].files)
            }
        }

        let timing = StreamTiming(model)
        var tracks: [PosteriorTrack] = []
        var summaries: [Recording] = []
        for (index, recording) in recordings.enumerated() {
            let parts = zip(jobs, heard).filter { $0.0.recording == index && $0.1.sampleCount > 0 }.map(\.1)
            guard !parts.isEmpty else { continue }
            let events = recording.truth?.events ?? []
            var digest = SHA256()
            var seconds = 0.0
            for part in parts {
                let length = Double(part.sampleCount) / Double(model.frontEnd.sampleRate)
                tracks.append(
                    PosteriorTrack(
                        name: recording.name, seconds: length, labels: model.labels, timing: timing,
                        posteriors: part.posteriors, recent: part.recent, truth: events,
                        pieces: recording.truth == nil ? part.pieces : []))
                for hash in part.hashes { digest.update(hash) }
                seconds += length
            }
            if let truth = recording.truth {
                digest.update(truth.text)
                // Tables are rounded to a millisecond.
                let end = truth.events.map(\.end).max() ?? 0
                guard end <= seconds + 0.001 else {
                    throw EvaluationError.truthBeyondRecording(
                        file: recording.truthName, end: end, seconds: seconds)
                }
            }
            summaries.append(
                Recording(
                    name: recording.name, hash: digest.hexDigest(), seconds: seconds,
                    fileCount: parts.reduce(0) { $0 + $1.pieces.count },
                    wordCount: events.count { known.contains($0.word) }))
        }
        self.tracks = tracks
        verifierHash = verifier?.hash
        self.recordings = summaries
        unreadable = heard.flatMap(\.unreadable)
        processingSeconds = heard.reduce(0) { $0 + $1.processingSeconds }
    }

    /// All files, in a few words that differ where anything does.
    private static func listing(_ streams: [ArraySlice<AudioSource>], sizes: [Int]) -> String {
        var digest = SHA256()
        for (files, size) in zip(streams, sizes) {
            for file in files { digest.update(file.name) }
            digest.update("\0\(size)\n")
        }
        return """
            \(counted(streams.reduce(0) { $0 + $1.count }, "file")) of \(sizes.reduce(0, +)) bytes, hash \
            \(digest.hexDigest().prefix(16))
            """
    }
}
