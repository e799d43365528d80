package import Testing

/// Expects two arrays to agree within an absolute tolerance, and names the worst element when they do not.
package func expectClose(
    _ actual: [Float],
    _ expected: [Float],
    tolerance: Float,
    _ what: String = "value",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record(
            "\(what): \(actual.count) values, expected \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    var worst = 0
    for index in actual.indices
    where !(abs(actual[index] - expected[index]) <= abs(actual[worst] - expected[worst])) {
        worst = index
    }
    guard !actual.isEmpty else { return }
    #expect(
        abs(actual[worst] - expected[worst]) <= tolerance,
        "\(what)[\(worst)] is \(actual[worst]), expected \(expected[worst]) ± \(tolerance)",
        sourceLocation: sourceLocation)
}
