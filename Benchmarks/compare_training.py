#!/usr/bin/env python3
"""Compares the speed of training with PyTorch and with the machine's peak, and prints one table.

    Benchmarks/compare_training.py .build/benchmarks/release/TrainingBenchmark

Two networks, with the features given. Commands: two layers of 128 GRU units over 98 frames of 40 features, mean of the
states, 12 classes; 64 clips a batch; one thread and two. Sentences: three layers of 240 GRU units over 300 frames of 40
features, an output of 29 classes for each, CTC of 75 symbols; 16 sentences a batch, two threads. All programs stay alive and work
in turn for some seconds at a time; a figure is the median over the rounds. `make bench-training` builds Mynah's side first.
"""

import json
import pathlib
import statistics
import subprocess
import sys

import comparison

ROUNDS, SECONDS = 7, 2.0

# Network, threads, examples a batch.
CASES = [("commands", 1, 64), ("commands", 2, 64), ("sentences", 2, 16)]


def operations_per_example(network):
    """Floating-point operations of the matrix products of one example, two for each multiplication with its addition.

    Forward each weight is used once a frame; backward once for its gradient, and once for that of what it multiplied,
    which the first layer's input does not need. Gates, sums, loss and optimizer are not counted, though they take time.
    """
    frames, units, layers, classes = {"commands": (98, 128, 2, 12), "sentences": (300, 240, 3, 29)}[network]
    first_input, square = 3 * units * 40, 3 * units * units
    per_frame = 2 * first_input + 3 * (2 * layers - 1) * square
    outputs = frames if network == "sentences" else 1
    return 2 * (frames * per_frame + outputs * 3 * units * classes)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    python = comparison.environment("network-peers", required=["requirements-network.txt"])
    peers = comparison.PEERS
    programs = {"Mynah": [sys.argv[1]], "PyTorch": [python, peers / "run_training.py"]}
    workers = {
        (*case, numbers, name): Worker([*program, *map(str, case), numbers])
        for case in CASES
        for numbers in ["float32", *(["bfloat16"] if has_bfloat16() else [])]
        for name, program in programs.items()
    }
    for threads in sorted({threads for _, threads, _ in CASES}):
        workers["peak", threads] = Worker([python, peers / "run_gemm_peak.py", str(threads)])
    for worker in workers.values():
        worker.round(SECONDS / 2)
    rounds = {name: [] for name in workers}
    for number in range(1, ROUNDS + 1):
        comparison.note(f"round {number} of {ROUNDS} …")
        for name, worker in workers.items():
            rounds[name].append(worker.round(SECONDS))
    for worker in workers.values():
        worker.close()

    peak = {key[1]: statistics.median(line["operations"] / line["seconds"] for line in lines)
            for key, lines in rounds.items() if key[0] == "peak"}
    speed = {key: statistics.median(line["examples"] / line["seconds"] for line in lines)
             for key, lines in rounds.items() if key[0] != "peak"}
    print(f"{comparison.machine()}; products of large matrices in float32: "
          + ", ".join(f"{value * 1e-9:.0f} GFLOP/s with {threads} threads" for threads, value in peak.items()) + ";")
    print("products of the networks: " + ", ".join(
        f"{operations_per_example(network) * 1e-6:.0f} MFLOP an example ({network})"
        for network in ["commands", "sentences"]) + "\n")
    comparison.print_table(
        ["network", "threads", "products of", "", "examples/s", "GFLOP/s", "share of the float32 peak", "ratio"],
        [[network, threads, numbers, name, f"{value:.0f}",
          f"{value * operations_per_example(network) * 1e-9:.0f}",
          f"{100 * value * operations_per_example(network) / peak[threads]:.0f} %",
          f"{value / speed[network, threads, batch, 'float32', 'PyTorch']:.2f}"]
         for (network, threads, batch, numbers, name), value in speed.items()])


def has_bfloat16():
    """Whether the processor multiplies numbers in bfloat16 (AVX-512 BF16)."""
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    return cpuinfo.exists() and "avx512_bf16" in cpuinfo.read_text().split()


class Worker:
    """A program that answers each number of seconds with a JSON line about a round of that length."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def round(self, seconds):
        print(seconds, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit("a program ended before its round")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


if __name__ == "__main__":
    main()
