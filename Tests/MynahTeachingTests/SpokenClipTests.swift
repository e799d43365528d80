import MynahAudio
import MynahTestSupport
import Testing

@testable import MynahTeaching

/// The silence around synthesized sounds, and how long a window has to be for them.
struct SpokenClipTests {
    private let rate = 16_000

    private func sound(silence before: Double, tone seconds: Double, silence after: Double) -> Waveform {
        func silence(_ seconds: Double) -> [Float] {
            [Float](repeating: 0, count: Int(seconds * Double(rate)))
        }
        let tone = SyntheticSignal.tone(
            frequency: 500, sampleCount: Int(seconds * Double(rate)), sampleRate: rate, amplitude: 0.3)
        return Waveform(samples: silence(before) + tone + silence(after), sampleRate: rate)
    }

    @Test func silenceIsCutDownToTheMargin() throws {
        let clip = try #require(SpokenClip.trimmed(sound(silence: 0.5, tone: 0.6, silence: 0.8)))
        #expect(abs(clip.duration - (0.6 + 2 * SpokenClip.marginSeconds)) < 0.03)
        #expect(clip.samples.first == 0 && clip.samples.last == 0)
    }

    @Test func nothingIsAddedWhereThereIsNoSilence() throws {
        let clip = try #require(SpokenClip.trimmed(sound(silence: 0, tone: 0.5, silence: 0.02)))
        #expect(abs(clip.duration - 0.52) < 0.011)
    }

    @Test func silenceAndClicksAreNoClips() {
        #expect(SpokenClip.trimmed(Waveform(samples: [], sampleRate: rate)) == nil)
        #expect(SpokenClip.trimmed(sound(silence: 1, tone: 0, silence: 0)) == nil)
        #expect(SpokenClip.trimmed(sound(silence: 0.3, tone: 0.15, silence: 0.3)) == nil)
    }

    @Test func theWindowHoldsNearlyAllClips() {
        #expect(SynthesisSummary.windowSeconds(ofClips: []) == 1)
        #expect(SynthesisSummary.windowSeconds(ofClips: [0.4, 0.5]) == 1)
        let seconds = (0..<100).map { 1 + 0.01 * Double($0) }
        #expect(abs(SynthesisSummary.windowSeconds(ofClips: seconds) - 2) < 1e-9)
        #expect(SynthesisSummary.windowSeconds(ofClips: [9]) == 5)
    }
}
