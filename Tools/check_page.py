#!/usr/bin/env python3
"""Opens the page of mynah-server in headless Chromium, with a WAV file for its microphone.

    check_page.py MYNAH SERVER FOLDER [SECONDS] [RATE]

MYNAH and SERVER are the programs; the words that `mynah listen` finds in SECONDS (20 unless given) of the audio samples have to
appear on the page, in that order and at the same times to one decision of 20 ms, and those of an uploaded file, too. What the page was
told has to be what `mynah listen` finds in the samples that it sent, to the last digit. Then a word is taught by the page, from the
microphone and from a file, heard, and forgotten. Pictures of the page go to
FOLDER: at the size of a desk and of a telephone, light and dark. RATE is that of the WAV file, 48000 unless given.
Needs `chromium` and PyPI's websockets.
"""
import asyncio
import base64
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

import server_sound
import websockets
from server_process import Server


class Browser:
    """Chromium, by the protocol of its developer tools."""

    def __init__(self, folder, microphone):
        self.folder = folder
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if not program:
            raise SystemExit("chromium is not installed: apt-get install chromium")
        self.process = subprocess.Popen([
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
            f"--user-data-dir={folder}/profile", "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={microphone}%noloop",
            "--no-first-run", "--disable-background-networking", "about:blank",
        ], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.number = 0
        self.complaints = []

    async def connect(self):
        port_file = pathlib.Path(self.folder) / "profile" / "DevToolsActivePort"
        for _ in range(600):
            if port_file.exists() and "\n" in port_file.read_text():
                break
            time.sleep(0.05)
        port = port_file.read_text().split()[0]
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
        self.socket = await websockets.connect(address, max_size=None)
        for domain in ("Page", "Runtime", "Log", "DOM"):
            await self.call(f"{domain}.enable")

    async def call(self, method, **parameters):
        self.number += 1
        await self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(await self.socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(message["params"])[:500])
            elif message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
                self.complaints.append(message["params"]["entry"]["text"])
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message["result"]

    async def ask(self, expression):
        """The value of an expression; what it does counts as done by the user."""
        result = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in result:
            raise SystemExit(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    async def wait_for(self, expression, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := await self.ask(expression):
                return value
            await asyncio.sleep(0.1)
        status = await self.ask("document.getElementById('status')?.textContent")
        raise SystemExit(f"after {seconds} s still not: {expression} (status: {status}; {self.complaints})")

    async def choose(self, selector, *files):
        """Chooses files as a user does."""
        document = await self.call("DOM.getDocument")
        chosen = await self.call("DOM.querySelector", nodeId=document["root"]["nodeId"], selector=selector)
        await self.call("DOM.setFileInputFiles", nodeId=chosen["nodeId"], files=files)

    async def pictures(self, path):
        for name, width, height, dark in [("desk-light", 1280, 900, False), ("desk-dark", 1280, 900, True),
                                          ("telephone-light", 390, 844, False), ("telephone-dark", 390, 844, True)]:
            await self.picture(f"{path}-{name}.png", width, height, dark)

    async def picture(self, path, width, height, dark=False):
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if width < 600 else 1, mobile=width < 600)
        await self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        await asyncio.sleep(0.4)
        wide = await self.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.complaints.append(f"the page is {wide} pixels wider than a screen of {width}")
        result = await self.call("Page.captureScreenshot", captureBeyondViewport=True,
                                 clip={"x": 0, "y": 0, "width": width, "height": await self.ask("document.documentElement.scrollHeight"), "scale": 1})
        pathlib.Path(path).write_bytes(base64.b64decode(result["data"]))

    def close(self):
        self.process.terminate()
        self.process.wait()


# So many events are on the page, the last ones.
SHOWN = 200

# Controls without a name, and pictures without a text: what a screen reader would pass over in silence.
NAMELESS = """
[...document.querySelectorAll('button, input, select, canvas, meter, a')].filter((element) =>
  !element.getAttribute('aria-label') && !element.getAttribute('aria-labelledby') && !element.textContent.trim()
  && !element.closest('label')).map((element) => element.outerHTML.slice(0, 80))
"""


def write_floats(path, samples, rate):
    """Writes bytes of samples in single precision as a WAV file of one channel."""
    form = struct.pack("<HHIIHH", 3, 1, rate, 4 * rate, 4, 32)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    pathlib.Path(path).write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)


def spread(told, expected):
    """How far apart the times of the same words are in two recordings of which one begins at some moment of the other, in seconds."""
    delays = [a["end"] - b["end"] for a, b in zip(told, expected)] or [0]
    return (max(delays) - min(delays)) / 2


async def check(mynah, program, pictures, seconds, rate):
    status = 0
    with tempfile.TemporaryDirectory() as folder, Server(program) as server:
        sound = f"{folder}/talk.wav"
        samples = server_sound.talk(seconds, seed=3)
        server_sound.write(sound, samples, rate)

        def listen(path):
            listened = subprocess.run([mynah, "listen", "--json", path], capture_output=True, text=True, check=True)
            return [json.loads(line) for line in listened.stdout.splitlines()]

        def words(events):
            return [event["word"] for event in events]

        expected = listen(sound)
        browser = Browser(folder, sound)
        try:
            await browser.connect()
            await browser.call("Page.navigate", url=server.http)
            await browser.wait_for("document.getElementById('listen') && !document.getElementById('listen').disabled", 20)
            nameless = await browser.ask(NAMELESS)
            if nameless:
                browser.complaints.append(f"without a name: {nameless}")
            # What the page is told, as it is told.
            await browser.ask("""
              window.told = [];
              window.sent = [];
              const Socket = window.WebSocket;
              window.WebSocket = class extends Socket {
                constructor(...parts) {
                  super(...parts);
                  this.addEventListener('message', ({ data }) => { const line = JSON.parse(data); if (line.word) told.push(line); });
                }
                send(data) {
                  if (typeof data === 'string') window.opening ??= JSON.parse(data);
                  else sent.push(new Uint8Array(data.buffer ?? data).slice());
                  super.send(data);
                }
              };
              document.getElementById('listen').click()
            """)
            await browser.wait_for("document.getElementById('status').textContent.startsWith('Listening')", 20)
            await asyncio.sleep(min(6, seconds / 2))
            await browser.pictures(f"{pictures}/page")
            await browser.wait_for(f"told.length >= {len(expected)}", seconds + 20)
            told = await browser.ask("told")
            shown = await browser.ask("[...document.querySelectorAll('#events b')].map((word) => word.textContent).reverse()")
            await browser.ask("document.getElementById('listen').click()")
            opening = await browser.ask("opening")
            sent = base64.b64decode(await browser.ask("""
              new Promise((resolve) => {
                const reader = new FileReader();
                reader.onload = () => resolve(reader.result.split(',')[1]);
                reader.readAsDataURL(new Blob(sent));
              })
            """))
            write_floats(f"{folder}/sent.wav", sent, opening["rate"])
            heard = listen(f"{folder}/sent.wav")[: len(told)]
            same = words(told[: len(expected)]) == words(expected) and shown == words(told)[-SHOWN:]
            exact = opening["format"] == "f32le" and heard == told
            # The microphone was heard from some moment of the file on, which lies anywhere between two decisions, of which there is one
            # in 20 ms.
            farthest = spread(told, expected)
            for milliseconds in range(1, 20):
                server_sound.write(f"{folder}/later.wav", samples[16 * milliseconds:], rate)
                later = listen(f"{folder}/later.wav")
                if words(later) == words(expected):
                    farthest = min(farthest, spread(told, later))
            print(f"microphone at {rate} Hz: {len(told)} events of {len(expected)}, words {'equal' if same else 'DIFFERENT'}, "
                  f"those in the samples that were sent at {opening['rate']} Hz {'equal' if exact else 'DIFFERENT'}; "
                  f"times within {1000 * farthest:.0f} ms of the file's")
            status |= not same or not exact or farthest > 0.0201
            await browser.choose("#chosen", sound)
            await browser.wait_for("document.querySelectorAll('#file-events li').length", 60)
            found = await browser.ask("[...document.querySelectorAll('#file-events b')].map((word) => word.textContent)")
            same = found == words(expected)
            print(f"file: {len(found)} words, {'equal' if same else 'DIFFERENT'}")
            status |= not same
            await browser.picture(f"{pictures}/page-file.png", 1280, 900)
            for complaint in browser.complaints:
                print(f"complaint: {complaint}")
            status |= bool(browser.complaints)
        finally:
            browser.close()
    return status


async def check_teaching(program, pictures, rate):
    """Teaches a word by the page, and forgets it."""
    with tempfile.TemporaryDirectory() as folder, Server(program, "--teach", "--model", f"{folder}/mine.safetensors") as server:
        sound, clip = f"{folder}/talk.wav", f"{folder}/clip.wav"
        server_sound.write(sound, server_sound.talk(60, seed=5, word="stop"), rate)
        server_sound.write(clip, server_sound.talk(2, seed=6, word="stop"))
        browser = Browser(folder, sound)
        try:
            await browser.connect()
            await browser.call("Page.navigate", url=server.http)
            await browser.wait_for("document.getElementById('teaching') && !document.getElementById('teaching').hidden", 20)
            status = "document.getElementById('teaching-status').textContent"
            count = "document.querySelectorAll('#takes li').length"
            await browser.ask("document.getElementById('teach-word').value = 'halt'")
            await browser.ask("document.getElementById('record').click()")
            await browser.wait_for(f"{status}.startsWith('Say')", 20)
            await browser.wait_for(f"{count} === 5 && {status}.startsWith('Listen')", 60)
            # One is heard again, one is recorded again, and another one comes from a file.
            await browser.ask("document.querySelector('#takes audio').play()")
            await browser.ask("document.querySelector('#takes button').click()")
            await browser.wait_for(f"{status}.startsWith('Say')", 20)
            await browser.wait_for(f"{status}.startsWith('Listen')", 20)
            await browser.choose("#take-files", clip)
            await browser.wait_for(f"{count} === 6", 5)
            nameless = await browser.ask(NAMELESS)
            if nameless:
                browser.complaints.append(f"without a name: {nameless}")
            await browser.pictures(f"{pictures}/teaching-takes")
            await browser.ask("document.getElementById('send').click()")
            await browser.wait_for("document.querySelectorAll('#taught-words li').length === 1", 60)
            await browser.wait_for("!document.getElementById('record').disabled", 60)
            print(f"taught: {await browser.ask(status)}")
            words = await browser.ask("document.getElementById('table').textContent")
            if "halt" not in words:
                browser.complaints.append(f"the model is not shown anew: {words}")
            await browser.pictures(f"{pictures}/teaching")
            known = json.load(urllib.request.urlopen(f"{server.http}v1/models/mine/words"))["words"]
            if [(line["word"], line["takes"]) for line in known] != [("halt", 6)]:
                browser.complaints.append(f"taught: {known}")
            for _ in range(2):
                await browser.ask("document.querySelector('#taught-words button').click()")
            await browser.wait_for("document.querySelectorAll('#taught-words li').length === 0", 20)
            for complaint in browser.complaints:
                print(f"complaint: {complaint}")
            return bool(browser.complaints)
        finally:
            browser.close()


async def check_all(mynah, program, pictures, seconds, rate):
    status = await check(mynah, program, pictures, seconds, rate)
    return status | await check_teaching(program, pictures, rate)


def main():
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    mynah, program, pictures = sys.argv[1:4]
    pathlib.Path(pictures).mkdir(parents=True, exist_ok=True)
    seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 20
    rate = int(sys.argv[5]) if len(sys.argv) > 5 else 48_000
    raise SystemExit(asyncio.run(check_all(mynah, program, pictures, seconds, rate)))


if __name__ == "__main__":
    main()
