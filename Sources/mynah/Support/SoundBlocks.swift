import MynahAudio
import MynahFeatures

/// A sound at the rate of a front end, in blocks or, if the front end needs the whole clip, in one.
struct SoundBlocks: ~Copyable {
    /// Longest sound for a front end that needs the whole clip, in seconds.
    static let maximumWholeClipSeconds = 600.0

    private var stream: AudioStream?
    private var whole: [Float]?

    /// Opens a source, and reads it if it is needed as a whole.
    init(_ source: AudioSource, channel: ChannelSelection, frontEnd: MFCCConfiguration) throws {
        do throws(FeatureError) {
            try frontEnd.validateStreamable()
        } catch {
            let reason = error
            do throws(AudioError) {
                let waveform = try Waveform(
                    contentsOf: source, sampleRate: frontEnd.sampleRate, channel: channel,
                    maximumDuration: Self.maximumWholeClipSeconds)
                stream = nil
                whole = waveform.samples
                return
            } catch .tooLong(let file, let seconds, let limit) {
                throw CommandError.tooLongForWholeClip(
                    file: file, seconds: seconds, limit: limit, reason: "\(reason)")
            }
        }
        stream = try AudioStream(source, sampleRate: frontEnd.sampleRate, channel: channel)
        whole = nil
    }

    /// Replaces `block` by the next samples; false at the end.
    mutating func read(into block: inout [Float]) throws(AudioError) -> Bool {
        if let isRead = try stream?.read(into: &block) { return isRead }
        guard let samples = whole else { return false }
        block = samples
        whole = nil
        return true
    }
}
