#!/usr/bin/env python3
"""Wears mynah-server: many requests, clients that come and go at any moment or fall silent, and a day of sound.

    soak_server.py MYNAH SERVER [REQUESTS] [CLIENTS] [SILENT] [HOURS]

REQUESTS (1,000,000 unless given, by wrk), CLIENTS that disconnect at random moments (10,000), SILENT ones at the same time that begin
something and never end it (10,000, as far as descriptors go), and HOURS of sound as fast as they go through one WebSocket (24). In the first
three a stream hears a minute over and over, in real time, and has to get each event of it, once. Exit status 1 where an event is lost
or doubled, or differs from those of `mynah listen`, or the process ends.
"""
import json
import pathlib
import random
import resource
import socket
import struct
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tools"))
sys.path.insert(0, str(ROOT / "Benchmarks"))
import server_sound  # noqa: E402
from compare_servers import mynah as served  # noqa: E402

UPGRADE = (b"GET /v1/listen HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def frame(opcode, payload):
    """A frame under a mask of zeros."""
    length = len(payload)
    head = bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack(">H", length) if length < 1 << 16 else b"\xff" + struct.pack(">Q", length)
    return bytes([0x80 | opcode]) + head + bytes(4) + payload


class Stream:
    """A stream by WebSocket; the lines that it gets are read by a thread."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(UPGRADE)
        self.file = self.socket.makefile("rb")
        while self.file.readline() != b"\r\n":
            pass
        self.socket.sendall(frame(1, b'{"rate":16000}'))
        self.lines = []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while True:
            head = self.file.read(2)
            if len(head) < 2:
                return
            length = head[1] & 127
            if length == 126:
                length = struct.unpack(">H", self.file.read(2))[0]
            payload = self.file.read(length)
            if head[0] == 0x81 and payload.startswith(b'{"finished"'):
                return
            if head[0] == 0x89:
                self.socket.sendall(frame(10, payload))
            if head[0] == 0x81 and b'"word"' in payload:
                self.lines.append(payload.decode())

    def finish(self):
        self.socket.sendall(frame(1, b'{"finish":true}'))
        self.thread.join(60)
        self.socket.close()
        return self.lines


def listened(program, write):
    """The lines of `mynah listen` of raw samples, which `write` writes to its input."""
    process = subprocess.Popen([program, "listen", "-", "--raw", "16000", "--json"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout.read().decode().splitlines()))
    reader.start()
    write(process.stdin)
    process.stdin.close()
    reader.join()
    process.wait()
    return lines


class Companion:
    """The stream that behaves, in real time, while something else goes on."""

    def __init__(self, program, port, sound):
        self.program, self.stream, self.sound = program, Stream(port), sound
        self.sent = 0
        self.goes_on = True
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def chunk(self, index):
        start = index * 1_280 % (len(self.sound) // 1_280 * 1_280)
        return self.sound[start : start + 1_280]

    def run(self):
        start = time.monotonic()
        while self.goes_on:
            self.stream.socket.sendall(frame(2, self.chunk(self.sent)))
            self.sent += 1
            time.sleep(max(0, start + 0.04 * self.sent - time.monotonic()))

    def is_whole(self):
        self.goes_on = False
        self.thread.join()
        lines = self.stream.finish()
        expected = listened(self.program, lambda file: [file.write(self.chunk(index)) for index in range(self.sent)])
        same = lines == expected
        print(f"  the stream beside it: {0.04 * self.sent:.0f} s, {len(lines)} events, "
              f"{'equal' if same else 'DIFFERENT'} to {len(expected)} of mynah listen")
        return same


def requests(process, count):
    done = 0
    while done < count:
        result = subprocess.run(
            ["wrk", "-t1", "-c32", "-d10s", f"http://127.0.0.1:{process.http}/v1/models/commands"],
            capture_output=True, text=True, check=True).stdout
        done += int(next(line.split()[0] for line in result.splitlines() if "requests in" in line))
        if "Non-2xx" in result or "Socket errors" in result:
            print(result)
    return done


def clients(process, count, sound):
    """Connects, sends a part of something, and goes; a few stay for a moment."""
    chance = random.Random(1)
    clip = pathlib.Path(ROOT / "audio-samples" / "yes-espeak-us.wav").read_bytes()
    upload = b"POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(clip) + clip
    stream = UPGRADE + frame(1, b'{"rate":16000,"posteriors":true}') + b"".join(
        frame(2, sound[start : start + 4_000]) for start in range(0, 200_000, 4_000))
    fmt = b'{"rate":16000,"width":2,"channels":1}'
    wyoming = b'{"type":"audio-start","data_length":%d}\n' % len(fmt) + fmt + b"".join(
        b'{"type":"audio-chunk","data_length":%d,"payload_length":4000}\n' % len(fmt) + fmt + sound[start : start + 4_000]
        for start in range(0, 200_000, 4_000))
    open_ones = []
    for _ in range(count):
        bytes_, port = chance.choice([(upload, process.http), (stream, process.http), (wyoming, process.wyoming)])
        client = socket.create_connection(("127.0.0.1", port))
        client.settimeout(5)
        if chance.random() < 0.3:
            # Nothing is read, and the connection is torn down.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            client.sendall(bytes_[: int(len(bytes_) * chance.random() ** 2)])
            if chance.random() < 0.3:
                client.recv(1_000) if chance.random() < 0.3 and bytes_ is stream else None
        except OSError:
            pass
        open_ones.append(client)
        if len(open_ones) > chance.randrange(40):
            open_ones.pop(chance.randrange(len(open_ones))).close()
    for client in open_ones:
        client.close()
    return count


def silent(process, count):
    """Connections that begin a request or an event, and then say no more, until the server has dropped them."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    begun = [(b"GET /v1/models HT", process.http), (b'{"type":"audio-ch', process.wyoming)]
    connections = []
    for index in range(count):
        text, port = begun[index % 2]
        connections.append(socket.create_connection(("127.0.0.1", port)))
        connections[-1].sendall(text)
    print(f"  {process.resident_kilobytes:,} KiB while they are open")
    for connection in connections:
        connection.settimeout(60)
        try:
            # What is wrong, and the end.
            while connection.recv(4_096):
                pass
        except ConnectionResetError:
            pass
        connection.close()
    return count


def day(program, process, hours, sound):
    """Sound as fast as it goes, and the process's memory meanwhile."""
    total = int(hours * 3_600 * 32_000)
    start = time.monotonic()
    stream = Stream(process.http)
    memory = []
    # Not a multiple of a minute, so that the sound does not begin anew at the same places.
    piece = frame(2, sound[:60_000])
    rest = [frame(2, sound[place : place + 60_000]) for place in range(60_000, len(sound) - 60_000, 60_000)]
    cycle = [piece, *rest]
    count = total // 60_000
    for index in range(count):
        stream.socket.sendall(cycle[index % len(cycle)])
        if index % max(1, count // 10) == 0:
            memory.append(process.resident_kilobytes)
    lines = stream.finish()
    seconds = time.monotonic() - start
    memory.append(process.resident_kilobytes)
    expected = listened(program, lambda file: [file.write(cycle[index % len(cycle)][-60_000:]) for index in range(count)])
    same = lines == expected
    print(f"a day: {hours} h of sound in {seconds:.0f} s ({hours * 3_600 / seconds:.0f} times as fast), {len(lines)} events, "
          f"{'equal' if same else 'DIFFERENT'} to {len(expected)} of mynah listen; "
          f"memory (KiB) {', '.join(map(str, memory))}")
    return same


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    program, server = sys.argv[1:3]
    given = sys.argv[3:]
    counts = [int(text) for text in given[:3] + ["1000000", "10000", "10000"][len(given):]]
    hours = float(given[3]) if len(given) > 3 else 24
    sound = server_sound.talk(61).tobytes()
    is_whole = True
    with served(server) as process:
        parts = [("requests", lambda count: requests(process, count)),
                 ("clients that come and go", lambda count: clients(process, count, sound)),
                 ("clients that fall silent", lambda count: silent(process, count))]
        for count, (name, body) in zip(counts, parts):
            if not count:
                continue
            # What the first ones take is kept for those that follow.
            time.sleep(0.5)
            before = process.resident_kilobytes
            companion = Companion(program, process.http, sound)
            start = time.monotonic()
            done = body(count)
            print(f"{done:,} {name} in {time.monotonic() - start:.0f} s; memory {before:,} KiB before, "
                  f"{process.resident_kilobytes:,} KiB after")
            is_whole &= companion.is_whole()
        if hours:
            is_whole &= day(program, process, hours, sound)
        time.sleep(1)
        with socket.create_connection(("127.0.0.1", process.http)) as client:
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            text = b"".join(iter(lambda: client.recv(65_536), b"")).decode()
        for series in ("mynah_streams{transport=\"websocket\"}", "mynah_streams{transport=\"wyoming\"}", "mynah_connections{transport=\"http\"}"):
            print(next(line for line in text.splitlines() if line.startswith(series)))
        is_whole &= process.process.poll() is None
    raise SystemExit(0 if is_whole else 1)


if __name__ == "__main__":
    main()
