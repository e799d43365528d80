#!/usr/bin/env python3
"""Measures how Mynah follows streams, compares it with PyTorch and onnxruntime, and prints two tables.

    Benchmarks/compare_streaming.py .build/benchmarks/release/StreamingBenchmark [MODEL]

The model is `models/commands.safetensors` unless given. All run one after the other, several times in turn, on one
thread each; a figure is the median over the rounds. `make bench-streaming` builds Mynah's side first.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import comparison

ROUNDS, SECONDS, STREAMS = 7, 1.0, 200
SOUND = comparison.ROOT / "audio-samples" / "left-flite-rms.wav"


def main():
    if len(sys.argv) not in [2, 3]:
        sys.exit(__doc__)
    model = pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else comparison.ROOT / "models" / "commands.safetensors"
    python = comparison.environment("network-peers", required=["requirements-network.txt"])
    with tempfile.TemporaryDirectory() as folder:
        features = pathlib.Path(folder) / "features.f32"
        mynah = Worker([sys.argv[1], model, SOUND, features])
        shape = mynah.read()
        peers = {"PyTorch": "pytorch", "onnxruntime": "onnxruntime"}
        workers = {"Mynah": mynah}
        for name, argument in peers.items():
            workers[name] = Worker([
                python, "-W", "ignore", comparison.PEERS / "run_streaming.py", argument, model, features,
                json.dumps(shape)])
            difference = workers[name].read()["difference"]
            if difference > 1e-3:
                sys.exit(f"{name}: the logits of the same frames differ by {difference}")
        whole, many, network = [], [], {name: [] for name in workers}
        for number in range(1, ROUNDS + 1):
            comparison.note(f"round {number} of {ROUNDS} …")
            whole.append(mynah.ask(f"recognizer {SECONDS}"))
            many.append(mynah.ask(f"streams {STREAMS}"))
            for name, worker in workers.items():
                network[name].append(worker.ask(f"network {SECONDS}"))
        for worker in workers.values():
            worker.close()

    print(f"{comparison.machine()}, one thread; {model.name}: {shape['parameters']:,} weights, a decision every "
          f"{10 * shape['framesPerDecision']} ms\n")
    median = comparison.median
    comparison.print_table(
        ["samples to events, per 10 ms of audio", "figure"],
        [["median, µs", f"{median(whole, 'median'):.1f}"],
         ["mean, µs", f"{median(whole, 'mean'):.1f}"],
         ["99th percentile, µs", f"{median(whole, 'p99'):.1f}"],
         [f"streams in real time on one core, of {STREAMS} in turn",
          f"{statistics.median(line['streams'] / line['secondsPerSecond'] for line in many):.0f}"],
         ["memory of a stream, KiB", f"{many[0]['bytesPerStream'] / 1024:.1f}"]])
    print()
    base = median(network["Mynah"], "mean")
    comparison.print_table(
        ["the network alone, per 10 ms of audio", "mean, µs", "median, µs", "99th percentile, µs", "mean, ratio"],
        [[name, *(f"{median(lines, key):.1f}" for key in ["mean", "median", "p99"]),
          f"{median(lines, 'mean') / base:.1f}"] for name, lines in network.items()])


class Worker:
    """A program that answers each line with a JSON line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("a program ended before its time")
        return json.loads(line)

    def ask(self, line):
        print(line, file=self.process.stdin, flush=True)
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


if __name__ == "__main__":
    main()
