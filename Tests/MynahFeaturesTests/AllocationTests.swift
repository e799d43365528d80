import CAllocationCounter
import MynahFeatures
import Testing

/// Memory is asked for when an extractor is made, not while it works.
@Suite struct AllocationTests {
    private static let configurations: [FrontEndConfiguration] = {
        var deltas = FrontEndConfiguration.kaldi
        deltas.deltas = .init(order: 2)
        return [.mynah, .kaldi, .pythonSpeechFeatures, deltas]
    }()

    @Test(arguments: configurations) func streamsAllocateNothing(_ configuration: FrontEndConfiguration)
        throws
    {
        var generator = TestGenerator(seed: 4)
        let chunks = [1, 160, 777, 5_000].map { generator.noise(count: $0) }
        var stream = try StreamingFeatureExtractor(configuration)
        var rows = 0
        for chunk in chunks { stream.push(chunk.span) { _ in rows += 1 } }
        let before = (allocations: mynah_allocations_of_thread().count, rows: rows)
        for _ in 0..<20 {
            for chunk in chunks { stream.push(chunk.span) { _ in rows += 1 } }
        }
        stream.reset()
        let allocations = mynah_allocations_of_thread().count - before.allocations
        #expect(before.allocations > 0 && rows - before.rows > 500 && allocations == 0)
    }

    @Test(arguments: configurations) func clipsAllocateNothing(_ configuration: FrontEndConfiguration) throws
    {
        var generator = TestGenerator(seed: 5)
        let clip = generator.noise(count: 16_000)
        var extractor = try FeatureExtractor(configuration)
        var matrix = FeatureMatrix(featureCount: configuration.featureCount)
        extractor.appendFeatures(of: clip.span, to: &matrix)
        matrix.removeAll()
        let before = mynah_allocations_of_thread().count
        extractor.appendFeatures(of: clip.span, to: &matrix)
        let allocations = mynah_allocations_of_thread().count - before
        #expect(matrix.frameCount > 90 && allocations == 0)
    }
}
