import Foundation
import Glibc
import MynahTestSupport
import Testing

/// PulseAudio, if it is here.
private enum SoundServer {
    /// Whether it is installed, and starts.
    static let starts: Bool = {
        let programs = ["/usr/bin/pulseaudio", "/usr/bin/pactl", "/usr/bin/paplay"]
        guard programs.allSatisfy({ access($0, X_OK) == 0 }) else { return false }
        let outcome = try? TemporaryFolder().listen("--version", rate: 16_000, then: "true")
        return outcome?.outputLines.last == "started"
    }()
}

/// `mynah listen` on a real way of recording: a sound played into a null sink of PulseAudio, and heard through ALSA and
/// PortAudio from its monitor.
@Suite(
    .enabled(if: Program.isOptimized, "training takes too long without optimization"),
    .enabled(if: SoundServer.starts, "needs pulseaudio, pulseaudio-utils and libasound2-plugins"),
    .serialized)
struct LoopbackTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    /// Live, and from the recording of what was live: the same events at the same times.
    @Test(arguments: [16_000, 44_100]) func liveEqualsItsRecording(rate: Int) throws {
        let path = try folder.writeSound(ListenTests.talk(), to: "talk.wav")
        let arguments = "listen --model '\(words.model)' --json --threshold 0.6"
        let outcome = try folder.listen(
            "\(arguments) --device pulse --record '\(folder.file("heard.wav"))'", rate: rate,
            then: "paplay --device=mynah '\(path)'")
        let live = String(
            decoding: try bytes(of: folder.file("events")), as: UTF8.self)
        #expect(outcome.outputLines.last == "started", "\(outcome.errors)")
        let replayed = try shell("\"$MYNAH\" \(arguments) '\(folder.file("heard.wav"))'")
        #expect(live == replayed.output)

        // Recording begins at another moment than the file, so that frames lie elsewhere, and a word may be on the other
        // side of the threshold; but not all of them.
        let file = try ListenTests.events(try shell("\"$MYNAH\" \(arguments) '\(path)'"))
        let words = Set(try ListenTests.events(replayed).map(\.word))
        #expect(!words.isDisjoint(with: file.map(\.word)), "\(words)")
    }

    /// A word from the microphone, take by take; a take of silence is asked for again.
    @Test func wordIsTaughtLive() throws {
        let path = try folder.writeSound(Word.rising.samples(speaker: 1), to: "up.wav")
        let outcome = try folder.listen(
            "teach up --record 2 --device pulse --model '\(folder.file("mine.safetensors"))'", rate: 16_000,
            then: "for take in 1 2 3 4 5 6 7 8; do paplay --device=mynah '\(path)'; sleep 0.3; done")
        let said = String(decoding: try bytes(of: folder.file("events")), as: UTF8.self)
        #expect(said.hasPrefix("up: 2 takes by 1 speaker"), "\(outcome.errors)")
        #expect(outcome.outputLines.contains("status 0"))
    }

    @Test func microphoneIsListed() throws {
        let outcome = try folder.listen("listen --devices", rate: 16_000, then: "true")
        let list = String(decoding: try bytes(of: folder.file("events")), as: UTF8.self)
        #expect(list.contains("pulse"), "\(outcome.errors)")
    }

    /// The sound server goes away while it is listened to, as a device does that is unplugged.
    @Test func unpluggedDevice() throws {
        let outcome = try folder.listen(
            "listen --model '\(words.model)' --device pulse", rate: 16_000, then: "pactl exit; sleep 5")
        #expect(outcome.errors.contains("mynah: pulse: "), "\(outcome.errors)")
        #expect(outcome.outputLines.contains("status 1"))
    }
}

extension TemporaryFolder {
    /// Runs `mynah` beside a sound server of its own, whose null sink records at a rate.
    ///
    /// What it prints goes to the file `events`. Then another command runs, and `mynah` is interrupted.
    ///
    /// - Returns: what the shell said: `status` with the exit status of `mynah`, and `started` if the server did.
    fileprivate func listen(_ arguments: String, rate: Int, then command: String) throws -> Outcome {
        let server = file("server-\(rate)-\(UUID().uuidString.prefix(8))")
        return try shell(
            """
            mkdir -m 700 '\(server)'
            export PULSE_RUNTIME_PATH='\(server)' PULSE_STATE_PATH='\(server)' PULSE_COOKIE='\(server)/cookie' \
            HOME='\(server)' PULSE_SOURCE=mynah.monitor
            pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --log-level=error \
            -L module-native-protocol-unix \
            -L 'module-null-sink sink_name=mynah rate=\(rate) channels=1 format=s16le' 2>/dev/null & pulse=$!
            tries=0
            until pactl info >/dev/null 2>&1; do
            tries=$((tries + 1)); [ $tries -lt 50 ] || { kill $pulse; echo 'not started'; exit; }; sleep 0.1; done
            "$MYNAH" \(arguments) >'\(file("events"))' & listener=$!
            sleep 1.5
            \(command)
            sleep 0.7
            kill -TERM $listener 2>/dev/null; wait $listener; echo "status $?"
            kill $pulse 2>/dev/null; wait $pulse
            echo started
            """)
    }
}
