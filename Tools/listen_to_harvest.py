"""Has pocketsphinx, which knows nothing of Mynah, listen to clips that mynah harvest has cut out.

    pip install pocketsphinx numpy soundfile
    python Tools/listen_to_harvest.py others

Clips are drawn at random. For each, the listener may say the word or one of the 50 other words that are most frequent in the
table of the harvest; words that are not in its dictionary are passed over. Prints how often it says the word, with the 95 %
interval of Wilson.
"""

import argparse
import collections
import csv
import math
import random

import numpy
import soundfile
from pocketsphinx import Decoder, get_model_path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--clips", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--path", default="", help="only clips of recordings whose path contains this")
    parser.add_argument("--show", action="store_true", help="print what was heard wrongly")
    arguments = parser.parse_args()
    with open(f"{arguments.folder}/harvest.tsv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    models = get_model_path()
    dictionary = f"{models}/en-us/cmudict-en-us.dict"
    with open(dictionary, encoding="utf-8") as file:
        known = {line.split()[0] for line in file}
    counts = collections.Counter(row["word"] for row in rows)
    frequent = [word for word, _ in counts.most_common() if word in known][:51]
    kept = [row for row in rows if row["outcome"] == "kept" and row["word"] in known and arguments.path in row["path"]]
    random.Random(arguments.seed).shuffle(kept)
    listener = Decoder(lm=None, hmm=f"{models}/en-us/en-us", dict=dictionary, loglevel="FATAL")
    # A recognizer expects some quiet around an utterance.
    quiet = numpy.rint(numpy.random.RandomState(0).randn(4800) * 5).astype(numpy.int16)
    right, drawn = 0, kept[: arguments.clips]
    for row in drawn:
        samples, rate = soundfile.read(f"{arguments.folder}/{row['clip']}", dtype="int16")
        assert rate == 16000, f"{row['clip']}: {rate} Hz, expected 16000"
        choices = [row["word"]] + [word for word in frequent if word != row["word"]][:50]
        listener.add_jsgf_string("choice", f"#JSGF V1.0; grammar choice; public <word> = {' | '.join(choices)};")
        listener.activate_search("choice")
        listener.start_utt()
        listener.process_raw(numpy.concatenate([quiet, samples, quiet]).tobytes(), full_utt=True)
        listener.end_utt()
        heard = listener.hyp().hypstr.strip() if listener.hyp() else ""
        right += heard == row["word"]
        if arguments.show and heard != row["word"]:
            print(f"{row['clip']}: heard '{heard}'")
    share, count, z = right / len(drawn), len(drawn), 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    width = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    print(f"{right} of {count} clips are heard as their word, {100 * (middle - width):.1f} to {100 * (middle + width):.1f} %")


main()
