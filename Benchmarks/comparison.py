"""What the comparisons share: the environment of the peers, alternating runs, and tables."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "Benchmarks" / "peers"


def environment(name, required, optional=(), alone=()):
    """Returns the Python of a virtual environment below `.build` that holds the pinned peers.

    `required` and `optional` name requirements files in `peers`; what is optional and cannot be installed is reported
    by the script of that peer as missing. What is installed `alone` goes without the packages that it asks for. Nothing is
    installed again while the files stay as they are.
    """
    folder = ROOT / ".build" / name
    python = folder / "bin" / "python"
    stamp = folder / "requirements.txt"
    wanted = "".join((PEERS / file).read_text() for file in [*required, *optional, *alone])
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    venv.create(folder, with_pip=True, clear=True)
    for file in [*required, *optional, *alone]:
        note(f"installing Benchmarks/peers/{file} …")
        options = ["--no-deps"] if file in alone else []
        status = subprocess.run([python, "-m", "pip", "install", "-q", *options, "-r", PEERS / file]).returncode
        if status != 0 and file not in optional:
            sys.exit(f"Benchmarks/peers/{file}: cannot be installed")
    stamp.write_text(wanted)
    return python


def alternate(commands, rounds):
    """Runs the commands in turn, `rounds` times, and returns the JSON lines that each of the runs prints.

    Whatever slows the machine down for a while then slows all of them down, not one.
    """
    lines = []
    for number in range(1, rounds + 1):
        note(f"round {number} of {rounds} …")
        for command in commands:
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            lines += [json.loads(line) for line in output.splitlines()]
    return lines


def median(lines, key):
    return statistics.median(line[key] for line in lines)


def machine():
    """The processor and its number of cores, as the system names them."""
    names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {os.cpu_count()} cores"


def print_table(header, rows):
    """Prints a Markdown table with columns of even width; the first of `header` are left-aligned, numbers right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    isNumber = [all(row[column].replace(",", "").replace(".", "").isdigit() for row in rows)
                for column in range(len(header))]
    for number, row in enumerate([header, *rows]):
        cells = [cell.rjust(width) if right else cell.ljust(width)
                 for cell, width, right in zip(row, widths, isNumber)]
        print(f"| {' | '.join(cells)} |")
        if number == 0:
            print("|" + "|".join("-" * (width + 1) + (":" if right else "-")
                                 for width, right in zip(widths, isNumber)) + "|")


def note(text):
    print(text, file=sys.stderr, flush=True)
