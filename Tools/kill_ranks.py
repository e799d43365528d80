#!/usr/bin/env python3
"""Kills a rank of a training on several ranks twenty times at random moments, goes on each time with another number of
ranks, and compares the weights with those of a training in peace.

    Tools/kill_ranks.py .build/openmpi/release/mynah-mpi FOLDER [KILLS]

FOLDER is a labelled folder; a small network with a convolution, batch normalization, dropout and carried states learns it.
Needs Open MPI's mpirun."""

import hashlib
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time


def mpirun(program, ranks, arguments):
    command = ["mpirun", "-q", "--oversubscribe", "--bind-to", "none", "-n", str(ranks)]
    if os.getuid() == 0:
        command.insert(1, "--allow-run-as-root")
    return command + [program] + arguments


def weights(path):
    """A hash of the tensors of a safetensors file, without its header, which has the date."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    return hashlib.sha256(data[8 + length :]).hexdigest()


def ranks_of(launcher):
    """The processes that mpirun has started."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rpartition(")")
        except OSError:
            continue
        if "(mynah-mpi" in fields[0] and int(fields[2].split()[1]) == launcher:
            found.append(int(name))
    return sorted(found)


def main():
    program, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as place:
        train = ["train", folder, "--layers", "conv:4:3x3:2x2,gru:12", "--read-out", "attention:2:4"]
        train += ["--epochs", "150", "--patience", "150", "--batch-size", "16", "--shard", "4", "--carry", "0.5"]
        train += ["--recurrent-dropout", "0.1", "--checkpoint-minutes", "0.01", "--threads", "1"]
        peace = f"{place}/peace"
        subprocess.run(mpirun(program, 1, train + ["--run", peace]), check=True, stderr=subprocess.DEVNULL)
        run = f"{place}/run"
        arguments = train + ["--run", run]
        killed = lines = 0
        while killed < kills:
            ranks = draw.randint(2, 4)
            job = subprocess.Popen(mpirun(program, ranks, arguments), stderr=subprocess.PIPE, text=True)
            for line in job.stderr:
                if line.startswith("network: "):
                    break
            time.sleep(draw.random() * 0.8)
            processes = ranks_of(job.pid)
            if len(processes) == ranks and job.poll() is None:
                victim = draw.randrange(ranks)
                os.kill(processes[victim], signal.SIGKILL)
                killed += 1
                told = [line for line in job.stderr.read().splitlines() if line.startswith("mynah: ")]
                lines += len(told) == 1
                print(f"kill {killed}: rank {victim} of {ranks}: {' / '.join(told)}", flush=True)
            job.wait()
            # mpirun may end a moment before the processes that it has asked to end; the first of them has the run folder.
            while any(os.path.exists(f"/proc/{process}") for process in processes):
                time.sleep(0.05)
            if os.path.exists(f"{run}/report.json"):
                sys.exit("the training ended before all kills: give it a larger folder")
            if os.path.exists(f"{run}/run.json"):
                arguments = ["train", "--resume", run]
        last = subprocess.run(mpirun(program, 3, arguments), stderr=subprocess.PIPE, text=True)
        if last.returncode != 0:
            sys.exit(last.stderr)
        same = weights(f"{peace}/best.safetensors") == weights(f"{run}/best.safetensors")
        print(f"{killed} kills, {lines} of them told in one line; final weights {'identical' if same else 'DIFFERENT'}")
        sys.exit(0 if same else 1)


main()
