import CPortAudio
import Glibc
import MynahBase
import Synchronization

/// The sound system, started; it is ended with the last reference to it.
final class PortAudioSession: Sendable {
    let library: PortAudioLibrary

    private init(_ library: PortAudioLibrary) {
        self.library = library
    }

    /// Starts PortAudio, which keeps count of how often.
    ///
    /// - Throws: `CaptureError.notInstalled`, `.cannotStart`.
    static func start() throws(CaptureError) -> PortAudioSession {
        // ALSA and JACK write to standard error about every device that they try in vain.
        let library = try PortAudioLibrary.shared.get()
        let status = withoutStandardError { library.initialize() }
        guard status == paNoError.rawValue else { throw .cannotStart(reason: library.reason(status)) }
        return PortAudioSession(library)
    }

    deinit { _ = library.terminate() }

    /// All devices that record.
    var devices: [CaptureDevice] {
        let preferred = library.defaultInputDevice()
        return (0..<max(0, library.deviceCount())).compactMap { number in
            guard let information = library.deviceInfo(number)?.pointee, information.maxInputChannels > 0
            else {
                return nil
            }
            return CaptureDevice(
                number: Int(number), name: information.name.map { String(path: $0) } ?? "",
                channelCount: Int(information.maxInputChannels),
                sampleRate: Int(information.defaultSampleRate), isDefault: number == preferred)
        }
    }

    /// Runs `body` while what C libraries write to standard error goes nowhere.
    static func withoutStandardError<Result>(_ body: () -> Result) -> Result {
        let saved = dup(STDERR_FILENO)
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        if saved >= 0, nowhere >= 0 { dup2(nowhere, STDERR_FILENO) }
        defer {
            if saved >= 0 {
                dup2(saved, STDERR_FILENO)
                close(saved)
            }
            if nowhere >= 0 { close(nowhere) }
        }
        return body()
    }
}
