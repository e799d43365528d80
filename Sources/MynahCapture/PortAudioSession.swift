import CPortAudio
import Glibc
import MynahBase
import Synchronization

/// The sound system, started; it is ended with the last reference to it.
final class PortAudioSession: Sendable {
    private init() {}

    /// Starts PortAudio, which keeps count of how often.
    ///
    /// - Throws: `CaptureError.cannotStart`.
    static func start() throws(CaptureError) -> PortAudioSession {
        // ALSA and JACK write to standard error about every device that they try in vain.
        let status = withoutStandardError { Pa_Initialize() }
        guard status == paNoError.rawValue else { throw .cannotStart(reason: reason(status)) }
        return PortAudioSession()
    }

    deinit { Pa_Terminate() }

    /// All devices that record.
    var devices: [CaptureDevice] {
        let preferred = Pa_GetDefaultInputDevice()
        return (0..<max(0, Pa_GetDeviceCount())).compactMap { number in
            guard let information = Pa_GetDeviceInfo(number)?.pointee, information.maxInputChannels > 0 else {
                return nil
            }
            return CaptureDevice(
                number: Int(number), name: information.name.map { String(path: $0) } ?? "",
                channelCount: Int(information.maxInputChannels),
                sampleRate: Int(information.defaultSampleRate), isDefault: number == preferred)
        }
    }

    /// PortAudio's words for an error number.
    static func reason(_ status: PaError) -> String {
        if status == paUnanticipatedHostError.rawValue, let information = Pa_GetLastHostErrorInfo()?.pointee,
            let text = information.errorText, text.pointee != 0
        {
            return String(cString: text)
        }
        return Pa_GetErrorText(status).map { String(cString: $0) } ?? "error \(status)"
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
