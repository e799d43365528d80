import Foundation
import MynahTestSupport
import Testing

/// Options whose values are numbers take those that begin with a minus, as `--x -5` and as `--x=-5`.
struct NegativeValueTests {
    /// What the program says of itself.
    private struct Help: Decodable {
        struct Command: Decodable {
            let commandName: String
            let subcommands: [Command]?
            let arguments: [Argument]?
        }

        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }

            let kind: String
            let names: [Name]?
            let defaultValue: String?
        }

        let command: Command
    }

    /// Numbers without a default value.
    private static let others: Set<String> = [
        "budget", "raw", "channel", "early", "batch-size", "threshold", "shard", "gap", "snr",
    ]

    @Test func everyNumber() throws {
        let help = try mynah("--experimental-dump-help")
        let commands = try #require(
            JSONDecoder().decode(Help.self, from: Data(help.output.utf8)).command.subcommands)
        var count = 0
        for command in commands where command.commandName != "help" {
            for argument in command.arguments ?? [] where argument.kind == "option" {
                let name = try #require(argument.names?.first { $0.kind == "long" }?.name)
                let isNumber = argument.defaultValue.map { value in
                    value.split(separator: ",").allSatisfy { Double($0) != nil }
                        || value.contains("...") || value.contains("ValueRange")
                }
                guard isNumber ?? Self.others.contains(name) else { continue }
                count += 1
                for value in [["--\(name)", "-5"], ["--\(name)=-5"], ["--\(name)", "-80,-30"]] {
                    let outcome = try mynah([command.commandName] + value)
                    #expect(
                        !outcome.errors.contains("Missing value for"),
                        "\(command.commandName) \(value): \(outcome.errors)")
                    #expect(!outcome.errors.contains("Unknown option"), "\(outcome.errors)")
                }
            }
        }
        #expect(count > 60, "only \(count) options are numbers")
    }

    @Test func valuesAreTaken() throws {
        let folder = try TemporaryFolder()
        let clip = try folder.writeSound(Word.rising.samples(speaker: 3), to: "a.wav")
        for (index, value) in [
            ["--silence-level", "-80,-30"], ["--silence-level=-80,-30"],
            ["--noise-ratio", "-5,5"], ["--direct-ratio", "-6,6"],
        ].enumerated() {
            let outcome = try mynah(["augment", clip, "--output", folder.file("\(index)")] + value)
            #expect(outcome.ending == .status(0), "\(value): \(outcome.errors)")
        }
        for value in [["--quietest", "-50"], ["--quietest=-50"]] {
            let outcome = try mynah(["doctor", folder.file("none")] + value)
            #expect(outcome.errors == "mynah: \(folder.file("none")): no such folder\n")
        }
        for value in [["--snr", "-5,5"], ["--snr=-5,5"]] {
            let outcome = try mynah(
                ["compose", folder.file("none"), "--output", "o", "--truth", "t"] + value, folder: folder.path
            )
            #expect(outcome.errors == "mynah: \(folder.file("none")): no such folder\n")
        }
    }
}
