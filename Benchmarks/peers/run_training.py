"""Trains the networks of TrainingBenchmark with PyTorch, in rounds, as that program does.

    run_training.py commands|sentences THREADS BATCH float32|bfloat16

Each line of standard input is a number of seconds; a JSON line with examples and seconds answers it. Timed are forward and
backward pass and the step of AdamW (its fused form, PyTorch's fastest), on features that lie ready in the layout that
`torch.nn.GRU` prefers. With bfloat16, weights, states and gradients are rounded to it, too, which Mynah keeps in single
precision; the loss over sentences is computed in single precision. Not timed are what Mynah's trainer does besides: the
limit of the gradient's norm, the average of the weights, the examples' way into the network.
"""

import json
import sys
import time

import torch
from torch import nn

NETWORK, THREADS, BATCH = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
NUMBERS = {"float32": torch.float32, "bfloat16": torch.bfloat16}[sys.argv[4]]
torch.set_num_threads(THREADS)
torch.manual_seed(1)

UNITS, LAYERS, CLASSES = {"commands": (128, 2, 12), "sentences": (240, 3, 29)}[NETWORK]
layers = nn.GRU(40, UNITS, num_layers=LAYERS).to(NUMBERS)
output = nn.Linear(UNITS, CLASSES).to(NUMBERS)
parameters = [*layers.parameters(), *output.parameters()]
optimizer = torch.optim.AdamW(parameters, lr=2e-3, fused=True)
cross_entropy, ctc = nn.CrossEntropyLoss(), nn.CTCLoss(zero_infinity=True)


def features(frames):
    return (torch.rand(frames, BATCH, 40) * 2 - 1).to(NUMBERS)


def commands():
    """98 frames a clip, the mean of the states."""
    clips, labels = features(98), torch.randint(12, (BATCH,))
    return lambda: cross_entropy(output(layers(clips)[0].mean(dim=0)).float(), labels)


def sentences():
    """300 frames a sentence, 75 symbols."""
    clips, symbols = features(300), torch.randint(1, 29, (BATCH, 75))
    frame_counts, symbol_counts = torch.full((BATCH,), 300), torch.full((BATCH,), 75)
    return lambda: ctc(
        output(layers(clips)[0]).float().log_softmax(dim=2), symbols, frame_counts, symbol_counts)


losses = [commands() if NETWORK == "commands" else sentences() for _ in range(16)]


def step(number):
    optimizer.zero_grad(set_to_none=True)
    losses[number % len(losses)]().backward()
    optimizer.step()


for line in sys.stdin:
    seconds, steps, start = float(line), 0, time.monotonic()
    while steps == 0 or time.monotonic() - start < seconds:
        step(steps)
        steps += 1
    print(json.dumps({"examples": steps * BATCH, "seconds": time.monotonic() - start}), flush=True)
