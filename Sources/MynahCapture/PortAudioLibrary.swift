import CPortAudio
import Glibc

/// The functions of PortAudio, which is loaded when a microphone is asked for: it brings ALSA, JACK and a dozen other
/// libraries, which nothing else needs.
///
/// Its parts are addresses of code, which threads may share.
struct PortAudioLibrary: @unchecked Sendable {
    /// Its name as Debian and others install it, without what is for developers.
    private static let name = "libportaudio.so.2"

    let initialize: PaInitializeFunction
    let terminate: PaTerminateFunction
    let deviceCount: PaGetDeviceCountFunction
    let defaultInputDevice: PaGetDefaultInputDeviceFunction
    let deviceInfo: PaGetDeviceInfoFunction
    let errorText: PaGetErrorTextFunction
    let lastHostErrorInfo: PaGetLastHostErrorInfoFunction
    let openStream: PaOpenStreamFunction
    let startStream: PaStartStreamFunction
    let abortStream: PaAbortStreamFunction
    let closeStream: PaCloseStreamFunction
    let readAvailable: PaGetStreamReadAvailableFunction
    let readStream: PaReadStreamFunction

    /// The library, loaded once, or `CaptureError.notInstalled`.
    static let shared = Result { () throws(CaptureError) in try PortAudioLibrary() }

    private init() throws(CaptureError) {
        guard let library = dlopen(Self.name, RTLD_NOW | RTLD_LOCAL) else { throw Self.failure() }
        func function<Function>(_ name: String) throws(CaptureError) -> Function {
            guard let address = dlsym(library, name) else { throw Self.failure() }
            return unsafeBitCast(address, to: Function.self)
        }
        initialize = try function("Pa_Initialize")
        terminate = try function("Pa_Terminate")
        deviceCount = try function("Pa_GetDeviceCount")
        defaultInputDevice = try function("Pa_GetDefaultInputDevice")
        deviceInfo = try function("Pa_GetDeviceInfo")
        errorText = try function("Pa_GetErrorText")
        lastHostErrorInfo = try function("Pa_GetLastHostErrorInfo")
        openStream = try function("Pa_OpenStream")
        startStream = try function("Pa_StartStream")
        abortStream = try function("Pa_AbortStream")
        closeStream = try function("Pa_CloseStream")
        readAvailable = try function("Pa_GetStreamReadAvailable")
        readStream = try function("Pa_ReadStream")
    }

    /// PortAudio's words for an error number.
    func reason(_ status: PaError) -> String {
        if status == paUnanticipatedHostError.rawValue, let information = lastHostErrorInfo()?.pointee,
            let text = information.errorText, text.pointee != 0
        {
            return String(cString: text)
        }
        return errorText(status).map { String(cString: $0) } ?? "error \(status)"
    }

    private static func failure() -> CaptureError {
        .notInstalled(library: name, reason: dlerror().map { String(cString: $0) } ?? "")
    }
}
