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
        let script = try folder.writeProgram(
            #"echo "$1|$MYNAH_WORD|$MYNAH_TIME|$MYNAH_CONFIDENCE" >>\#(folder.file("log"))"#, to: "script")
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

    /// A word may have several commands.
    @Test func commandsOfOneWord() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let events = try Self.events(try mynah(arguments + [path]))
        let word = try #require(events.first).word
        let outcome = try mynah(arguments + ["--on", "\(word)=echo one", "--on", "\(word)=echo two", path])
        #expect(outcome.ending == .status(0))
        let count = events.count { $0.word == word }
        for text in ["one", "two"] { #expect(outcome.errorLines.count { $0 == text } == count) }
    }

    /// The longest word that stands before an equals sign is meant.
    @Test func wordsWithAnEqualsSign() throws {
        for (word, name) in [(Word.falling, "="), (.rising, "a"), (.valley, "a=b")] {
            try FileManager.default.createDirectory(
                atPath: folder.file("set"), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: "\(words.set)/\(word)", toPath: folder.file("set/\(name)"))
        }
        let model = folder.file("model")
        #expect(
            try mynah(["train", folder.file("set"), "--output", model] + TrainedWords.trainingArguments)
                .ending
                == .status(0))
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let listen = ["listen", "--model", model, "--json", "--threshold", "0.6", path]
        let heard = try Self.events(try mynah(listen)).map(\.word)
        #expect(Set(heard) == ["a", "a=b", "="])
        let outcome = try mynah(
            listen + ["--on", "a=echo b=1", "--on", "a=b=echo 2", "--on", "==echo 3"])
        #expect(outcome.ending == .status(0))
        let said = ["a": "b=1", "a=b": "2", "=": "3"]
        #expect(outcome.errorLines.sorted() == heard.compactMap { said[$0].map { Substring($0) } }.sorted())
        // For the word a=b no command is left.
        #expect(try mynah(listen + ["--on", "a=b="]).ending == .status(64))
        #expect(try mynah(listen + ["--on", "a=b='x"]).ending == .status(64))
        let unknown = try mynah(listen + ["--on", "b=echo"])
        #expect(unknown.ending == .status(1))
        #expect(unknown.errors.hasPrefix("mynah: --on: the model knows no word 'b'; it knows "))
    }

    /// A service manager may have ignored the end of children, or blocked signals: neither reaches the commands.
    ///
    /// What a parent ignores so that nobody ends the program, commands ignore, too.
    @Test func commandsUnderStrangeParents() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let expected = try mynah(arguments + [path])
        let options = Word.allCases.map { "--on \($0)=true" }.joined(separator: " ")
        let outcome = try shell("env --ignore-signal=CHLD \(command) \(options) '\(path)'")
        #expect(outcome.ending == .status(0))
        #expect(outcome.output == expected.output)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.seconds < 10)

        let word = try #require(try Self.events(expected).first).word
        for (parent, ignored) in [
            ("--ignore-signal=CHLD,USR1,PIPE,TERM --block-signal=USR2,TERM", 0 as UInt64),
            ("--ignore-signal=HUP,INT,QUIT", 7),
        ] {
            let state = try shell(
                """
                env \(parent) \(command) --on '\(word)=grep -E "^Sig(Blk|Ign)" /proc/self/status' '\(path)'
                """)
            #expect(state.ending == .status(0))
            let masks = state.errorLines.prefix(2).map { UInt64($0.suffix(16), radix: 16) }
            // Signals 32 and 33 are the C library's own.
            #expect(masks == [0, ignored] || masks == [0, ignored | 3 << 31], "\(state.errors)")
        }
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

    /// Listens to a pipe that stays open, and sends signals, named as `kill` has them, to the listener.
    ///
    /// - Parameter environment: arguments for `env`, for what the listener inherits.
    /// - Returns: the events, `status` with the exit status, and how many milliseconds it took to end.
    private func interrupt(
        _ arguments: String, by signals: [String], environment: String = ""
    ) throws -> Outcome {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let pipe = folder.file("pipe")
        // The shell has what runs in the background ignore Ctrl-C.
        return try shell(
            """
            mkfifo '\(pipe)'; (cat '\(path)'; exec sleep 30) > '\(pipe)' & writer=$!
            env --default-signal=INT,QUIT \(environment) \(command) \(arguments) - < '\(pipe)' & listener=$!
            sleep 1.5; start=$(date +%s%N)
            for signal in \(signals.joined(separator: " ")); do kill -$signal $listener 2>/dev/null; sleep 0.2; done
            wait $listener; echo "status $? after \(Self.milliseconds) ms"; kill $writer
            """)
    }

    /// Ctrl-C, SIGTERM, and a terminal that is closed, of which the system and the shell tell, one after the other.
    @Test(arguments: [["INT"], ["TERM"], ["HUP"], ["HUP", "HUP"], ["HUP", "TERM"]])
    func interruptionEndsInGoodOrder(signals: [String]) throws {
        let outcome = try interrupt("--record '\(folder.file("heard.wav"))'", by: signals)
        #expect(outcome.outputLines.last?.hasPrefix("status 0 ") == true, "\(outcome.errors)")
        #expect(outcome.errorLines.last.map(String.init) == "Kept 8.00 s in \(folder.file("heard.wav")).")
        // What was heard can be listened to again, with the same result.
        let again = try mynah(arguments + [folder.file("heard.wav")])
        #expect(!again.output.isEmpty)
        #expect(outcome.output.hasPrefix(again.output + "status "))
        #expect(try folder.names == ["heard.wav", "pipe", "talk.wav"])
    }

    /// As by `nohup`, and by a shell of what runs in the background: the last of the signals ends it.
    @Test(arguments: ["INT", "HUP", "QUIT"]) func whatTheParentIgnoresStaysIgnored(signal: String) throws {
        let outcome = try interrupt(
            "", by: [signal, signal, "TERM"], environment: "--ignore-signal=\(signal)")
        let words = try #require(outcome.outputLines.last).split(separator: " ")
        #expect(words[1] == "0")
        #expect(try #require(Int(words[3])) >= 400)
    }

    /// A parent that blocks a signal does not make the program deaf to it.
    @Test func blockedSignalIsHeard() throws {
        let outcome = try interrupt("", by: ["TERM"], environment: "--block-signal=TERM")
        #expect(outcome.outputLines.last?.hasPrefix("status 0 ") == true)
    }

    /// The first signal is obeyed, whatever a command does; and the command does not stay behind.
    @Test func hangingCommandsDoNotHoldUpTheEnd() throws {
        let outcome = try interrupt(
            Word.allCases.map { "--on '\($0)=sh -c \"trap : TERM; sleep 8; sleep 8\"'" }
                .joined(separator: " "), by: ["TERM"])
        let words = try #require(outcome.outputLines.last).split(separator: " ")
        #expect(words[1] == "0")
        #expect(try #require(Int(words[3])) < 4_000)
        #expect(outcome.errors.contains(": ended, since listening is over\n"), "\(outcome.errors)")
    }

    /// All that fits is kept and can be listened to; what comes later is heard all the same.
    @Test func recordingOnAFullDisk() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let expected = try shell("cat '\(path)' | \(command) -")
        let outcome = try shell(
            """
            cat '\(path)' | /usr/bin/prlimit --fsize=300001 \(command) --record '\(folder.file("heard.wav"))' -
            echo "status $?"
            """)
        #expect(outcome.output == expected.output + "status 1\n")
        let kept = outcome.errorLines.first?.wholeMatch(
            of: /mynah: .*heard.wav: ends after ([0-9.]+) s, which are kept: .*/)
        #expect(kept.flatMap { Double($0.1) } == 4.69, "\(outcome.errors)")
        let again = try Self.events(try mynah(arguments + [folder.file("heard.wav")]))
        let events = try Self.events(expected)
        #expect(!again.isEmpty && again == Array(events.prefix(again.count)))
        #expect(try folder.names == ["heard.wav", "talk.wav"])
    }

    /// What cannot even begin to be kept costs no recording that was there before.
    @Test func recordingThatCannotBegin() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let recording = folder.file("heard.wav")
        // The messages go through a pipe, since files cannot take them either.
        let outcome = try shell(
            """
            cat '\(path)' | (/usr/bin/prlimit --fsize=10 \(command) --record '\(recording)' - 2>&1 >/dev/null
            echo "status $?") | cat
            """)
        #expect(outcome.output.contains("mynah: \(recording): cannot be written: File too large\n"))
        #expect(outcome.outputLines.last == "status 1")
        #expect(try folder.names == ["talk.wav"])
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
    @Test(.needsTerminal) func levelOnATerminal() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let line = "(cat \(path); sleep 1) | $MYNAH listen --model \(words.model) -"
        let outcome = try PseudoTerminal.run(line)
        #expect(outcome.output.contains("\r\u{1B}[K"))
        #expect(
            outcome.output.firstMatch(of: /[█░]{30} -[0-9]+ dB  (rising|falling|valley) [0-9.]+ %/) != nil)
        #expect(!(try shell(line)).errors.contains("dB"))
    }

    /// The line is never wider than the terminal, also when that is made narrower meanwhile.
    @Test(.needsTerminal) func levelOnANarrowTerminal() throws {
        let path = try folder.writeSound(Self.talk(), to: "talk.wav")
        let outcome = try PseudoTerminal.run(
            """
            (cat \(path); sleep 1.5) | $MYNAH listen --model \(words.model) - >/dev/null & sleep 1
            stty columns 20; sleep 0.2; echo narrow; wait
            """, columns: 40)
        let parts = outcome.output.components(separatedBy: "narrow")
        #expect(parts.count == 2)
        for (part, columns) in zip(parts, [40, 20]) {
            let lines = part.split(separator: "\r\u{1B}[K").filter { $0.contains("dB") }
            #expect(!lines.isEmpty)
            #expect(lines.allSatisfy { $0.prefix { !$0.isNewline }.count < columns }, "\(lines)")
        }
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
