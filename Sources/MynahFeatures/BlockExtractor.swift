/// A front end that takes a sound block by block or, where it cannot stream, in one block.
package struct BlockExtractor: ~Copyable {
    private var streaming: StreamingMFCCExtractor?
    private var whole: MFCCExtractor?

    /// Plans the front end.
    package init(_ configuration: MFCCConfiguration) throws(FeatureError) {
        do throws(FeatureError) {
            streaming = try StreamingMFCCExtractor(configuration)
            whole = nil
        } catch .notStreamable {
            streaming = nil
            whole = try MFCCExtractor(configuration)
        }
    }

    /// Takes the next samples, or all of them, and appends each row that they complete.
    package mutating func append(_ samples: [Float], to rows: inout FeatureMatrix) {
        streaming?.push(samples.span, appendingTo: &rows)
        whole?.appendFeatures(of: samples.span, to: &rows)
    }

    /// Appends the rows that waited for more samples.
    package mutating func finish(to rows: inout FeatureMatrix) {
        streaming?.finish(appendingTo: &rows)
    }
}
