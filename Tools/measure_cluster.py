#!/usr/bin/env python3
"""Measures training on several ranks, and fits a model of what a step costs: the figures of Documentation/cluster.md.

    Tools/measure_cluster.py MYNAH MYNAH_MPI FOLDER measure > figures.json     # root, Open MPI, iproute2; some minutes
    Tools/measure_cluster.py MYNAH MYNAH_MPI FOLDER fit figures.json

FOLDER is a labelled folder of a few thousand clips. Hosts are network namespaces that are joined by a bridge, with a core each; the token bucket
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
            file.write('#!/bin/sh\nhost=$1; shift; number=$((${host##*.} - 1)); name=mynah$number\n')
            file.write('exec taskset -c $number ip netns exec $name unshare --uts sh -c "hostname $name; $*"\n')
        os.chmod(self.agent, 0o755)
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for name in self.names + [BRIDGE]:
            run("ip", "netns", "del", name, check=False)

    def mpirun(self):
        hosts = ",".join(f"{address}:1" for address in self.addresses)
        return ["taskset", "-c", "0", "ip", "netns", "exec", self.names[0], "mpirun", "-q", "--allow-run-as-root", "--bind-to", "none"] + [
            "--mca", "plm_rsh_agent", self.agent, "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "card",
            "--mca", "oob_tcp_if_include", "card", "--mca", "pml", "ob1", "--host", hosts]


def pinned(ranks):
    return ["mpirun", "-q", "--allow-run-as-root", "--bind-to", "core" if ranks > 1 else "none", "-n", str(ranks)]


def rate(*commands):
    """Clips per second, the median over the epochs but the first, and what the program says of waiting; the mean of several
    commands that run at the same time."""
    jobs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    found = []
    for command, job in zip(commands, jobs):
        text = job.communicate()[1]
        rates = [float(number.replace(",", "")) for number in re.findall(r"([\d.,]+) clips/s", text)]
        if job.returncode != 0 or len(rates) != EPOCHS:
            sys.exit(f"{' '.join(command)}\n{text}")
        found.append(statistics.median(rates[1:]))
    waited = re.search(r"([\d.]+) % of the time went by in waiting", text)
    return {"clipsPerSecond": statistics.mean(found), "waitedPercent": float(waited[1]) if waited else 0.0}


def measure(mynah, program, folder):
    def train(threads, batch=128, shard=32):
        return ["train", folder, "--output", "/tmp/mynah-scaling.safetensors", "--force", "--epochs", str(EPOCHS)] + [
            "--threads", str(threads), "--batch-size", str(batch), "--shard", str(shard)]

    cores = os.cpu_count()
    figures = {"cores": cores, "rows": []}

    def add(name, ranks, threads, network, batch, *commands):
        row = {"name": name, "ranks": ranks, "threads": threads, "network": network, "batch": batch} | rate(*commands)
        figures["rows"].append(row)
        print(row, file=sys.stderr, flush=True)

    only = sys.argv[5:]
    for threads in range(1, cores + 1):
        if not only or "threads" in only:
            add("threads", 1, threads, "none", 128, [mynah] + train(threads))
    if not only or "strong" in only:
        # Two that know nothing of each other are slower than one where cores share what is beside them.
        apart = [["taskset", "-c", str(core), mynah] + train(1, 64) for core in range(2)]
        apart[1][apart[1].index("--output") + 1] += ".2"
        add("two apart", 1, 1, "none", 64, *apart)
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
    """A step of two shards a core takes c seconds; to go in step costs w more; and the traffic costs what back-propagation does
    not hide of it, which is all beyond h seconds."""

    def step(name, network="none", batch=128, threads=1):
        rows = [
            row
            for row in figures["rows"]
            if (row["name"], row["network"], row["batch"], row["threads"]) == (name, network, batch, threads)
        ]
        return batch / statistics.median(row["clipsPerSecond"] for row in rows)

    one, cores = step("threads"), figures["cores"]
    for threads in range(1, cores + 1):
        now = step("threads", threads=threads)
        print(f"{threads} threads: {128 / now:.0f} clips/s, efficiency {100 * one / (threads * now):.0f} %")
    both = step("two ranks", "memory")
    print(f"2 ranks: {128 / both:.0f} clips/s, {100 * step('threads', threads=2) / both:.0f} % of two threads")
    c = step("two apart", batch=64)
    free = step("two hosts", "bridge")
    w = max(0, free - c)
    print(f"c = {1e3 * c:.1f} ms, w = {1e3 * w:.1f} ms by TCP, {1e3 * (both - c):.1f} ms in memory")
    exposed = {name: (step("two hosts", name) - free, traffic(2) / bits) for name, bits in BITS.items() if bits}
    slow = [(cost, wire) for cost, wire in exposed.values() if cost > 0.2 * wire]
    h = statistics.mean(wire - cost for cost, wire in slow) if slow else max(wire for _, wire in exposed.values())
    for name, (cost, wire) in exposed.items():
        now = step("two hosts", name)
        print(f"{name}: a step of {1e3 * now:.1f} ms with {1e3 * wire:.1f} ms of traffic, of which ", end="")
        print(f"{1e3 * cost:.1f} ms ({100 * cost / now:.1f} %) are seen; by the model {1e3 * max(0, wire - h):.1f} ms")
    print(f"h = {1e3 * h:.1f} ms")
    for name in ("10 Gbit/s", "1 Gbit/s"):
        for nodes in (4, 16, 64):
            now = c + w + max(0, traffic(nodes) / BITS[name] - h)
            print(f"{nodes} nodes of one core at {name}: {64 * nodes / now:.0f} clips/s, ", end="")
            print(f"efficiency {100 * c / now:.0f} %")


if __name__ == "__main__":
    if sys.argv[4] == "measure":
        measure(*sys.argv[1:4])
    else:
        with open(sys.argv[5]) as file:
            fit(json.load(file))
