package import MynahAudio

/// Recordings of speech without commands, read one after another and again from the first.
package struct SpeechBed: ~Copyable {
    private let sources: [AudioSource]
    private let sampleRate: Int
    private let channel: ChannelSelection
    private var nextSource = 0
    private var stream: AudioStream?
    private var block: [Float] = []
    private var used = 0

    /// Speech from files, in their order; none for no speech.
    package init(_ sources: [AudioSource], sampleRate: Int, channel: ChannelSelection = .average) {
        self.channel = channel
        self.sources = sources
        self.sampleRate = sampleRate
    }

    /// The next `count` samples; empty without recordings.
    ///
    /// - Throws: `AudioError` when a recording cannot be read.
    mutating func next(_ count: Int) throws(AudioError) -> [Float] {
        guard !sources.isEmpty else { return [] }
        var samples: [Float] = []
        var emptyReads = 0
        while samples.count < count, emptyReads <= sources.count {
            if used < block.count {
                let taken = min(count - samples.count, block.count - used)
                samples += block[used..<used + taken]
                used += taken
                continue
            }
            if try fill() { emptyReads = 0 } else { emptyReads += 1 }
        }
        return samples
    }

    private mutating func fill() throws(AudioError) -> Bool {
        used = 0
        if stream == nil {
            stream = try AudioStream(sources[nextSource], sampleRate: sampleRate, channel: channel)
            nextSource = (nextSource + 1) % sources.count
        }
        var next: [Float] = []
        let isRead = try stream?.read(into: &next) ?? false
        block = next
        if !isRead { stream = nil }
        return isRead
    }
}
