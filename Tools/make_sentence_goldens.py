"""Golden logits, losses and gradients of networks that read sentences, computed by PyTorch in double precision.

    pip install -r Tools/requirements-network-goldens.txt
    python Tools/make_sentence_goldens.py Tests/MynahNetworkTests/Fixtures/sentences.json

Each case holds a network with a table of vectors as its first layer and a label for each step, its weights (flat, in the
order of `ParameterLayout`), sentences of unequal length as rows of the table `[steps, K]` (-1 is none), their classes and
the labels of their steps; and PyTorch's logits of both outputs, the sum of all cross-entropies, and the flat gradient of
it. The table is `torch.nn.functional.embedding_bag` with weights of 1 / √n; each sentence goes through the network alone.
"""

import json
import sys

import torch
from torch import nn

from make_network_goldens import Network, flat, recurrent


class SentenceNetwork(Network):
    def __init__(self, description):
        embedding, *layers = description["layers"]
        super().__init__({**description, "layers": layers, "inputSize": embedding["size"]})
        self.table = nn.Parameter(torch.zeros(embedding["rows"], embedding["size"]))
        count = description["stepClassCount"]
        state_size = self.layers[-1].output_size
        self.steps = nn.Linear(state_size, count)
        self.context = nn.Linear(self.output.in_features, count, bias=False)

    def embed(self, rows):
        vectors = []
        for step in rows:
            named = torch.tensor([row for row in step if row >= 0], dtype=torch.long)
            weights = torch.full(named.shape, 1 / max(1, len(named)) ** 0.5)
            vectors.append(nn.functional.embedding_bag(
                named, self.table, torch.tensor([0]), mode="sum", per_sample_weights=weights)[0])
        return torch.stack(vectors).unsqueeze(1)

    def forward(self, rows):
        values = self.embed(rows)
        for layer in self.layers:
            values = layer(values)
        vector = self.read(values, len(rows) - 1)
        return self.output(vector)[0], (self.steps(values) + self.context(vector))[:, 0]

    def tensors(self):
        yield self.table
        yield from super().tensors()
        yield from (self.steps.weight, self.context.weight, self.steps.bias)

    def gradients(self):
        yield self.table.grad
        yield from super().gradients()
        yield from (self.steps.weight.grad, self.context.weight.grad, self.steps.bias.grad)


def case(rows, size, width, layers, read_out, class_count, label_count, lengths, seed):
    torch.manual_seed(seed)
    embedding = {"type": "embedding", "rows": rows, "size": size}
    description = {"inputSize": width, "layers": [embedding, *layers], "readOut": read_out, "classCount": class_count,
                   "stepClassCount": label_count}
    network = SentenceNetwork(description)
    for tensor in network.parameters():
        if tensor.requires_grad:
            tensor.data = (0.5 * torch.randn_like(tensor)).float().double()
    sentences, loss = [], 0
    for length in lengths:
        named = torch.randint(-1, rows, (length, width))
        named[0] = -1  # a step without any row
        label, labels = torch.randint(class_count, (1,)), torch.randint(label_count, (length,))
        logits, step_logits = network(named.tolist())
        loss = loss + nn.functional.cross_entropy(logits[None], label)
        loss = loss + nn.functional.cross_entropy(step_logits, labels, reduction="sum")
        sentences.append({"rows": named.flatten().tolist(), "label": label.item(), "stepLabels": labels.tolist(),
                          "logits": flat([logits]), "stepLogits": flat([step_logits])})
    loss.backward()
    return {"network": description, "parameters": flat(network.tensors()), "sentences": sentences,
            "loss": loss.item(), "gradient": flat(network.gradients())}


attention = {"type": "attention", "heads": 2, "size": 5}
cases = [
    case(17, 6, 4, [recurrent("lstm", 5, True)], attention, 3, 4, [7, 2, 5], seed=1),
    case(9, 5, 3, [recurrent("gru", 4, True), recurrent("gru", 3, True)], "last", 4, 5, [3, 6], seed=2),
    case(11, 4, 2, [recurrent("gru", 6)], "mean", 3, 3, [4, 1, 4], seed=3),
]

if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        json.dump({"madeBy": f"PyTorch {torch.__version__}, float64", "cases": cases}, file, separators=(",", ":"))
