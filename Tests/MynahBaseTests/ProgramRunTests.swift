import Glibc
import MynahBase
import Testing

/// Other programs, run within a limit of time.
struct ProgramRunTests {
    @Test func inputAndOutput() throws {
        let text = Array("a line\n".utf8)
        #expect(try ProgramRun.output(of: ["cat"], input: text, limitSeconds: 20) == text)
        #expect(try ProgramRun.output(of: ["cat"], limitSeconds: 20).isEmpty)
    }

    @Test func nothingIsAShell() throws {
        let output = try ProgramRun.output(of: ["echo", "$HOME; `ls`"], limitSeconds: 20)
        #expect(output == Array("$HOME; `ls`\n".utf8))
    }

    @Test func failuresSayWhy() {
        #expect(throws: ProgramRun.Fault.status(3, message: "no such voice")) {
            try ProgramRun.output(
                of: ["sh", "-c", "echo first >&2; echo no such voice >&2; exit 3"], limitSeconds: 20)
        }
        #expect(throws: ProgramRun.Fault.signal(SIGABRT)) {
            try ProgramRun.output(of: ["sh", "-c", "kill -ABRT $$"], limitSeconds: 20)
        }
        #expect(throws: ProgramRun.Fault.notStarted(reason: systemMessage(ENOENT))) {
            try ProgramRun.output(of: ["no-such-program-here"], limitSeconds: 20)
        }
    }

    @Test func timeIsLimited() {
        let start = ContinuousClock.now
        #expect(throws: ProgramRun.Fault.timeLimit(seconds: 0.2)) {
            try ProgramRun.output(of: ["sleep", "60"], limitSeconds: 0.2)
        }
        #expect(throws: ProgramRun.Fault.stopped) {
            try ProgramRun.output(of: ["sleep", "60"], limitSeconds: 60, shouldStop: { true })
        }
        // A program that does not listen.
        #expect(throws: ProgramRun.Fault.timeLimit(seconds: 0.3)) {
            try ProgramRun.output(of: ["sh", "-c", "trap '' TERM; sleep 60; sleep 60"], limitSeconds: 0.3)
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func whatIsInstalledIsFound() {
        #expect(ProgramRun.isInstalled("sh"))
        #expect(!ProgramRun.isInstalled("no-such-program-here"))
    }

    @Test func aScratchFolderIsGoneAtTheEnd() throws {
        let path: String
        do {
            let scratch = try ScratchFolder(in: temporaryFolder())
            path = scratch.path
            try makeFolder(path.pathOf("inner"))
            try AtomicFile.write([1], to: path.pathOf("inner/file"))
            #expect(symlink("/", path.pathOf("root")) == 0)
        }
        #expect(!fileExists(path) && fileExists("/"))
    }
}
