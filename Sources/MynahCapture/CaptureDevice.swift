/// A device that sound can be recorded from.
public struct CaptureDevice: Sendable, Hashable {
    /// Number among all devices of the system, as long as none comes or goes.
    public let number: Int

    /// What the system calls it.
    public let name: String

    /// Channels that it can record.
    public let channelCount: Int

    /// Its own sample rate, in Hz.
    public let sampleRate: Int

    /// Whether it is the one that is meant if none is named.
    public let isDefault: Bool

    /// Describes a device.
    package init(number: Int, name: String, channelCount: Int, sampleRate: Int, isDefault: Bool) {
        self.number = number
        self.name = name
        self.channelCount = channelCount
        self.sampleRate = sampleRate
        self.isDefault = isDefault
    }

    /// All devices that sound can be recorded from.
    ///
    /// - Throws: ``CaptureError/notInstalled(library:reason:)``, ``CaptureError/cannotStart(reason:)``.
    public static func all() throws(CaptureError) -> [CaptureDevice] {
        try PortAudioSession.start().devices
    }

    /// The device that a user means: by its number, its whole name or a part of it that no other name has; nil means
    /// the default one, or the first.
    ///
    /// - Throws: `CaptureError.noDevice`, `.noSuchDevice`.
    package static func choose(
        _ wish: String?, among devices: [CaptureDevice]
    ) throws(CaptureError) -> CaptureDevice {
        guard let first = devices.first else { throw .noDevice }
        guard let wish else { return devices.first(where: \.isDefault) ?? first }
        if let number = Int(wish), let device = devices.first(where: { $0.number == number }) {
            return device
        }
        if let device = devices.first(where: { $0.name == wish }) { return device }
        let matches = devices.filter { $0.name.lowercased().contains(wish.lowercased()) }
        guard matches.count == 1, !wish.isEmpty else {
            throw .noSuchDevice(name: wish, matchCount: matches.count, available: devices.map(\.name))
        }
        return matches[0]
    }
}
