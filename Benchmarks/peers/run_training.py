"""Trains the network of TrainingBenchmark with PyTorch, in rounds, as that program does.

    run_training.py THREADS BATCH float32|bfloat16

Each line of standard input is a number of seconds; a JSON line with clips and seconds answers it. Timed are forward and
backward pass and the step of AdamW (its fused form, PyTorch's fastest), on features that lie ready in the layout that
`torch.nn.GRU` prefers. With bfloat16, weights, states and gradients are rounded to it, too, which Mynah keeps in single
precision. Not timed are what Mynah's trainer does besides: the limit of the gradient's norm, the average of the weights,
the clips' way into the network.
"""

import json
import sys
import time

import torch
from torch import nn

THREADS, BATCH = int(sys.argv[1]), int(sys.argv[2])
NUMBERS = {"float32": torch.float32, "bfloat16": torch.bfloat16}[sys.argv[3]]
torch.set_num_threads(THREADS)
torch.manual_seed(1)

layers = nn.GRU(40, 128, num_layers=2).to(NUMBERS)
output = nn.Linear(128, 12).to(NUMBERS)
parameters = [*layers.parameters(), *output.parameters()]
optimizer = torch.optim.AdamW(parameters, lr=2e-3, fused=True)
loss = nn.CrossEntropyLoss()
batches = [((torch.rand(98, BATCH, 40) * 2 - 1).to(NUMBERS), torch.randint(12, (BATCH,))) for _ in range(16)]


def step(number):
    features, labels = batches[number % len(batches)]
    states, _ = layers(features)
    optimizer.zero_grad(set_to_none=True)
    loss(output(states.mean(dim=0)).float(), labels).backward()
    optimizer.step()


for line in sys.stdin:
    seconds, steps, start = float(line), 0, time.monotonic()
    while steps == 0 or time.monotonic() - start < seconds:
        step(steps)
        steps += 1
    print(json.dumps({"clips": steps * BATCH, "seconds": time.monotonic() - start}), flush=True)
