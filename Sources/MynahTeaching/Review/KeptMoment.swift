import FoundationEssentials
import Glibc
package import MynahBase

/// A moment at which a word was detected, or nearly so: what is known of it, beside its sound.
package struct KeptMoment: Codable, Hashable, Sendable {
    /// When it was kept, in UTC, as ISO 8601 has it.
    package let time: String

    /// What belongs together when some of it is held out: the day in local time, or of a file its name.
    package let day: String

    /// What was listened to: `microphone`, `standard input`, or a file.
    package let source: String

    /// The word.
    package let word: String

    /// Whether it was detected; nearly so otherwise.
    package let fired: Bool

    /// Its highest smoothed posterior, `0 ... 1`, and the threshold that this has to reach.
    package let score: Float
    package let threshold: Float

    /// When in the source it was, in seconds of sound: where it reached its threshold, or half of it, and where it was sure, or
    /// its highest.
    package let start: Double
    package let end: Double

    /// Where ``end`` is within the kept sound, in seconds.
    package let endInClip: Double

    /// All words that the model knows.
    package let words: [String]

    /// SHA-256 of the model that listened.
    package let model: String

    /// Whether all of it is within its range, which a file need not be.
    var isValid: Bool {
        (0...1).contains(score) && threshold > 0 && threshold <= 1 && start >= 0 && start <= end && end < 3e8
            && (0...600).contains(endInClip) && !word.isEmpty
    }

    /// How near to its threshold it came: 1 where it reached it.
    package var share: Float { score / threshold }
}

/// A moment in its folder.
package struct KeptClip: Hashable, Sendable {
    /// What its files are called, without their extensions; in order of time.
    package let name: String

    /// What is known of it.
    package let moment: KeptMoment

    /// Where its sound lies.
    package let soundPath: String
}

/// What `mynah listen --keep` leaves behind: for each moment a sound, and a file of one line of JSON.
///
/// Any number of listeners may write to one folder. What is older than ``ageLimitDays``, and the oldest where all take more
/// than ``byteLimit``, is removed, unless it was reviewed.
package struct KeptFolder: Sendable {
    /// The most bytes that all take.
    package static let byteLimit = 500 << 20

    /// The age, in days, at which what nobody has reviewed is removed.
    package static let ageLimitDays = 30

    /// The most bytes of one file of JSON; a real one has some hundreds.
    private static let momentByteLimit = 1 << 20

    /// Where it lies.
    package let path: String

    private let byteLimit: Int

    /// Makes the folder, if there is none.
    package init(making path: String, byteLimit: Int = byteLimit) throws(FileError) {
        try makeFolder(path)
        self.path = path
        self.byteLimit = byteLimit
    }

    /// Opens a folder that is there.
    package init(opening path: String) {
        self.path = path
        byteLimit = Self.byteLimit
    }

    /// All that is kept, the oldest first, and how many files were passed over, as what they hold is no moment.
    ///
    /// - Throws: ``ReviewError/nothingKept(folder:)``, `FileError` where the folder cannot be read.
    package func clips() throws -> (clips: [KeptClip], unreadableCount: Int) {
        var clips: [KeptClip] = []
        var unreadableCount = 0
        for name in try namesInFolder(path) where name.hasSuffix(".json") && Self.isOwn(name) {
            let stem = String(name.dropLast(".json".count))
            let sound = path.pathOf(stem + ".wav")
            guard fileExists(sound),
                let bytes = try? RegularFile.contents(
                    of: path.pathOf(name), limitBytes: Self.momentByteLimit),
                let moment = try? JSONDecoder().decode(KeptMoment.self, from: Data(bytes)), moment.isValid
            else {
                unreadableCount += 1
                continue
            }
            clips.append(KeptClip(name: stem, moment: moment, soundPath: sound))
        }
        guard !clips.isEmpty || unreadableCount > 0 else { throw ReviewError.nothingKept(folder: path) }
        return (clips, unreadableCount)
    }

    /// Adds a moment, after room was made for it.
    ///
    /// - Throws: ``ReviewError/full(folder:limitBytes:)``, `FileError`.
    func add(_ moment: KeptMoment, sound: [UInt8], now: KeptTime) throws {
        let text = Array((try jsonText(moment) + "\n").utf8)
        try makeRoom(for: sound.count + text.count, now: now)
        let name = now.fileName + "-" + String(UInt64.random(in: 0..<0x1000_0000_0000), radix: 36)
        // The line comes last: a sound without one is none yet.
        try AtomicFile.write(sound, to: path.pathOf(name + ".wav"))
        do {
            try AtomicFile.write(text, to: path.pathOf(name + ".json"))
        } catch {
            remove(path.pathOf(name + ".wav"))
            throw error
        }
    }

    /// Removes what is too old, and the oldest where there is no room.
    private func makeRoom(for byteCount: Int, now: KeptTime) throws {
        let reviewed = Set(try ReviewTable(in: path).answers.keys)
        let files = try namesInFolder(path).filter(Self.isOwn).map { name in
            (
                stem: String(name.withoutFileExtension), path: path.pathOf(name),
                byteCount: FileStatus(of: path.pathOf(name))?.byteCount ?? 0
            )
        }
        var sum = files.reduce(byteCount) { $0 + $1.byteCount }
        let oldest = now.adding(days: -Self.ageLimitDays).fileName
        var removed = ""
        for file in files where !reviewed.contains(file.stem) {
            // Both files of a moment go together.
            guard sum > byteLimit || file.stem < oldest || file.stem == removed else { break }
            remove(file.path)
            sum -= file.byteCount
            removed = file.stem
        }
        guard sum <= byteLimit else { throw ReviewError.full(folder: path, limitBytes: byteLimit) }
    }

    /// Another listener may have removed it before.
    private func remove(_ path: String) { _ = path.withPath { unlink($0) } }

    /// Whether a file has a name as ``add(_:sound:now:)`` gives them: no other one is ever removed.
    static func isOwn(_ name: String) -> Bool {
        let stem = Array(name.withoutFileExtension.utf8)
        guard name.hasSuffix(".wav") || name.hasSuffix(".json"), stem.count > 20 else { return false }
        return stem.indices.allSatisfy { index in
            switch index {
            case 8, 15, 19: stem[index] == UInt8(ascii: "-")
            case 0..<19: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(stem[index])
            default:
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(stem[index])
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(stem[index])
            }
        }
    }
}
