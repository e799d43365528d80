"""Measures how far the words that mynah align finds are from where they are, on sentences that are composed of clips of words.

    pip install numpy soundfile
    python Tools/measure_boundaries.py speech-commands speech.safetensors --mynah .build/release/mynah

Clips of the data set in FLAC or WAV, each of one word, are cut down to where they are loud, and five of them, by one speaker as
far as there are as many, are laid end to end, 0.1 to 0.3 s of the quietest stretch of a clip in between. So it is known
where each word begins and ends: at the first and the last 10 ms within 25 dB of the loudest. Only clips whose
quietest tenth is 35 dB below that are used, in which there is no doubt. The same seed gives the same sentences.
"""

import argparse
import csv
import glob
import os
import random
import subprocess
import tempfile

import numpy
import soundfile

RATE = 16000
FRAME = RATE // 100


def extent(samples):
    """Where a clip is loud, in samples, and where it is quietest; None where that is in doubt."""
    count = len(samples) // FRAME
    powers = numpy.mean(samples[: count * FRAME].reshape(count, FRAME) ** 2, axis=1)
    levels = 10 * numpy.log10(powers + 1e-12)
    if levels.max() < -40 or numpy.percentile(levels, 10) > levels.max() - 35:
        return None
    loud = numpy.nonzero(levels > levels.max() - 25)[0]
    start, end = loud[0] * FRAME, (loud[-1] + 1) * FRAME
    if start < 5 * FRAME or end > len(samples) - 5 * FRAME or end - start < 10 * FRAME:
        return None
    return start, end, samples[: 5 * FRAME]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("model")
    parser.add_argument("--mynah", default="mynah")
    parser.add_argument("--words", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    clips = sorted(
        path for kind in ("flac", "wav") for path in glob.glob(f"{arguments.folder}/*/*_nohash_*.{kind}")
        if "/_" not in path)
    draw.shuffle(clips)
    chosen = []
    for path in clips:
        if len(chosen) == arguments.words:
            break
        samples, rate = soundfile.read(path, dtype="float32")
        if rate == RATE and samples.ndim == 1 and (found := extent(samples)):
            speaker = os.path.basename(path).split("_nohash_")[0]
            chosen.append((speaker, path.split("/")[-2], samples, found))
    chosen.sort(key=lambda clip: clip[0])
    with tempfile.TemporaryDirectory() as corpus:
        truth, rows = {}, []
        for number in range(0, len(chosen), 5):
            position, pieces, words = 0, [], []

            def add(piece):
                nonlocal position
                pieces.append(piece)
                position += len(piece)

            for speaker, word, samples, (start, end, quiet) in chosen[number : number + 5]:
                pause = numpy.tile(quiet, 7)[: int(RATE * draw.uniform(0.1, 0.3))]
                add(pause)
                words.append((word, position / RATE, (position + end - start) / RATE))
                add(samples[start:end])
            add(pause)
            name = f"{number}.wav"
            soundfile.write(f"{corpus}/{name}", numpy.concatenate(pieces), RATE, subtype="PCM_16")
            truth[name] = words
            rows.append(f"{name}\t{number}\t{' '.join(word for word, _, _ in words)}\n")
        with open(f"{corpus}/transcripts.tsv", "w", encoding="utf-8") as file:
            file.writelines(rows)
        table = f"{corpus}/words.tsv"
        subprocess.run([arguments.mynah, "align", corpus, "--model", arguments.model, "--output", table], check=True)
        found = {}
        with open(table, encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                found.setdefault(row["path"], []).append((row["word"], float(row["start"]), float(row["end"])))
    starts, ends = [], []
    for name, words in truth.items():
        for (word, start, end), (other, own_start, own_end) in zip(words, found.get(name, [])):
            assert word == other, (name, word, other)
            starts.append(own_start - start)
            ends.append(own_end - end)
    print(f"{len(starts)} words of {len(chosen)}, errors in ms:")
    for title, errors in (("begin", starts), ("end", ends), ("both", starts + ends)):
        errors = 1000 * numpy.array(errors)
        sizes = numpy.abs(errors)
        print(
            f"  {title:5}  median {numpy.median(sizes):4.0f}  95 % {numpy.percentile(sizes, 95):4.0f}  "
            f"too late by {numpy.median(errors):+4.0f} in the median")


main()
