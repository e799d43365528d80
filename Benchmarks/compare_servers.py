#!/usr/bin/env python3
"""Measures mynah-server on this machine, with its clients beside it, and wyoming-openwakeword in the same run.

    compare_servers.py LOAD SERVER [SECONDS]

LOAD is the program ServerLoad, SERVER mynah-server; each round lasts SECONDS (20 unless given). The peer is installed from PyPI
into .build/server-peer. What is printed are the tables of Documentation/server.md.
"""
import functools
import json
import os
import pathlib
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tools"))
import server_sound  # noqa: E402

print = functools.partial(print, flush=True)
PEER = "wyoming-openwakeword==1.8.2"


class Process:
    """A server that ends with the block."""

    def __init__(self, command, is_ready):
        self.command, self.is_ready = command, is_ready

    def __enter__(self):
        self.start = time.monotonic()
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.is_ready(self)
        self.seconds_to_start = time.monotonic() - self.start
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)

    @property
    def resident_kilobytes(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def mynah(server, model=None):
    def is_ready(process):
        process.http = int(process.process.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        process.wyoming = int(process.process.stdout.readline().rsplit(":", 1)[1])
        urllib.request.urlopen(f"http://127.0.0.1:{process.http}/health").read()

    return Process([server, "--port", "0", "--wyoming-port", "0", "--max-streams", "2000",
                    "--max-streams-per-client", "2000", "--max-connections", "20000",
                    *(["--model", model] if model else [])], is_ready)


def peer():
    folder = ROOT / ".build" / "server-peer"
    if not (folder / "bin" / "wyoming-openwakeword").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", PEER, "numpy<2"], check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def is_ready(process):
        process.wyoming = port
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionRefusedError:
                if process.process.poll() is not None:
                    raise SystemExit(f"{PEER} does not start") from None
                time.sleep(0.05)

    return Process([folder / "bin" / "python", "-m", "wyoming_openwakeword", "--uri", f"tcp://127.0.0.1:{port}",
                    "--preload-model", "ok_nabu"], is_ready)


def load(program, protocol, port, sound, streams, seconds, milliseconds, process):
    result = subprocess.run(
        [program, protocol, str(port), sound, str(streams), str(seconds), str(milliseconds), str(process.process.pid)],
        capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    return json.loads(result.stdout)


def idle_memory(process, count=1_000):
    """KiB for each connection that has asked once and then does nothing."""
    before = process.resident_kilobytes
    connections = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", process.http))
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(4_096)
        connections.append(connection)
    time.sleep(1)
    per_connection = (process.resident_kilobytes - before) / count
    for connection in connections:
        connection.close()
    return per_connection


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    program, server = sys.argv[1:3]
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    with tempfile.TemporaryDirectory() as folder:
        talk, noise = f"{folder}/talk.wav", f"{folder}/noise.wav"
        samples = server_sound.talk(60)
        server_sound.write(talk, samples)
        # Nothing is detected in it, so that the end of a sound is answered alike by both.
        chance = random.Random(2)
        server_sound.write(noise, type(samples)("h", (chance.randrange(-40, 41) for _ in samples)))

        starts = []
        for _ in range(10):
            with mynah(server) as process:
                starts.append(1_000 * process.seconds_to_start)
        print(f"{os.cpu_count()} cores, server and client on both")
        print(f"start to first answer: median {statistics.median(starts):.0f} ms, longest {max(starts):.0f} ms")
        with mynah(server) as process:
            print(f"memory of an idle connection: {idle_memory(process):.1f} KiB")

        print("\n| streams | chunk | events late by: median | p99 | longest | wrong streams | server | client | memory of a stream |")
        print("|---|---|---|---|---|---|---|---|---|")
        for streams, milliseconds in [(300, 20), (300, 40), (300, 80), (400, 40), (500, 40), (600, 40)]:
            with mynah(server) as process:
                row = load(program, "websocket", process.http, talk, streams, seconds, milliseconds, process)
            print(f"| {streams} | {milliseconds} ms | {row['medianMilliseconds']:.1f} ms | {row['p99Milliseconds']:.1f} ms | "
                  f"{row['longestMilliseconds']:.0f} ms | {row['wrongStreams']} | {row['serverCores']:.2f} cores | "
                  f"{row['clientCores']:.2f} cores | {row['kilobytesPerStream']:.0f} KiB |")

        print("\n| Wyoming, chunks of 64 ms | streams | answer to the end: median | p99 | core per stream |")
        print("|---|---|---|---|---|")
        shares = {}
        tiny = ROOT / "models" / "commands-tiny.safetensors"
        for name, make, counts in [("mynah-server", lambda: mynah(server), (300,)),
                                   ("mynah-server, commands-tiny", lambda: mynah(server, tiny), (300,)),
                                   (PEER, peer, (1, 8, 16))]:
            for streams in counts:
                with make() as process:
                    row = load(program, "wyoming", process.wyoming, noise, streams, seconds, 64, process)
                share = row["serverCores"] / streams
                shares.setdefault(name, []).append(share)
                print(f"| {name} | {streams} | {row['endMedianMilliseconds'] or float('nan'):.1f} ms | "
                      f"{row['endP99Milliseconds'] or float('nan'):.1f} ms | {share:.5f} |")
        own = {name: min(of) for name, of in shares.items() if name != PEER}
        print()
        for name, share in own.items():
            print(f"streams per core, {name} to {PEER}: {min(shares[PEER]) / share:.1f}")


if __name__ == "__main__":
    main()
