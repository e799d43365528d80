#!/usr/bin/env python3
"""Makes models of one word each, and tries them on what people say.

    Tools/measure_wake_words.py teach|people|say|recordings MYNAH RECORDINGS NOISE TALK OUTPUT_FOLDER WORD… [--verifier SPEECH_MODEL]

RECORDINGS holds a folder of people's recordings for each WORD, named <speaker>_nohash_<take>.<ext>, and no clip of the word should
have been learnt from by the models that come with mynah. A word is learnt

    teach       from text, by mynah teach with a clip by each voice of mynah synthesize; then with recordings of five people added,
                and from these alone
    people      from these recordings of five people alone, by mynah teach
    say         from text, by mynah train --say; then, by mynah train, with recordings of five people added, each fifteen times
    recordings  by mynah train with its default options, from what two thirds of the people have recorded

What the others say (without recordings, everybody) is mixed into the recordings of NOISE by mynah compose, 20 to 40 dB above them, as in a
quiet place, and once more 5 to 20 dB. With that and the speech in TALK, which does not hold the words, mynah evaluate tells what is heard at
the threshold that it advises for one false alarm an hour, and at the usual one, with --verifier by words that are spelled, too.
"""

import argparse
import hashlib
import json
import math
import pathlib
import shutil
import subprocess
import sys

PEOPLE = 5
COPIES = 15
PLACES = (("in a quiet place", "20,40"), ("in noise", "5,20"))


def share(speaker):
    """Where a speaker lies by the rule of Speech Commands: below 10 validation, below 20 testing, else training."""
    digest = int(hashlib.sha1(speaker.encode()).hexdigest(), 16)
    return digest % (1 << 27) * 100 / ((1 << 27) - 1)


def wilson(count, total, z=1.96):
    """The 95 % interval of a share, in per cent."""
    mean, spread = count / total + z * z / (2 * total), z * math.sqrt(count * (total - count) / total**3 + (z / (2 * total)) ** 2)
    return (100 * max(0, (mean - spread) / (1 + z * z / total)), 100 * min(1, (mean + spread) / (1 + z * z / total)))


class Tally:
    """What is heard of several words together."""

    def __init__(self):
        self.heard = self.said = self.alarms = 0
        self.hours = 0.0

    def add(self, score):
        self.heard += score["misses"]["total"] - score["misses"]["count"]
        self.said += score["misses"]["total"]
        self.alarms += score["falseAlarms"]["count"]
        self.hours += score["falseAlarms"]["hours"]

    def __str__(self):
        lower, upper = wilson(self.heard, self.said)
        return (f"{self.heard} of {self.said} heard ({100 * self.heard / self.said:.1f} %, {lower:.1f}–{upper:.1f}), "
                f"{self.alarms} false alarms in {self.hours:.2f} h")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("way", choices=("teach", "people", "say", "recordings"))
    for path in ("mynah", "recordings", "noise", "talk", "output"):
        parser.add_argument(path, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("word", nargs="+")
    parser.add_argument("--verifier", type=lambda path: pathlib.Path(path).resolve())
    options = parser.parse_args()
    way, mynah, recordings, noise, talk, output = (
        options.way, options.mynah, options.recordings, options.noise, options.talk, options.output)
    verifier = ("--verifier", options.verifier) if options.verifier else ()
    together = {}

    def run(*arguments):
        done = subprocess.run([mynah, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        return done.stdout

    def link_noise(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for sound in noise.rglob("*.*"):
            link = folder / f"{sound.parent.name}-{sound.name}"
            if sound.suffix in (".opus", ".flac", ".wav", ".ogg") and not link.exists():
                link.symlink_to(sound)

    # Names of people whom the split by speaker puts where mynah compose is told to look.
    names = [name for name in (f"person{number}" for number in range(10_000)) if share(name) >= 20]
    for word in options.word:
        folder = output / word
        clips_of = {}
        for clip in sorted((recordings / word).iterdir()):
            if "_nohash_" in clip.name:
                clips_of.setdefault(clip.name.split("_nohash_")[0], []).append(clip)
        speakers = sorted(clips_of, key=lambda name: hashlib.sha1(name.encode()).digest())

        def compose(group, speakers):
            """What some people say, mixed into noise in each place, and its table."""
            people = folder / group
            link_noise(people / "_background_noise_")
            (people / word).mkdir(exist_ok=True)
            for name, speaker in zip(names, speakers):
                for take, clip in enumerate(clips_of[speaker]):
                    link = people / word / f"{name}_nohash_{take}{clip.suffix}"
                    if not link.exists():
                        link.symlink_to(clip)
            composed = []
            for place, ratio in PLACES:
                stream, table = folder / f"{group} {place}.wav", folder / f"{group} {place}.tsv"
                if not table.exists():
                    run("compose", people, "--words", word, "--split", "training", "--count",
                        len(list((people / word).iterdir())), "--snr", ratio, "--output", stream, "--truth", table)
                composed.append((place, stream, table))
            return composed

        def tell(name, model, composed):
            """What a model hears, and hears for nothing."""
            for place, stream, table in composed:
                heard = json.loads(run("evaluate", "--model", model, "--stream", stream, "--truth", table, "--negatives", talk,
                                       "--budget", "1/h", "--json", *verifier))["openSet"]
                for threshold, score in (
                    ("one false alarm an hour", heard["advice"]["score"]), ("the usual threshold", heard["score"])):
                    tally = Tally()
                    tally.add(score)
                    together.setdefault(f"{name}, {place}, {threshold}", Tally()).add(score)
                    print(f"{word}, {name}, {place}, {threshold}: {tally}", flush=True)

        if way == "recordings":
            count = len(speakers) * 2 // 3
            learnt = folder / "learnt" / word
            learnt.mkdir(parents=True, exist_ok=True)
            for speaker in speakers[:count]:
                for clip in clips_of[speaker]:
                    if not (learnt / clip.name).exists():
                        (learnt / clip.name).symlink_to(clip)
            model = folder / "recordings.safetensors"
            if not model.exists():
                run("train", learnt.parent, "--output", model)
            tell("recordings", model, compose("the others", speakers[count:]))
            continue
        teaches = way in ("teach", "people")
        everybody = compose("everybody", speakers)
        others = compose("the others", speakers[PEOPLE:]) if len(speakers) > PEOPLE else None
        takes = [clips_of[speaker][0] for speaker in speakers[:PEOPLE]]
        clips = folder / "clips"
        ways = []
        if way != "people":
            run("synthesize", word, "--output", clips, *(["--takes", 1] if teaches else []))
            ways = [("text alone", [], everybody), (f"with {PEOPLE} recordings", takes, others)]
        if teaches:
            ways.append((f"{PEOPLE} recordings alone", takes, others))
        for name, added, composed in ways:
            model = folder / f"{way} {name}.safetensors"
            if not composed:
                continue
            if not model.exists():
                if teaches:
                    spoken = [] if name.endswith("alone") and added else sorted((clips / word).glob("*.wav"))
                    run("teach", word, *spoken, *added, "--model", model, *verifier)
                elif not added:
                    run("train", "--say", word, "--output", model)
                else:
                    for person, clip in zip(names, added):
                        for copy in range(COPIES):
                            shutil.copyfile(clip, clips / word / f"{person}_nohash_{copy}{clip.suffix}")
                    run("train", clips, "--output", model)
            tell(name, model, composed)
    for name, tally in together.items():
        print(f"together, {name}: {tally}")


if __name__ == "__main__":
    main()
