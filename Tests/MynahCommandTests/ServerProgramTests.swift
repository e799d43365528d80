import Foundation
import Glibc
import MynahTestSupport
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

    /// A stream takes some 60 KiB, all of which is given back when its client has gone, by whichever way it came.
    @Test func streamsLeaveNothingBehind() throws {
        let folder = try TemporaryFolder()
        let job = try start(["--port", "0", "--wyoming-port", "0"], output: folder.file("output"))
        let ports = try lines(2, of: folder.file("output")).compactMap {
            $0.firstMatch(of: /:([0-9]+)\/?$/).map { String($0.1) }
        }
        let script = """
            import socket, sys
            http, wyoming, process = map(int, sys.argv[1:])
            def memory():
                with open(f"/proc/{process}/status") as file:
                    return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
            upgrade = (b"GET /v1/listen HTTP/1.1\\r\\nHost: localhost\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                       b"Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n")
            first = b'{"rate":16000}'
            start = b'{"type":"audio-start","data":{"rate":16000,"width":2,"channels":1}}\\n'
            chunk = b'{"type":"audio-chunk","data":{"rate":16000,"width":2,"channels":1},"payload_length":8000}\\n'
            def visit(count):
                for _ in range(count):
                    with socket.create_connection(("127.0.0.1", http)) as client:
                        client.sendall(upgrade)
                        client.recv(1000)
                        client.sendall(bytes([0x81, 0x80 | len(first)]) + bytes(4) + first)
                        client.sendall(bytes([0x82, 0xfe, 0x1f, 0x40]) + bytes(4) + bytes(8000))
                        client.recv(1000)
                    with socket.create_connection(("127.0.0.1", wyoming)) as client:
                        client.sendall(start + chunk + bytes(8000) + b'{"type":"ping"}\\n')
                        client.recv(1000)
            visit(100)
            before = memory()
            visit(500)
            print(memory() - before < 15_000, memory() - before)
            """
        try folder.write(Array(script.utf8), to: "visits.py")
        let outcome = try shell(
            "python3 '\(folder.file("visits.py"))' \(ports.joined(separator: " ")) \(job.processID)")
        #expect(outcome.output.hasPrefix("True"), "\(outcome.output) \(outcome.errors)")
        job.send(SIGTERM)
        #expect(job.wait().ending == .status(0))
    }

    @Test(arguments: [
        (["--host", "0.0.0.0"], 1, "--insecure"),
        (["--wyoming-host", "0.0.0.0", "--port", "0"], 1, "--insecure"),
        (["--token", "short"], 64, "5 characters"), (["--token-file", "/nonexistent"], 1, "no such file"),
        (["--model", "/nonexistent.safetensors"], 1, "no such file"),
        (["--model", "a=x", "--model", "a=y"], 64, "two models"), (["--model", "ä ö"], 64, "NAME=FILE"),
        (["--teach"], 64, "--model FILE"), (["--log", "xml"], 64, "text, json"),
        (["--port", "70000"], 64, "port"),
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
