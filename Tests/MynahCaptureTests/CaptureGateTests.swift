import Dispatch
import Glibc
import MynahCapture
import Synchronization
import Testing

/// What C libraries write goes nowhere while the gate is passed, and to where it went before afterwards.
struct CaptureGateTests {
    private static func file(_ descriptor: Int32) -> ino_t {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status.st_ino : 0
    }

    /// Of several threads none leaves the descriptor where another one has put it.
    @Test func threadsLeaveTheDescriptorAsItWas() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let descriptor = ends[1]
        defer { for end in ends { close(end) } }
        let before = Self.file(descriptor)
        let heard = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<200 {
                let silenced = CaptureGate.pass(silently: true, descriptor: descriptor) {
                    sched_yield()
                    return Self.file(descriptor)
                }
                if silenced == before { heard.add(1, ordering: .relaxed) }
            }
        }
        #expect(heard.load(ordering: .relaxed) == 0)
        #expect(Self.file(descriptor) == before)
    }

    /// A program that is started meanwhile does not inherit the copy.
    @Test func copyIsClosedInPrograms() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let descriptor = ends[1]
        defer { for end in ends { close(end) } }
        let (before, others) = (Self.file(descriptor), Set(ends))
        let flags = CaptureGate.pass(silently: true, descriptor: descriptor) {
            (0..<1_024).filter { !others.contains($0) && Self.file($0) == before }.map { fcntl($0, F_GETFD) }
        }
        #expect(flags == [FD_CLOEXEC])
    }
}
