#!/usr/bin/env python3
"""Measures packing, and training on more clips than memory: the figures of Documentation/cluster.md.

    Tools/measure_packs.py MYNAH SOURCE SCRATCH COUNT pack            # how fast, in processor time
    Tools/measure_packs.py MYNAH SOURCE SCRATCH COUNT train [MEMORY]  # an epoch from the pack, with --clip-memory MEMORY
    Tools/measure_packs.py MYNAH SOURCE SCRATCH COUNT train-folder [MEMORY]

SOURCE is a labelled folder of some hundred clips of one second. COUNT names of them are made in SCRATCH by hard links, which take
no room but pass for clips of their own; the pack in SCRATCH holds them all. SCRATCH stays, to be removed by hand."""

import os
import re
import resource
import subprocess
import sys
import time


def make(source, folder, count):
    """COUNT clips that are links to those of SOURCE, of as many speakers."""
    words = sorted(name for name in os.listdir(source) if not name.startswith("_"))
    clips = [(word, name) for word in words for name in sorted(os.listdir(f"{source}/{word}"))]
    if os.path.exists(folder):
        return
    for word in words:
        os.makedirs(f"{folder}/{word}")
    for number in range(count):
        word, name = clips[number % len(clips)]
        speaker, _, take = name.partition("_nohash_")
        stem, extension = os.path.splitext(take)
        new = f"{speaker}_nohash_{stem}x{number // len(clips)}{extension}"
        os.link(f"{source}/{word}/{name}", f"{folder}/{word}/{new}")
    noise = f"{source}/_background_noise_"
    if os.path.isdir(noise):
        os.makedirs(f"{folder}/_background_noise_")
        for name in os.listdir(noise):
            os.link(f"{noise}/{name}", f"{folder}/_background_noise_/{name}")


def run(command):
    """Output, seconds, processor time, and the most memory in MiB."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    result = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{result.stderr}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result.stderr, time.monotonic() - start, used, after.ru_maxrss / 1024


def main():
    mynah, source, scratch, count, what = sys.argv[1:6]
    folder, pack = f"{scratch}/clips-{count}", f"{scratch}/clips-{count}.mynahpack"
    make(source, folder, int(count))
    if what == "pack":
        text, seconds, used, memory = run([mynah, "pack", folder, "--output", pack])
        hours = float(re.search(r"recordings of ([\d.,]+) h", text)[1].replace(",", ""))
        print(text.splitlines()[-1])
        print(f"{hours:.1f} h in {seconds:.0f} s, {used:.0f} s of processor time: ", end="")
        print(f"{3600 * hours / used:.0f} times real time a core; {memory:.0f} MiB")
        return
    data = folder if what == "train-folder" else pack
    options = ["--clip-memory", sys.argv[6]] if len(sys.argv) > 6 else []
    model = f"{scratch}/model.safetensors"
    text, seconds, used, memory = run(
        [mynah, "train", data, "--output", model, "--force", "--epochs", "1", "--threads", "2"] + options)
    rate = re.search(r"([\d.,]+) clips/s", text)[1]
    print(f"{what} {' '.join(options)}: {rate} clips/s, {seconds:.0f} s in all, {used:.0f} s of processor time, ", end="")
    print(f"at most {memory:.0f} MiB")


main()
