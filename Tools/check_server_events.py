#!/usr/bin/env python3
"""Makes sure that a sound gives the same events through a file, Wyoming, WebSocket and an upload.

    check_server_events.py MYNAH SERVER [SECONDS | SOUND.wav …]

MYNAH and SERVER are the programs; SOUND.wav has 16-bit samples. Without one, SECONDS (600 unless given) of the audio samples
are heard, at 16 and at 48 kHz. The other ends are PyPI's wyoming and websockets (Tools/requirements-server.txt).
"""
import asyncio
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request
import wave

import server_sound
import websockets
from server_process import Server
from wyoming.audio import wav_to_chunks
from wyoming.client import AsyncTcpClient
from wyoming.info import Describe, Info
from wyoming.wake import Detect, Detection, NotDetected


async def wyoming_events(uri, path):
    client = AsyncTcpClient(uri.split("/")[2].split(":")[0], int(uri.rsplit(":", 1)[1]))
    await client.connect()
    await client.write_event(Describe().event())
    info = Info.from_event(await client.read_event())
    names = [model.name for model in info.wake[0].models]
    await client.write_event(Detect(names=names).event())
    events = []

    async def read():
        while event := await client.read_event():
            if Detection.is_type(event.type):
                detection = Detection.from_event(event)
                line = {key: event.data[key] for key in ("word", "start", "end", "confidence")}
                assert detection.name == line["word"]
                assert detection.timestamp == round(1000 * line["end"]), (detection, line)
                events.append(line)
            else:
                return event
        return None

    reading = asyncio.create_task(read())
    with wave.open(str(path)) as file:
        for item in wav_to_chunks(file, 1024, start_event=True, stop_event=True):
            await client.write_event(item.event())
    # Where nothing is detected, that is told; elsewhere an event that the server answers ends the reading.
    await client.write_event(Describe().event())
    # Events on the event loop overtake sound that waits to be heard, so the last ones are waited for.
    end = await asyncio.wait_for(reading, 600)
    if end is not None and not NotDetected.is_type(end.type):
        reading = asyncio.create_task(read())
        done, _ = await asyncio.wait([reading], timeout=20)
        if not done:
            reading.cancel()
    await client.disconnect()
    return events


async def websocket_events(url, path):
    with wave.open(str(path)) as file:
        rate, samples = file.getframerate(), file.readframes(file.getnframes())
    events = []
    address = url.replace("http", "ws", 1) + "v1/listen"
    async with websockets.connect(address, subprotocols=["mynah.v1"], max_size=None) as socket:
        await socket.send(json.dumps({"rate": rate}))
        assert "ready" in json.loads(await socket.recv())

        async def read():
            async for message in socket:
                line = json.loads(message)
                if "finished" in line:
                    return
                events.append(line)

        reading = asyncio.create_task(read())
        for start in range(0, len(samples), 3_333):
            await socket.send(samples[start : start + 3_333])
        await socket.send(json.dumps({"finish": True}))
        await asyncio.wait_for(reading, 600)
    return events


def upload_events(url, path):
    request = urllib.request.Request(
        url + "v1/detect", pathlib.Path(path).read_bytes(), {"Accept": "application/x-ndjson"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        return [json.loads(line) for line in answer]


def check(mynah, server, path):
    listened = subprocess.run([mynah, "listen", "--json", path], capture_output=True, text=True, check=True)
    expected = [json.loads(line) for line in listened.stdout.splitlines()]
    status = 0
    for name, events in [
        ("Wyoming", asyncio.run(wyoming_events(server.wyoming, path))),
        ("WebSocket", asyncio.run(websocket_events(server.http, path))),
        ("upload", upload_events(server.http, path)),
    ]:
        same = events == expected
        print(f"{pathlib.Path(path).name}: {name}: {len(events)} events, {'equal' if same else 'DIFFERENT'}"
              f" to the {len(expected)} of the file")
        status |= not same
    return status


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    mynah, program, *rest = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        sounds = [sound for sound in rest if not sound.isdigit()]
        if not sounds:
            samples = server_sound.talk(int(rest[0]) if rest else 600)
            for rate in (16_000, 48_000):
                sounds.append(f"{folder}/talk-{rate // 1000}khz.wav")
                server_sound.write(sounds[-1], samples, rate)
        with Server(program) as server:
            status = 0
            for sound in sounds:
                status |= check(mynah, server, sound)
        raise SystemExit(status)


if __name__ == "__main__":
    main()
