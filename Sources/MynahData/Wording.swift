import MynahBase

/// A number with its noun, for instance `1 clip` and `2 clips`.
package func counted(_ count: Int, _ noun: String) -> String {
    "\(NumberText.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// Printable names one after another, cut off after `limit` of them with the number of the rest.
package func listed(_ names: [String], limit: Int) -> String {
    guard !names.isEmpty else { return "none" }
    let shown = names.prefix(limit).map(\.printable).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(NumberText.grouped(names.count - limit)) more" : shown
}
