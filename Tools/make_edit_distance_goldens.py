"""Golden edit distances of words and of characters, computed by jiwer.

    pip install -r Tools/requirements-edit-distance.txt
    python Tools/make_edit_distance_goldens.py Tests/MynahEvaluationTests/Fixtures/edit-distances.json

Each case holds what was said, what was spelled, and the errors in words and in characters: substitutions, insertions,
deletions. Where several ways are equally short, their sum is the same for all, but jiwer may count another way.
"""

import json
import random
import sys

import jiwer

WORDS = ["a", "an", "and", "the", "hand", "stand", "then", "lights", "light", "off", "of", "don't", "für", "über", "ее"]


def errors(output):
    return [output.substitutions, output.insertions, output.deletions]


def case(said, spelled):
    return {
        "said": said, "spelled": spelled,
        "words": errors(jiwer.process_words(said, spelled)),
        "symbols": errors(jiwer.process_characters(said, spelled)),
    }


def changed(words, generator):
    result = []
    for word in words:
        draw = generator.random()
        if draw < 0.12:
            continue
        if draw < 0.24:
            result.append(generator.choice(WORDS))
        elif draw < 0.36:
            place = generator.randrange(len(word))
            result.append(word[:place] + generator.choice("abdeo") + word[place + 1:])
        else:
            result.append(word)
        if generator.random() < 0.12:
            result.append(generator.choice(WORDS))
    return result


def main():
    generator = random.Random(1)
    cases = [
        case("turn the lights off", "turn the lights off"), case("turn the lights off", ""),
        case("a", "the lights are off"), case("kitten", "sitting"), case("saturday", "sunday"),
        case("intention", "execution"), case("a b c", "c b a"), case("the the the", "the"),
    ]
    for _ in range(200):
        said = [generator.choice(WORDS) for _ in range(generator.randint(1, 25))]
        cases.append(case(" ".join(said), " ".join(changed(said, generator))))
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump({"jiwer": "4.0.0", "cases": cases}, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


main()
