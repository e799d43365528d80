import Foundation
import MynahTestSupport
import Testing

/// What the program loads when it starts.
struct StartUpTests {
    /// A sound card is for `mynah listen` alone: PortAudio brings more libraries than all else together.
    @Test func soundLibrariesAreLoadedOnlyForMicrophones() throws {
        let libraries = try shell(#"ldd "$MYNAH""#).output
        #expect(libraries.contains("libsndfile"))
        for name in ["portaudio", "asound", "jack", "libdb"] { #expect(!libraries.contains(name)) }
    }

    /// A file that is no library stands for one that is not installed.
    @Test func withoutPortAudio() throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "libportaudio.so.2")
        let outcome = try mynah(["listen", "--devices"], environment: ["LD_LIBRARY_PATH": folder.path])
        #expect(outcome.ending == .status(1))
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("mynah: microphone: PortAudio cannot be loaded ("))
        #expect(outcome.errors.contains("apt-get install libportaudio2 "))
    }

    /// A clip is recognized in a quarter of a gigabyte of address space, where a BLAS would wait for memory for good.
    @Test func littleAddressSpaceIsEnough() throws {
        let folder = try TemporaryFolder()
        let path = try folder.writeSound(
            SyntheticSignal.noise(sampleCount: 16_000, seed: 1, amplitude: 0.1), to: "clip.wav")
        let outcome = try shell("ulimit -v 250000; exec \"$MYNAH\" recognize '\(path)'")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.outputLines.count == 1)
        #expect(outcome.seconds < 10)
    }
}
