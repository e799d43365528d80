#!/usr/bin/env python3
"""Compares what `mynah listen --json` told of the same sound: are the words the same, at the same times?

    compare_events.py FIRST OTHER...
    compare_events.py --shift 0.1665 --within 0.25 FIRST OTHER

Events belong together that have the same word and end at the same time; --shift is what the others are later by, and
--within how many seconds they may differ. Exit status 1 where an event has no partner.
"""

import argparse
import json
import sys


def events(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first")
    parser.add_argument("others", nargs="+")
    parser.add_argument("--shift", type=float, default=0.0, help="seconds that the others are later")
    parser.add_argument("--within", type=float, default=0.0, help="seconds by which times may differ")
    arguments = parser.parse_args()

    first = events(arguments.first)
    has_failed = False
    for path in arguments.others:
        rest = events(path)
        count = len(rest)
        times, confidences = [], []
        for event in first:
            for partner in rest:
                difference = partner["end"] - arguments.shift - event["end"]
                if partner["word"] == event["word"] and abs(difference) <= arguments.within + 1e-9:
                    times.append(abs(difference))
                    confidences.append(abs(partner["confidence"] - event["confidence"]))
                    rest.remove(partner)
                    break
        is_equal = len(times) == len(first) == count
        has_failed |= not is_equal
        print(
            f"{'equal' if is_equal else 'different'}: {len(first)} and {count} events, {len(times)} in common; "
            f"times differ by at most {1000 * max(times, default=0):.1f} ms, "
            f"confidences by {max(confidences, default=0):.4f} ({path})"
        )
    sys.exit(1 if has_failed else 0)


if __name__ == "__main__":
    main()
