"""Golden logits, loss and gradients of networks, computed by PyTorch in double precision.

    pip install -r Tools/requirements-network-goldens.txt
    python Tools/make_network_goldens.py Tests/MynahNetworkTests/Fixtures/networks.json

Each case holds a network description, its weights (flat, in the order of `ParameterLayout`), a batch `[T, B, D]`, the
labels `[B]`, the steps at which the network decides, and PyTorch's logits `[decisions, B, C]`, summed cross-entropy and
flat gradient of every weight. Recurrent layers, convolution and batch normalization (as in training) are PyTorch's own;
minGRU and attention, which it lacks, are their papers' formulas, differentiated by PyTorch.
"""

import json
import sys

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


class MinGRU(nn.Module):
    """arXiv 2410.01201, without the logarithmic form."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.update = nn.Linear(input_size, hidden_size)
        self.candidate = nn.Linear(input_size, hidden_size)

    def forward(self, values):
        update, candidate = torch.sigmoid(self.update(values)), self.candidate(values)
        state = torch.zeros_like(update[0])
        states = []
        for frame in range(len(values)):
            state = (1 - update[frame]) * state + update[frame] * candidate[frame]
            states.append(state)
        return torch.stack(states)

    def tensors(self):
        yield torch.cat([self.update.weight, self.candidate.weight])
        yield torch.cat([self.update.bias, self.candidate.bias])

    def gradients(self):
        yield torch.cat([self.update.weight.grad, self.candidate.weight.grad])
        yield torch.cat([self.update.bias.grad, self.candidate.bias.grad])


class Recurrent(nn.Module):
    KINDS = {"elman": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}

    def __init__(self, description, input_size):
        super().__init__()
        self.kind, self.residual = description["type"], description.get("residual", False)
        hidden_size, bidirectional = description["hiddenSize"], description["bidirectional"]
        self.output_size = hidden_size * (2 if bidirectional else 1)
        self.backward_size = hidden_size if bidirectional else 0
        if self.kind == "mingru":
            self.layer = MinGRU(input_size, hidden_size)
        else:
            self.layer = self.KINDS[self.kind](input_size, hidden_size, bidirectional=bidirectional)
            if self.kind != "gru":
                # Mynah has one bias where PyTorch has two, which are added.
                for name in self.names("bias_hh_l0"):
                    getattr(self.layer, name).requires_grad_(False)
                    getattr(self.layer, name).zero_()

    def names(self, name):
        return [name, name + "_reverse"] if self.layer.bidirectional else [name]

    def forward(self, values):
        output = self.layer(values)
        output = output if self.kind == "mingru" else output[0]
        return output + values if self.residual else output

    def tensors(self):
        if self.kind == "mingru":
            yield from self.layer.tensors()
        else:
            yield from self.own_tensors()

    def own_tensors(self):
        names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0"] + (["bias_hh_l0"] if self.kind == "gru" else [])
        for suffix in ["", "_reverse"] if self.layer.bidirectional else [""]:
            for name in names:
                yield getattr(self.layer, name + suffix)

    def gradients(self):
        if self.kind == "mingru":
            yield from self.layer.gradients()
        else:
            yield from (tensor.grad for tensor in self.own_tensors())


class Convolution(nn.Module):
    def __init__(self, description, input_size, channels):
        super().__init__()
        self.channels, self.bands = channels, input_size // channels
        self.frames, self.stride = description["kernelFrames"], description["frameStride"]
        kernel, stride = description["kernelBands"], description["bandStride"]
        places = -(-self.bands // stride)
        padding = max(0, (places - 1) * stride + kernel - self.bands)
        self.padding = (padding // 2, padding - padding // 2)
        normalized = description.get("batchNormalized", False)
        self.layer = nn.Conv2d(channels, description["channels"], (self.frames, kernel), (self.stride, stride),
                               bias=not normalized)
        self.normalization = nn.BatchNorm2d(description["channels"]) if normalized else None
        self.output_size, self.backward_size = places * description["channels"], 0

    def forward(self, values):
        frames, clips, _ = values.shape
        values = values.reshape(frames, clips, self.bands, self.channels).permute(1, 3, 0, 2)
        values = nn.functional.pad(values, self.padding + (self.frames - self.stride, 0))
        values = self.layer(values)
        if self.normalization:
            self.clips, self.before = clips, values.detach()
            values = self.normalization(values)
        return torch.relu(values).permute(2, 0, 3, 1).flatten(2)

    def tensors(self):
        yield self.layer.weight.permute(0, 2, 3, 1)
        if self.normalization:
            yield self.normalization.weight
            yield self.normalization.bias
            yield torch.zeros(self.layer.out_channels)
            yield torch.ones(self.layer.out_channels)
        else:
            yield self.layer.bias

    def gradients(self):
        yield self.layer.weight.grad.permute(0, 2, 3, 1)
        if self.normalization:
            yield self.normalization.weight.grad
            yield self.normalization.bias.grad
            # Statistics: the mean over the batch, times its clips.
            yield self.clips * self.before.mean((0, 2, 3))
            yield self.clips * self.before.var((0, 2, 3), unbiased=False)
        else:
            yield self.layer.bias.grad


class Network(nn.Module):
    def __init__(self, description):
        super().__init__()
        self.read_out = description["readOut"]
        self.layers = nn.ModuleList()
        size, channels = description["inputSize"], 1
        for layer in description["layers"]:
            if layer["type"] == "convolution":
                self.layers.append(Convolution(layer, size, channels))
                channels = layer["channels"]
            else:
                self.layers.append(Recurrent(layer, size))
            size = self.layers[-1].output_size
        heads = 1
        if isinstance(self.read_out, dict):
            heads = self.read_out["heads"]
            self.keys = nn.Linear(size, self.read_out["size"], bias=False)
            self.queries = nn.Linear(self.read_out["size"], heads, bias=False)
        self.output = nn.Linear(heads * size, description["classCount"])

    def forward(self, values, decisions):
        for layer in self.layers:
            values = layer(values)
        return torch.stack([self.output(self.read(values, step)) for step in decisions])

    def read(self, values, step):
        if self.read_out == "last":
            backward = self.layers[-1].backward_size
            split = values.shape[2] - backward
            return torch.cat([values[step, :, :split], values[0, :, split:]], dim=1)
        if self.read_out == "frame":
            return values[step]
        heard = values[: step + 1]
        if self.read_out == "mean":
            return heard.mean(dim=0)
        weights = torch.softmax(self.queries(torch.tanh(self.keys(heard))), dim=0)
        return torch.einsum("tbk,tbr->bkr", weights, heard).flatten(1)

    def parts(self):
        yield from self.layers
        if isinstance(self.read_out, dict):
            yield self.keys
            yield self.queries
        yield self.output

    def tensors(self):
        for part in self.parts():
            if isinstance(part, nn.Linear):
                yield from part.parameters()
            else:
                yield from part.tensors()

    def gradients(self):
        for part in self.parts():
            if isinstance(part, nn.Linear):
                yield from (tensor.grad for tensor in part.parameters())
            else:
                yield from part.gradients()


def flat(tensors):
    # Nine digits carry a single-precision value exactly.
    return [float(f"{value:.9g}") for tensor in tensors for value in tensor.flatten().tolist()]


def case(input_size, layers, read_out, class_count, frame_count, batch_size, seed, decisions=None):
    torch.manual_seed(seed)
    description = {"inputSize": input_size, "layers": layers, "readOut": read_out, "classCount": class_count}
    network = Network(description)
    for tensor in network.parameters():
        # Weights that single precision holds exactly, so that both sides compute the same function.
        if tensor.requires_grad:
            tensor.data = (0.5 * torch.randn_like(tensor)).float().double()
    batch = torch.randn(frame_count, batch_size, input_size).float().double()
    labels = torch.randint(class_count, (batch_size,))
    step_count = frame_count
    for layer in layers:
        step_count //= layer.get("frameStride", 1)
    decisions = decisions or [step_count - 1]
    logits = network(batch, decisions)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), labels.repeat(len(decisions)), reduction="sum")
    loss.backward()
    return {
        "network": description,
        "frameCount": frame_count,
        "batchSize": batch_size,
        "decisions": decisions,
        "parameters": flat(network.tensors()),
        "input": flat([batch]),
        "labels": labels.tolist(),
        "logits": flat([logits]),
        "loss": loss.item(),
        "gradient": flat(network.gradients()),
    }


def recurrent(kind, size, bidirectional=False, **options):
    return {"type": kind, "hiddenSize": size, "bidirectional": bidirectional, **options}


def convolution(channels, frames, bands, frame_stride, band_stride, normalized):
    return {"type": "convolution", "channels": channels, "kernelFrames": frames, "kernelBands": bands,
            "frameStride": frame_stride, "bandStride": band_stride, "batchNormalized": normalized}


attention = {"type": "attention", "heads": 3, "size": 5}
cases = [
    case(5, [recurrent("gru", 7)], "last", 4, 9, 3, seed=1),
    case(5, [recurrent("gru", 7), recurrent("gru", 6)], "mean", 4, 9, 3, seed=2),
    case(4, [recurrent("gru", 6, True)], "last", 3, 8, 2, seed=3),
    case(4, [recurrent("gru", 5, True), recurrent("gru", 6, True)], "mean", 3, 8, 2, seed=4),
    case(3, [recurrent("gru", 16), recurrent("gru", 16, True)], "last", 5, 1, 1, seed=5),
    case(5, [recurrent("elman", 7), recurrent("elman", 4, True)], "last", 4, 9, 3, seed=6),
    case(5, [recurrent("lstm", 7), recurrent("lstm", 4, True)], "mean", 4, 9, 3, seed=7),
    case(5, [recurrent("mingru", 7), recurrent("mingru", 7, residual=True)], "last", 4, 9, 3, seed=8),
    case(5, [recurrent("gru", 6), recurrent("lstm", 6, residual=True)], attention, 4, 9, 3, seed=9),
    case(5, [recurrent("gru", 6, True)], attention, 4, 9, 3, seed=10),
    case(5, [recurrent("gru", 6)], attention, 4, 9, 3, seed=11, decisions=[2, 3, 8]),
    case(5, [recurrent("lstm", 6)], "mean", 4, 9, 3, seed=12, decisions=[0, 5]),
    case(5, [recurrent("elman", 6)], "last", 4, 9, 3, seed=13, decisions=[1, 7]),
    case(7, [convolution(3, 4, 3, 2, 2, False), recurrent("gru", 5)], "last", 4, 9, 3, seed=14),
    case(6, [convolution(2, 3, 3, 1, 2, True), convolution(4, 2, 2, 2, 1, True), recurrent("gru", 5)], attention, 4,
         8, 3, seed=15, decisions=[1, 3]),
    case(6, [convolution(2, 3, 3, 2, 2, True), recurrent("gru", 4, True), recurrent("lstm", 3, True)], "frame", 5, 9, 2,
         seed=16, decisions=[0, 1, 2, 3]),
]

if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        json.dump({"madeBy": f"PyTorch {torch.__version__}, float64", "cases": cases}, file, separators=(",", ":"))
