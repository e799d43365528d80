"""Arranges recordings for Tools/train_models.sh, by links, so that what models are chosen by is nothing they learn from.

    python Tools/arrange_recordings.py SPEECH_COMMANDS OTHER_WORDS NOISE HARVEST NEGATIVES OUTPUT

HARVEST holds the clips of words that mynah harvest --all has cut, and NEGATIVES the speech without commands of mynah harvest
--speech-without. In OUTPUT, a new folder, there are then

    words/            the words of Speech Commands with at least 100 clips, its noise, and noise of houses as _silence_
    unknown/          other words: OTHER_WORDS, and four fifths of the harvested ones, by the hash of the word
    harvested/        the harvested ones of these alone
    word-classes/     words that are told apart, a label each: up to 600 clips of those of Speech Commands, and the harvested
                      ones that are not held out and have eight clips by five speakers; noise
    negatives/        speech without commands, of the speakers whom the split by speaker trains with
    held-out/words/       words of which no clip is learnt from: the rest of the harvested ones, by speakers of the other
                          splits, and those of Speech Commands with a handful of clips
    held-out/noise/       kinds of noise that are not learnt from
    held-out/negatives/   speech without commands, of the speakers of the other splits

Only the standard library is needed.
"""

import hashlib
import os
import pathlib
import random
import sys

# Of the kinds in NOISE. A baby's cry is the one most like a voice, a saw like a vowel.
HELD_OUT_NOISE = ["baby-cry", "chainsaw", "person-sneeze", "rooster"]
LARGEST_COUNT = 2**27 - 1
MOST_CLIPS = 600


def digest(text):
    return int(hashlib.sha1(text.encode()).hexdigest(), 16)


def is_trained_with(name):
    """Whether the split by speaker (arXiv 1804.03209) puts a file into training."""
    return digest(name.split("_nohash_")[0]) % (LARGEST_COUNT + 1) * (100 / LARGEST_COUNT) >= 20


def is_held_out(word):
    """A fifth of all words, whatever others there are."""
    return digest("word " + word) % 5 == 0


def link(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(os.path.relpath(source, target.parent))


def link_word_classes(words, unknown, output):
    for word in folders(words):
        if word.name.startswith("_"):
            link(word, output / word.name)
        else:
            clips = files(word)
            random.Random(word.name).shuffle(clips)
            for clip in clips[:MOST_CLIPS]:
                link(clip, output / word.name / clip.name)
    for word in folders(unknown):
        clips = [clip for clip in files(word) if clip.stem.endswith("-harvested")]
        speakers = {clip.name.split("_nohash_")[0] for clip in clips}
        if len(clips) >= 8 and len(speakers) >= 5:
            for clip in clips:
                link(clip, output / word.name / clip.name)


def folders(path):
    return sorted(entry for entry in path.iterdir() if entry.is_dir())


def files(path):
    return sorted(entry for entry in path.iterdir() if entry.suffix in (".wav", ".flac", ".opus"))


def main():
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    # Absolute, but with links left as they are, so that they can lead to another place later.
    speech, others, noise, harvest, negatives, output = (pathlib.Path(os.path.abspath(path)) for path in sys.argv[1:])
    partial = output.with_name(output.name + ".partial")
    partial.mkdir()
    for word in folders(speech):
        if word.name == "_background_noise_" or len(files(word)) >= 100:
            link(word, partial / "words" / word.name)
        else:
            for clip in files(word):
                link(clip, partial / "held-out/words" / word.name / clip.name)
    for kind in folders(noise):
        if kind.name in HELD_OUT_NOISE:
            link(kind, partial / "held-out/noise" / kind.name)
        else:
            for clip in files(kind):
                link(clip, partial / "words/_silence_" / f"{kind.name}-{clip.name}")
    for word in folders(others):
        for clip in files(word):
            link(clip, partial / "unknown" / word.name / clip.name)
    for word in folders(harvest):
        for clip in files(word):
            if not is_held_out(word.name):
                link(clip, partial / "unknown" / word.name / f"{clip.stem}-harvested{clip.suffix}")
                link(clip, partial / "harvested" / word.name / clip.name)
            elif not is_trained_with(clip.name):
                link(clip, partial / "held-out/words" / word.name / clip.name)
    for clip in files(negatives):
        part = "negatives" if is_trained_with(clip.name) else "held-out/negatives"
        link(clip, partial / part / clip.name)
    link_word_classes(partial / "words", partial / "unknown", partial / "word-classes")
    partial.rename(output)


if __name__ == "__main__":
    main()
