import MynahTestSupport
import Synchronization
import Testing

@testable import MynahAudio

/// One signal of several channels, and the notice where they cancel each other.
struct ChannelMixerTests {
    private let noise = SyntheticSignal.noise(sampleCount: 20_000, seed: 1)
    private let other = SyntheticSignal.noise(sampleCount: 20_000, seed: 2)

    private func cancels(_ channels: [[Float]], _ selection: ChannelSelection = .average) -> Bool {
        var mixer = ChannelMixer(channelCount: channels.count, selection: selection)
        var samples: [Float] = []
        let frames = noise.indices.flatMap { index in channels.map { $0[index] } }
        mixer.mix(frames.span, appendingTo: &samples)
        #expect(samples.count == noise.count)
        return mixer.channelsCancel
    }

    @Test func antiphaseCancels() {
        #expect(cancels([noise, noise.map { -$0 }]))
        #expect(cancels([noise, noise.map { -0.8 * $0 }]))
        #expect(cancels([noise, noise.map { -$0 }, noise, noise.map { -$0 }]))
        #expect(!cancels([noise, noise.map { -$0 }], .channel(2)))
    }

    @Test func othersDoNot() {
        #expect(!cancels([noise]))
        #expect(!cancels([noise, noise]))
        #expect(!cancels([noise, other]))
        #expect(!cancels([noise, noise.map { _ in 0 }]))
        #expect(!cancels([noise] + (0..<15).map { _ in noise.map { _ in 0 } }))
        #expect(!cancels([noise.map { _ in 0 }, noise.map { _ in 0 }]))
        #expect(!cancels([noise, [0] + noise.dropLast()]))
    }

    /// The one notice of a file, and of a pipe before it has ended.
    @Test func noticeIsSent() throws {
        let received = Mutex<[AudioNotice]>([])
        AudioNotice.receive { notice in received.withLock { $0.append(notice) } }
        let folder = try TemporaryFolder()
        let frames = noise.flatMap { [$0, -$0] }
        let file = WAVFile(frames, sampleRate: 16_000, channels: 2)
        let source = try folder.writeSource(file.bytes, to: "antiphase.wav")
        _ = try read(source)
        _ = try read(source, channel: .channel(1))
        let notice = AudioNotice.channelsCancel(source: source.name, channelCount: 2)
        #expect(received.withLock { $0.filter { $0 == notice } }.count == 1)
        #expect(notice.description.contains("--channel 1"))
        _ = try listen(file.bytes)
        #expect(received.withLock { $0.contains(.channelsCancel(source: "-", channelCount: 2)) })
    }
}
