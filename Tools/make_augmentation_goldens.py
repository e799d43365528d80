#!/usr/bin/env python3
"""Makes Tests/MynahDataTests/Fixtures/augmentation.json with SciPy and NumPy.

    python3 -m venv /tmp/goldens && /tmp/goldens/bin/pip install -r Tools/requirements-statistics.txt
    /tmp/goldens/bin/python Tools/make_augmentation_goldens.py

Bands: impulse responses of a high-pass and a low-pass Butterworth filter of fourth order, from scipy.signal.butter in
double precision. Codes: the continuous mu-law (mu = 255), rounded to 2^(bits - 1) - 1 steps on each side.
"""

import json
import pathlib

import numpy as np
import scipy
from scipy import signal

OUTPUT = pathlib.Path(__file__).parent.parent / "Tests/MynahDataTests/Fixtures/augmentation.json"


def band(rate, lower, upper, count=200):
    high = signal.butter(4, lower, "highpass", fs=rate, output="sos")
    low = signal.butter(4, upper, "lowpass", fs=rate, output="sos")
    impulse = np.zeros(count)
    impulse[0] = 1
    response = signal.sosfilt(low, signal.sosfilt(high, impulse))
    return {"sampleRate": rate, "lowerEdgeHz": lower, "upperEdgeHz": upper, "impulseResponse": response.tolist()}


def code(bits):
    values = np.concatenate([np.linspace(-1, 1, 201), [1e-4, -1e-3, 0.003]])
    steps = 2 ** (bits - 1) - 1
    coded = np.sign(values) * np.log1p(255 * np.abs(values)) / np.log(256)
    coded = np.sign(coded) * np.floor(np.abs(coded) * steps + 0.5) / steps
    decoded = np.sign(coded) * (256 ** np.abs(coded) - 1) / 255
    return {"bits": bits, "input": values.tolist(), "output": decoded.tolist()}


goldens = {
    "madeBy": f"Tools/make_augmentation_goldens.py with SciPy {scipy.__version__}, NumPy {np.__version__}",
    "bands": [band(16000, 300, 3400), band(16000, 150, 3800), band(8000, 400, 3000)],
    "codes": [code(8), code(7), code(5)],
}
OUTPUT.write_text(json.dumps(goldens) + "\n")
