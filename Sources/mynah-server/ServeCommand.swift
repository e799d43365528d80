import ArgumentParser
import Glibc
import Logging
import MynahBase
import MynahModel
import MynahServer

/// The program: one server, from its start to SIGTERM.
@main
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mynah-server",
        abstract: "Serve Mynah to Home Assistant, to programs and to browsers.",
        discussion: """
            Streams of sound become words, by Wyoming for Home Assistant, and by WebSocket; clips and recordings are \
            sent by HTTP. The page at the printed address listens to the microphone of the browser. The same sound \
            gives the same words at the same times as mynah listen tells of a file.

            Only this machine is served unless --host says otherwise, for which a token or --insecure is needed. \
            SIGTERM ends it in good order, SIGHUP reads the models anew. Sockets and readiness of systemd are \
            supported.

            EXAMPLE
              mynah-server
              mynah-server --model kitchen=kitchen.safetensors --model hall=hall.safetensors
              mynah-server --host 0.0.0.0 --token-file token.txt
              mynah-server --teach --model mine.safetensors
              mynah-server --port 0 --wyoming-port none --log json
              curl --data-binary @yes.wav http://127.0.0.1:8380/v1/recognize
            """,
        version: mynahVersion)

    @OptionGroup(title: "Addresses") var addresses: AddressOptions
    @OptionGroup(title: "Access") var access: AccessOptions
    @OptionGroup(title: "Models") var models: ServedModelOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "Logs") var logs: LogOptions

    @Option(help: "Threads on which streams are heard; without it, one for each core.")
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1_024).contains(threads) {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
    }

    func run() throws {
        let sockets = ServiceManager.sockets()
        let signals = ServerSignals()
        var configuration = ServerConfiguration()
        addresses.set(&configuration, sockets: sockets)
        try access.set(&configuration)
        limits.set(&configuration)
        configuration.threads = threads
        let logger = logs.makeLogger()
        let server = Server(
            configuration, shelf: try models.loadShelf(), intents: try models.loadIntents(), logger: logger)
        let addresses = try server.start()
        // What a program that starts this one waits for.
        let lines = [addresses.http, addresses.wyoming].compactMap(\.self)
        _ = Array(lines.map { $0 + "\n" }.joined().utf8).withUnsafeBytes { writeFully(STDOUT_FILENO, $0) }
        logger.notice(
            "listening", metadata: ["http": "\(addresses.http)", "wyoming": "\(addresses.wyoming ?? "none")"])
        ServiceManager.tellReady("listening at \(addresses.http)")
        while true {
            switch signals.wait() {
            case .reload:
                ServiceManager.tellReloading()
                server.reloadModels()
                ServiceManager.tellReady("listening at \(addresses.http)")
            case .end:
                logger.notice("ending")
                ServiceManager.tellStopping()
                signals.endAtOnceFromNowOn()
                server.stop()
                logger.notice("ended")
                return
            }
        }
    }

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let code = exitCode(for: error)
            if code == .failure, !(error is ExitCode) {
                let line = "mynah-server: \("\(error)".printable)\n"
                _ = Array(line.utf8).withUnsafeBytes { writeFully(STDERR_FILENO, $0) }
                _exit(1)
            }
            exit(withError: error)
        }
    }
}

/// The signals that a server listens to, which no thread gets but the one that waits for them.
private struct ServerSignals {
    enum Wish {
        case reload, end
    }

    private var set = sigset_t()

    /// Takes the signals; to be called before any thread is started, since threads inherit what they do not get.
    init() {
        // A client that has gone is told by the call that writes to it.
        signal(SIGPIPE, SIG_IGN)
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] {
            signal(number, SIG_DFL)
            sigaddset(&set, number)
        }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for the next one.
    func wait() -> Wish {
        var set = set
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            return number == SIGHUP ? .reload : .end
        }
    }

    /// Has a second wish to end carried out by the system.
    func endAtOnceFromNowOn() {
        var set = set
        sigdelset(&set, SIGHUP)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
}
