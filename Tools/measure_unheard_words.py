#!/usr/bin/env python3
"""Trains once without some words, and counts how often they are then taken for a command.

    Tools/measure_unheard_words.py MYNAH SPEECH_COMMANDS OTHER_WORDS RUNNING_SPEECH OUTPUT_FOLDER [WORD…]

The words, happy and eight unless given, are in none of the trainings; all of their clips are recognized. The recipe is
that of the default model, in half of the epochs. `_unknown_` in use will be mostly such words.
"""

import collections
import json
import pathlib
import subprocess
import sys

COMMANDS = "yes,no,up,down,left,right,on,off,stop,go"
FIRST = "--epochs 12 --unknown-share 0.1 --joined-share 0 --balance 0"
SECOND = (
    "--warm-up-epochs 1 --learning-rate 0.001 --silence-level=-110,-30 --negatives-share 0.6 --unknown-share 0.4 "
    "--joined-share 0.4 --carry 0.4 --early-decisions 6 --early-share 0.4 --label-smoothing 0.01 --epochs 8")


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    mynah, speech, others, running, output = (pathlib.Path(path).resolve() for path in sys.argv[1:6])
    words = sys.argv[6:] or ["happy", "eight"]
    heard = output / "heard"
    heard.mkdir(parents=True, exist_ok=True)
    for folder in speech.iterdir():
        link = heard / folder.name
        if folder.is_dir() and folder.name not in words and not link.exists():
            link.mkdir()
            for clip in folder.iterdir():
                (link / clip.name).symlink_to(clip)

    def train(run, *arguments):
        if not (output / run / "report.txt").exists():
            resume = (output / run / "run.json").exists()
            subprocess.run([mynah, "train", *(["--resume", output / run] if resume else [
                heard, "--unknown", others, "--front-end", "mynah-mel", "--precision", "float32", "--run", output / run, *arguments])], check=True)
        return output / run / "best.safetensors"

    first = train("all-words", *FIRST.split())
    model = train("commands", "--words", COMMANDS, "--from", first, "--negatives", running, *SECOND.split())
    for word in words:
        lines = subprocess.run(
            [mynah, "recognize", "--json", "--model", model, speech / word], capture_output=True, text=True).stdout
        labels = [json.loads(line) for line in lines.splitlines()]
        commands = [line for line in labels if not line["label"].startswith("_")]
        sure = [line for line in commands if line["probability"] >= 0.7]
        most = collections.Counter(line["label"] for line in commands).most_common(3)
        print(
            f"{word}: {len(commands)} of {len(labels)} taken for a command "
            f"({100 * len(commands) / len(labels):.1f} %), {len(sure)} ({100 * len(sure) / len(labels):.1f} %) with a "
            f"probability of 70 % or more; most often {', '.join(f'{label} ({count})' for label, count in most)}")


if __name__ == "__main__":
    main()
