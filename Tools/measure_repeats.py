#!/usr/bin/env python3
"""Counts how many commands `mynah listen` hears that are said again and again, and how often a drawn-out one.

    Tools/measure_repeats.py [--model MODEL] [--noise DB] MYNAH SPEECH_COMMANDS

From the validation split of Speech Commands, ten clips of each of the ten commands are taken, of ten speakers: the first ones
by name that are a second long and that `mynah recognize` names with a probability of 0.9 at least. A recording lays ten
clips into it, one beginning every so many seconds, with silence before, between and behind them:

same word        the ten clips of one word; ten recordings, 100 commands
other words      one clip of each word in turn; ten recordings, 100 commands
drawn out        one clip whose voiced middle lasts so many times as long (waveform similarity overlap-add); 100 recordings
                 in one, far apart, each of which must be one event

A command is heard when an event with its word ends between the start of its clip and half a second after its end; each
event serves one command. What is left is a second event where its word is said in the recording, as it is when one clip
is heard twice, and else another word. `--noise` fills the silence with white noise of so many dB
of full scale. Needs numpy and soundfile, as Tools/requirements-audio-samples.txt pins them.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import soundfile

RATE = 16_000
WORDS = "yes no up down left right on off stop go".split()
DISTANCES = [1.0, 1.15, 1.3, 1.5, 1.75, 2.0]
STRETCHES = [1.5, 2.0, 3.0]
TOLERANCE = 0.5


def chosen_clips(arguments, word):
    """Ten clips of a word, of ten speakers, that the model knows."""
    paths = {}
    for path in sorted((arguments.folder / word).glob("*.flac")):
        if soundfile.info(path).frames == RATE:
            paths.setdefault(path.name.split("_")[0], path)
    lines = subprocess.run(
        [arguments.mynah, "recognize", *arguments.model, "--json", *paths.values()],
        check=True, capture_output=True, text=True).stdout
    known = [
        answer["file"] for answer in map(json.loads, lines.splitlines())
        if answer["label"] == word and answer["probability"] >= 0.9]
    if len(known) < 10:
        sys.exit(f"{arguments.folder / word}: {len(known)} clips that the model knows, expected 10")
    return [soundfile.read(path, dtype="float32")[0] for path in known[:10]]


def stretched(samples, factor):
    """The sound, slower by a factor at the same pitch: WSOLA (Verhelst and Roelands, ICASSP 1993)."""
    size, search = RATE // 40, RATE // 100
    hop = size // 2
    window = numpy.hanning(size + 1)[:size]
    padded = numpy.pad(samples, (search, size + search + hop))
    output = numpy.zeros(int(len(samples) * factor) + 2 * size, numpy.float32)
    expected = None
    for place in range(0, int(len(samples) * factor), hop):
        start = int(place / factor)
        if expected is not None:
            near = padded[start : start + size + 2 * search]
            start += int(numpy.argmax(numpy.correlate(near, expected, "valid")))
        else:
            start += search
        start = min(start, len(padded) - size - hop)
        output[place : place + size] += window * padded[start : start + size]
        expected = padded[start + hop : start + hop + size]
    return output[: int(len(samples) * factor)]


def composed(clips, distance, noise):
    """The clips, one every `distance` seconds from the first second on, and two seconds of silence behind them."""
    step = round(distance * RATE)
    length = RATE + (len(clips) - 1) * step + max(map(len, clips)) + 2 * RATE
    sound = numpy.zeros(length, numpy.float32)
    for index, clip in enumerate(clips):
        sound[RATE + index * step :][: len(clip)] += clip
    if noise is not None:
        generator = numpy.random.default_rng(1)
        sound += 10 ** (noise / 20) * generator.standard_normal(length).astype(numpy.float32)
    return numpy.clip(sound, -1, 1)


def events(arguments, sound):
    """What `mynah listen` tells of a sound: word and end."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "sound.wav"
        soundfile.write(path, sound, RATE, subtype="PCM_16")
        lines = subprocess.run(
            [arguments.mynah, "listen", *arguments.model, "--json", path],
            check=True, capture_output=True, text=True).stdout
    return [(event["word"], event["end"]) for event in map(json.loads, lines.splitlines())]


def score(told, words, distance, seconds):
    """How many commands were heard, and of the events beside them those with a word that is said, and the others."""
    free = list(told)
    heard = 0
    for index, word in enumerate(words):
        start = 1 + index * distance
        match = next(
            (event for event in free if event[0] == word and start <= event[1] <= start + seconds + TOLERANCE), None)
        if match:
            heard += 1
            free.remove(match)
    second = sum(event[0] in words for event in free)
    return numpy.array([heard, second, len(free) - second])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mynah", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--model", help="instead of the one that is built in")
    parser.add_argument("--noise", type=float, help="white noise over all, in dB of full scale")
    arguments = parser.parse_args()
    arguments.mynah = arguments.mynah.resolve()
    arguments.model = ["--model", arguments.model] if arguments.model else []
    clips = {word: chosen_clips(arguments, word) for word in WORDS}

    def sequence(words, sounds, distance):
        told = events(arguments, composed(sounds, distance, arguments.noise))
        return score(told, words, distance, max(map(len, sounds)) / RATE)

    print("| recording | heard of 100 | second events | other words |\n|---|---|---|---|")
    for distance in DISTANCES:
        counts = sum(sequence([word] * 10, clips[word], distance) for word in WORDS)
        print(f"| same word every {distance} s | {' | '.join(map(str, counts))} |", flush=True)
    for distance in DISTANCES:
        counts = sum(
            sequence(WORDS, [clips[word][take] for word in WORDS], distance) for take in range(10))
        print(f"| other words every {distance} s | {' | '.join(map(str, counts))} |", flush=True)
    for factor in STRETCHES:
        counts = sum(
            sequence([word] * 10, [stretched(clip, factor) for clip in clips[word]], factor + 3) for word in WORDS)
        print(f"| drawn out {factor} times | {' | '.join(map(str, counts))} |", flush=True)


if __name__ == "__main__":
    main()
