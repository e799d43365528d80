#!/usr/bin/env python3
"""Makes Tests/MynahAudioTests/Fixtures/resampling.json with SciPy and NumPy.

    python3 -m venv /tmp/goldens && /tmp/goldens/bin/pip install -r Tools/requirements-statistics.txt
    /tmp/goldens/bin/python Tools/make_resampling_goldens.py

A chirp that stays below 0.85 of half the lower rate, with a slow rise and fall, is converted by
scipy.signal.resample_poly in double precision, with a windowed sinc of 512 periods on each side (Kaiser, beta 12) in
place of its short default filter. Input and output are rounded to eight decimal places.
"""

import json
import math
import pathlib

import numpy as np
import scipy
from scipy import signal

OUTPUT = pathlib.Path(__file__).parent.parent / "Tests/MynahAudioTests/Fixtures/resampling.json"
SECONDS = 0.05
RATES = [(48000, 16000), (44100, 16000), (22050, 16000), (8000, 16000), (16000, 8000)]


def convert(samples, source, target):
    factor = math.gcd(source, target)
    up, down = target // factor, source // factor
    widest = max(up, down)
    taps = 2 * 512 * widest + 1
    return signal.resample_poly(samples, up, down, window=signal.firwin(taps, 1 / widest, window=("kaiser", 12.0)))


def golden(source, target):
    time = np.arange(round(SECONDS * source)) / source
    highest = 0.85 * min(source, target) / 2
    chirp = signal.chirp(time, 100, SECONDS, highest) * np.sin(np.pi * time / SECONDS) ** 2
    samples = np.round(0.8 * chirp, 8)
    return {
        "inputRate": source,
        "outputRate": target,
        "input": samples.tolist(),
        "output": np.round(convert(samples, source, target), 8).tolist(),
    }


goldens = {
    "madeBy": f"Tools/make_resampling_goldens.py with SciPy {scipy.__version__}, NumPy {np.__version__}",
    "conversions": [golden(source, target) for source, target in RATES],
}
OUTPUT.write_text(json.dumps(goldens) + "\n")
