import MynahAudio
import Synchronization

/// Tells what the user should know of sounds that were read all the same.
enum AudioNotices {
    /// A folder of such sounds has them all; so many are named.
    private static let limit = 3

    private static let count = Atomic(0)

    /// Has notices printed from now on.
    static func start() {
        AudioNotice.receive { notice in
            let number = count.wrappingAdd(1, ordering: .relaxed).newValue
            guard number <= limit else { return }
            Terminal.note("mynah: \(notice)\(number == limit ? " (further ones are not listed)" : "")")
        }
    }
}
