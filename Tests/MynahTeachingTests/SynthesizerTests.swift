import MynahBase
import Testing

@testable import MynahTeaching

/// How synthesizers are called.
struct SynthesizerTests {
    private let manner = SpeakingManner(seed: 1, voice: "someone", take: 0)

    @Test func theFirstTakeIsAsTheVoiceSpeaksByItself() {
        #expect(manner.speed == 1 && manner.pitch == 1)
        for take in 1...20 {
            let other = SpeakingManner(seed: 1, voice: "someone", take: take)
            #expect((0.8...1.25).contains(other.speed) && (0.84...1.19).contains(other.pitch))
            #expect(other == SpeakingManner(seed: 1, voice: "someone", take: take))
            #expect(other != SpeakingManner(seed: 2, voice: "someone", take: take))
        }
    }

    @Test func namesOfVoicesCanStandInNamesOfFiles() {
        #expect(SynthesizerVoice("en-us+Mr serious", of: "espeak").speaker == "espeak-en-us+Mr-serious")
        #expect(SynthesizerVoice("../é", of: "x").speaker == "x-..---")
        #expect(SynthesizerVoice("slt", of: "flite").fileName(take: 2) == "flite-slt_nohash_2.wav")
        let voice = SynthesizerVoice("en-us+f3", of: "espeak", speaker: "f3", accent: "en-us")
        #expect(voice.fileName(take: 0) == "espeak-f3_nohash_en-us-0.wav")
    }

    @Test func textGoesThroughStandardInputOrIsOneArgument() {
        let text = "-o /etc; $HOME `ls`"
        let espeak = EspeakNG().call(
            text, voice: SynthesizerVoice("en", of: "espeak"), manner: manner, output: "out.wav")
        #expect(
            espeak.words == ["espeak-ng", "-v", "en", "-s", "175", "-p", "50", "-w", "out.wav", "--stdin"])
        #expect(espeak.input == Array((text + "\n").utf8))
        let flite = Flite().call(
            text, voice: SynthesizerVoice("slt", of: "flite"), manner: manner, output: "out.wav")
        #expect(flite.words.suffix(4) == ["-t", text, "-o", "out.wav"] && flite.input.isEmpty)
        let festival = Festival().call(
            text, voice: SynthesizerVoice("kal_diphone", of: "festival"), manner: manner, output: "out.wav")
        #expect(festival.input == Array((text + "\n").utf8))
        #expect(festival.words.last?.hasPrefix("(begin (voice_kal_diphone)") == true)
    }

    @Test func markupIsEscaped() {
        let pico = PicoTTS().call(
            "a < b & c", voice: SynthesizerVoice("en-US", of: "pico"), manner: manner, output: "out.wav")
        #expect(
            pico.words.last == #"<speed level="100"><pitch level="100">a &lt; b &amp; c</pitch></speed>"#)
    }

    @Test func lettersThatAVoiceDoesNotRead() {
        #expect(Flite().obstacle(to: "grüße", voices: []) != nil)
        #expect(PicoTTS().obstacle(to: "grüße", voices: []) == nil)
        #expect(PicoTTS().obstacle(to: "привет", voices: []) != nil)
        #expect(EspeakNG().obstacle(to: "grüße", voices: []) == nil)
    }

    @Test func phrasesThatCannotBeSpoken() {
        for phrase in [
            "", "!?", "a/b", ".hey", "_unknown_", " hey", "hey\u{1b}[2J", "[[m]]",
            String(repeating: "a", count: 200),
        ] {
            #expect(throws: SynthesisError.self) {
                try PhraseSynthesis(of: [phrase], isInstalled: { _ in false })
            }
        }
        #expect(throws: SynthesisError.noSynthesizer(language: "en")) {
            try PhraseSynthesis(of: ["hey mynah"], isInstalled: { _ in false })
        }
    }
}
