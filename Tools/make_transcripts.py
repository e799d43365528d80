"""Writes the table transcripts.tsv of a corpus in Kaldi's layout, for mynah train-speech, align and harvest.

Such a corpus has folders with the files text, utt2spk and wav.scp, one for each part; speechocean762, for instance, from
https://www.openslr.org/101 (free for any use):

    python Tools/make_transcripts.py speechocean762 train test --prefix so

The prefix tells its speakers, who are numbers, from those of other corpora. Only the standard library is needed.
"""

import argparse
import os
import sys


def table(path):
    """The lines of a file as a dictionary from their first field to the rest."""
    with open(path, encoding="utf-8") as file:
        pairs = (line.strip().split(None, 1) for line in file)
        return {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs if pair}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("parts", nargs="+")
    parser.add_argument("--prefix", default="", help="what the names of speakers begin with")
    arguments = parser.parse_args()
    target = os.path.join(arguments.corpus, "transcripts.tsv")
    if os.path.exists(target):
        sys.exit(f"{target}: exists already")
    lines = []
    for part in arguments.parts:
        texts, speakers, recordings = (
            table(os.path.join(arguments.corpus, part, name)) for name in ("text", "utt2spk", "wav.scp"))
        for utterance in sorted(texts):
            if utterance not in speakers or utterance not in recordings:
                sys.exit(f"{part}: {utterance} has a text, but no speaker or no recording")
            if recordings[utterance].endswith("|"):
                sys.exit(f"{part}: {utterance} is made by a command, expected a file")
            lines.append(f"{recordings[utterance]}\t{arguments.prefix}{speakers[utterance]}\t{texts[utterance]}\n")
    with open(target + ".tmp", "w", encoding="utf-8") as file:
        file.write("path\tspeaker\ttext\n")
        file.writelines(lines)
    os.replace(target + ".tmp", target)
    print(f"{target}: {len(lines)} sentences")


main()
