import MynahTestSupport
import Testing

/// Programs that tests write can be started at once, although other tests start processes all the time.
struct WrittenProgramTests {
    @Test func startAtOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let folder = try TemporaryFolder()
                    for number in 0..<50 {
                        let program = try folder.writeProgram("exit \(writer)", to: "bin/\(number)")
                        #expect(try Job([program]).wait(timeLimit: 60).ending == .status(writer))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
