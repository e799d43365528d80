import FoundationEssentials
import Synchronization

// Work that is dealt out: whoever is free takes the next part, the largest first, so that neither a slow machine nor a long
// recording at the end holds up the others.
extension Communicator {
    /// Parts that the work is dealt out in, for each process: more would cost questions, fewer leave processes idle at the end.
    private static var partsPerProcess: Int { 64 }

    /// Calls `body` for each index in `0 ..< count`, on `threads` threads of each process, and returns the results in order of
    /// index, in all processes.
    ///
    /// - Parameters:
    ///   - count: How many there are.
    ///   - costs: `[count]`, how much work each is, in any unit; nil where they are all alike.
    ///   - threads: How many threads this process has for it.
    ///   - makeContext: What a thread keeps for all indices that fall to it. Which these are is not determined.
    package func map<Context, Result: Codable & Sendable>(
        _ count: Int, costs: [Int]? = nil, threads: Int, makeContext: @Sendable () -> Context,
        _ body: @Sendable (inout Context, Int) -> Result
    ) -> [Result] {
        guard size > 1 else {
            return concurrentMap(count, threads: threads, makeContext: makeContext, body)
        }
        let own = dealt(count, costs: costs, threads: threads, makeContext: makeContext, body)
        return allGather(Self.encoded(own)).flatMap(Self.decoded).sorted { $0.index < $1.index }
            .map(\.result)
    }

    /// Calls `body` for each index in `0 ..< count` as above; the results are bytes, and only the first process has them.
    ///
    /// - Returns: `[count]`, or nothing in all processes but the first.
    package func mapToFirst<Context>(
        _ count: Int, costs: [Int]? = nil, threads: Int, makeContext: @Sendable () -> Context,
        _ body: @Sendable (inout Context, Int) -> [UInt8]
    ) -> [[UInt8]] {
        let own = dealt(count, costs: costs, threads: threads, makeContext: makeContext, body)
        var parts = [[UInt8]](repeating: [], count: size)
        for (index, bytes) in own {
            parts[0] += [index, bytes.count].withUnsafeBytes { Array($0) }
            parts[0] += bytes
        }
        let received = exchangeAndWait(parts)
        guard isFirst else { return [] }
        var results = [[UInt8]](repeating: [], count: count)
        for bytes in received {
            var place = 0
            while place < bytes.count {
                let head = [Int](rawBytes: Array(bytes[place..<place + 2 * MemoryLayout<Int>.stride]))
                place += 2 * MemoryLayout<Int>.stride
                results[head[0]] = Array(bytes[place..<place + head[1]])
                place += head[1]
            }
        }
        return results
    }

    /// What falls to this process.
    private func dealt<Context, Result: Sendable>(
        _ count: Int, costs: [Int]?, threads: Int, makeContext: @Sendable () -> Context,
        _ body: @Sendable (inout Context, Int) -> Result
    ) -> [(index: Int, result: Result)] {
        let parts = dealingOrder(count, costs: costs)
        let series = beginSeries()
        let results = concurrentMap(max(1, threads), threads: threads) { _ in
            var context: Context?
            var own: [(index: Int, result: Result)] = []
            while true {
                let number = nextNumber(in: series)
                guard number < parts.count else { return own }
                var used = context ?? makeContext()
                for index in parts[number] { own.append((index, body(&used, index))) }
                context = used
            }
        }
        return results.flatMap { $0 }
    }

    /// The indices in the parts and the order in which they are dealt out: the largest first, and small ones many at a time.
    private func dealingOrder(_ count: Int, costs: [Int]?) -> [[Int]] {
        let costs = costs ?? [Int](repeating: 1, count: count)
        precondition(costs.count == count, "costs of \(costs.count) parts, expected \(count)")
        let target = max(1, costs.reduce(0, +) / (Self.partsPerProcess * size))
        var parts: [[Int]] = []
        var cost = target
        for index in costs.indices.sorted(by: { (costs[$1], $0) < (costs[$0], $1) }) {
            if cost >= target {
                parts.append([])
                cost = 0
            }
            parts[parts.count - 1].append(index)
            cost += costs[index]
        }
        return parts
    }

    private static func encoded<Result: Codable>(_ results: [(index: Int, result: Result)]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return [UInt8](try encoder.encode(results.map { Numbered(index: $0.index, result: $0.result) }))
        } catch {
            preconditionFailure("a result cannot be handed to other processes: \(error)")
        }
    }

    private static func decoded<Result: Codable>(_ bytes: [UInt8]) -> [Numbered<Result>] {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return try decoder.decode([Numbered<Result>].self, from: Data(bytes))
        } catch {
            preconditionFailure("a result of another process cannot be read: \(error)")
        }
    }
}

/// A result on its way to other processes.
private struct Numbered<Result: Codable>: Codable {
    let index: Int
    let result: Result
}
