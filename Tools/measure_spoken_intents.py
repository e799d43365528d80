#!/usr/bin/env python3
"""Counts how many spoken commands of three words `mynah listen --intents` understands, and how soon.

    Tools/measure_spoken_intents.py [--model MODEL] [--count 200] [--snr LEAST,MOST] [--seed 1] MYNAH SPEECH_COMMANDS

A house of two floors and two sides is switched by the words of Speech Commands: `left up on`, `stop right down`, `yes left
down`. The phrases are written to a folder and learnt by `mynah intent train`; its lists also say what the two floors are
taken for now and then (`off` for `up`, `no` and `go` for `down`), which no phrase means in that place. The commands are composed of clips of the
validation split, each word by a speaker drawn at random, one beginning 0.9 to 1.2 s after the one before, and 3 s of pause
between commands, in the recordings of background noise of the set, words being so many dB above it. A command is understood
when one sentence with its intent and its slots is told between its beginning and that of the next, and no other. Time runs
from the end of the last word in its clip (the last 10 ms within 30 dB of its loudest) to the sound at which the intent was
told. Needs numpy and soundfile, as Tools/requirements-audio-samples.txt pins them.
"""

import argparse
import json
import pathlib
import random
import subprocess
import tempfile

import numpy
import soundfile

RATE = 16_000
SIDES, FLOORS = ["left", "right"], ["up", "down"]
INTENTS = {"LightOn": "on", "Halt": "stop", "Confirm": "yes"}
PHRASES = {
    **{f"{intent}.txt": f"{{side}} {{floor}} {word}\n{word} {{side}} {{floor}}\n{{side}} {word} {{floor}}\n"
       for intent, word in INTENTS.items()},
    "_none_.txt": "{side}\n{floor}\n{side} {floor}\n(on|yes|stop)\n(on|yes|stop) {side}\n(on|yes|stop) {floor}\n"
                  "(on|yes|stop) (on|yes|stop)\n",
    "lists/side.txt": "left\nright\n", "lists/floor.txt": "up = off\ndown = no | go\n",
}


def clips(folder):
    return {
        word: [path for path in sorted((folder / word).glob("*.flac")) if soundfile.info(path).frames == RATE]
        for word in SIDES + FLOORS + list(INTENTS.values())}


def end_of_word(samples):
    levels = numpy.array([numpy.mean(samples[start:start + 160] ** 2) for start in range(0, len(samples) - 159, 160)])
    return (numpy.nonzero(levels > levels.max() * 1e-3)[0][-1] + 1) * 0.01


def composed(arguments, generator):
    """A recording, and for each command its intent, its slots, when it begins, and when its last word ends."""
    spoken = clips(arguments.speech_commands)
    noises = [soundfile.read(path, dtype="float32")[0]
              for path in sorted((arguments.speech_commands / "_background_noise_").glob("*.flac"))]
    length = int((arguments.count * (3 * 1.2 + 4) + 4) * RATE)
    bed = numpy.concatenate(generator.sample(noises, len(noises)))
    sound = numpy.tile(bed, length // len(bed) + 1)[:length].copy()
    commands, place = [], 2.0
    for _ in range(arguments.count):
        intent = generator.choice(list(INTENTS))
        side, floor = generator.choice(SIDES), generator.choice(FLOORS)
        words = generator.choice([[side, floor, INTENTS[intent]], [INTENTS[intent], side, floor]])
        begin = place
        for word in words:
            samples = soundfile.read(generator.choice(spoken[word]), dtype="float32")[0]
            start = int(place * RATE)
            noise = numpy.sqrt(numpy.mean(sound[start:start + RATE] ** 2)) + 1e-6
            level = numpy.sqrt(numpy.mean(numpy.sort(samples ** 2)[-RATE // 4:]))
            wanted = noise * 10 ** (generator.uniform(*arguments.snr) / 20)
            sound[start:start + RATE] += samples * (wanted / max(level, 1e-4))
            end = place + end_of_word(samples)
            place += generator.uniform(0.9, 1.2)
        commands.append({"intent": intent, "slots": {"side": side, "floor": floor}, "begin": begin, "end": end})
        place += 3.0
    sound = sound[:int((place + 2) * RATE)]
    return sound / max(1, numpy.abs(sound).max()), commands


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--snr", default="10,20", type=lambda text: [float(value) for value in text.split(",")])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="keep phrases, models and recording in this folder")
    parser.add_argument("mynah")
    parser.add_argument("speech_commands", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or pathlib.Path(temporary)
        for name, text in PHRASES.items():
            path = folder / "phrases" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        intents = folder / "house.safetensors"
        subprocess.run(
            [arguments.mynah, "intent", "train", folder / "phrases", "--output", intents, "--force", "--no-validation",
             "--layers", "bigru:24", "--word-size", "24", "--epochs", "40", "--learning-rate", "0.01"],
            check=True, capture_output=True)
        sound, commands = composed(arguments, random.Random(arguments.seed))
        soundfile.write(folder / "commands.wav", sound, RATE, subtype="PCM_16")
        model = ["--model", arguments.model] if arguments.model else []
        lines = subprocess.run(
            [arguments.mynah, "listen", folder / "commands.wav", "--intents", intents, "--pause", "1.5", "--threshold", "0.2",
             "--json", *model],
            check=True, capture_output=True, text=True).stdout.splitlines()
    heard = [line for line in map(json.loads, lines) if "intent" in line and line["intent"] != "_none_"]
    words = [line for line in map(json.loads, lines) if "word" in line]
    understood, delays, all_words = 0, [], 0
    for command, following in zip(commands, commands[1:] + [None]):
        until = following["begin"] if following else float("inf")
        own = [line for line in heard if command["begin"] <= line["end"] < until]
        all_words += sum(command["begin"] <= word["end"] < until for word in words) == 3
        slots = [{slot["slot"]: slot["value"] for slot in line["slots"]} for line in own]
        if len(own) == 1 and own[0]["intent"] == command["intent"] and slots[0] == command["slots"]:
            understood += 1
            delays.append(own[0]["end"] - command["end"])
    print(f"{understood} of {len(commands)} commands understood, {100 * understood / len(commands):.1f} %; "
          f"three words were heard in {all_words}")
    print(f"from the end of the last word to the intent: median {numpy.median(delays):.2f} s, "
          f"95th percentile {numpy.percentile(delays, 95):.2f} s")


main()
