"""Has synthesizers speak words, for Tools/train_models.sh: other words than those that people teach, by voices.

    python Tools/make_spoken_words.py MYNAH WORDS CLASSES HELD_OUT OTHER_WORDS OUTPUT

WORDS is the table that mynah align writes, CLASSES the folder of words that are told apart, HELD_OUT and OTHER_WORDS are folders
of words that are not to be among the others. In OUTPUT there is then a folder of clips for each word: of those of CLASSES; of the most frequent
other words of WORDS; of words that voices of other languages read by their own rules; and of pairs of syllables of Mandarin. Voices
change from batch to batch. What is there already is not made again.

espeak-ng, flite and festival are called by mynah synthesize; only the standard library is needed.
"""

import collections
import pathlib
import random
import subprocess
import sys
import tempfile

from arrange_recordings import is_held_out

BATCH = 40
MOST_ENGLISH, EACH_OF_ANOTHER_LANGUAGE, MANDARIN = 1500, 60, 300
LANGUAGES = ["de", "es", "fi", "fr-fr", "it", "nl", "pl", "pt", "sv", "tr"]
INITIALS = "b p m f d t n l g k h j q x zh ch sh r z c s".split()
FINALS = {
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uai uan ui un uo",
    "": "a ai an ang ao e ei en eng i ou u",
}
FINALS["q"] = FINALS["x"] = FINALS["j"]
FINALS["ch"] = FINALS["sh"] = FINALS["r"] = FINALS["z"] = FINALS["c"] = FINALS["s"] = FINALS["zh"]


def syllable(generator):
    initial = generator.choice(INITIALS)
    return initial + generator.choice(FINALS.get(initial, FINALS[""]).split()) + str(generator.randint(1, 4))


def main():
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    mynah, table, classes, held_out, others, output = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    never = {folder.name for folder in [*held_out.iterdir(), *others.iterdir()] if folder.is_dir()}
    known = sorted(folder.name for folder in classes.iterdir() if folder.is_dir() and not folder.name.startswith("_"))
    counts = collections.Counter(line.split("\t")[4].strip().lower() for line in table.read_text().splitlines()[1:])
    english = [
        word for word, count in counts.most_common()
        if count > 2 and len(word) > 2 and word.isalpha() and not is_held_out(word) and word not in never and word not in known]
    english = english[:MOST_ENGLISH]
    generator = random.Random(1)

    def speak(words, language, voices, seed, prefix=""):
        errors = ""
        for start in range(0, len(words), BATCH):
            batch = [word for word in words[start : start + BATCH] if not (output / f"{prefix}{word}").exists()]
            if not batch:
                continue
            with tempfile.TemporaryDirectory(dir=output.parent) as folder:
                done = subprocess.run(
                    [mynah, "synthesize", *batch, "--output", folder, "--language", language, "--voices", str(voices), "--takes", "1",
                     "--seed", str(seed + start)], capture_output=True, text=True)
                errors = done.stderr
                # A word that is spoken in less than 0.2 s is no clip.
                for word in batch:
                    if any(pathlib.Path(folder, word).glob("*.wav")):
                        (pathlib.Path(folder) / word).rename(output / f"{prefix}{word}")
            print(f"{language}: {min(start + BATCH, len(words))} of {len(words)} words", end="\r", file=sys.stderr)
        print(file=sys.stderr)
        if not any((output / f"{prefix}{word}").exists() for word in words):
            sys.exit(errors)

    output.mkdir(parents=True, exist_ok=True)
    generator.shuffle(known)
    speak(known, "en", 12, 1)
    speak(generator.sample(english, len(english)), "en", 16, 10_000)
    for number, language in enumerate(LANGUAGES):
        speak(generator.sample(english, EACH_OF_ANOTHER_LANGUAGE), language, 12, 20_000 + 100 * number, f"{language} ")
    pairs = {f"{syllable(generator)} {syllable(generator)}" for _ in range(MANDARIN)}
    speak(sorted(pairs), "cmn-latn-pinyin", 14, 30_000, "cmn ")


if __name__ == "__main__":
    main()
