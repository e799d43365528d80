import Foundation
import Glibc
import MynahTestSupport
import Testing

/// Standard input, output and error as strange parents leave them: closed, or set never to wait.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct StandardStreamTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    /// What commands print must not land in a file that got the number of standard error.
    @Test func closedStreamsAreNoFilesOfOurs() throws {
        let path = try folder.writeSound(ListenTests.talk(), to: "talk.wav")
        let commands = Word.allCases.map { "--on '\($0)=sh -c \"echo x; echo x >&2\"'" }.joined(
            separator: " ")
        let listen = "\"$MYNAH\" listen --model '\(words.model)' --json --threshold 0.6 \(commands)"
        var recordings: [[UInt8]] = []
        for (number, closed) in ["2>/dev/null", "2>&-", "0<&- 2>&-", "1>&- 2>&-"].enumerated() {
            let recording = folder.file("heard\(number).wav")
            let outcome = try shell("cat '\(path)' | \(listen) --record '\(recording)' - \(closed)")
            // Without input there is nothing to be heard, and without output nothing to be told.
            guard number < 2 else {
                #expect(outcome.ending == .status(1))
                #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
                continue
            }
            #expect(outcome.ending == .status(0))
            #expect(!outcome.output.isEmpty)
            recordings.append(try bytes(of: recording))
        }
        #expect(recordings[0] == recordings[1])
    }

    /// A closed output is told, and not taken for one that nobody reads.
    @Test func closedOutputIsAnError() throws {
        let command = "\"$MYNAH\" recognize --model '\(words.model)'"
        let clip = words.clip(.rising)
        let outcome = try shell("\(command) '\(clip)' >&-")
        #expect(outcome.ending == .status(1))
        #expect(outcome.errors == "mynah: standard output: cannot be written: Bad file descriptor\n")
        #expect(try shell("\(command) '\(clip)' <&- 2>&-").output.hasPrefix(clip))
        let input = try shell("\(command) - <&-")
        #expect(input.ending == .status(1))
        #expect(input.errors == "mynah: -: cannot be read: Bad file descriptor\n")
    }

    /// Runs a line of the shell whose standard output is a pipe that does not wait for its reader, who comes late.
    private func intoImpatientPipe(_ line: String) throws -> (outcome: Outcome, text: String) {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        defer { close(ends[0]) }
        #expect(fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) | O_NONBLOCK) == 0)
        // F_SETPIPE_SZ of Linux, which Swift does not import: the smallest pipe that there is, a page.
        #expect(fcntl(ends[1], 1_031, 4_096) == 4_096)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let job = try Job(
            ["/bin/sh", "-c", line], environment: ["MYNAH": Program.path], outputDescriptor: ends[1])
        close(ends[1])
        usleep(300_000)
        var text: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1_000)
        while case let count = read(ends[0], &block, block.count), count > 0 { text += block[..<count] }
        return (job.wait(), String(decoding: text, as: UTF8.self))
    }

    /// As parents in Node and ssh leave it; help, results and messages come through in full.
    @Test func outputThatDoesNotWait() throws {
        let missing = (0..<200).map { " missing\($0).wav" }.joined()
        for line in [
            "\"$MYNAH\" features '\(words.clip(.rising))'", "\"$MYNAH\" train --help",
            "\"$MYNAH\" recognize --model '\(words.model)'\(missing) 2>&1",
        ] {
            let expected = try shell(line)
            #expect(expected.output.utf8.count > 4_096)
            let (outcome, text) = try intoImpatientPipe(line)
            #expect(outcome.ending == expected.ending)
            #expect(text == expected.output)
        }
    }
}
