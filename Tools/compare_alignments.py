"""Compares where mynah align finds words with where pocketsphinx, which knows nothing of Mynah, finds them.

    pip install pocketsphinx numpy soundfile
    python Tools/compare_alignments.py words.tsv --recordings LibriSpeech/dev-clean

Sentences are drawn at random from the table that mynah align has written; those with a word that is not in the dictionary of
pocketsphinx are passed over. Both align the known text; pocketsphinx in steps of 10 ms, with pauses between words where it finds
them. Prints the median difference of beginnings and of ends, and within what 95 % are. Neither of the two is the truth.
"""

import argparse
import csv
import itertools
import os
import random

import numpy
import soundfile
from pocketsphinx import Decoder, get_model_path

FRAMES_PER_SECOND = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table")
    parser.add_argument("--recordings", default=".", help="the folder that the paths of the table begin in")
    parser.add_argument("--sentences", type=int, default=50)
    parser.add_argument("--path", default="", help="only sentences whose path contains this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the ten greatest differences")
    arguments = parser.parse_args()
    with open(arguments.table, encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    sentences = [list(words) for _, words in itertools.groupby(rows, key=lambda row: row["path"])]
    models = get_model_path()
    dictionary = f"{models}/en-us/cmudict-en-us.dict"
    with open(dictionary, encoding="utf-8") as file:
        known = {line.split()[0] for line in file}
    sentences = [
        words for words in sentences
        if arguments.path in words[0]["path"] and all(row["word"] in known for row in words)]
    random.Random(arguments.seed).shuffle(sentences)
    other = Decoder(lm=None, hmm=f"{models}/en-us/en-us", dict=dictionary, loglevel="FATAL")
    differences, failed, used = [], 0, 0
    for words in sentences:
        if used == arguments.sentences:
            break
        path = os.path.join(arguments.recordings, words[0]["path"])
        samples, rate = soundfile.read(path, dtype="int16")
        assert rate == 16000 and samples.ndim == 1, f"{path}: expected one channel at 16000 Hz"
        other.set_align_text(" ".join(row["word"] for row in words))
        other.start_utt()
        other.process_raw(samples.tobytes(), full_utt=True)
        other.end_utt()
        # Variants of pronunciation are numbered, pauses and noises are in brackets.
        found = [
            segment for segment in other.seg() or []
            if segment.word.split("(")[0] in known and not segment.word.startswith(("<", "["))]
        if [segment.word.split("(")[0] for segment in found] != [row["word"] for row in words]:
            failed += 1
            continue
        used += 1
        for row, segment in zip(words, found):
            start = float(row["start"]) - segment.start_frame / FRAMES_PER_SECOND
            end = float(row["end"]) - (segment.end_frame + 1) / FRAMES_PER_SECOND
            differences.append((start, end, row["word"], row["path"]))
    print(f"{used} sentences, {len(differences)} words; {failed} that pocketsphinx could not align were passed over")
    for name, index in (("beginnings", 0), ("ends", 1)):
        values = numpy.array([difference[index] for difference in differences])
        sizes = numpy.abs(values)
        print(
            f"{name}: median difference {1000 * numpy.median(sizes):.0f} ms, 95 % within "
            f"{1000 * numpy.percentile(sizes, 95):.0f} ms; ours {1000 * numpy.median(values):+.0f} ms later in the median")
    if arguments.show:
        for start, end, word, path in sorted(differences, key=lambda item: -max(abs(item[0]), abs(item[1])))[:10]:
            print(f"{word}\t{start:+.2f}\t{end:+.2f}\t{path}")


main()
