import MynahBase
import MynahFeatures
import MynahReport

/// Writes rows of features to standard output or a file as they come, in the memory that one block needs.
struct FeatureOutput: ~Copyable {
    private var text: FeatureText
    private var destination: Destination

    /// Rows that wait until their number is known; nil where they can be written at once.
    private var spool: Spool?

    /// Opens the file at `path`, or standard output.
    init(_ text: FeatureText, to path: String?) throws {
        var destination = try Destination(path)
        spool = text.beginsWithFrameCount ? try Spool() : nil
        if !text.beginsWithFrameCount { try destination.append(text.beginning()) }
        self.text = text
        self.destination = destination
    }

    /// Writes rows, `[_, featureCount]`.
    mutating func append(_ rows: FeatureMatrix) throws {
        let bytes = text.append(rows)
        if spool == nil {
            try destination.append(bytes)
        } else {
            try spool?.append(bytes)
        }
    }

    /// Completes what is written.
    consuming func finish() throws {
        if let spool = spool.take() {
            try destination.append(text.beginning())
            try spool.read { try destination.append($0) }
        }
        try text.end { try destination.append($0) }
        try destination.finish()
    }
}
