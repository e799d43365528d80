"""Cuts out of recordings without commands what a model takes for commands, to train it on: hard negatives.

    python Tools/mine_negatives.py MYNAH MODEL FOLDER OUTPUT [THRESHOLD]

Each recording in FOLDER, WAV as mynah harvest writes it, is heard as a stream; around each word that is detected at THRESHOLD,
0.3 unless given, a second is cut out. OUTPUT, a new folder, is for mynah train --unknown. Ten clips lie in a folder, which
counts as a word: training draws words alike, not clips. Only the standard library is needed.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import wave

PER_FOLDER = 10


def detections(arguments):
    mynah, model, path, threshold = arguments
    output = subprocess.run(
        [mynah, "listen", path, "--model", model, "--threshold", threshold, "--json"], check=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return path, [json.loads(line) for line in output.splitlines()]


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    mynah, model = sys.argv[1:3]
    folder, output = pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    threshold = sys.argv[5] if len(sys.argv) == 6 else "0.3"
    partial = output.with_name(output.name + ".partial")
    partial.mkdir()
    count = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(mynah, model, path, threshold) for path in sorted(folder.glob("*.wav"))]
        for path, events in pool.map(detections, jobs):
            if not events:
                continue
            with wave.open(str(path)) as recording:
                rate, length = recording.getframerate(), recording.getnframes()
                for number, event in enumerate(events):
                    # The decision falls shortly after the end, and a second is what the network hears of a clip.
                    start = max(0, min(length - rate, int((event["end"] - 0.9) * rate)))
                    recording.setpos(start)
                    word = partial / f"hard-{count // PER_FOLDER:04}"
                    word.mkdir(exist_ok=True)
                    speaker = path.name.split("_nohash_")[0]
                    with wave.open(str(word / f"{speaker}_nohash_{count}.wav"), "wb") as clip:
                        clip.setnchannels(1)
                        clip.setsampwidth(2)
                        clip.setframerate(rate)
                        clip.writeframes(recording.readframes(rate))
                    count += 1
    partial.rename(output)
    print(f"{output}: {count} clips")


main()
