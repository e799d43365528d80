import Glibc
import MynahAudio
package import MynahBase
import Synchronization

extension HarvestPlan {
    /// What came of a harvest that may not have come to its end.
    package struct Outcome: Sendable {
        /// The plan, with what turned out while it was carried out.
        package let plan: HarvestPlan

        /// The cuts that were made, as places among those of the plan.
        package let done: Set<Int>

        /// What of the plan could not be had, and why.
        package let passedOver: PassedOver

        /// What ended it early, if anything did but a wish: a full disk, for instance.
        package let failure: FileError?

        /// A line for each word and stretch, those of earlier harvests first.
        package var records: [HarvestRecord] {
            plan.others
                + plan.cuts.indices.map { plan.record(of: plan.cuts[$0], isDone: done.contains($0)) }
        }

        /// How many clips are still to be cut.
        package var leftCount: Int {
            plan.cuts.indices.count {
                if case .cut = plan.cuts[$0].fate { !done.contains($0) } else { false }
            }
        }
    }

    /// The lines of the table before anything is cut: a harvest that is interrupted goes on where they say so.
    package var records: [HarvestRecord] { others + cuts.map { record(of: $0) } }

    /// Cuts out what is planned, as WAV of 16 bits: each clip appears under its name when it is complete.
    ///
    /// Recordings are read block by block, each of them once, on `threads` threads, so that memory holds no more than the clips
    /// that are being cut. The result does not depend on the number of threads. Clips begin and end softly, over 5 ms, since a
    /// recording that is cut in the middle of a sound clicks.
    ///
    /// - Parameters:
    ///   - folder: the folder of the plan, which is there.
    ///   - decoder: reads recordings; its rate is that of the clips.
    ///   - shouldStop: whether to stop before the next recording, on any thread.
    ///   - onCut: hears how many clips are cut, on any thread.
    package func cut(
        into folder: HarvestFolder, with decoder: ClipDecoder, threads: Int,
        shouldStop: @Sendable () -> Bool = { false }, onCut: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> Outcome {
        var inner: Set<String> = []
        var wanted: [Int: [Int]] = [:]
        for (index, cut) in cuts.enumerated() {
            guard case .cut(let clip) = cut.fate else { continue }
            wanted[cut.recording, default: []].append(index)
            if clip.utf8.contains(UInt8(ascii: "/")) { inner.insert(clip.pathFolder) }
        }
        let jobs = wanted.sorted { $0.key < $1.key }
        let failure = Mutex<FileError?>(nil)
        let count = Atomic(0)
        do throws(FileError) {
            for name in inner.sorted() { try makeFolder(folder.path.pathOf(name)) }
        } catch {
            failure.withLock { $0 = error }
        }
        let results = concurrentMap(jobs.count, threads: threads) { number -> CutRecording in
            let (recording, places) = jobs[number]
            guard failure.withLock({ $0 == nil }), !shouldStop() else { return CutRecording() }
            var cutter = ClipCutter(places.map { (place: $0, cut: cuts[$0]) }, sampleRate: decoder.sampleRate)
            {
                path, samples throws(FileError) in
                try WAVEncoding.integer16.write(
                    samples, sampleRate: decoder.sampleRate, to: folder.path.pathOf(path))
                onCut(count.wrappingAdd(1, ordering: .relaxed).newValue)
            }
            let fault = decoder.readBlocks(of: recordings[recording].path) { cutter.take($0) }
            return cutter.finish(fault)
                .noting { error in failure.withLock { $0 = $0 ?? error } }
        }
        var outcome = self
        var done: Set<Int> = []
        var passedOver = PassedOver()
        for (job, result) in zip(jobs, results) {
            done.formUnion(result.done)
            for place in result.behindEnd { outcome.cuts[place].fate = .dropped(.behindEnd) }
            for place in result.unreadable {
                outcome.cuts[place].fate = .dropped(.unreadable(reason: result.reason ?? ""))
            }
            let path = recordings[job.key].path.printable
            if let reason = result.reason { passedOver.add("\(path): \(reason.printable)") }
            if !result.behindEnd.isEmpty {
                passedOver.add(
                    "\(path): ends before \(counted(result.behindEnd.count, "word")) of the table")
            }
        }
        return Outcome(
            plan: outcome, done: done, passedOver: passedOver, failure: failure.withLock { $0 })
    }

    private func record(of cut: Cut, isDone: Bool = false) -> HarvestRecord {
        let sentence = recordings[cut.recording]
        let (outcome, reason): (HarvestRecord.Outcome, String) =
            switch cut.fate {
            case .cut: (isDone ? .kept : .planned, "")
            case .there: (.kept, "")
            case .dropped(let drop): (.dropped, drop.reason)
            }
        return HarvestRecord(
            outcome: outcome, reason: reason, clip: cut.clip ?? "", word: cut.word,
            speaker: sentence.speaker, recording: files[cut.recording], start: cut.start, end: cut.end,
            confidence: cut.confidence)
    }
}

/// What came of one recording, as places among the cuts.
private struct CutRecording: Sendable {
    var done: [Int] = []
    var behindEnd: [Int] = []
    var unreadable: [Int] = []

    /// Why the recording could not be read, or not to its end.
    var reason: String?

    /// Why a clip could not be written.
    var failure: FileError?

    /// Tells what kept a clip from being written.
    func noting(_ body: (FileError) -> Void) -> CutRecording {
        if let failure { body(failure) }
        return self
    }
}

/// Cuts the clips of one recording out of its blocks.
private struct ClipCutter {
    /// A clip that is being cut.
    private struct Open {
        let place: Int
        let clip: String
        let range: Range<Int>

        /// The last sample that must be there.
        let wantedEnd: Int
        var samples: [Float] = []
    }

    /// Clips by the sample at which they begin, the next one last.
    private var waiting: [Open]
    private var open: [Open] = []
    private var position = 0
    private var result = CutRecording()
    private let fadeCount: Int
    private let write: (_ clip: String, _ samples: [Float]) throws(FileError) -> Void

    init(
        _ cuts: [(place: Int, cut: HarvestPlan.Cut)], sampleRate: Int,
        write: @escaping (_ clip: String, _ samples: [Float]) throws(FileError) -> Void
    ) {
        func sample(_ seconds: Double) -> Int { Int((seconds * Double(sampleRate)).rounded()) }
        waiting = cuts.map { place, cut in
            let start = sample(cut.start)
            return Open(
                place: place, clip: cut.clip ?? "", range: start..<max(start + 1, sample(cut.end)),
                wantedEnd: sample(cut.wantedEnd))
        }.sorted { ($1.range.lowerBound, $1.place) < ($0.range.lowerBound, $0.place) }
        fadeCount = sampleRate / 200
        self.write = write
    }

    /// Takes the next samples.
    mutating func take(_ block: [Float]) {
        let end = position + block.count
        defer { position = end }
        guard result.failure == nil else { return }
        while let next = waiting.last, next.range.lowerBound < end { open.append(waiting.removeLast()) }
        for index in open.indices {
            let part = open[index].range.clamped(to: position..<end)
            open[index].samples += block[part.lowerBound - position..<part.upperBound - position]
        }
        for clip in open where clip.range.upperBound <= end { complete(clip) }
        open.removeAll { $0.range.upperBound <= end }
    }

    /// Completes the clips that lose nothing but a margin with the end of the recording.
    ///
    /// - Parameter fault: why the recording cannot be read any further.
    mutating func finish(_ fault: ClipDecoder.Failure?) -> CutRecording {
        result.reason = fault?.reason
        for clip in open + waiting where result.failure == nil {
            if fault != nil {
                result.unreadable.append(clip.place)
            } else if !clip.samples.isEmpty, clip.wantedEnd <= position {
                complete(clip)
            } else {
                result.behindEnd.append(clip.place)
            }
        }
        return result
    }

    private mutating func complete(_ clip: Open) {
        guard result.failure == nil else { return }
        var samples = clip.samples
        let fade = min(fadeCount, samples.count / 2)
        for index in 0..<fade {
            let gain = Float(0.5 - 0.5 * cos(Double.pi * (Double(index) + 0.5) / Double(fade)))
            samples[index] *= gain
            samples[samples.count - 1 - index] *= gain
        }
        do throws(FileError) {
            try write(clip.clip, samples)
            result.done.append(clip.place)
        } catch {
            result.failure = error
        }
    }
}
