"""What the scripts of the peers share: the clip, the clock, and the JSON lines."""

import gc
import json
import os
import sys
import time

# Before any library is loaded that would start threads of its own.
for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"]:
    os.environ[name] = "1"

RATE = 16_000


def run(peer, distribution, make_cases):
    """Times each case of `make_cases(clip)` over the clip and prints one JSON line for each.

    Called as `SCRIPT CLIP.f32 [SECONDS]`. A case is a dictionary: `settings` and `mode` name what is computed and must
    match a case of FrontEndBenchmark; `how` tells apart ways to use the library; `work` is timed and returns the rows
    and columns of the features; `prepare`, if any, makes its argument before the clock starts; `without`, if any, is a
    case whose time is taken off, for work that belongs to Python alone.
    """
    try:
        import numpy
        from importlib.metadata import version
        clip = numpy.fromfile(sys.argv[1], "<f4")
        cases = make_cases(clip)
    except (ImportError, OSError) as error:
        print(json.dumps({"peer": peer, "missing": str(error).splitlines()[0]}))
        return
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 0.2
    for case in cases:
        line = {"peer": peer, "version": version(distribution), "how": case["how"], "settings": case["settings"],
                "mode": case["mode"], "audioSeconds": len(clip) / RATE}
        line |= measure(case, seconds)
        if "without" in case:
            off = measure(case["without"], seconds)
            line["medianMicroseconds"] -= off["medianMicroseconds"]
            line["bestMicroseconds"] -= off["bestMicroseconds"]
        print(json.dumps(line), flush=True)


def measure(case, seconds):
    """Repeats a case for about `seconds`, at least 5 times, after a warm-up of a tenth of that.

    Times are processor time of all threads of this process, as in FrontEndBenchmark.
    """
    work, prepare = case["work"], case.get("prepare", lambda: None)
    warm_up_end = time.process_time() + seconds / 10
    work(prepare())
    while time.process_time() < warm_up_end:
        work(prepare())
    durations = []
    spent = 0
    gc.collect()
    gc.disable()
    while len(durations) < 5 or spent < seconds:
        argument = prepare()
        begin = time.process_time_ns()
        shape = work(argument)
        durations.append(time.process_time_ns() - begin)
        spent += durations[-1] * 1e-9
    gc.enable()
    durations.sort()
    return {"rows": shape[0], "columns": shape[1], "repetitions": len(durations),
            "medianMicroseconds": durations[len(durations) // 2] * 1e-3, "bestMicroseconds": durations[0] * 1e-3}
