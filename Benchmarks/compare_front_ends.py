#!/usr/bin/env python3
"""Compares the speed of front ends on one second of speech and prints one table.

    Benchmarks/compare_front_ends.py .build/benchmarks/release/FrontEndBenchmark

All run one after the other, five times in turn, on one thread each. A figure is the median over the five runs of the
median over the repetitions of one run, in microseconds of processor time for a second of audio. `make bench` builds
Mynah's side first.
"""

import array
import pathlib
import sys
import tempfile
import wave

import comparison

ROUNDS = 5
CLIP = comparison.ROOT / "audio-samples" / "left-flite-rms.wav"
PEERS = ["kaldi_native_fbank", "librosa", "python_speech_features", "torchaudio"]

# What the columns `settings` and `mode` of a case are called in the table, in its order.
CASES = {
    ("mynah", "whole clip"): "40 MFCC, 30/10 ms",
    ("mynah", "10 ms chunks"): "the same in chunks of 10 ms",
    ("kaldi", "whole clip"): "kaldi's defaults",
    ("kaldi", "10 ms chunks"): "the same in chunks of 10 ms",
    ("librosa", "whole clip"): "librosa's defaults",
    ("python-speech-features", "whole clip"): "python_speech_features' defaults",
    ("torchaudio", "whole clip"): "torchaudio's defaults",
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    python = comparison.environment(
        "front-end-peers", required=["requirements.txt"], optional=["requirements-torchaudio.txt"])
    with tempfile.TemporaryDirectory() as folder:
        clip = pathlib.Path(folder) / "clip.f32"
        clip.write_bytes(samples(CLIP))
        scripts = [[python, comparison.PEERS / f"run_{peer}.py", clip] for peer in PEERS]
        lines = comparison.alternate([[sys.argv[1], clip], *scripts], ROUNDS)
    missing = {line["peer"]: line["missing"] for line in lines if "missing" in line}
    for peer, reason in missing.items():
        comparison.note(f"{peer} is left out: {reason}")
    print(f"{CLIP.name}, {ROUNDS} runs in turn, one thread each; {comparison.machine()}\n")
    comparison.print_table(
        ["settings", "features", "front end", "µs per second of audio", "times Mynah's"],
        rows([line for line in lines if "missing" not in line]))


def samples(path):
    """The samples of a mono WAV file of 16 bits as little-endian float32 within ±1."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000), path
        numbers = array.array("h", file.readframes(file.getnframes()))
    return array.array("f", [number / 32_768 for number in numbers]).tobytes()


def rows(lines):
    for (settings, mode), name in CASES.items():
        runs = {}
        for line in lines:
            if (line["settings"], line["mode"]) == (settings, mode):
                runs.setdefault((line["peer"], line["how"]), []).append(line)
        ours = microseconds(runs["mynah", ""])
        for (peer, how), of_peer in runs.items():
            line = of_peer[0]
            time = microseconds(of_peer)
            title = " ".join([peer, line.get("version", "")]).strip() + (f", {how}" if how else "")
            yield [name, f"{line['rows']} × {line['columns']}", title, f"{time:,.0f}", f"{time / ours:.1f}"]


def microseconds(runs):
    return comparison.median(runs, "medianMicroseconds") / runs[0]["audioSeconds"]


if __name__ == "__main__":
    main()
