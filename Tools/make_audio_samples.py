#!/usr/bin/env python3
"""Makes the clips of audio-samples/ from its manifest, and listens to them.

Each row of audio-samples/manifest.tsv is one recipe: what is said, by which
synthesizer and voice, how fast, how loud, and how the file is encoded. To swap
a clip, edit its row and run this script again.

    Tools/make_audio_samples.py                 make every clip of the manifest
    Tools/make_audio_samples.py yes-pico-us.wav make only the clips named
    Tools/make_audio_samples.py --check         let two recognizers hear the clips
    Tools/make_audio_samples.py --pool DIR      every voice says every command
    Tools/make_audio_samples.py --check --pool DIR    ... and judge that pool

audio-samples/README.md says what to install. The same versions give the same
bytes again.
"""

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
    import soundfile
except ImportError as error:
    sys.exit(f"error: {error}: pip install -r Tools/requirements-audio-samples.txt")

from audio_sample_listeners import COMMANDS, ClosedGrammar, OpenVocabulary
from audio_sample_voices import SEED, SYNTHESIZERS, Missing, Unsuitable, run

SAMPLES = Path(__file__).resolve().parent.parent / "audio-samples"
CLIP_SECONDS = 1.0
POOL_SPEEDS = (1.0, 0.8)


# --- Signal: everything below works on mono float64 ---


def resample(samples, rate, wanted):
    if rate == wanted:
        return samples
    if shutil.which("sox") is None:
        raise Missing("sox is not installed: apt-get install sox")
    raw = ["-t", "f64", "-c", "1"]
    done = subprocess.run(
        ["sox", "-R", *raw, "-r", str(rate), "-", *raw, "-", "rate", "-v", str(wanted)],
        input=samples.astype("<f8").tobytes(), capture_output=True, check=True)
    return np.frombuffer(done.stdout, dtype="<f8")


def centre(samples, rate):
    """Cuts one second around the middle of the speech, and makes it silent 100 ms before and after the speech.

    Speech is what lies within 40 dB of the loudest 10 ms. A final "f" is weaker
    than that: it is what the margin keeps.
    """
    hop = rate // 100
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    level = np.sqrt(np.mean(frames**2, axis=1))
    if not level.size or level.max() == 0:
        raise Unsuitable("the synthesizer gave silence")
    loud = np.flatnonzero(level > level.max() / 100)
    begin, end = loud[0] * hop, (loud[-1] + 1) * hop
    length = round(CLIP_SECONDS * rate)
    spare = length - (end - begin)
    if spare < 0:
        raise Unsuitable(f"the speech lasts {(end - begin) / rate:.2f} s, more than {CLIP_SECONDS} s: raise its speed")
    margin = min(10 * hop, spare // 2)
    padded = np.pad(samples, margin)
    kept = padded[begin : end + 2 * margin].copy()
    ramp = np.linspace(0, 1, margin)
    kept[:margin] *= ramp
    kept[len(kept) - margin :] *= ramp[::-1]
    before = (length - len(kept)) // 2
    return np.pad(kept, (before, length - len(kept) - before))


def noise(colour, rate):
    """White or pink (1/f power) Gaussian noise from a fixed seed."""
    length = round(CLIP_SECONDS * rate)
    white = np.random.Generator(np.random.PCG64(SEED)).standard_normal(length)
    if colour == "white":
        return white
    if colour != "pink":
        raise Unsuitable(f"noise is white or pink, not {colour}")
    spectrum = np.fft.rfft(white)
    frequency = np.arange(len(spectrum))
    spectrum[0] = 0
    spectrum[1:] /= np.sqrt(frequency[1:])
    spectrum[frequency * rate / length < 20] = 0
    return np.fft.irfft(spectrum, length)


def speak(synthesizer, voice, text, speed, rate):
    """One second of `text`, centred, at `rate` Hz."""
    if synthesizer not in SYNTHESIZERS:
        raise Unsuitable(f"unknown synthesizer {synthesizer}")
    samples, made = SYNTHESIZERS[synthesizer][0](text, voice, speed)
    return centre(resample(samples, made, rate), rate)


def at_peak(samples, decibels):
    """Scales so that the largest sample is `decibels` below full scale."""
    peak = np.max(np.abs(samples))
    return samples if peak == 0 else samples * (10 ** (decibels / 20) / peak)


# --- Files ---

WAV = {"pcm16": "PCM_16", "pcm24": "PCM_24", "mulaw": "ULAW"}


def write(path, samples, rate, channels, encoding):
    """Writes the clip; every channel after the first is 6 dB below the one before it."""
    signal = samples[:, None] * 0.5 ** np.arange(channels) if channels > 1 else samples
    if encoding in WAV:
        soundfile.write(path, signal, rate, format="WAV", subtype=WAV[encoding])
    elif encoding == "flac":
        soundfile.write(path, signal, rate, format="FLAC", subtype="PCM_16")
    elif encoding in ("vorbis", "opus"):
        # The command-line encoders take the stream's serial number; libsndfile draws it at random.
        with tempfile.TemporaryDirectory() as folder:
            wav = str(Path(folder) / "clip.wav")
            soundfile.write(wav, signal, rate, subtype="PCM_16")
            if encoding == "vorbis":
                run(["oggenc", "-Q", "-q", "5", "-s", "1", "-o", str(path), wav], "apt-get install vorbis-tools")
            else:
                run(["opusenc", "--quiet", "--bitrate", "32", "--serial", "1", wav, str(path)],
                    "apt-get install opus-tools")
    else:
        raise Unsuitable(f"unknown encoding {encoding}")


def manifest():
    with open(SAMPLES / "manifest.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def make(row):
    rate = int(row["sampleRate"])
    if row["synthesizer"] == "none":
        samples = np.zeros(round(CLIP_SECONDS * rate))
    elif row["synthesizer"] == "noise":
        samples = noise(row["voice"], rate)
    else:
        samples = speak(row["synthesizer"], row["voice"], row["text"], float(row["speed"]), rate)
    write(SAMPLES / row["file"], at_peak(samples, float(row["peakDecibels"])),
          rate, int(row["channels"]), row["encoding"])


def make_pool(folder):
    """Every voice says every command at each of POOL_SPEEDS, as 16 kHz 16-bit mono WAV of one second."""
    failures = {}
    for synthesizer, (_, voices) in SYNTHESIZERS.items():
        for voice in voices:
            name = f"{synthesizer}-{voice}".replace("_", "-")
            for word in COMMANDS:
                for take, speed in enumerate(POOL_SPEEDS):
                    path = folder / word / f"{name}_nohash_{take}.wav"
                    try:
                        samples = speak(synthesizer, voice, word, speed, 16000)
                    except (Missing, Unsuitable) as error:
                        failures[f"{word}/{path.name}"] = error
                        continue
                    path.parent.mkdir(parents=True, exist_ok=True)
                    write(path, at_peak(samples, -6), 16000, 1, "pcm16")
    return failures


def check(clips):
    """Prints what each recognizer hears in `(path, label, text)`; returns how many clips neither understands."""
    listeners = [ClosedGrammar(), OpenVocabulary()]
    print("\t".join(["file", "label", "text", *(listener.name for listener in listeners), "verdict"]))
    misheard = 0
    for path, label, text in clips:
        samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
        # A quiet clip is turned up: the question is what is said, not how loud.
        samples = at_peak(resample(samples.mean(axis=1), rate, 16000), -6)
        heard = [listener.hear(samples) for listener in listeners]
        agreeing = sum(word == text for word in heard)
        verdict = "-" if not text else ["misheard", "one", "both"][agreeing]
        misheard += verdict == "misheard"
        print("\t".join([str(path), label, text, *heard, verdict]), flush=True)
    return misheard


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="*", help="clips to make or check (default: all of the manifest)")
    parser.add_argument("--check", action="store_true", help="listen to the clips that are there, make none")
    parser.add_argument("--pool", type=Path, metavar="DIR", help="work on a pool of candidates in DIR instead")
    options = parser.parse_args()
    rows = manifest()
    unknown = set(options.file) - {row["file"] for row in rows}
    if unknown:
        parser.error(f"not in the manifest: {', '.join(sorted(unknown))}")
    rows = [row for row in rows if not options.file or row["file"] in options.file]

    if options.check:
        if options.pool:
            clips = [(path, word, word) for word in COMMANDS for path in sorted((options.pool / word).glob("*.wav"))]
        else:
            clips = [(SAMPLES / row["file"], row["label"], row["text"]) for row in rows]
        misheard = check(clips)
        print(f"{misheard} of {len(clips)} clips understood by neither recognizer", file=sys.stderr)
        return 1 if misheard else 0

    if options.pool:
        failures = make_pool(options.pool)
    else:
        failures = {}
        for row in rows:
            try:
                make(row)
            except (Missing, Unsuitable) as error:
                failures[row["file"]] = error
    for name, error in failures.items():
        print(f"{name}: not made: {error}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Missing as error:
        sys.exit(f"error: {error}")
