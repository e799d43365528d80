package import MynahData

/// From where on something about a clip is worth a look.
package struct DoctorSettings: Codable, Hashable, Sendable {
    /// Clips shorter than this are too short, in s, `0 ... 3600`.
    package var shortestSeconds = 0.3

    /// Clips longer than this are too long, in s, from `shortestSeconds` to 3600.
    package var longestSeconds = 3.0

    /// Clips whose speech is quieter than this are near-silent, in dB of full scale, `-120 ... 0`.
    package var quietestDecibels = -60.0

    /// Share of samples in runs at full scale from which on a clip is clipped, `0 ... 1`.
    package var clippedShare = 0.001

    /// A word is cut at an edge when the edge's level is at most this far below that of the speech, in dB, `0 ... 60`.
    package var edgeMarginDecibels = 10.0

    /// A label with fewer clips than this part of the median label is rare, `0 ... 1`.
    package var rareShare = 0.5

    /// The defaults.
    package init() {}

    /// Makes sure that every value is in its range.
    ///
    /// - Throws: `DataError.invalidSetting`.
    package func validate() throws(DataError) {
        try requireSetting("shortest clip in s", shortestSeconds, within: 0...3600)
        try requireSetting("longest clip in s", longestSeconds, within: shortestSeconds...3600)
        try requireSetting("quietest level in dB", quietestDecibels, within: -120...0)
        try requireSetting("clipped share", clippedShare, within: 0...1)
        try requireSetting("edge margin in dB", edgeMarginDecibels, within: 0...60)
        try requireSetting("rare share", rareShare, within: 0...1)
    }
}
