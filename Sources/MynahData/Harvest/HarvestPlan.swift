import MynahBase

/// Which words or stretches of speech are cut out of aligned recordings, under which names, and which are not, and why.
///
/// A word is dropped when the model is less sure of it than `leastConfidence`, when the pause to one of its neighbours is
/// shorter than `pauseSeconds`, or when the clip with its margins would be shorter than `shortestSeconds`, the first of these that
/// applies. Where there are more than the limits allow, speakers take turns, each with the words that the model is surest of. Of
/// all words, those with too few clips are left out.
///
/// Clips are called `<word>/<speaker>_nohash_<take>.wav`, so that the rule of ``SpeakerSplit`` never divides a speaker; those of
/// speech lie in the folder itself. What an earlier harvest has left in the folder is never cut again nor replaced, and counts
/// for the limits: a word is the same when it is of the same recording, speaker and time.
package struct HarvestPlan: Sendable {
    /// One word or stretch, and what is to become of it.
    package struct Cut: Hashable, Sendable {
        /// Which recording it is of.
        package let recording: Int

        /// The word, or which words a stretch lacks.
        package let word: String

        /// Where it is cut out, in seconds; the end may lie behind that of the recording.
        package let start: Double
        package let end: Double

        /// Where what is wanted ends, without its margin, in seconds.
        let wantedEnd: Double

        package let confidence: Double

        package internal(set) var fate: Fate
    }

    /// What is to become of a word or stretch.
    package enum Fate: Hashable, Sendable {
        /// It is cut out, into this place within the folder.
        case cut(clip: String)

        /// An earlier harvest has cut it out, into this place within the folder.
        case there(clip: String)

        /// It is not taken.
        case dropped(HarvestDrop)
    }

    /// The recordings.
    package let recordings: [AlignedSentence]

    /// Where each of them lies, links followed, as the table names it.
    let files: [String]

    /// What is cut out of them, recording by recording in the order of time.
    package internal(set) var cuts: [Cut]

    /// What an earlier harvest says of other words and recordings.
    let others: [HarvestRecord]

    /// Chooses what to cut.
    ///
    /// - Parameters:
    ///   - recordings: the words of each recording in the order of time.
    ///   - folder: where the clips are to lie, which need not be there yet.
    /// - Throws: `DataError.badTable` when another kind of harvest lies in the folder, or `.unreadable`.
    package init(
        of recordings: [AlignedSentence], settings: HarvestSettings, into folder: HarvestFolder
    ) throws(DataError) {
        let stretchName = settings.stretchName
        if let other = folder.records.first(where: {
            stretchName == nil ? HarvestSettings.isStretch($0.word) : $0.word != stretchName
        }) {
            throw .badTable(
                path: folder.tablePath,
                reason:
                    "is of a harvest of \(HarvestSettings.isStretch(other.word) ? "speech with \(other.word)" : "words"), "
                    + "expected \(stretchName.map { "one of speech with \($0)" } ?? "one of words")")
        }
        self.recordings = recordings
        files = recordings.map { (resolvedPath($0.path) ?? $0.path).printable }
        var cuts = recordings.indices.flatMap { index in
            switch settings.wanted {
            case .words(let wanted):
                Self.words(of: recordings[index], index, settings) { wanted.contains($0) }
            case .allWords(let excepted, _):
                Self.words(of: recordings[index], index, settings) { !excepted.contains($0) }
            case .speech(let without):
                Self.stretches(of: recordings[index], index, without: without, settings)
            }
        }
        var earlier = EarlierHarvest(folder)
        for index in cuts.indices {
            let recording = cuts[index].recording
            earlier.settle(&cuts[index], of: files[recording], by: recordings[recording].speaker)
        }
        others = earlier.others
        self.cuts = cuts
        limit(settings)
        if case .allWords(_, let atLeast) = settings.wanted { dropRareWords(atLeast: atLeast) }
        name(in: folder)
    }

    // MARK: - Words

    private static func words(
        of sentence: AlignedSentence, _ recording: Int, _ settings: HarvestSettings,
        where isWanted: (String) -> Bool
    ) -> [Cut] {
        sentence.words.indices.filter { isWanted(sentence.words[$0].word) }.map { index in
            let word = sentence.words[index]
            let before = index == 0 ? nil : word.start - sentence.words[index - 1].end
            let after =
                index + 1 == sentence.words.count ? nil : sentence.words[index + 1].start - word.end
            func margin(_ pause: Double?) -> Double {
                pause.map { min(settings.marginSeconds, $0 / 2) } ?? settings.marginSeconds
            }
            let (start, end) = (max(0, word.start - margin(before)), word.end + margin(after))
            let drop: HarvestDrop? =
                if word.confidence < settings.leastConfidence {
                    .unsure
                } else if min(before ?? .infinity, after ?? .infinity) < settings.pauseSeconds - tolerance {
                    .runsTogether
                } else if end - start < settings.shortestSeconds - tolerance {
                    .short
                } else {
                    nil
                }
            return Cut(
                recording: recording, word: word.word, start: start, end: end, wantedEnd: word.end,
                confidence: word.confidence, fate: drop.map { .dropped($0) } ?? .cut(clip: ""))
        }
    }

    /// Times come from a table with three decimals.
    private static let tolerance = 0.0005

    // MARK: - Speech

    private static func stretches(
        of sentence: AlignedSentence, _ recording: Int, without commands: Set<String>,
        _ settings: HarvestSettings
    ) -> [Cut] {
        let words = sentence.words
        let margin = settings.marginSeconds
        var cuts: [Cut] = []
        // Where the stretch begins, and the last word in it, if there is one.
        var start = 0.0
        var last: AlignedWord?
        func close(at end: Double) {
            defer { last = nil }
            guard let last, end > start else { return }
            let isShort = end - start < settings.shortestSeconds - tolerance
            cuts.append(
                Cut(
                    recording: recording, word: settings.stretchName ?? "", start: start, end: end,
                    wantedEnd: min(end, last.end), confidence: 1,
                    fate: isShort ? .dropped(.short) : .cut(clip: "")))
        }
        for (index, word) in words.enumerated() {
            if commands.contains(word.word) {
                let isSure = word.confidence >= settings.leastConfidence
                let before = index == 0 ? 0 : words[index - 1].end
                let after = index + 1 == words.count ? .infinity : words[index + 1].start
                close(at: min(word.start - margin, isSure ? .infinity : before))
                start = max(start, word.end + margin, isSure ? 0 : after)
            } else if word.start >= start {
                if let before = last, word.end - start > HarvestSettings.longestStretchSeconds {
                    let middle = (before.end + word.start) / 2
                    close(at: min(middle, before.end + margin))
                    start = max(start, middle)
                }
                if last == nil { start = max(start, word.start - margin) }
                last = word
            }
        }
        close(at: (last?.end ?? 0) + margin)
        return cuts
    }

    // MARK: - Limits

    /// The cuts of each word that are to be made or have been, in order.
    private var wantedByWord: [String: [Int]] {
        var places: [String: [Int]] = [:]
        for (index, cut) in cuts.enumerated() {
            if case .dropped = cut.fate { continue }
            places[cut.word, default: []].append(index)
        }
        return places
    }

    /// Drops what is more than the limits allow; what is there counts first.
    private mutating func limit(_ settings: HarvestSettings) {
        guard settings.wordLimit != nil || settings.speakerLimit != nil else { return }
        var there: [String: [String: Int]] = [:]
        for record in others where record.outcome != .dropped {
            there[record.word, default: [:]][record.speaker, default: 0] += 1
        }
        for (word, places) in wantedByWord {
            let there = there[word] ?? [:]
            var bySpeaker: [String: [Int]] = [:]
            for place in places {
                bySpeaker[recordings[cuts[place].recording].speaker, default: []].append(place)
            }
            var ranked: [(rank: Int, place: Int)] = []
            for (speaker, places) in bySpeaker {
                let sorted = places.sorted { precedes($0, $1) }
                let first = there[speaker] ?? 0
                for (rank, place) in sorted.enumerated() {
                    if let limit = settings.speakerLimit, first + rank >= limit, !cuts[place].isThere {
                        cuts[place].fate = .dropped(.speakerHasEnough(limit: limit))
                    } else {
                        ranked.append((first + rank, place))
                    }
                }
            }
            guard let limit = settings.wordLimit else { continue }
            let earlier = there.values.reduce(0, +)
            ranked.sort { $0.rank != $1.rank ? $0.rank < $1.rank : precedes($0.place, $1.place) }
            // What is there comes first, whatever its rank.
            let order = ranked.filter { cuts[$0.place].isThere } + ranked.filter { !cuts[$0.place].isThere }
            for (_, place) in order.dropFirst(max(0, limit - earlier)) where !cuts[place].isThere {
                cuts[place].fate = .dropped(.wordHasEnough(limit: limit))
            }
        }
    }

    /// Whether a cut is to be taken before another one of its word: what is there, then what the model is surer of.
    private func precedes(_ first: Int, _ second: Int) -> Bool {
        let (one, other) = (cuts[first], cuts[second])
        if one.isThere != other.isThere { return one.isThere }
        return one.confidence != other.confidence ? one.confidence > other.confidence : first < second
    }

    /// Drops the words that are left with too few clips.
    private mutating func dropRareWords(atLeast: Int) {
        var counts: [String: Int] = [:]
        for record in others where record.outcome != .dropped { counts[record.word, default: 0] += 1 }
        for (word, places) in wantedByWord where places.count + (counts[word] ?? 0) < atLeast {
            for place in places where !cuts[place].isThere {
                cuts[place].fate = .dropped(.rare(atLeast: atLeast))
            }
        }
    }

    // MARK: - Names

    /// Gives each clip that is to be cut the first name that no other file has.
    private mutating func name(in folder: HarvestFolder) {
        var names = HarvestNames(
            of: folder, planned: others.map(\.clip) + cuts.compactMap(\.clip))
        for index in cuts.indices where cuts[index].fate == .cut(clip: "") {
            let cut = cuts[index]
            cuts[index].fate = .cut(
                clip: names.next(
                    in: HarvestSettings.isStretch(cut.word) ? "" : cut.word,
                    speaker: recordings[cut.recording].speaker))
        }
    }
}

extension HarvestSettings {
    /// Whether what stands in a table for a word is a stretch of speech: a word has no blank.
    static func isStretch(_ word: String) -> Bool { word.utf8.contains(UInt8(ascii: " ")) }
}

extension HarvestPlan.Cut {
    /// The clip; nil where it is dropped.
    package var clip: String? {
        switch fate {
        case .cut(let clip), .there(let clip): clip
        case .dropped: nil
        }
    }

    /// Whether it has been cut out before.
    package var isThere: Bool {
        if case .there = fate { return true }
        return false
    }
}

/// Why a word or stretch is not taken.
package enum HarvestDrop: Hashable, Sendable {
    /// The model is not sure enough that it is there.
    case unsure

    /// The pause to a neighbour is too short.
    case runsTogether

    /// The clip would be too short.
    case short

    /// The speaker has as many clips of the word as one may have.
    case speakerHasEnough(limit: Int)

    /// The word has as many clips as it may have.
    case wordHasEnough(limit: Int)

    /// The word is left with too few clips.
    case rare(atLeast: Int)

    /// The clip of an earlier harvest is gone.
    case removed

    /// The recording ends before it.
    case behindEnd

    /// The recording cannot be read.
    case unreadable(reason: String)

    /// What it is counted under.
    package var kind: String {
        switch self {
        case .unsure: "unsure"
        case .runsTogether: "run together"
        case .short: "short"
        case .speakerHasEnough, .wordHasEnough: "enough"
        case .rare: "rare"
        case .removed: "removed"
        case .behindEnd, .unreadable: "unreadable"
        }
    }

    /// In words, for the table.
    package var reason: String {
        switch self {
        case .unsure: "the model is not sure enough of it"
        case .runsTogether: "runs together with its neighbour"
        case .short: "too short"
        case .speakerHasEnough(let limit): "the speaker has \(counted(limit, "clip")) of the word already"
        case .wordHasEnough(let limit): "the word has \(counted(limit, "clip")) already"
        case .rare(let atLeast): "the word is left with fewer than \(counted(atLeast, "clip"))"
        case .removed: "its clip was removed since an earlier harvest"
        case .behindEnd: "the recording ends before it"
        case .unreadable(let reason): reason
        }
    }
}
