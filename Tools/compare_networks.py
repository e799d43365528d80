#!/usr/bin/env python3
"""Trains networks of one size with different cells, each by the same recipe, and prints a table of them.

    Tools/compare_networks.py MYNAH SPEECH_COMMANDS OUTPUT_FOLDER [EPOCHS]

Each network is a preset of about 160,000 weights, trained once with each of two learning rates; the one that is better on
the validation split counts, since cells differ in how large steps they bear. EPOCHS is 24 unless given. A training that is
done is not done again. Accuracy is that on the validation split, time the median over its clips on one thread.
"""

import json
import pathlib
import subprocess
import sys

PRESETS = {
    "elman": "Elman (tanh), 2 × 220",
    "mingru": "minGRU, 2 × 266",
    "lstm": "LSTM, 2 × 108",
    "gru": "GRU, 2 × 128",
    "crnn": "CRNN: convolution and GRU, 118",
}
LEARNING_RATES = ["0.002", "0.0005"]
WORDS = "yes,no,up,down,left,right,on,off,stop,go"


def json_of(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def train(mynah, run, arguments):
    if (run / "report.txt").exists():
        return
    how = ["--resume", run] if (run / "run.json").exists() else [*arguments, "--precision", "float32", "--run", run]
    subprocess.run([mynah, "train", *how], check=True)


def accuracy_of(run):
    return json.loads((run / "report.json").read_text())["closedSet"]["accuracy"]["value"]


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    mynah, speech, output = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    epochs = sys.argv[4] if len(sys.argv) == 5 else "24"
    output.mkdir(parents=True, exist_ok=True)
    mynah = pathlib.Path(mynah).resolve()
    rows = []
    for preset, name in PRESETS.items():
        runs = {rate: output / f"{preset}-{rate}" for rate in LEARNING_RATES}
        for rate, run in runs.items():
            train(mynah, run, [speech, "--words", WORDS, "--preset", preset, "--front-end", "mynah-mel",
                                "--epochs", epochs, "--learning-rate", rate, "--dropout", "0.1",
                                "--time-mask-frames", "25", "--feature-mask-size", "7"])
        rate = max(runs, key=lambda rate: accuracy_of(runs[rate]))
        run = runs[rate]
        model = run / "best.safetensors"
        about = json_of(mynah, "inspect", "--json", model)
        report = json_of(
            mynah, "evaluate", speech, "--split", "validation", "--model", model, "--threads", "1", "--json")
        closed = report["closedSet"]
        accuracy, early = closed["accuracy"], report["earlyDecision"]
        at = {round(point["seconds"], 2): point["accuracy"]["value"] for point in early["timeHeard"]}
        interval = accuracy["interval"]
        rows.append([
            name, rate, f"{about['parameters']:,}", f"{about['multiplyAccumulatesPerSecond'] / 1e6:.1f} million",
            f"{1000 * closed['time']['medianSeconds']:.2f} ms",
            f"{100 * accuracy['value']:.1f} % ({accuracy['count']:,} of {accuracy['total']:,}), "
            f"{100 * interval['lower']:.1f}–{100 * interval['upper']:.1f}",
            f"{100 * min(at.items(), key=lambda item: abs(item[0] - 0.6))[1]:.1f} %",
        ])
    header = ["network", "learning rate", "parameters", "multiply–accumulates per second of audio", "one clip",
              "accuracy, 95 % interval", "after 0.6 s"]
    for row in [header, ["---"] * len(header), *rows]:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
