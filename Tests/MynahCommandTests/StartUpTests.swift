import Foundation
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
}
