import FoundationEssentials
import FuzzSupport
import FuzzerDriver
import MynahFeatures

/// Takes the first line of inputs for settings, as JSON, and what follows for samples, as little-endian float32.
@main
struct FuzzFrontEnd {
    static func main() { runFuzzer() }
}

/// One input; libFuzzer calls this by its name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrontEnd(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: count)
    let lineEnd = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? count
    guard let configuration = try? JSONDecoder().decode(FrontEndConfiguration.self, from: Data(bytes[..<lineEnd]))
    else { return 0 }
    let body = bytes[min(lineEnd + 1, count)...]
    let samples = (0..<body.count / 4).map { index in
        let start = body.startIndex + 4 * index
        return Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(body[start + $1]) << UInt32(8 * $1) })
    }
    // The longest transform at every sample takes minutes by its nature, not by a fault.
    let shift = max(1, configuration.framing.frameShiftSamples)
    let (work, overflow) = (1 + samples.count / shift).multipliedReportingOverflow(
        by: configuration.fftLength)
    guard !overflow, work < 1 << 22 else { return 0 }
    _ = try? checkFeatures(of: samples, configuration, chunkLength: 1 + count % 700)
    return 0
}
