import Foundation
import Glibc
import MynahTestSupport
import Testing

/// `mynah listen` with a model that the tests have trained, on files and pipes.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct ListenTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    /// What `--json` tells of a word.
    struct Event: Decodable, Equatable {
        let word: String
        let start: Double
        let end: Double
        let confidence: Double
    }

    static func events(_ outcome: Outcome) throws -> [Event] {
        try outcome.outputLines.map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
    }

    private var arguments: [String] { ["listen", "--model", words.model, "--json", "--threshold", "0.6"] }

    /// Eight seconds with three words.
    static func talk(sampleRate: Int = 16_000) -> [Float] {
        var samples = SyntheticSignal.noise(sampleCount: 8 * sampleRate, seed: 9, amplitude: 0.001)
        for (index, word) in Word.allCases.enumerated() {
            let clip = word.samples(speaker: 14, sampleRate: sampleRate)
            let start = (1 + 2 * index) * sampleRate
            for (offset, sample) in clip.enumerated() { samples[start + offset] += sample }
        }
        return samples
    }

    @Test func fileAndPipesAreTheSame() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let file = try mynah(arguments + [path])
        #expect(file.ending == .status(0))
        #expect(file.errors.isEmpty)
        let events = try Self.events(file)
        #expect(!events.isEmpty)
        for event in events {
            #expect(event.start <= event.end && event.end <= 8)
            #expect((0.6...1).contains(event.confidence))
        }
        for line in [
            "cat '\(path)' | \(command) -",
            "tail -c +45 '\(path)' | \(command) --raw 16000 -",
            "dd if='\(path)' bs=331 status=none | dd bs=77 status=none | \(command) - | cat",
        ] {
            let piped = try shell(line)
            #expect(piped.ending == .status(0))
            #expect(piped.output == file.output, "\(line)")
        }
    }

    private var command: String { "\"$MYNAH\" " + arguments.map { "'\($0)'" }.joined(separator: " ") }

    @Test func otherRatesAreConverted() throws {
        let fast = WAVFile(Self.talk(sampleRate: 44_100), sampleRate: 44_100)
        let path = try folder.write(fast.bytes, to: "fast.wav")
        let file = try mynah(arguments + [path])
        #expect(!(try Self.events(file)).isEmpty)
        #expect(try shell("cat '\(path)' | \(command) -").output == file.output)
    }

    @Test func linesForPeople() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let outcome = try mynah(["listen", "--model", words.model, path])
        for line in outcome.outputLines {
            #expect(line.wholeMatch(of: /[0-9]+\.[0-9]{2} s: [a-z]+ [0-9]+\.[0-9] %/) != nil, "\(line)")
        }
    }

    private static let milliseconds = "$(( ($(date +%s%N) - start) / 1000000 ))"

    /// An event is told while the pipe is still open.
    @Test func eventsAreNotKeptBack() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let outcome = try shell(
            """
            start=$(date +%s%N)
            (cat '\(path)'; sleep 3) | \(command) - | (read -r line; echo "\(Self.milliseconds)"; echo "$line")
            """)
        #expect(outcome.outputLines.last?.contains("\"word\"") == true)
        #expect(try #require(Int(outcome.outputLines.first ?? "")) < 2_500)
    }

    @Test func thresholds() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let all = try Self.events(try mynah(arguments + [path]))
        let one = try #require(all.first).word
        let without = try Self.events(try mynah(arguments + ["--threshold", "\(one)=1", path]))
        #expect(without.filter { $0.word == one }.allSatisfy { $0.confidence >= 1 })
        #expect(without.count < all.count)
        let unknown = try mynah(arguments + ["--threshold", "nothing=0.5", path])
        #expect(unknown.ending == .status(1))
        #expect(unknown.errors.hasPrefix("mynah: --threshold: the model knows no word 'nothing'; it knows "))
    }

    @Test func commandsRunWithTheWordInTheirEnvironment() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let event = try #require(try Self.events(try mynah(arguments + [path])).first)
        let script = folder.file("script")
        try folder.write(
            Array(
                "#!/bin/sh\necho \"$1|$MYNAH_WORD|$MYNAH_TIME|$MYNAH_CONFIDENCE\" >>\(folder.file("log"))\n"
                    .utf8),
            to: "script")
        #expect(chmod(script, 0o700) == 0)
        // Nothing in it is expanded, and quotation marks hold words together.
        let outcome = try mynah(
            arguments + ["--on", #"\#(event.word)=\#(script) "a b $HOME 'c' $(id)""#, path])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let log = String(decoding: try bytes(of: folder.file("log")), as: UTF8.self)
        let fields = try #require(log.split(separator: "\n").first).split(separator: "|")
        #expect(fields[0] == "a b $HOME 'c' $(id)")
        #expect(fields[1] == event.word)
        #expect(abs(try #require(Double(fields[2])) - event.end) < 0.001)
        #expect(abs(try #require(Double(fields[3])) - event.confidence) < 0.001)
    }

    @Test func commandsThatFailAreTold() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let expected = try mynah(arguments + [path])
        let word = try #require(try Self.events(expected).first).word
        for (command, message) in [
            ("false", "ended with status 1"), ("sh -c 'kill -9 $$'", "ended by signal 9"),
            ("/no/such/program", "/no/such/program: No such file or directory"),
        ] {
            let outcome = try mynah(arguments + ["--on", "\(word)=\(command)", path])
            #expect(outcome.ending == .status(0))
            #expect(outcome.output == expected.output)
            #expect(outcome.errorLines.first.map(String.init) == "mynah: command for \(word): \(message)")
        }
        // What it prints does not get among the events.
        let noisy = try mynah(arguments + ["--on", "\(word)=echo hello", path])
        #expect(noisy.output == expected.output)
        #expect(noisy.errors.contains("hello"))
    }

    @Test func commandThatHangsIsEnded() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let expected = try mynah(arguments + [path])
        let word = try #require(try Self.events(expected).first).word
        let outcome = try mynah(
            arguments + ["--on", "\(word)=sh -c 'trap \"\" TERM; sleep 60; sleep 60'", path])
        #expect(outcome.ending == .status(0))
        #expect(outcome.output == expected.output)
        #expect(outcome.errors.contains("mynah: command for \(word): ended, since it ran for 10 s"))
        #expect(outcome.seconds < 20)
    }

    @Test func interruptionEndsInGoodOrder() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let outcome = try shell(
            """
            mkfifo '\(folder.file("pipe"))'; (cat '\(path)'; sleep 30) > '\(folder.file("pipe"))' & writer=$!
            \(command) --record '\(folder.file("heard.wav"))' - < '\(folder.file("pipe"))' & listener=$!
            sleep 1; kill -INT $listener; wait $listener; echo "status $?"; kill $writer
            """)
        #expect(outcome.outputLines.last == "status 0", "\(outcome.errors)")
        // What was heard can be listened to again, with the same result.
        let again = try mynah(arguments + [folder.file("heard.wav")])
        #expect(outcome.output == again.output + "status 0\n")
    }

    @Test func readerThatHasSeenEnough() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        // Nothing is written after the last line, so that only a look at the pipe can tell.
        let outcome = try shell(
            """
            start=$(date +%s%N)
            (cat '\(path)'; sleep 4) | (\(command) -; echo "$? \(Self.milliseconds)" >&2) | head -1
            """)
        #expect(outcome.outputLines.count == 1)
        let end = outcome.errors.split { $0.isWhitespace }.compactMap { Int($0) }
        #expect(end.count == 2 && end[0] == 0 && end[1] < 3_500, "\(outcome.errors)")
    }

    /// On a terminal, a line shows the level and the word that leads.
    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "needs script, of util-linux"
        ))
    func levelOnATerminal() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let line = "(cat \(path); sleep 1) | $MYNAH listen --model \(words.model) -"
        let outcome = try shell("/usr/bin/script -qec '\(line)' /dev/null")
        #expect(outcome.output.contains("\r\u{1B}[K"))
        #expect(
            outcome.output.firstMatch(of: /[█░]{30} -[0-9]+ dB  (rising|falling|valley) [0-9.]+ %/) != nil)
        #expect(!(try shell(line)).errors.contains("dB"))
    }

    @Test func badSources() throws {
        for (input, message) in [
            ([UInt8](), "mynah: -: is empty (0 bytes)\n"),
            (
                Array("this is no sound at all".utf8),
                "mynah: -: is no WAV of plain samples, the only format that can be heard as it arrives; "
                    + "pipe it through ffmpeg -f wav, or give raw samples\n"
            ),
        ] {
            let outcome = try mynah(arguments + ["-"], input: input)
            #expect(outcome.ending == .status(1))
            #expect(outcome.errors == message)
        }
        #expect(try mynah(arguments + ["missing.wav"]).errors == "mynah: missing.wav: no such file\n")
    }

    /// What is not a number is counted and told, and the rest is heard.
    @Test func brokenSamples() throws {
        var samples = Self.talk()
        for index in 100..<110 { samples[index] = .nan }
        let wav = WAVFile(samples, sampleRate: 16_000, encoding: .float32).bytes
        let path = try folder.write(wav, to: "broken.wav")
        let outcome = try shell("cat '\(path)' | \(command) -")
        #expect(outcome.ending == .status(0))
        #expect(
            outcome.errors
                == "mynah: 10 samples so far were no numbers and count as silence\n"
                + "mynah: heard 8.0 s of sound from the pipe\n")
        #expect(!(try Self.events(outcome)).isEmpty)
    }

    /// What a file is refused for, a pipe is, too: after all that was heard.
    @Test func badPipes() throws {
        let talk = WAVFile(Self.talk(), sampleRate: 16_000).bytes
        let stereo = WAVFile(Self.talk(), sampleRate: 48_000, channels: 2).bytes
        let heard = "mynah: heard 8.0 s of sound from the pipe\n"
        let events = try Self.events(try mynah(arguments + [try folder.write(talk, to: "talk.wav")]))
        #expect(!events.isEmpty)
        for (options, input, message) in [
            (["--raw", "16000"], stereo, "mynah: -: is not raw samples, but begins like WAV\n"),
            (
                [], Array(talk.prefix(44)),
                "mynah: -: is cut off: its header promises 256044 bytes, it has 44\n"
            ),
            (
                [], talk + stereo,
                heard
                    + "mynah: -: holds several sounds in a row (the next begins at byte 256044); split it into one file each\n"
            ),
            (
                [], talk.dropLast(2),
                "mynah: heard 8.0 s of sound from the pipe\n"
                    + "mynah: -: is cut off: its header promises 256044 bytes, it has 256042\n"
            ),
        ] {
            let path = try folder.write(input, to: "bad.wav")
            let outcome = try shell("cat '\(path)' | \(command) \(options.joined(separator: " ")) -")
            #expect(outcome.ending == .status(1))
            #expect(outcome.errors == message)
            #expect(try Self.events(outcome) == (message.hasPrefix(heard) ? events : []))
        }
    }

    @Test(arguments: [
        ["--on", "rising"], ["--on", "=true"], ["--on", "rising="], ["--on", "rising='a"],
        ["--threshold", "0"], ["--threshold", "1.5"], ["--threshold", "rising=x"], ["--raw", "16000"],
        ["--device", "x", "-"], ["--devices", "-"], ["--record", "x.wav", "a.wav"], ["--record", ""],
    ]) func wrongUsage(arguments: [String]) throws {
        let outcome = try mynah(["listen"] + arguments)
        #expect(outcome.ending == .status(64), "\(outcome.errors)")
    }
}
