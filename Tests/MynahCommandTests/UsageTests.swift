import Testing

/// What the program says about itself, and to whom it is used wrongly.
struct UsageTests {
    static let commands = [
        "recognize", "listen", "verify", "explain", "doctor", "augment", "train", "average", "calibrate",
        "evaluate", "compare", "features", "inspect", "teach", "forget", "words", "negatives",
    ]

    @Test(arguments: commands)
    func helpHasAnExample(command: String) throws {
        for arguments in [[command, "--help"], ["help", command], [command, "-h"]] {
            let outcome = try mynah(arguments)
            #expect(outcome.ending == .status(0))
            #expect(outcome.errors.isEmpty)
            let example = try #require(outcome.output.split(separator: "EXAMPLE\n").dropFirst().first)
            #expect(example.hasPrefix("  mynah \(command)"))
            // A line of the source that goes on in the next one leaves no gap.
            let prose = outcome.output.split(separator: "EXAMPLE\n")[0]
            #expect(prose.firstMatch(of: /\S {2,}\S/) == nil, "\(prose)")
        }
    }

    @Test func helpWithoutAnything() throws {
        for arguments in [[], ["--help"], ["help"]] {
            let outcome = try mynah(arguments)
            #expect(outcome.ending == .status(0))
            #expect(outcome.errors.isEmpty)
            for command in Self.commands {
                #expect(outcome.output.contains("\n  \(command) "))
            }
        }
    }

    @Test func version() throws {
        let outcome = try mynah("--version")
        #expect(outcome.ending == .status(0))
        #expect(outcome.output.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    }

    @Test(arguments: [
        ["--loud"], ["recognize"], ["recognize", "--top", "0", "a.wav"],
        ["recognize", "--top", "x", "a.wav"],
        ["recognize", "--raw", "1", "a.raw"], ["recognize", "--raw", "10000000", "a.raw"],
        ["recognize", "--channel", "0", "a.wav"], ["recognize", "--model", "a.safetensors"],
        ["recognize", "-x.wav"],
        ["teach"], ["teach", "lights"], ["teach", "lights", "--model", "m"],
        ["teach", "lights", "a.wav", "--record", "3", "--model", "m"],
        ["teach", "lights", "--record", "0", "--model", "m"], ["teach", "lights", "a.wav", "--model", "-"],
        ["teach", "lights", "a.wav", "--device", "usb", "--model", "m"], ["forget", "--model", "m"],
        ["words", "--model", "m", "--rename", "lights"],
        ["words", "--model", "m", "--undo", "--rename", "a=b"], ["negatives", "--output", "m"],
        ["train"], ["train", "words"], ["train", "--output", "m"], ["train", "words", "--output", ""],
        ["train", "words", "--output", "m", "--layers", ""],
        ["train", "words", "--output", "m", "--layers", "8,x"],
        ["train", "words", "--output", "m", "--layers", "8,,8"],
        ["train", "words", "--output", "m", "--layers", "0"],
        ["train", "words", "--output", "m", "--epochs", "0"],
        ["train", "words", "--output", "m", "--learning-rate", "nan"],
        ["train", "words", "--output", "m", "--dropout", "1"],
        ["train", "words", "--output", "m", "--threads", "0"],
        ["train", "words", "--output", "m", "--seed", "-1"],
        ["train", "words", "--output", "m", "--clip-seconds", "inf"],
        ["train", "words", "--output", "m", "--speaker-pattern", "anna"],
        ["doctor", "words", "--speaker-pattern", "("],
        ["train", "words", "--output", "m", "--noise-ratio", "20,10"],
        ["train", "words", "--output", "m", "--noise-ratio", "1,2,3"],
        ["train", "words", "--output", "m", "--code-bits", "x"],
        ["train", "words", "--output", "m", "--unknown-share", "-1"],
        ["train", "words", "--output", "m", "--read-out", "all"],
        ["evaluate"], ["evaluate", "words", "--split", "all"], ["evaluate", "words", "--threads", "0"],
        ["augment"], ["augment", "a.wav", "--count", "0"],
        ["augment", "a.wav", "--clip-seconds", "0"], ["augment", "a.wav", "--room-probability", "2"],
        ["augment", "a.wav", "--output", ""], ["augment", "a.wav", "--sample-rate", "1"],
        ["average", "words", "a", "--output", "m"], ["average", "words", "a", "a", "--output", "m"],
        ["average", "words", "a", "b", "--output", "b"], ["average", "words", "a", "b"],
        ["calibrate", "m", "words"], ["calibrate", "m", "--output", "n"],
        ["compare", "a", "b"], ["compare", "a", "b", "words", "--split", "all"],
        ["inspect", "a", "b"],
    ])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try mynah(arguments)
        #expect(outcome.ending == .status(64))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("Error: "))
        #expect(outcome.errors.contains("--help"))
    }
}
