import FuzzSupport
import FuzzerDriver
import MynahAudio

/// Reads inputs as audio files, and as raw samples.
@main
struct FuzzAudio {
    static func main() { runFuzzer() }
}

private let file = MemoryFile()

/// One input; libFuzzer calls this by its name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAudio(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    file.write(Array(UnsafeBufferPointer(start: data, count: count)))
    for rawSampleRate in [nil, 44_100] {
        // A refusal is an answer like any other.
        _ = try? checkedSamples(
            of: file.source(rawSampleRate: rawSampleRate), sampleRate: 16_000, channel: .average)
    }
    return 0
}
