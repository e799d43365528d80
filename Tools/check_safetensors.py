"""Opens model files with the reference implementation of safetensors and checks what it finds there.

    pip install numpy safetensors
    python Tools/check_safetensors.py models/commands.safetensors

The tensors that the library returns are compared, to the bit, with the bytes at the offsets that the header tells,
and with the labels, sizes and counts of the description.
"""

import hashlib
import json
import struct
import sys

import numpy
from safetensors import safe_open


def check(path):
    """Returns a line about a sound model; raises AssertionError otherwise."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    data = content[8 + length :]
    assert length % 8 == 0, f"header of {length} bytes is not aligned"
    names = [name for name in header if name != "__metadata__"]
    assert names == sorted(names), "tensors are not in order of name"

    with safe_open(path, framework="numpy") as model:
        metadata = model.metadata()
        tensors = {name: model.get_tensor(name) for name in model.keys()}
    assert sorted(tensors) == names, f"the library sees {sorted(tensors)}, the header has {names}"
    for name, tensor in tensors.items():
        begin, end = header[name]["data_offsets"]
        assert tensor.dtype == numpy.float32, f"{name} holds {tensor.dtype}"
        assert list(tensor.shape) == header[name]["shape"], f"{name} has shape {tensor.shape}"
        assert tensor.tobytes() == data[begin:end], f"{name} has other values than its bytes"
        assert numpy.isfinite(tensor).all(), f"{name} is not finite"

    assert metadata["format"] == "mynah" and metadata["version"] == "1", metadata
    description = json.loads(metadata["description"])
    labels = description["labels"]
    assert len(set(labels)) == len(labels) == description["network"]["classCount"], labels
    assert tensors["output.bias"].shape == (len(labels),), tensors["output.bias"].shape
    normalizer = description["normalizer"]
    features = description["network"]["inputSize"]
    assert len(normalizer["mean"]) == len(normalizer["standardDeviation"]) == features, normalizer
    assert min(normalizer["standardDeviation"]) > 0, normalizer

    accuracy = description["provenance"]["validationAccuracy"]
    count = sum(tensor.size for tensor in tensors.values())
    return (
        f"{path}: {len(labels)} labels, {len(tensors)} tensors, {count} parameters, "
        f"validation {accuracy['correct']}/{accuracy['total']}, SHA-256 {hashlib.sha256(content).hexdigest()}"
    )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        print(check(path))
