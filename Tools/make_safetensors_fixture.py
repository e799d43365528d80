"""Writes a small file with the reference implementation of safetensors, for the tests of MynahModel.

    pip install numpy safetensors
    python Tools/make_safetensors_fixture.py

Mynah must read it, and must write the same bytes from the same content. Made with safetensors 0.8.0.
"""

import pathlib

import numpy
from safetensors.numpy import save_file

FOLDER = pathlib.Path(__file__).parent.parent / "Tests" / "MynahModelTests" / "Fixtures"

# One metadata key only: the reference implementation does not promise an order of several.
METADATA = {"note": 'quote " backslash \\ slash / tab \t line\nbell \a umlaut ü word 言葉'}

TENSORS = {
    "output.weights": numpy.array([[0.5, -1.25, 3.0], [1e-30, -0.0, 16777216.0]], dtype=numpy.float32),
    "output.bias": numpy.array([0.1, -0.2], dtype=numpy.float32),
    "nothing": numpy.zeros((0, 4), dtype=numpy.float32),
    "single": numpy.array(7.0, dtype=numpy.float32),
}

save_file(TENSORS, FOLDER / "written-by-python.safetensors", metadata=METADATA)
