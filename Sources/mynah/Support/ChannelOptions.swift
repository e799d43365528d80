import ArgumentParser
import MynahAudio

/// Which channel is listened to, of every sound that a command reads.
struct ChannelOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "Listen to one channel, counted from 1, instead of the mean of all.")
    var channel: Int?

    func validate() throws {
        if let channel, channel < 1 {
            throw ValidationError("--channel is \(channel), expected 1 or more")
        }
    }

    /// How several channels become one.
    var selection: ChannelSelection { channel.map { .channel($0) } ?? .average }
}
