"""Golden losses and gradients of connectionist temporal classification, computed by PyTorch in double precision.

    pip install -r Tools/requirements-network-goldens.txt
    python Tools/make_ctc_goldens.py Tests/MynahNetworkTests/Fixtures/ctc.json

Each case holds logits `[T, B, C]`, the steps and the symbols of each clip, the blank, and what `torch.nn.functional.ctc_loss`
makes of them: the loss of each clip (null where it is infinite) and the gradient of the sum of the finite ones by the
logits; and the class of each step on the path that `torchaudio.functional.forced_align` finds for each clip (null where there
is none, and for empty texts, which it does not take).
"""

import json
import sys

import torch
import torchaudio

torch.set_default_dtype(torch.float64)


def flat(tensor):
    # Nine digits carry a single-precision value exactly.
    return [float(f"{value:.9g}") for value in tensor.flatten().tolist()]


def paths(logits, step_counts, symbols, blank):
    posteriors = logits.detach().log_softmax(2)
    for clip, (steps, target) in enumerate(zip(step_counts, symbols)):
        needed = len(target) + sum(first == second for first, second in zip(target, target[1:]))
        if not target or steps < needed:
            yield None
            continue
        aligned, _ = torchaudio.functional.forced_align(
            posteriors[:steps, clip].unsqueeze(0).contiguous(), torch.tensor([target]), blank=blank)
        yield aligned[0].tolist()


def case(name, class_count, step_counts, symbols, seed, blank=0, scale=3.0, padding=0):
    torch.manual_seed(seed)
    steps = max(step_counts) + padding
    # Logits that single precision holds exactly, so that both sides compute the same function.
    logits = (scale * torch.randn(steps, len(step_counts), class_count)).float().double().requires_grad_()
    losses = torch.nn.functional.ctc_loss(
        logits.log_softmax(2),
        torch.tensor([symbol for clip in symbols for symbol in clip], dtype=torch.long),
        torch.tensor(step_counts), torch.tensor([len(clip) for clip in symbols]), blank=blank, reduction="none")
    finite = losses[losses.isfinite()]
    gradient = torch.zeros_like(logits)
    if len(finite) > 0:
        # Infinite losses have no gradient; PyTorch's own is not a number unless they are left out before.
        torch.nn.functional.ctc_loss(
            logits.log_softmax(2),
            torch.tensor([symbol for clip in symbols for symbol in clip], dtype=torch.long),
            torch.tensor(step_counts), torch.tensor([len(clip) for clip in symbols]), blank=blank, reduction="sum",
            zero_infinity=True).backward()
        gradient = logits.grad
    return {
        "name": name,
        "classCount": class_count,
        "blank": blank,
        "stepCounts": step_counts,
        "symbols": symbols,
        "logits": flat(logits),
        "losses": [value if value < float("inf") else None for value in losses.tolist()],
        "gradient": flat(gradient),
        "paths": list(paths(logits, step_counts, symbols, blank)),
    }


torch.manual_seed(0)
long = torch.randint(1, 28, (180,)).tolist()
cases = [
    case("a batch of unequal lengths", 6, [12, 9, 5, 7], [[1, 2, 3], [4, 4, 1], [5], [2, 1, 2, 1]], seed=1),
    case("repeated symbols", 4, [10, 9, 7], [[1, 1, 1, 1], [2, 2, 3, 3, 2], [3, 3, 3, 3]], seed=2),
    case("as few steps as possible", 5, [3, 5, 4], [[1, 2, 3], [1, 1, 1], [4, 3, 2, 1]], seed=3),
    case("targets longer than the steps allow", 5, [2, 4, 6], [[1, 2, 3], [1, 1, 1], [2, 3]], seed=4),
    case("empty targets", 4, [6, 3, 1], [[], [], []], seed=5),
    case("one step", 4, [1, 1, 1], [[2], [], [1, 3]], seed=6),
    case("another blank, and padding", 5, [8, 6], [[0, 1, 1, 3], [2]], seed=7, blank=4, padding=3),
    case("improbable targets", 5, [15, 11], [[1, 2, 3, 4], [4, 3, 2]], seed=8, scale=60.0),
    case("a sentence", 28, [420], [long], seed=9),
]
with open(sys.argv[1], "w") as file:
    json.dump({"madeBy": f"PyTorch {torch.__version__}, float64", "cases": cases}, file, separators=(",", ":"))
