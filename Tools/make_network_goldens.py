"""Golden logits, loss and gradients of recurrent networks, computed by PyTorch in double precision.

    pip install -r Tools/requirements-network-goldens.txt
    python Tools/make_network_goldens.py Tests/MynahNetworkTests/Fixtures/gru.json

Each case holds a network description, its weights (flat, in the order of `ParameterLayout`), a batch `[T, B, D]`, the
labels `[B]`, and PyTorch's logits `[B, C]`, summed cross-entropy and flat gradient of every weight.
"""

import json
import sys

import torch

torch.set_default_dtype(torch.float64)


class Network(torch.nn.Module):
    def __init__(self, input_size, layers, read_out, class_count):
        super().__init__()
        self.read_out = read_out
        self.layers = torch.nn.ModuleList()
        size = input_size
        for hidden_size, bidirectional in layers:
            self.layers.append(torch.nn.GRU(size, hidden_size, bidirectional=bidirectional))
            size = hidden_size * (2 if bidirectional else 1)
        self.output = torch.nn.Linear(size, class_count)

    def forward(self, values):
        for layer in self.layers:
            values, _ = layer(values)
        if self.read_out == "mean":
            read = values.mean(dim=0)
        else:
            hidden_size = self.layers[-1].hidden_size
            read = torch.cat([values[-1, :, :hidden_size], values[0, :, hidden_size:]], dim=1)
        return self.output(read)

    def tensors(self):
        for layer in self.layers:
            for suffix in ["", "_reverse"] if layer.bidirectional else [""]:
                for name in ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]:
                    yield getattr(layer, name + suffix)
        yield self.output.weight
        yield self.output.bias


def flat(tensors):
    # Nine digits carry a single-precision value exactly.
    return [float(f"{value:.9g}") for tensor in tensors for value in tensor.flatten().tolist()]


def case(input_size, layers, read_out, class_count, frame_count, batch_size, seed):
    torch.manual_seed(seed)
    network = Network(input_size, layers, read_out, class_count)
    for tensor in network.tensors():
        # Weights that single precision holds exactly, so that both sides compute the same function.
        tensor.data = (0.5 * torch.randn_like(tensor)).float().double()
    batch = torch.randn(frame_count, batch_size, input_size).float().double()
    labels = torch.randint(class_count, (batch_size,))
    logits = network(batch)
    loss = torch.nn.functional.cross_entropy(logits, labels, reduction="sum")
    loss.backward()
    return {
        "network": {
            "inputSize": input_size,
            "layers": [
                {"type": "gru", "hiddenSize": hidden_size, "bidirectional": bidirectional}
                for hidden_size, bidirectional in layers
            ],
            "readOut": read_out,
            "classCount": class_count,
        },
        "frameCount": frame_count,
        "batchSize": batch_size,
        "parameters": flat(network.tensors()),
        "input": flat([batch]),
        "labels": labels.tolist(),
        "logits": flat([logits]),
        "loss": loss.item(),
        "gradient": flat(tensor.grad for tensor in network.tensors()),
    }


cases = [
    case(5, [(7, False)], "last", 4, 9, 3, seed=1),
    case(5, [(7, False), (6, False)], "mean", 4, 9, 3, seed=2),
    case(4, [(6, True)], "last", 3, 8, 2, seed=3),
    case(4, [(5, True), (6, True)], "mean", 3, 8, 2, seed=4),
    case(3, [(16, False), (16, True)], "last", 5, 1, 1, seed=5),
]
with open(sys.argv[1], "w") as file:
    json.dump({"madeBy": f"PyTorch {torch.__version__}, float64", "cases": cases}, file, separators=(",", ":"))
