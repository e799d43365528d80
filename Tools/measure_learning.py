#!/usr/bin/env python3
"""Learns from the mistakes of one day, and counts those of another day before and after.

    Tools/measure_learning.py MYNAH SPEECH_COMMANDS RECORDINGS TALK_OF_ONE_DAY TALK_OF_ANOTHER OUTPUT_FOLDER MODEL

A day is a recording of mynah compose: 150 commands of the validation split of SPEECH_COMMANDS, in noise and in the talk of one
of the folders, 20 to 60 s apart. The model, built-in or a file, listens to the first one with --keep, the table of mynah compose
reviews what it kept, and mynah learn learns from it, with RECORDINGS as what the model was trained on. The talk of the
second day is in no training.
"""

import json
import pathlib
import subprocess
import sys
import time


def main():
    if len(sys.argv) != 8:
        sys.exit(__doc__)
    mynah, speech, recordings, one, other, output = (pathlib.Path(path).resolve() for path in sys.argv[1:7])
    named = [] if sys.argv[7] == "built-in" else ["--model", pathlib.Path(sys.argv[7]).resolve()]
    output.mkdir(parents=True, exist_ok=True)

    def run(*arguments, check=True):
        done = subprocess.run([mynah, *map(str, arguments)], capture_output=True, text=True)
        if check and done.returncode:
            sys.exit(done.stderr)
        return done

    for number, talk in enumerate((one, other), start=1):
        if not (output / f"day{number}.tsv").exists():
            run("compose", speech, "--speech", talk, "--split", "validation", "--count", 150, "--gap", "20,60", "--seed",
                20 + number, "--output", output / f"day{number}.wav", "--truth", output / f"day{number}.tsv")
    kept, better = output / "kept", output / "better.safetensors"
    if not kept.exists():
        run("listen", *named, "--keep", kept, output / "day1.wav")
        print(run("review", kept, "--truth", output / "day1.tsv").stderr.strip())
    start = time.monotonic()
    if not better.exists():
        learnt = run("learn", kept, *named, "--recordings", recordings, "--output", better, check=False)
        print(learnt.stdout + learnt.stderr + f"in {time.monotonic() - start:.0f} s")

    for name, model in (("before", named), ("after", ["--model", better])):
        score = json.loads(run(
            "evaluate", *model, "--stream", output / "day2.wav", "--truth", output / "day2.tsv", "--json").stdout)["openSet"]["score"]
        missed, alarms = score["misses"], score["falseAlarms"]
        print(f"another day, {name}: {alarms['count']} false alarms in {alarms['hours']:.2f} h = {alarms['perHour']:.1f} an hour "
              f"({alarms['interval']['lower']:.1f}–{alarms['interval']['upper']:.1f}), {missed['count']} of {missed['total']} "
              f"missed ({100 * missed['interval']['lower']:.1f}–{100 * missed['interval']['upper']:.1f} %)")


if __name__ == "__main__":
    main()
