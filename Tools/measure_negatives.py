#!/usr/bin/env python3
"""Measures the evaluation of many hours without commands on two ranks, and compares its report with that of one process.

    Tools/measure_negatives.py MYNAH MYNAH_MPI RECORDING SCRATCH COPIES [compare]

RECORDING is one file of any length; COPIES names of it are made in SCRATCH by hard links. With `compare`, one process with two
threads makes the report as well; all but the times has to be the same."""

import json
import os
import subprocess
import sys
import time


def report(command):
    start = time.monotonic()
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{result.stderr}")
    return json.loads(result.stdout), time.monotonic() - start


def without_times(value):
    if isinstance(value, list):
        return [without_times(item) for item in value]
    if isinstance(value, dict):
        # The command line says how many threads there were.
        times = ("time", "processingSeconds", "commandLine")
        return {key: without_times(item) for key, item in value.items() if key not in times}
    return value


def main():
    mynah, program, recording, scratch, copies = sys.argv[1:6]
    folder = f"{scratch}/negatives-{copies}"
    os.makedirs(folder, exist_ok=True)
    for number in range(int(copies)):
        name = f"{folder}/part{number:04}{os.path.splitext(recording)[1]}"
        if not os.path.exists(name):
            os.link(recording, name)
    arguments = ["evaluate", "--negatives", folder, "--json", "--threads"]
    mpirun = ["mpirun", "-q", "-n", "2"] + (["--allow-run-as-root"] if os.getuid() == 0 else [])
    two, seconds = report(mpirun + [program] + arguments + ["1"])
    hours = two["openSet"]["audioSeconds"] / 3600
    print(f"two ranks: {hours:.1f} h in {seconds:.0f} s, {3600 * hours / seconds:.0f} times real time", flush=True)
    if "compare" in sys.argv[6:]:
        one, seconds = report([mynah] + arguments + ["2"])
        print(f"one process with two threads: {seconds:.0f} s")
        same = without_times(one) == without_times(two)
        print(f"the reports are {'the same' if same else 'DIFFERENT'}")
        sys.exit(0 if same else 1)


main()
