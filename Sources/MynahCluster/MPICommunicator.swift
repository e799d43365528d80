internal import CMPI
package import Dispatch
import Glibc
import MynahBase
import Synchronization

/// The processes that `mpirun` has started, by MPI: nothing else in Mynah knows of it.
///
/// One thread of each process makes all calls of MPI, and lets what is under way make progress. While the other threads compute,
/// it looks some thousand times a second and sleeps in between, since the cores are needed; while they wait, it does not sleep.
package final class MPICommunicator: Communicator {
    package let rank: Int
    package let size: Int
    package var host: String { Machine.name }

    package let localSize: Int

    private let engine: Engine
    private let counters: SeriesCounters
    private let series = SeriesCounters()
    private let waitedNanoseconds = Atomic(0)

    /// Whether this process was started by `mpirun` or its like, as the environment shows: that of Open MPI, of PMIx, or of PMI,
    /// which MPICH and Slurm have.
    ///
    /// A process that was not is the only one, and can do without MPI.
    package static var isLaunched: Bool {
        ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"].contains { environmentVariable($0) != nil }
    }

    /// Joins the other processes.
    ///
    /// - Parameters:
    ///   - isEnding: whether this process has been asked to end; asked some thousand times a second.
    ///   - onLoss: called, on another thread, when MPI fails, or when others keep this process waiting although it has been
    ///     asked to end: `mpirun` asks all processes for that when one has died. The reason is nil then.
    /// - Throws: ``MPIError`` when MPI cannot be started.
    package init(
        isEnding: @escaping @Sendable () -> Bool, onLoss: @escaping @Sendable (_ reason: String?) -> Never
    ) throws(MPIError) {
        counters = SeriesCounters()
        engine = Engine(counters: counters, isEnding: isEnding, onLoss: onLoss)
        let world = engine.start()
        guard world.code == 0 else { throw .notStarted(code: Int(world.code)) }
        (rank, size, localSize) = (world.rank, world.size, world.localSize)
    }

    package func finish() { engine.finish() }

    package func abandon() { engine.abandon() }

    package func exchange(
        _ parts: [[UInt8]], channel: Int, onArrival: @escaping @Sendable (_ received: [[UInt8]]) -> Void
    ) {
        precondition(parts.count == size, "\(parts.count) parts for \(size) processes")
        engine.take(.exchange(parts, channel: channel, onArrival))
    }

    package func wait(for arrival: DispatchSemaphore) {
        let start = ContinuousClock.now
        engine.hurry { arrival.wait() }
        waitedNanoseconds.add(Int((ContinuousClock.now - start) / .nanoseconds(1)), ordering: .relaxed)
    }

    package var waitedSeconds: Double { 1e-9 * Double(waitedNanoseconds.load(ordering: .relaxed)) }

    package func beginSeries() -> Int { series.begin() }

    package func nextNumber(in series: Int) -> Int {
        guard rank > 0 else { return counters.next(in: series) }
        let done = DispatchSemaphore(value: 0)
        let number = Atomic(0)
        engine.take(
            .ask(series) { answer in
                number.store(answer, ordering: .releasing)
                done.signal()
            })
        wait(for: done)
        return number.load(ordering: .acquiring)
    }
}

/// What can go wrong with MPI itself.
package enum MPIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// MPI gives this code instead of starting.
    case notStarted(code: Int)

    /// One line for the user.
    package var description: String {
        switch self {
        case .notStarted(let code):
            "MPI cannot be started (code \(code)); is mpirun of the same implementation installed?"
        }
    }
}

/// The thread that makes all calls of MPI.
private final class Engine: Sendable {
    /// What it is asked for.
    enum Order: Sendable {
        case exchange([[UInt8]], channel: Int, @Sendable ([[UInt8]]) -> Void)

        /// The next number of a series, from the first process.
        case ask(Int, @Sendable (Int) -> Void)

        case finish(@Sendable () -> Void)

        /// To ask all others to end.
        case abandon(@Sendable () -> Void)
    }

    /// Messages of an exchange have even tags where they begin and odd ones for the rest; these are beyond all channels.
    private static let questionTag: CInt = 30_001
    private static let answerTag: CInt = 30_002
    private static let farewellTag: CInt = 30_003

    /// How long nothing may move, in seconds, after this process was asked to end: `mpirun` kills a second after it asked.
    private static let patience = 0.4

    private let inbox = Mutex<[Order]>([])
    private let hasOrders = DispatchSemaphore(value: 0)

    /// Threads that wait for what is under way.
    private let waiting = Atomic(0)
    private let counters: SeriesCounters
    private let isEnding: @Sendable () -> Bool
    private let onLoss: @Sendable (String?) -> Never

    init(
        counters: SeriesCounters, isEnding: @escaping @Sendable () -> Bool,
        onLoss: @escaping @Sendable (String?) -> Never
    ) {
        self.counters = counters
        self.isEnding = isEnding
        self.onLoss = onLoss
    }

    struct World: Sendable {
        var code: CInt = 0
        var rank = 0
        var size = 1
        var localSize = 1
    }

    /// Starts the thread, and MPI on it.
    func start() -> World {
        let world = Mutex(World())
        let isReady = DispatchSemaphore(value: 0)
        // A queue of its own is a thread that is never given to anybody else while this runs.
        DispatchQueue(label: "MPI").async { [self] in
            let code = mynah_mpi_init()
            let (rank, size) = (Int(mynah_mpi_rank()), Int(mynah_mpi_size()))
            let localSize = Int(mynah_mpi_local_size())
            world.withLock { $0 = World(code: code, rank: rank, size: size, localSize: localSize) }
            isReady.signal()
            guard code == 0 else { return }
            run(rank: rank, size: size)
        }
        isReady.wait()
        return world.withLock { $0 }
    }

    func take(_ order: Order) {
        inbox.withLock { $0.append(order) }
        hasOrders.signal()
    }

    /// Does not sleep while `body` waits.
    func hurry(_ body: () -> Void) {
        waiting.add(1, ordering: .relaxed)
        hasOrders.signal()
        body()
        waiting.subtract(1, ordering: .relaxed)
    }

    func finish() {
        let done = DispatchSemaphore(value: 0)
        take(.finish { done.signal() })
        done.wait()
    }

    func abandon() {
        let done = DispatchSemaphore(value: 0)
        take(.abandon { done.signal() })
        // Whoever is not reached is ended by mpirun.
        _ = done.wait(timeout: .now() + .milliseconds(500))
    }

    private func run(rank: Int, size: Int) {
        var farewells: [Message] = []
        var onAbandoned: (@Sendable () -> Void)?
        var exchanges: [ExchangeUnderWay] = []
        var questions: [Question] = []
        var answers: [Message] = []
        var onFinish: (@Sendable () -> Void)?
        var lastProgress = ContinuousClock.now
        var (wasEnding, endingSince) = (false, lastProgress)
        while true {
            var hasMoved = false
            let orders = inbox.withLock { orders in
                defer { orders = [] }
                return orders
            }
            for order in orders {
                hasMoved = true
                switch order {
                case .exchange(let parts, let channel, let onArrival):
                    exchanges.append(
                        ExchangeUnderWay(parts, channel: channel, own: rank, onArrival, check: check))
                case .ask(let series, let onAnswer):
                    questions.append(
                        Question(series, tags: (Self.questionTag, Self.answerTag), onAnswer, check: check))
                case .finish(let onDone): onFinish = onDone
                case .abandon(let onDone):
                    farewells = (0..<size).filter { $0 != rank }.map {
                        Message(sending: [UInt8(0)], to: CInt($0), tag: Self.farewellTag, check: check)
                    }
                    onAbandoned = onDone
                }
            }
            if mynah_mpi_sender(Self.farewellTag) >= 0 { _exit(1) }
            farewells.removeAll { $0.isOver(check: check) }
            if farewells.isEmpty, let told = onAbandoned {
                onAbandoned = nil
                told()
            }
            // Those of one channel are met by the others in the order in which they were begun.
            for exchange in exchanges {
                if exchange.advance(check: check) { hasMoved = true }
            }
            for exchange in exchanges where exchange.isOver { exchange.deliver() }
            exchanges.removeAll { $0.isOver }
            for question in questions {
                if question.advance(check: check) { hasMoved = true }
            }
            questions.removeAll { $0.isOver }
            if rank == 0, size > 1 {
                while let answer = answerQuestion() {
                    answers.append(answer)
                    hasMoved = true
                }
                answers.removeAll { $0.isOver(check: check) }
            }
            let isIdle =
                exchanges.isEmpty && questions.isEmpty && answers.isEmpty && farewells.isEmpty
            if let onFinish, isIdle {
                check(mynah_mpi_finalize())
                return onFinish()
            }
            let now = ContinuousClock.now
            if hasMoved || isIdle { lastProgress = now }
            let isEnding = isEnding()
            if isEnding, !wasEnding { endingSince = now }
            wasEnding = isEnding
            if isEnding, now - max(lastProgress, endingSince) > .seconds(Self.patience) { onLoss(nil) }
            if hasMoved { continue }
            if isIdle {
                // The first process may be asked for numbers at any time, the others have nothing to listen for.
                _ = hasOrders.wait(timeout: .now() + .microseconds(rank == 0 && size > 1 ? 500 : 50_000))
            } else if waiting.load(ordering: .relaxed) == 0 {
                _ = hasOrders.wait(timeout: .now() + .microseconds(Self.pause))
            } else if now - lastProgress < .microseconds(Self.spinning) {
                sched_yield()
            } else {
                usleep(now - lastProgress < .microseconds(Self.longWait) ? 20 : 1_000)
            }
        }
    }

    /// How long to sleep while others compute, and how long not to sleep while they wait, in microseconds.
    private static let pause = 200
    private static let spinning = 2_000

    /// From when on a wait is long, in microseconds: then a millisecond more does not matter.
    private static let longWait = 100_000

    /// Answers a process that asks for a number; nil where none does.
    private func answerQuestion() -> Message? {
        let sender = mynah_mpi_sender(Self.questionTag)
        guard sender >= 0 else { return nil }
        let question = Message(
            receiving: MemoryLayout<Int>.size, from: sender, tag: Self.questionTag, check: check)
        while !question.isOver(check: check) {}
        let number = counters.next(in: [Int](rawBytes: question.bytes)[0])
        return Message(
            sending: [number].withUnsafeBytes { Array($0) }, to: sender, tag: Self.answerTag, check: check)
    }

    /// Ends the process where MPI has failed.
    private func check(_ code: CInt) {
        guard code != 0 else { return }
        var text = [CChar](repeating: 0, count: 512)
        mynah_mpi_message(code, &text, CInt(text.count))
        onLoss(
            String(decoding: text.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self))
    }
}

/// A message of up to 2³⁰ bytes, with the memory that MPI reads or writes.
private final class Message {
    private let memory: UnsafeMutableRawBufferPointer
    private var transfer = mynah_mpi_transfer()
    private var hasArrived = false

    init(sending bytes: some Collection<UInt8>, to rank: CInt, tag: CInt, check: (CInt) -> Void) {
        memory = .allocate(byteCount: max(1, bytes.count), alignment: 16)
        memory.copyBytes(from: bytes)
        check(mynah_mpi_send(memory.baseAddress, CInt(bytes.count), rank, tag, &transfer))
    }

    init(receiving count: Int, from rank: CInt, tag: CInt, check: (CInt) -> Void) {
        memory = .allocate(byteCount: max(1, count), alignment: 16)
        byteCount = count
        check(mynah_mpi_receive(memory.baseAddress, CInt(count), rank, tag, &transfer))
    }

    deinit { memory.deallocate() }

    private var byteCount = 0

    /// What was received.
    var bytes: [UInt8] { [UInt8](UnsafeRawBufferPointer(rebasing: memory[..<byteCount])) }

    func isOver(check: (CInt) -> Void) -> Bool {
        if hasArrived { return true }
        var flag: CInt = 0
        check(mynah_mpi_test(&transfer, &flag))
        hasArrived = flag != 0
        return hasArrived
    }
}

/// Bytes that all processes give each other.
private final class ExchangeUnderWay {
    /// What one other process sends: its length with the first bytes, and then the rest in pieces.
    private struct Incoming {
        let rank: CInt
        var head: Message
        var pieces: [Message] = []
        var knowsLength = false
        var length = 0
        var isOver = false
    }

    /// Bytes that travel with the length, and bytes in a message at most.
    private static let headSize = 4_096
    private static let pieceSize = 1 << 30

    private let own: Int
    private let ownPart: [UInt8]
    private let size: Int
    private let tag: CInt
    private let onArrival: @Sendable ([[UInt8]]) -> Void
    private var outgoing: [Message] = []
    private var incoming: [Incoming] = []

    init(
        _ parts: [[UInt8]], channel: Int, own: Int, _ onArrival: @escaping @Sendable ([[UInt8]]) -> Void,
        check: (CInt) -> Void
    ) {
        self.own = own
        self.onArrival = onArrival
        ownPart = parts[own]
        size = parts.count
        tag = CInt(2 * channel)
        // Each begins with its neighbour, so that not all send to the same one at the same time.
        for distance in 1..<max(1, size) {
            let to = (own + distance) % size
            let head = [parts[to].count].withUnsafeBytes { Array($0) } + parts[to].prefix(Self.headSize)
            outgoing.append(Message(sending: head, to: CInt(to), tag: tag, check: check))
            for start in stride(from: Self.headSize, to: parts[to].count, by: Self.pieceSize) {
                let end = min(parts[to].count, start + Self.pieceSize)
                outgoing.append(
                    Message(sending: parts[to][start..<end], to: CInt(to), tag: tag + 1, check: check))
            }
            let from = CInt((own + size - distance) % size)
            incoming.append(
                Incoming(
                    rank: from,
                    head: Message(
                        receiving: MemoryLayout<Int>.size + Self.headSize, from: from, tag: tag, check: check)
                ))
        }
    }

    var isOver: Bool { outgoing.isEmpty && incoming.allSatisfy(\.isOver) }

    /// Lets it go on; returns whether anything has moved.
    func advance(check: (CInt) -> Void) -> Bool {
        let count = outgoing.count
        outgoing.removeAll { $0.isOver(check: check) }
        var hasMoved = outgoing.count < count
        for index in incoming.indices where !incoming[index].isOver {
            if !incoming[index].knowsLength, incoming[index].head.isOver(check: check) {
                hasMoved = true
                incoming[index].knowsLength = true
                incoming[index].length =
                    [Int](
                        rawBytes: Array(incoming[index].head.bytes.prefix(MemoryLayout<Int>.size)))[0]
                let length = incoming[index].length
                for start in stride(from: Self.headSize, to: length, by: Self.pieceSize) {
                    incoming[index].pieces.append(
                        Message(
                            receiving: min(Self.pieceSize, length - start), from: incoming[index].rank,
                            tag: tag + 1, check: check))
                }
            }
            if incoming[index].knowsLength, incoming[index].pieces.allSatisfy({ $0.isOver(check: check) }) {
                hasMoved = true
                incoming[index].isOver = true
            }
        }
        return hasMoved
    }

    /// Hands over what has come.
    func deliver() {
        var received = [[UInt8]](repeating: [], count: size)
        received[own] = ownPart
        for one in incoming {
            let head = one.head.bytes.dropFirst(MemoryLayout<Int>.size).prefix(one.length)
            received[Int(one.rank)] = one.pieces.reduce(into: Array(head)) { $0 += $1.bytes }
        }
        onArrival(received)
    }
}

/// A question for a number, from which its answer comes back.
private final class Question {
    private let question: Message
    private let answer: Message
    private let onAnswer: @Sendable (Int) -> Void
    private(set) var isOver = false

    init(
        _ series: Int, tags: (question: CInt, answer: CInt), _ onAnswer: @escaping @Sendable (Int) -> Void,
        check: (CInt) -> Void
    ) {
        self.onAnswer = onAnswer
        answer = Message(receiving: MemoryLayout<Int>.size, from: 0, tag: tags.answer, check: check)
        question = Message(
            sending: [series].withUnsafeBytes { Array($0) }, to: 0, tag: tags.question, check: check)
    }

    func advance(check: (CInt) -> Void) -> Bool {
        guard question.isOver(check: check), answer.isOver(check: check) else { return false }
        isOver = true
        onAnswer([Int](rawBytes: answer.bytes)[0])
        return true
    }
}
