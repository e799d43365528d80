import Foundation
import Glibc
import Testing

/// `mynah-server` as a process: its start, what a service manager hands over, and its end.
struct ServerProgramTests {
    private static let path =
        URL(fileURLWithPath: Program.path).deletingLastPathComponent().path + "/mynah-server"

    private func start(
        _ arguments: [String], output: String, environment: [String: String] = [:]
    ) throws -> Job {
        try Job([Self.path] + arguments, environment: environment, output: output)
    }

    /// The lines on standard output once there are so many.
    private func lines(_ count: Int, of output: String) throws -> [String] {
        for _ in 0..<4_000 {
            let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            let lines = text.split(separator: "\n").map(String.init)
            if lines.count >= count { return lines }
            usleep(5_000)
        }
        throw Job.NeverSaid(text: "\(count) lines", errors: "")
    }

    @Test func aPortThatIsFreeIsPrinted() throws {
        let folder = try TemporaryFolder()
        let job = try start(
            ["--port", "0", "--wyoming-port", "0", "--log", "json"], output: folder.file("output"))
        let lines = try lines(2, of: folder.file("output"))
        #expect(lines[0].wholeMatch(of: /http:\/\/127\.0\.0\.1:[1-9][0-9]*\//) != nil)
        #expect(lines[1].wholeMatch(of: /tcp:\/\/127\.0\.0\.1:[1-9][0-9]*/) != nil)
        let health = try shell("curl -sS --max-time 10 \(lines[0])health")
        #expect(health.output == "{\"status\":\"ok\",\"streams\":0}\n")
        job.send(SIGHUP)
        try job.waitUntilErrors(contain: "\"message\":\"model read\"")
        job.send(SIGTERM)
        let outcome = job.wait()
        #expect(outcome.ending == .status(0))
        for line in outcome.errorLines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["level"] != nil && object?["time"] != nil, "\(line)")
        }
    }

    /// A socket that listens already, and a manager who waits to be told (systemd's protocols, without systemd).
    @Test func socketsAndReadiness() throws {
        let folder = try TemporaryFolder()
        let script = """
            import os, socket, subprocess, sys, urllib.request
            notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            notify.bind(sys.argv[2])
            notify.settimeout(20)
            listener = socket.create_server(("127.0.0.1", 0))
            port = listener.getsockname()[1]
            def child():
                os.dup2(listener.fileno(), 3)
                os.set_inheritable(3, True)
                os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="http",
                                  NOTIFY_SOCKET=sys.argv[2])
                os.execv(sys.argv[1], [sys.argv[1]])
            pid = os.fork()
            if pid == 0: child()
            def expect(text):
                got = notify.recv(4096).decode()
                assert got.startswith(text), got
            expect("READY=1\\n")
            print(urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10).read().decode(), end="")
            os.kill(pid, 1)
            expect("RELOADING=1\\nMONOTONIC_USEC=")
            expect("READY=1\\n")
            os.kill(pid, 15)
            expect("STOPPING=1")
            print(os.waitpid(pid, 0)[1])
            """
        try folder.write(Array(script.utf8), to: "manager.py")
        let outcome = try shell(
            "python3 '\(folder.file("manager.py"))' '\(Self.path)' '\(folder.file("notify"))'")
        #expect(outcome.output.hasSuffix("\n{\"status\":\"ok\",\"streams\":0}\n0\n"), "\(outcome.errors)")
    }

    @Test(arguments: [
        (["--host", "0.0.0.0"], 1, "--insecure"),
        (["--wyoming-host", "0.0.0.0", "--port", "0"], 1, "--insecure"),
        (["--token", "short"], 64, "5 characters"), (["--token-file", "/nonexistent"], 1, "no such file"),
        (["--model", "/nonexistent.safetensors"], 1, "no such file"),
        (["--model", "a=x", "--model", "a=y"], 64, "two models"), (["--model", "ä ö"], 64, "NAME=FILE"),
        (["--log", "xml"], 64, "text, json"), (["--port", "70000"], 64, "port"),
        (["--wyoming-port", "some"], 64, "none"), (["--max-streams", "0"], 64, "1 to"),
        (["--host", "no.such.host.invalid", "--insecure"], 1, "cannot be listened at"),
    ])
    func wrongUsage(arguments: [String], status: Int, part: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try start(arguments, output: folder.file("output")).wait()
        #expect(outcome.ending == .status(status))
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
        if status == 1 { #expect(outcome.errorLines.count == 1) }
    }

    @Test func helpHasAnExample() throws {
        let folder = try TemporaryFolder()
        let outcome = try start(["--help"], output: folder.file("output")).wait()
        #expect(outcome.ending == .status(0))
        #expect(outcome.output.contains("EXAMPLE") && outcome.output.contains("--token-file"))
    }

    /// What only a server needs is no part of `mynah`, which starts as it did.
    @Test func theOtherProgramHasNoServer() throws {
        let symbols = try shell("! grep -q 'MultiThreadedEventLoopGroup' \"$MYNAH\" && echo none")
        #expect(symbols.output == "none\n")
    }
}
