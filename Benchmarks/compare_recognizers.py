#!/usr/bin/env python3
"""Lets Mynah and other keyword spotters that run offline hear the same recordings, and prints a table.

    Benchmarks/compare_recognizers.py MYNAH SPEECH_COMMANDS SPEECH

The words are those that all of them know: left, right, up, down, stop, go. Clips: the validation split of SPEECH_COMMANDS, those
six words and every tenth clip of all others, which count as right if none of the six is heard. Streams: a recording of 600 of
these words in a quiet place, with 200 others between them, which mynah compose makes, and SPEECH, a folder of English recordings
without any of them. Where a keyword spotter misses as many words of the recording as another, the false alarms in SPEECH tell
which one is better. MobileNetV2 was trained on Speech Commands, perhaps on these very clips. Pocketsphinx takes half an hour for four
hours of sound.
"""

import bisect
import collections
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import wave

import comparison

WORDS = ["left", "right", "up", "down", "stop", "go"]
MODELS = ["commands-tiny", "commands"]
MISSED = [0.05, 0.1, 0.2]
THRESHOLDS = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 0.99]
# An event counts for a word that ended at most so many seconds before, and is not followed by another for as long.
LATE, REFRACTORY = 1.0, 1.0


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    mynah, data, speech = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    python = comparison.environment("recognizer-peers", required=["requirements-recognizers.txt"],
                                   alone=["requirements-silabs.txt"])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        clips, said = validation_clips(mynah, data)
        quiet, truth = folder / "quiet.wav", folder / "quiet.tsv"
        subprocess.run([mynah, "compose", data, "--output", quiet, "--truth", truth, "--words", ",".join(WORDS), "--count",
                        "600", "--others", "200", "--snr", "20,40", "--seed", "3"], check=True, stderr=subprocess.DEVNULL)
        words = [(float(start), float(end), word) for start, end, word in
                 (line.split("\t") for line in truth.read_text().splitlines()[1:]) if word in WORDS]
        talk = folder / "talk.wav"
        hours = join(mynah, speech, talk) / 3600
        comparison.note(f"{len(clips)} clips, {len(words)} words in a recording, {hours:.2f} h of speech")
        rows = []
        for name in MODELS:
            model = comparison.ROOT / "models" / f"{name}.safetensors"
            rows.append(row(f"Mynah, {name}", hear_mynah(mynah, model, clips, [quiet, talk]), said, words, hours))
        listing = folder / "recordings.json"
        listing.write_text(json.dumps({"clips": [str(clip) for clip in clips], "streams": [str(quiet), str(talk)]}))
        for name, argument in {"MobileNetV2 of silabs-mltk": "silabs", "pocketsphinx": "pocketsphinx"}.items():
            comparison.note(f"{name} …")
            output = subprocess.run(
                [python, comparison.PEERS / "run_recognizer.py", argument, listing], check=True, cwd=folder,
                stdout=subprocess.PIPE, text=True).stdout
            heard = json.loads(output.splitlines()[-1])
            heard["streams"] = [dict(by_threshold(stream)) for stream in heard["streams"]]
            rows.append(row(name, heard, said, words, hours))
    print(f"{comparison.machine()}; {len(clips):,} clips, {len(words)} words, {hours:.2f} h of speech\n")
    comparison.print_table(
        ["keyword spotter", "clips named rightly", *(f"false alarms an hour, {share:.0%} missed" for share in MISSED),
         "fewest missed", "ms a second of audio", "KB"], rows)


def validation_clips(mynah, data):
    """The clips of the validation split, and which of the words is said in each."""
    clips, said = [], []
    for word in sorted(path.name for path in data.iterdir() if path.is_dir() and not path.name.startswith("_")):
        # In these folders the validation split is lossless; the rule of the split is that of the data set.
        files = [path for path in sorted((data / word).iterdir()) if is_validation(path.name)]
        for number, path in enumerate(files):
            if word in WORDS or number % 10 == 0:
                clips.append(path)
                said.append(word if word in WORDS else None)
    return clips, said


def is_validation(name):
    import hashlib

    digest = int(hashlib.sha1(name.split("_nohash_")[0].encode()).hexdigest(), 16)
    return digest % 2**27 * (100 / (2**27 - 1)) < 10


def join(mynah, folder, target):
    """Writes all recordings of a folder into one, a second of silence between them; returns its seconds."""
    import shutil

    decoder = shutil.which("ffmpeg") or sys.exit("ffmpeg is missing: apt-get install ffmpeg")
    with wave.open(str(target), "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(16000)
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".wav", ".flac", ".ogg", ".opus")):
            sound = subprocess.run(
                [decoder, "-nostdin", "-v", "error", "-i", path, "-ac", "1", "-ar", "16000", "-f", "s16le", "-"],
                check=True, stdout=subprocess.PIPE).stdout
            output.writeframes(sound + bytes(32000))
        return output.getnframes() / 16000


def hear_mynah(mynah, model, clips, streams):
    """What Mynah makes of the recordings, in the form in which run_recognizer.py tells it of others."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run([mynah, "recognize", "--json", "--model", model, *clips], stdout=subprocess.PIPE,
                            text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = [json.loads(line) for line in output.splitlines()]
    names = [line["label"] if line["label"] in WORDS else None for line in lines]
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    heard = []
    for stream in streams:
        heard.append({})
        for threshold in THRESHOLDS:
            output = subprocess.run([mynah, "listen", stream, "--json", "--threshold", str(threshold), "--model", model],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
            events = [json.loads(line) for line in output.splitlines()]
            heard[-1][threshold] = [(event["end"], event["word"]) for event in events if event["word"] in WORDS]
    return {"names": names, "streams": heard, "bytes": model.stat().st_size, "cost": seconds / len(clips)}


def by_threshold(candidates):
    """The events at each threshold that the scores of candidates suggest."""
    scores = sorted({candidate[2] for candidate in candidates})
    for threshold in sorted({scores[int(share / 40 * (len(scores) - 1))] for share in range(41)}) if scores else []:
        events, last = [], {}
        for seconds, word, score in sorted(candidates):
            if score >= threshold and seconds - last.get(word, -REFRACTORY) >= REFRACTORY:
                last[word] = seconds
                events.append((seconds, word))
        yield threshold, events


def row(name, heard, said, words, hours):
    right = sum(name == word for name, word in zip(heard["names"], said))
    quiet, talk = heard["streams"]
    # The curve: misses against false alarms, over all thresholds; above the highest nothing is heard.
    curve = []
    for threshold, events in quiet.items():
        alarms = next((talk[other] for other in sorted(talk) if other >= threshold), [])
        curve.append((missed(words, events), len(alarms) / hours))
    cells = []
    for share in MISSED:
        possible = [alarms for misses, alarms in curve if misses <= share * len(words)]
        cells.append(f"{min(possible):.1f}" if possible else "–")
    fewest = min(misses for misses, _ in curve) if curve else len(words)
    return [name, f"{right / len(said):.1%} ({right:,} of {len(said):,})", *cells, f"{fewest / len(words):.1%}",
            f"{1000 * heard['cost']:.2f}", f"{heard['bytes'] / 1000:,.0f}"]


def missed(words, events):
    """How many words have no event of their own from their beginning to a while after their end."""
    times = collections.defaultdict(list)
    for seconds, word in sorted(events):
        times[word].append(seconds)
    count = 0
    for start, end, word in words:
        place = bisect.bisect_left(times[word], start)
        count += place == len(times[word]) or times[word][place] > end + LATE
    return count


if __name__ == "__main__":
    main()
