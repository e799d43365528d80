import MynahBase

/// Reads files of a model of which single bytes were changed, which are read or refused, in one line.
///
/// - Parameters:
///   - bytes: the file, undamaged.
///   - read: reads a model out of bytes.
/// - Returns: how many of 3,000 were refused, and the messages of several lines among the refusals.
package func refusals(
    ofDamaged bytes: [UInt8], read: ([UInt8]) throws -> Void
) -> (count: Int, longMessages: [String]) {
    var generator = SeededGenerator(seed: 3)
    var count = 0
    var longMessages: [String] = []
    for _ in 0..<3_000 {
        var damaged = bytes
        for _ in 0...generator.index(below: 3) {
            damaged[generator.index(below: bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
        }
        do {
            try read(damaged)
        } catch {
            count += 1
            if "\(error)".contains(where: \.isNewline) { longMessages.append("\(error)") }
        }
    }
    return (count, longMessages)
}
