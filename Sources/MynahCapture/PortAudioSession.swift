import CPortAudio
import MynahBase

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
        let library = try PortAudioLibrary.shared.get()
        let status = CaptureGate.pass(silently: true) { library.initialize() }
        guard status == paNoError.rawValue else { throw .cannotStart(reason: library.reason(status)) }
        return PortAudioSession(library)
    }

    deinit { _ = CaptureGate.pass { library.terminate() } }

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
}
