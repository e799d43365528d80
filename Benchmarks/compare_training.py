#!/usr/bin/env python3
"""Compares the speed of training with PyTorch and with the machine's peak, and prints one table.

    Benchmarks/compare_training.py .build/benchmarks/release/TrainingBenchmark

The network is two layers of 128 GRU units over 98 frames of 40 features, mean of the states, 12 classes; 64 clips a batch,
two threads. Both programs and the peak's stay alive and work in turn for some seconds at a time; a figure is the median
over the rounds. `make bench-training` builds Mynah's side first.
"""

import json
import pathlib
import statistics
import subprocess
import sys

import comparison

ROUNDS, SECONDS = 7, 2.0
THREADS, BATCH = 2, 64


def operations_per_clip():
    """Floating-point operations of the matrix products of one clip, two for each multiplication with its addition.

    Forward each weight is used once a frame; backward once for its gradient, and once for that of what it multiplied,
    which the first layer's input does not need. Gates, sums and the optimizer are not counted, though they take time.
    """
    frames, features, units, classes = 98, 40, 128, 12
    first_input, recurrent = 3 * units * features, 3 * units * units
    per_frame = 2 * first_input + 3 * (recurrent + recurrent + recurrent)
    return 2 * (frames * per_frame + 3 * units * classes)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    python = comparison.environment("network-peers", required=["requirements-network.txt"])
    peers = comparison.PEERS
    programs = {"Mynah": [sys.argv[1]], "PyTorch": [python, peers / "run_training.py"]}
    workers = {
        (name, numbers): Worker([*program, str(THREADS), str(BATCH), numbers])
        for numbers in ["float32", *(["bfloat16"] if has_bfloat16() else [])]
        for name, program in programs.items()
    }
    workers["peak"] = Worker([python, peers / "run_gemm_peak.py", str(THREADS)])
    for worker in workers.values():
        worker.round(SECONDS / 2)
    rounds = {name: [] for name in workers}
    for number in range(1, ROUNDS + 1):
        comparison.note(f"round {number} of {ROUNDS} …")
        for name, worker in workers.items():
            rounds[name].append(worker.round(SECONDS))
    for worker in workers.values():
        worker.close()

    peak = statistics.median(line["operations"] / line["seconds"] for line in rounds["peak"])
    speed = {name: statistics.median(line["clips"] / line["seconds"] for line in lines)
             for name, lines in rounds.items() if name != "peak"}
    operations = operations_per_clip()
    print(f"{comparison.machine()}, {THREADS} threads; products of large matrices in float32: {peak * 1e-9:.0f} GFLOP/s;")
    print(f"products of the network: {operations * 1e-6:.1f} MFLOP a clip\n")
    comparison.print_table(
        ["", "products of", "clips/s", "GFLOP/s", "share of the float32 peak", "ratio"],
        [[name, numbers, f"{clips:.0f}", f"{clips * operations * 1e-9:.0f}", f"{100 * clips * operations / peak:.0f} %",
          f"{clips / speed['PyTorch', 'float32']:.2f}"] for (name, numbers), clips in speed.items()])


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
