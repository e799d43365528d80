#!/usr/bin/env python3
"""Trains on words from text alone, and tries the models on what people say.

    Tools/measure_text_alone.py MYNAH SPEECH_COMMANDS NEGATIVES HELD_OUT_NEGATIVES NOISE OUTPUT_FOLDER FROM [WORD…]

Each word, happy and zero unless given, is spoken by mynah synthesize, and learnt from the model FROM (built-in, or a file), with
the recordings of NEGATIVES as speech without it and those of NOISE as noise; a second time with near words as well, and a third
time with five recordings of five people added, each fifteen times. Up to 300 recordings of other people, mixed into the
noise of Speech Commands by mynah compose, and the speech of HELD_OUT_NEGATIVES then tell what is heard at the threshold that
mynah evaluate advises for one false alarm an hour. Recordings of the training split are tried, those of the validation split
are added; nothing is chosen by either.
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

TAKES = 5
COPIES = 15


def share(speaker):
    """Where a speaker lies by the rule of Speech Commands: below 10 validation, below 20 testing, else training."""
    digest = int(hashlib.sha1(speaker.encode()).hexdigest(), 16)
    return digest % (1 << 27) * 100 / ((1 << 27) - 1)


def speaker(clip):
    return clip.name.split("_nohash_")[0]


def main():
    if len(sys.argv) < 8:
        sys.exit(__doc__)
    mynah, speech, negatives, held_out, noise, output = (pathlib.Path(path).resolve() for path in sys.argv[1:7])
    start = sys.argv[7] if sys.argv[7] == "built-in" else str(pathlib.Path(sys.argv[7]).resolve())
    words = sys.argv[8:] or ["happy", "zero"]
    output.mkdir(parents=True, exist_ok=True)

    def run(*arguments):
        return subprocess.run([mynah, *map(str, arguments)], check=True, capture_output=True, text=True).stdout

    def clips_of(word, belongs):
        return [clip for clip in sorted((speech / word).iterdir())
                if "_nohash_" in clip.name and belongs(share(speaker(clip)))]

    def heard(word, model, name):
        recording, table = output / f"{word}.wav", output / f"{word}.tsv"
        if not table.exists():
            count = min(300, len(clips_of(word, lambda share: share >= 20)))
            run("compose", speech, "--words", word, "--split", "training", "--count", count, "--output", recording,
                "--truth", table)
        report = json.loads(run(
            "evaluate", "--model", model, "--stream", recording, "--truth", table, "--negatives", held_out, "--budget",
            "1/h", "--json"))
        score = report["openSet"]["advice"]["score"]
        missed, alarms = score["misses"], score["falseAlarms"]
        count = missed["total"] - missed["count"]
        lower, upper = (100 * (1 - missed["interval"][end]) for end in ("upper", "lower"))
        print(
            f"{word}, {name}: {count} of {missed['total']} heard ({100 * count / missed['total']:.1f} %, "
            f"{lower:.1f}–{upper:.1f}), {alarms['count']} false alarms in {alarms['hours']:.2f} h", flush=True)

    for word in words:
        (output / word).mkdir(exist_ok=True)
        clips, near = output / word / "clips", output / word / "near"
        run("synthesize", word, "--output", clips, "--near", near)
        background = clips / "_background_noise_"
        background.mkdir(exist_ok=True)
        for sound in noise.rglob("*.*"):
            link = background / f"{sound.parent.name}-{sound.name}"
            if sound.suffix in (".opus", ".flac", ".wav", ".ogg") and not link.exists():
                link.symlink_to(sound)
        arguments = ["--negatives", negatives, "--from", start, "--clip-seconds", 1, "--negatives-share", 3,
                     "--learning-rate", 0.001, "--label-smoothing", 0.01, "--epochs", 15]

        def learn(name, folder, *more):
            model = output / word / f"{name.replace(' ', '-')}.safetensors"
            if not model.exists():
                run("train", folder, "--output", model, *arguments, *more)
            heard(word, model, name)

        learn("text alone", clips)
        learn("with near words", clips, "--unknown", near, "--unknown-share", 1)
        takes = {}
        for clip in clips_of(word, lambda share: share < 10):
            takes.setdefault(speaker(clip), clip)
        mixed = output / word / "mixed"
        if not mixed.exists():
            shutil.copytree(clips, mixed, symlinks=True)
            names = filter(lambda name: share(name) >= 20, (f"person-{number}" for number in range(10_000)))
            for clip, name in zip(list(takes.values())[:TAKES], names):
                for copy in range(COPIES):
                    shutil.copyfile(clip, mixed / word / f"{name}_nohash_{copy}{clip.suffix}")
        learn(f"with {TAKES} recordings", mixed)


if __name__ == "__main__":
    main()
