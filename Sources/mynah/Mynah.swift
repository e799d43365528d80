import ArgumentParser

@main
struct Mynah: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mynah", abstract: "Recognizes spoken commands.")
}
