#!/usr/bin/env python3
"""Writes the figures of Documentation/accuracy/*.json into the page beside them.

    python3 Tools/accuracy_table.py Documentation/accuracy

Needs nothing but Python.
"""

import json
import pathlib
import sys

BEGIN = "<!-- figures: written by Tools/accuracy_table.py -->\n"
END = "<!-- end of figures -->\n"


def percent(share):
    low, high = share["interval"]["lower"], share["interval"]["upper"]
    counts = f"{share['count']:,} of {share['total']:,}"
    return f"{100 * share['value']:.1f} % ({counts}; {100 * low:.1f}–{100 * high:.1f})"


def rate(events):
    low, high = events["interval"]["lower"], events["interval"]["upper"]
    return f"{events['perHour']:.2f} ({events['count']} in {events['hours']:.2f} h; {low:.2f}–{high:.2f})"


def clips(report):
    closed, early = report["closedSet"], report.get("earlyDecision")
    yield "accuracy, Wilson interval", percent(closed["accuracy"])
    if interval := closed["speakers"].get("accuracyInterval"):
        yield (
            "accuracy, bootstrap interval over speakers",
            f"{100 * interval['lower']:.1f}–{100 * interval['upper']:.1f} %",
        )
    yield "macro F1", f"{closed['macroF1']:.3f}"
    yield "calibration error (ECE)", f"{100 * closed['calibration']['expectedError']:.1f} %"
    for series in report.get("conditions", []):
        if series["kind"] == "signalToNoise":
            for point in series["points"]:
                if point.get("value") in (20, 10, 0):
                    yield f"accuracy with noise {point['name']} below", percent(point["accuracy"])
    if strangers := report.get("strangers"):
        yield "accuracy to expect among strangers", f"{100 * strangers['accuracy']:.1f} %"
    if unmet := report.get("unmetWords"):
        yield "words never met taken for a command", percent(unmet["taken"])
        yield f"the same with {100 * unmet['threshold']:.0f} % or more", percent(unmet["takenSurely"])
    for kind in report.get("noiseAlone", []):
        columns = [number for number, label in enumerate(kind["labels"]) if not label.startswith("_")]
        counts = [sum(point["counts"][column] for column in columns) for point in kind["points"]]
        total = sum(sum(point["counts"]) for point in kind["points"])
        if total:
            name = kind["kind"] if kind["kind"] != "recordings" else "of kinds never met"
            yield f"noise alone, {name}, taken for a command", f"{100 * sum(counts) / total:.1f} % ({sum(counts)} of {total:,})"
    if early:
        yield (
            f"audio saved by stopping early at {100 * early['confidence']:.0f} %",
            f"{100 * early['result']['savedShare']:.1f} %, "
            f"accuracy {100 * early['difference']:+.1f} points".replace("-", "−"),
        )


def detection(report):
    result = report["openSet"]
    score = result["score"]
    yield "missed words, thresholds of the model", percent(score["misses"])
    for recording in score["recordings"]:
        yield f"false alarms an hour in `{recording['name']}`", rate(recording["falseAlarms"])
    if delays := score.get("delays"):
        yield (
            "delay after the end of the word",
            f"median {1000 * delays['median']['value']:.0f} ms, 95 % within {1000 * delays['p95']['value']:.0f} ms",
        )
    for point in result["operatingPoints"]:
        if "misses" in point:
            yield f"missed with at most {point['budgetPerHour']} false alarms an hour", percent(point["misses"])
    if target := result.get("atMissTarget"):
        for recording in target["recordings"]:
            if "misses" not in recording:
                yield (
                    f"false alarms an hour in `{recording['name']}` with at most 5 % missed "
                    f"({percent(target['misses'])}; threshold {target['threshold']:g})",
                    rate(recording["falseAlarms"]),
                )


def table(name, report):
    rows = clips(report) if "closedSet" in report else detection(report)
    provenance = report["provenance"]
    lines = [
        f"[`{name}.html`]({name}.html), [`{name}.json`]({name}.json): `{provenance['commandLine']}`",
        "",
        "| figure | value (95 % interval) |",
        "|---|---|",
    ]
    return "\n".join(lines + [f"| {figure} | {value} |" for figure, value in rows]) + "\n"


def main():
    folder = pathlib.Path(sys.argv[1])
    page = folder / "README.md"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    tables = []
    for name in ("clips", "quiet", "english", "detection", "advised"):
        path = folder / f"{name}.json"
        if path.exists():
            tables.append(table(name, json.loads(path.read_text(encoding="utf-8"))))
    page.write_text(before + BEGIN + "\n" + "\n".join(tables) + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
