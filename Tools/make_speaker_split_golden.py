#!/usr/bin/env python3
"""Writes Tests/MynahDataTests/Fixtures/speaker-split.tsv: file names and the splits that they fall to.

The rule is that of TensorFlow's speech_commands/input_data.py (which_set), computed here with Python's hashlib. Names
close to the two thresholds are looked for, so that an error of one part in a million shows.

Usage: python3 Tools/make_speaker_split_golden.py
"""

import hashlib
import pathlib
import re

MAX_NUM_WAVS_PER_CLASS = 2**27 - 1


def percentage(name):
    hashed = re.sub(r"_nohash_.*$", "", name)
    digest = int(hashlib.sha1(hashed.encode()).hexdigest(), 16)
    return (digest % (MAX_NUM_WAVS_PER_CLASS + 1)) * (100.0 / MAX_NUM_WAVS_PER_CLASS)


def split(name):
    share = percentage(name)
    return "validation" if share < 10 else "testing" if share < 20 else "training"


def closest(threshold, count):
    names = [f"{number:08x}_nohash_0.wav" for number in range(200_000)]
    below = sorted((n for n in names if percentage(n) < threshold), key=percentage)[-count:]
    above = sorted((n for n in names if percentage(n) >= threshold), key=percentage)[:count]
    return below + above


def main():
    names = [f"{hashlib.md5(str(n).encode()).hexdigest()[:8]}_nohash_{n % 5}.wav" for n in range(100)]
    names += closest(10, 8) + closest(20, 8)
    names += ["yes.wav", "take 1.flac", "a_nohash_b_nohash_0.wav", "été_nohash_0.wav", "声_nohash_1.opus", "_x_nohash_.wav"]
    path = pathlib.Path(__file__).parent.parent / "Tests/MynahDataTests/Fixtures/speaker-split.tsv"
    path.write_text("".join(f"{name}\t{split(name)}\n" for name in names), encoding="utf-8")


if __name__ == "__main__":
    main()
