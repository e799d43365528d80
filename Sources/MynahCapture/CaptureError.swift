import MynahBase

/// Why a microphone cannot be heard.
public enum CaptureError: Error, Equatable, Sendable {
    /// PortAudio, which microphones are recorded through, cannot be loaded.
    case notInstalled(library: String, reason: String)

    /// The sound system does not start.
    case cannotStart(reason: String)

    /// There is no device to record from.
    case noDevice

    /// No device has this name or number, or several have the name; `available` are the names of all.
    case noSuchDevice(name: String, matchCount: Int, available: [String])

    /// The chosen channel is not among those of the device.
    case noSuchChannel(device: String, channel: Int, channelCount: Int)

    /// A device refuses to be opened.
    case cannotOpen(device: String, reason: String)

    /// A device stopped working, for instance because it was unplugged.
    case failed(device: String, reason: String)

    /// A device is open, but no sample came from it for so long.
    case silent(device: String, seconds: Double)
}

extension CaptureError: CustomStringConvertible {
    /// One line: which device, what is wrong, what there is.
    public var description: String {
        switch self {
        case .notInstalled(let library, let reason):
            "microphone: PortAudio cannot be loaded (\(reason.printable)); on Debian, sudo apt-get install "
                + "\(library.replacing(".so.", with: "")) brings it, or pipe sound into mynah listen - instead"
        case .cannotStart(let reason):
            "microphone: the sound system does not start: \(reason.printable)"
        case .noDevice:
            "microphone: there is no device to record from; pipe sound into mynah listen - instead"
        case .noSuchDevice(let name, let matchCount, let available):
            "microphone: \(matchCount == 0 ? "no device has" : "\(matchCount) devices have") \(name.quoted) in its name; "
                + "there are \(available.map(\.printable).joined(separator: ", "))"
        case .noSuchChannel(let device, let channel, let channelCount):
            "\(device.printable): has no channel \(channel); "
                + (channelCount == 1 ? "its only channel is 1" : "its channels are 1 to \(channelCount)")
        case .cannotOpen(let device, let reason):
            "\(device.printable): cannot be opened: \(reason.printable)"
        case .failed(let device, let reason):
            "\(device.printable): stopped working: \(reason.printable)"
        case .silent(let device, let seconds):
            "\(device.printable): no sound came for \(Int(seconds)) s; is it still plugged in?"
        }
    }
}
