import MynahBase
import MynahTestSupport
import Synchronization
import Testing

/// What processes do together, tried with threads in their place.
@Suite struct CommunicatorTests {
    @Test(arguments: [1, 2, 5]) func everyProcessHearsEveryOther(size: Int) throws {
        let heard = try ThreadedCommunicator.run(size: size) { communicator in
            (0..<3).map { round in communicator.allGather([10 * communicator.rank + round]) }
        }
        for rounds in heard {
            #expect(rounds == (0..<3).map { round in (0..<size).map { 10 * $0 + round } })
        }
    }

    @Test func theFirstOneTellsTheOthers() throws {
        let heard = try ThreadedCommunicator.run(size: 3) { communicator in
            communicator.fromFirst(communicator.isFirst ? [1, 2] : [9])
        }
        #expect(heard == [[1, 2], [1, 2], [1, 2]])
        let wishes = try ThreadedCommunicator.run(size: 3) { $0.isAnywhere($0.rank == 2) }
        #expect(wishes == [true, true, true])
    }

    @Test func sharesCoverAll() throws {
        for count in 0...7 {
            let shares = try ThreadedCommunicator.run(size: 3) { $0.share(of: count) }
            #expect(shares.flatMap { Array($0) } == Array(0..<count))
        }
    }

    /// Results come in the order of the work, and each part is done once, whoever did it.
    @Test(arguments: [1, 2, 4]) func workThatIsDealtOutIsDoneOnce(size: Int) throws {
        let calls = Mutex<[Int]>([])
        let costs = (0..<500).map { ($0 * 7919) % 101 }
        let results = try ThreadedCommunicator.run(size: size) { communicator in
            communicator.map(500, costs: costs, threads: 2, makeContext: {}) { _, index in
                calls.withLock { $0.append(index) }
                return [Float(index), .infinity]
            }
        }
        #expect(calls.withLock { $0.sorted() } == Array(0..<500))
        #expect(results.allSatisfy { $0 == (0..<500).map { [Float($0), .infinity] } })
    }

    @Test func theFirstOneMayHaveAllResults() throws {
        let results = try ThreadedCommunicator.run(size: 3) { communicator in
            communicator.mapToFirst(20, threads: 1, makeContext: {}) { _, index in
                [UInt8](repeating: UInt8(index), count: index)
            }
        }
        #expect(results[0] == (0..<20).map { [UInt8](repeating: UInt8($0), count: $0) })
        #expect(results[1].isEmpty && results[2].isEmpty)
    }

    /// The error names the rank, its machine, and what it has.
    @Test func whoHasSomethingElseIsNamed() throws {
        let lines = try ThreadedCommunicator.run(size: 3) { communicator in
            do throws(CommunicatorError) {
                try communicator.requireSame("version of Mynah", communicator.rank == 1 ? "0.2" : "0.1")
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(
            lines
                == Array(
                    repeating:
                        "rank 1 on thread1 has another version of Mynah than rank 0: 0.2, expected 0.1",
                    count: 3))
    }

    @Test func coresThatAProcessMayNotUseAreNotCounted() {
        #expect((1...onlineProcessorCount()).contains(processorCount()))
    }
}
