#!/usr/bin/env python3
"""Has a wyoming-satellite ask mynah-server for a word, and plays Home Assistant to it.

    check_satellite.py SERVER [WORD]

SERVER is the program. The satellite (PyPI's wyoming-satellite, installed into .build/satellite) hears the audio samples from a command, in
real time; its wake word is WORD (stop unless given). Home Assistant has to be told to run its pipeline, from speech to text on, when the
word is said, and gets the sound that follows.
"""
import asyncio
import pathlib
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build" / "satellite"
SATELLITE = "wyoming-satellite==1.0.0"

if not (FOLDER / "installed").exists():
    subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
    subprocess.run([FOLDER / "bin" / "pip", "install", "--quiet", SATELLITE], check=True)
    (FOLDER / "installed").touch()
if pathlib.Path(sys.prefix) != FOLDER:
    # The client library of the satellite's own environment is used from here on.
    raise SystemExit(subprocess.run([FOLDER / "bin" / "python", __file__, *sys.argv[1:]]).returncode)

import server_sound  # noqa: E402
from server_process import Server  # noqa: E402
from wyoming.client import AsyncTcpClient  # noqa: E402
from wyoming.event import Event  # noqa: E402

# A microphone: the samples of a file, as fast as they are spoken.
MICROPHONE = """
import sys, time
data = open(sys.argv[1], 'rb').read()
start = time.monotonic()
for place in range(0, len(data), 2048):
    sys.stdout.buffer.write(data[place:place + 2048])
    sys.stdout.buffer.flush()
    time.sleep(max(0, start + place / 32000 - time.monotonic()))
"""


async def check(server, word, folder):
    samples = server_sound.talk(1, seed=1)[:0]
    for name in ("yes-espeak-us.wav", f"{word}-pico-gb.wav", "left-flite-rms.wav"):
        samples.extend(server_sound.samples_of(server_sound.SAMPLES / name))
        samples.extend([0] * 16_000)
    sound, microphone = f"{folder}/talk.raw", f"{folder}/microphone.py"
    pathlib.Path(sound).write_bytes(samples.tobytes())
    pathlib.Path(microphone).write_text(MICROPHONE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    satellite = subprocess.Popen([
        sys.executable, "-m", "wyoming_satellite", "--name", "test", "--uri", f"tcp://127.0.0.1:{port}", "--no-zeroconf",
        "--mic-command", f"{sys.executable} {microphone} {sound}", "--wake-uri", server.wyoming, "--wake-word-name", word,
    ], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = AsyncTcpClient("127.0.0.1", port)
        for _ in range(200):
            try:
                await client.connect()
                break
            except OSError:
                await asyncio.sleep(0.05)
        await client.write_event(Event("run-satellite"))
        got = []
        while len([kind for kind in got if kind == "audio-chunk"]) < 5:
            event = await asyncio.wait_for(client.read_event(), 20)
            got.append(event.type)
            if event.type == "detection":
                print(f"satellite: {event.data['name']} at {event.data['timestamp']} ms")
                assert event.data["name"] == word, event
            if event.type == "run-pipeline":
                print(f"Home Assistant: run the pipeline from {event.data['start_stage']} on")
        assert got.index("run-pipeline") < got.index("audio-chunk"), got
    finally:
        satellite.terminate()
        satellite.wait()


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder, Server(sys.argv[1]) as server:
        asyncio.run(check(server, sys.argv[2] if len(sys.argv) > 2 else "stop", folder))


if __name__ == "__main__":
    main()
