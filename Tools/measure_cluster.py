#!/usr/bin/env python3
"""Measures training on several ranks, and fits a model of what a step costs: the figures of Documentation/cluster.md.

    Tools/measure_cluster.py MYNAH MYNAH_MPI FOLDER measure > figures.json     # root, Open MPI, iproute2; some minutes
    Tools/measure_cluster.py MYNAH MYNAH_MPI FOLDER fit figures.json

FOLDER is a labelled folder of a few thousand clips. Hosts are network namespaces that are joined by a bridge; the token bucket
filter of the kernel (tc tbf) gives each of them the bandwidth of an Ethernet card, in both directions. Their latency is that of
the bridge: to add more needs a kernel with netem."""

import json
import os
import re
import statistics
import subprocess
import sys

BRIDGE = "mynah-bridge"
EPOCHS = 4


def run(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, text=True)


class Hosts:
    """Network namespaces that see each other through a bridge."""

    def __init__(self, count, rate):
        self.names = [f"mynah{number}" for number in range(count)]
        self.addresses = [f"10.77.0.{number + 1}" for number in range(count)]
        self.rate = rate

    def __enter__(self):
        self.remove()
        run("ip", "netns", "add", BRIDGE)
        inside = ("ip", "netns", "exec", BRIDGE)
        run(*inside, "ip", "link", "add", "bridge", "type", "bridge")
        run(*inside, "ip", "link", "set", "bridge", "up")
        for name, address in zip(self.names, self.addresses):
            run("ip", "netns", "add", name)
            run("ip", "link", "add", "card", "netns", name, "type", "veth", "peer", "name", name, "netns", BRIDGE)
            run(*inside, "ip", "link", "set", name, "master", "bridge", "up")
            for command in (
                ("ip", "addr", "add", f"{address}/24", "dev", "card"),
                ("ip", "link", "set", "card", "up"),
                ("ip", "link", "set", "lo", "up"),
            ):
                run("ip", "netns", "exec", name, *command)
            if self.rate:
                limit = ("root", "tbf", "rate", self.rate, "burst", "256kb", "latency", "20ms")
                run("ip", "netns", "exec", name, "tc", "qdisc", "add", "dev", "card", *limit)
                run(*inside, "tc", "qdisc", "add", "dev", name, *limit)
        self.agent = "/tmp/mynah-agent.sh"
        with open(self.agent, "w") as file:
            # What mpirun calls instead of ssh: the name of the host, and a line for its shell.
            file.write('#!/bin/sh\nhost=$1; shift; name=mynah$((${host##*.} - 1))\n')
            file.write('exec ip netns exec $name unshare --uts sh -c "hostname $name; $*"\n')
        os.chmod(self.agent, 0o755)
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for name in self.names + [BRIDGE]:
            run("ip", "netns", "del", name, check=False)

    def mpirun(self):
        hosts = ",".join(f"{address}:1" for address in self.addresses)
        return ["ip", "netns", "exec", self.names[0], "mpirun", "-q", "--allow-run-as-root", "--bind-to", "none"] + [
            "--mca", "plm_rsh_agent", self.agent, "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "card",
            "--mca", "oob_tcp_if_include", "card", "--mca", "pml", "ob1", "--host", hosts]


def pinned(ranks):
    return ["mpirun", "-q", "--allow-run-as-root", "--bind-to", "core" if ranks > 1 else "none", "-n", str(ranks)]


def rate(command):
    """Clips per second, the median over the epochs but the first, and what the program says of waiting."""
    result = subprocess.run(command, capture_output=True, text=True)
    rates = [float(found.replace(",", "")) for found in re.findall(r"([\d.,]+) clips/s", result.stderr)]
    if result.returncode != 0 or len(rates) != EPOCHS:
        sys.exit(f"{' '.join(command)}\n{result.stderr}")
    waited = re.search(r"([\d.]+) % of the time went by in waiting", result.stderr)
    return {"clipsPerSecond": statistics.median(rates[1:]), "waitedPercent": float(waited[1]) if waited else 0.0}


def measure(mynah, program, folder):
    def train(threads, batch=128, shard=32):
        return ["train", folder, "--output", "/tmp/mynah-scaling.safetensors", "--force", "--epochs", str(EPOCHS)] + [
            "--threads", str(threads), "--batch-size", str(batch), "--shard", str(shard)]

    cores = os.cpu_count()
    figures = {"cores": cores, "rows": []}

    def add(name, ranks, threads, network, batch, command):
        row = {"name": name, "ranks": ranks, "threads": threads, "network": network, "batch": batch} | rate(command)
        figures["rows"].append(row)
        print(row, file=sys.stderr, flush=True)

    only = sys.argv[5:]
    for threads in range(1, cores + 1):
        if not only or "threads" in only:
            add("threads", 1, threads, "none", 128, [mynah] + train(threads))
    if not only or "strong" in only:
        # As many clips as one of two ranks has.
        add("one rank", 1, 1, "none", 64, pinned(1) + [program] + train(1, 64))
        add("two ranks", 2, 1, "memory", 128, pinned(2) + [program] + train(1, 128))
    for name, limit in (("bridge", None), ("10 Gbit/s", "10gbit"), ("1 Gbit/s", "1gbit"), ("100 Mbit/s", "100mbit")):
        if only and name not in only:
            continue
        with Hosts(2, limit) as hosts:
            add("two hosts", 2, 1, name, 128, hosts.mpirun() + [program] + train(1, 128))
    print(json.dumps(figures, indent=1))


PARAMETERS = 287_059  # of the default network with three words
BITS = {"bridge": None, "10 Gbit/s": 10e9, "1 Gbit/s": 1e9, "100 Mbit/s": 100e6}


def traffic(ranks):
    """Bits that each rank sends in a step, and receives: the slices of the gradient that others add up, and its own sum."""
    return 8 * 4 * PARAMETERS * 2 * (ranks - 1) / ranks


def fit(figures):
    """A step of two shards takes c; to go in step costs a share w of it; and of the traffic h seconds are hidden behind
    back-propagation, while the rest is waited for."""

    def row(name, network="none", batch=128, threads=1):
        key = (name, network, batch, threads)
        found = [row for row in figures["rows"] if (row["name"], row["network"], row["batch"], row["threads"]) == key]
        pace = statistics.median(one["clipsPerSecond"] for one in found)
        return pace, batch / pace, statistics.median(one["waitedPercent"] for one in found) / 100

    one, cores = row("threads")[0], figures["cores"]
    for threads in range(1, cores + 1):
        pace = row("threads", threads=threads)[0]
        print(f"{threads} threads: {pace:.0f} clips/s, efficiency {100 * pace / (threads * one):.0f} %")
    both = row("two ranks", "memory")[0]
    print(f"2 ranks: {both:.0f} clips/s, {100 * both / row('threads', threads=2)[0]:.0f} % of two threads")
    c, w = row("one rank", batch=64)[1], row("two hosts", "bridge")[2]
    print(f"c = {1e3 * c:.1f} ms, w = {100 * w:.1f} %")
    hidden = []
    for name, bits in BITS.items():
        if bits is None:
            continue
        pace, now, waited = row("two hosts", name)
        wire, seen = traffic(2) / bits, max(0, waited - w) * now
        print(f"{name}: {1e3 * wire:.1f} ms of traffic in a step of {1e3 * now:.1f} ms, of which ", end="")
        print(f"{1e3 * seen:.1f} ms ({100 * seen / now:.1f} %) are waited for")
        if seen > 0:
            hidden.append(wire - seen)
    # At a rate at which hardly anything is hidden, the difference of two large times says little.
    h = hidden[0] if hidden else traffic(2) / 1e9
    print(f"h = {1e3 * h:.1f} ms")
    for name in ("10 Gbit/s", "1 Gbit/s"):
        for nodes in (4, 16, 64):
            now = c * (1 + w) + max(0, traffic(nodes) / BITS[name] - h)
            print(f"{nodes} nodes of one core at {name}: {64 * nodes / now:.0f} clips/s, ", end="")
            print(f"efficiency {100 * c / now:.0f} %")


if __name__ == "__main__":
    if sys.argv[4] == "measure":
        measure(*sys.argv[1:4])
    else:
        with open(sys.argv[5]) as file:
            fit(json.load(file))
