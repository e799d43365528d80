internal import MynahBase
import Synchronization

/// What the user should know of a sound that was read all the same.
package enum AudioNotice: Sendable, Equatable {
    /// The mean of the channels has far less energy than each of them, so that what was recorded is mostly lost.
    case channelsCancel(source: String, channelCount: Int)

    private static let receiver = Mutex<(@Sendable (AudioNotice) -> Void)?>(nil)

    /// Has every notice, of all sounds that the process reads from now on, handed to `body`, from any thread.
    ///
    /// The library prints nothing by itself; a program calls this once, at its start.
    package static func receive(_ body: @escaping @Sendable (AudioNotice) -> Void) {
        receiver.withLock { $0 = body }
    }

    /// Hands the notice to whoever receives them.
    package func send() {
        Self.receiver.withLock { $0 }?(self)
    }
}

extension AudioNotice: CustomStringConvertible {
    /// One line: which sound, what is the matter, what to do.
    package var description: String {
        switch self {
        case .channelsCancel(let source, let channelCount):
            "\(source.printable): its \(channelCount) channels cancel each other when they are averaged; "
                + "choose one of them, --channel 1 for instance"
        }
    }
}
