#!/usr/bin/env python3
"""Teaches words to models again and again, and counts how they are heard: draws with a seed, and intervals over them.

    Tools/measure_teaching.py MYNAH FOLDER [--speakers same|strangers] [--words 10] [--takes 3] [--draws 20] [--seed 1]
        [--others FOLDER] [--alike WORD,WORD]… [--speech FOLDER] [--from MODEL] [--negatives FILE] [--verifier MODEL]

FOLDER has a folder of clips for each word, `<speaker>_nohash_<take>.<ext>`. A draw takes some of the words; with `same` one
speaker, some takes of each word to learn from, and that speaker's other takes to be heard; with `strangers` as many speakers
for each word, one take of each, and all other speakers' takes to be heard. Beside them are heard up to 300 clips of words
that were not taught: those of FOLDER that are left, or all of --others. Clips of one of two words that are --alike are not
among them where the other one is taught. --speech names recordings of speech without the words (WAV, 16 kHz, 16 bits, one channel),
an hour of which is listened to in each draw. With --verifier, a speech model has a say in clips; thresholds and predictions are
those without it.

Printed are the clips that are named rightly; the other words that are accepted where the threshold, one for all words of all
draws, misses 5 % of the taught; the same at the thresholds that mynah teach has chosen; how far its prediction is from that;
and the time. Intervals are those of the mean over the draws, by 2,000 bootstrap samples of them.
"""

import argparse
import collections
import json
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile
import time
import wave


def clips(folder):
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for path in sorted(folder.glob("*/*_nohash_*")):
        if not path.parent.name.startswith("_"):
            found[path.parent.name][path.name.split("_nohash_")[0]].append(path)
    return found


def choose(found, options, generator):
    """The taught words with the clips to learn from, and those to be heard."""
    words = sorted(found)
    if options.speakers == "same":
        speakers = sorted({speaker for word in words for speaker in found[word]})
        generator.shuffle(speakers)
        for speaker in speakers:
            able = [word for word in words if len(found[word].get(speaker, [])) > options.takes]
            if len(able) < options.words:
                continue
            taught = {}
            for word in generator.sample(able, options.words):
                own = generator.sample(found[word][speaker], len(found[word][speaker]))
                taught[word] = (own[: options.takes], own[options.takes :])
            return taught
        raise SystemExit("no speaker has enough takes of enough words")
    able = [word for word in words if len(found[word]) > options.takes]
    if len(able) < options.words:
        raise SystemExit("too few words with enough speakers")
    taught = {}
    for word in generator.sample(able, options.words):
        speakers = generator.sample(sorted(found[word]), len(found[word]))
        own = [generator.choice(found[word][speaker]) for speaker in speakers[: options.takes]]
        rest = [path for speaker in speakers[options.takes :] for path in found[word][speaker]]
        taught[word] = (own, rest)
    return taught


def verifier(options):
    return ["--verifier", options.verifier] if options.verifier else []


def recognized(options, model, paths):
    """For each clip the probabilities of the labels."""
    lines = subprocess.run(
        [options.mynah, "recognize", "--json", "--top", str(options.words + 2), "--model", model, *verifier(options), *paths],
        check=True, capture_output=True, text=True).stdout
    return [{top["label"]: top["probability"] for top in json.loads(line)["top"]} for line in lines.splitlines()]


def sound(folder):
    """An hour of the recordings below a folder, as samples one after the other."""
    samples = b""
    for path in sorted(folder.rglob("*.wav")):
        with wave.open(str(path)) as file:
            samples += file.readframes(file.getnframes())
        if len(samples) >= 2 * 16000 * 3600:
            return samples[: 2 * 16000 * 3600]
    return samples


def draw(options, found, others, speech, generator):
    taught = choose(found, options, generator)
    near = {word for pair in options.alike for word in pair if set(pair) & set(taught)}
    left = [word for word in sorted(found) if word not in taught and word not in near]
    unknown = others or [path for word in left for own in found[word].values() for path in own]
    unknown = generator.sample(unknown, min(300, len(unknown)))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        model = folder / "mine.safetensors"
        # All words but the last lie there as if they had been taught before, so that one command learns them all.
        *before, last = taught
        for word in before:
            (folder / "mine.recordings" / word).mkdir(parents=True)
            for path in taught[word][0]:
                shutil.copy(path, folder / "mine.recordings" / word / path.name)
        command = [options.mynah, "teach", last, *taught[last][0], "--model", model, "--json"]
        command += ["--from", options.start] if options.start else []
        command += ["--negatives", options.negatives] if options.negatives else []
        command += verifier(options)
        start = time.monotonic()
        advice = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        seconds = time.monotonic() - start
        asked = [(word, path) for word in taught for path in taught[word][1]]
        heard = recognized(options, model, [path for _, path in asked])
        wrong = recognized(options, model, unknown)
        alarms = None
        if speech:
            events = subprocess.run(
                [options.mynah, "listen", "-", "--raw", "16000", "--json", "--model", model],
                input=speech, check=True, capture_output=True).stdout
            alarms = len(events.splitlines())
    thresholds = {word["word"]: word["threshold"] for word in advice["words"]}
    predicted = sum(word["heardCount"] for word in advice["words"]) / sum(word["takeCount"] for word in advice["words"])

    def word(probabilities):
        best = max(probabilities, key=probabilities.get)
        return best if best in thresholds else None

    own = [(said, probabilities) for (said, _), probabilities in zip(asked, heard)]
    return {
        "right": [word(probabilities) == said for said, probabilities in own],
        "scores": [probabilities.get(said, 0) for said, probabilities in own],
        "wrongScores": [max(probabilities.get(name, 0) for name in thresholds) for probabilities in wrong],
        "kept": [word(p) == said and p[said] >= thresholds[said] for said, p in own],
        "accepted": [word(p) is not None and p[word(p)] >= thresholds[word(p)] for p in wrong],
        "predicted": predicted, "seconds": seconds, "alarms": alarms,
    }


def interval(values, generator):
    means = sorted(statistics.fmean(generator.choices(values, k=len(values))) for _ in range(2000))
    return f"{100 * statistics.fmean(values):.1f} % ({100 * means[50]:.1f}–{100 * means[1949]:.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mynah", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--speakers", choices=["same", "strangers"], default="same")
    parser.add_argument("--words", type=int, default=10)
    parser.add_argument("--takes", type=int, default=3)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--others", type=pathlib.Path)
    parser.add_argument("--alike", type=lambda text: text.split(","), action="append", default=[])
    parser.add_argument("--speech", type=pathlib.Path)
    parser.add_argument("--from", dest="start", type=pathlib.Path)
    parser.add_argument("--negatives", type=pathlib.Path)
    parser.add_argument("--verifier", type=pathlib.Path)
    options = parser.parse_args()
    found = clips(options.folder)
    others = [path for own in clips(options.others).values() for paths in own.values() for path in paths] if options.others else []
    speech = sound(options.speech) if options.speech else b""
    results = [draw(options, found, others, speech, random.Random(options.seed * 1000 + number)) for number in range(options.draws)]
    generator = random.Random(options.seed)

    def pooled(key):
        return [value for result in results for value in result[key]]

    scores = sorted(pooled("scores"))
    threshold = scores[len(scores) // 20]
    accepted = [sum(score >= threshold for score in result["wrongScores"]) / len(result["wrongScores"]) for result in results]
    share = {key: [statistics.fmean(result[key]) for result in results] for key in ("right", "kept", "accepted")}
    off = [result["predicted"] - kept for result, kept in zip(results, share["kept"])]
    print(f"{options.draws} draws of {options.words} words, {options.takes} takes each, {options.speakers}; "
          f"{len(scores)} clips of them heard, {len(pooled('wrongScores'))} of other words")
    print(f"named rightly            {interval(share['right'], generator)}, {sum(pooled('right'))} of {len(scores)}")
    print(f"at 5 % missed (from {threshold:.3f}): other words accepted {interval(accepted, generator)}")
    print(f"at the chosen thresholds: heard {interval(share['kept'], generator)}, other words accepted {interval(share['accepted'], generator)}")
    print(f"predicted                {interval([result['predicted'] for result in results], generator)}, "
          f"off by {100 * statistics.fmean(off):+.1f} points on average")
    if speech:
        hours = len(speech) / 2 / 16000 / 3600
        alarms = [result["alarms"] / hours for result in results]
        print(f"false alarms an hour     {statistics.fmean(alarms):.1f} in {hours:.2f} h of speech, "
              f"{min(alarms):.1f} to {max(alarms):.1f} in a draw, all {options.words} words together")
    print(f"time of teaching         median {statistics.median(result['seconds'] for result in results):.2f} s, "
          f"at most {max(result['seconds'] for result in results):.2f} s")


if __name__ == "__main__":
    main()
