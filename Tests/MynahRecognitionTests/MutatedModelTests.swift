import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

/// Whatever the fields of a model file say, the file is refused with one line, or its model recognizes.
///
/// `make fuzz` does the same with many more files and under the address sanitizer.
@Suite struct MutatedModelTests {
    private static let filesPerSeed = 400

    @Test(.timeLimit(.minutes(2)), arguments: 1...8 as ClosedRange<UInt64>)
    func aSpoiltFieldIsRefusedOrUsed(seed: UInt64) throws {
        let mutator = ModelMutator(originals: try ModelMutator.smallModels())
        var counts: [String: Int] = [:]
        for number in 0..<Self.filesPerSeed {
            var generator = SeededGenerator(seed: seed, number)
            let outcome = ModelTrial.outcome(of: mutator.mutatedFile(using: &generator))
            counts[try #require(outcome, "file \(number) is refused with several lines"), default: 0] += 1
        }
        // A mutator that spoils every file, or none, would test nothing.
        #expect(counts["used", default: 0] > Self.filesPerSeed / 50, "\(counts)")
        #expect(counts.count > 10, "\(counts)")
    }

    /// Clips of no frame, and of so many that no machine has the memory: both were believed once.
    @Test func clipsThatDoNotFitAreRefused() throws {
        func refusal(_ change: (inout FrontEndConfiguration) -> Void, clipSampleCount: Int) -> String? {
            do throws(ModelError) {
                _ = try ModelMutator.smallModel(clipSampleCount: clipSampleCount, changing: change)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(refusal({ _ in }, clipSampleCount: 16_000) == nil)
        #expect(
            refusal({ _ in }, clipSampleCount: 170)?.contains(
                "clips of 0 frames, expected at least 2 for the convolutions") == true)
        #expect(refusal({ _ in }, clipSampleCount: 100)?.contains("clips of 100 samples") == true)
        let long = refusal({ $0.framing.frameShiftSamples = 1 }, clipSampleCount: 9_600_000)
        #expect(long?.contains("clips of 9599521 frames take the network") == true, "\(long ?? "nothing")")
    }
}
