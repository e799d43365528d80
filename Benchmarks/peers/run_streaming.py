"""Runs the network of a model step by step with PyTorch or onnxruntime, in rounds, as StreamingBenchmark does.

    run_streaming.py pytorch|onnxruntime MODEL FEATURES SHAPE

MODEL is a file of Mynah; FEATURES and SHAPE are what StreamingBenchmark wrote: float32 frames, and a JSON object with
their shape and the logits after the last one. The first line of output tells by how much the logits differ. Each line
`network SECONDS` of standard input is answered by a JSON line: the times of single frames on one thread, in microseconds.
A frame that only waits for the next one, where convolutions stride, costs the call of a Python function.
"""

import io
import json
import struct
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
torch.set_grad_enabled(False)


def read_model(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    description = json.loads(header.pop("__metadata__")["description"])
    weights = {
        name: torch.from_numpy(numpy.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy())
        for name, entry in header.items()}
    return description["network"], weights


class Convolution(nn.Module):
    def __init__(self, layer, prefix, weights, bands, channels):
        super().__init__()
        self.frame_stride, self.band_stride = layer["frameStride"], layer["bandStride"]
        self.filters = nn.Parameter(weights[f"{prefix}.filters"].permute(0, 3, 1, 2).contiguous())
        self.bias = nn.Parameter(weights[f"{prefix}.bias"])
        kernel_bands = layer["kernelBands"]
        places = -(-bands // self.band_stride)
        padding = max(0, (places - 1) * self.band_stride + kernel_bands - bands)
        self.padding = (padding // 2, padding - padding // 2)
        self.history = layer["kernelFrames"] - layer["frameStride"]
        self.bands, self.channels, self.places = bands, channels, places

    def initial(self):
        return torch.zeros(1, self.channels, self.history, self.bands)

    def forward(self, values, state):
        values = torch.cat([state, values], dim=2)
        padded = functional.pad(values, self.padding)
        output = functional.relu(
            functional.conv2d(padded, self.filters, self.bias, (self.frame_stride, self.band_stride)))
        return output, values[:, :, values.shape[2] - self.history:]


class Recurrent(nn.Module):
    def __init__(self, layer, prefix, weights, size):
        super().__init__()
        self.layer = nn.GRU(size, layer["hiddenSize"])
        self.layer.weight_ih_l0.data = weights[f"{prefix}.forward.inputWeights"]
        self.layer.weight_hh_l0.data = weights[f"{prefix}.forward.recurrentWeights"]
        self.layer.bias_ih_l0.data = weights[f"{prefix}.forward.inputBias"]
        self.layer.bias_hh_l0.data = weights[f"{prefix}.forward.recurrentBias"]

    def initial(self):
        return torch.zeros(1, 1, self.layer.hidden_size)

    def forward(self, values, state):
        return self.layer(values, state)


class Step(nn.Module):
    """Frames of one decision, and the states before → logits, and the states after."""

    def __init__(self, network, weights, window):
        super().__init__()
        bands, channels = network["inputSize"], 1
        self.front, self.recurrent = nn.ModuleList(), nn.ModuleList()
        self.stride, self.cepstrum = 1, None
        for index, layer in enumerate(network["layers"]):
            if layer["type"] == "inverseCosine":
                self.cepstrum = nn.Parameter(weights[f"layers.{index}.weights"])
                bands = layer["bandCount"]
            elif layer["type"] == "convolution":
                self.front.append(Convolution(layer, f"layers.{index}", weights, bands, channels))
                bands, channels = self.front[-1].places, layer["channels"]
                self.stride *= layer["frameStride"]
            elif layer["type"] == "gru" and not layer["bidirectional"] and not layer.get("residual", False):
                self.recurrent.append(Recurrent(layer, f"layers.{index}", weights, bands * channels))
                bands, channels = layer["hiddenSize"], 1
            else:
                sys.exit(f"no stream of a layer {layer}")
        self.read_out = network["readOut"]
        if self.is_attention:
            self.keys, self.queries = weights["readOut.keys"], weights["readOut.queries"]
        self.size, self.window = bands, window
        self.weights, self.bias = weights["output.weights"], weights["output.bias"]

    @property
    def is_attention(self):
        return isinstance(self.read_out, dict)

    def initial(self):
        states = [layer.initial() for layer in [*self.front, *self.recurrent]]
        if self.read_out != "last":
            # Frames before the stream weigh nothing.
            heads = len(self.queries) if self.is_attention else 1
            states += [torch.zeros(self.window, self.size), torch.full((self.window, heads), -1e9)]
        return states

    def forward(self, frames, *states):
        values, after = frames, []
        if self.cepstrum is not None:
            values = functional.linear(values, self.cepstrum)
        if self.front:
            values = values[None, None]
            for layer in self.front:
                values, state = layer(values, states[len(after)])
                after.append(state)
            values = values[0, :, 0].transpose(0, 1).reshape(1, -1)
        values = values[:, None]
        for layer in self.recurrent:
            values, state = layer(values, states[len(after)])
            after.append(state)
        vector = values[0]
        if self.read_out != "last":
            scores = torch.zeros(1, 1)
            if self.is_attention:
                scores = torch.tanh(vector @ self.keys.T) @ self.queries.T
            window = torch.cat([states[-2][1:], vector])
            all_scores = torch.cat([states[-1][1:], scores])
            vector = (torch.softmax(all_scores, dim=0).T @ window).reshape(1, -1)
            after += [window, all_scores]
        return functional.linear(vector, self.weights, self.bias), *after


class TorchStream:
    def __init__(self, step):
        self.step = torch.jit.freeze(torch.jit.trace(step.eval(), (torch.zeros(step.stride, INPUTS), *step.initial())))
        self.first, self.width = step.initial(), step.stride

    def reset(self):
        self.states = self.first

    def decide(self, frames):
        logits, *self.states = self.step(torch.from_numpy(frames), *self.states)
        return logits


class OnnxStream:
    def __init__(self, step):
        import onnxruntime
        names = [f"state{index}" for index in range(len(step.initial()))]
        file = io.BytesIO()
        torch.onnx.export(
            step.eval(), (torch.zeros(step.stride, INPUTS), *step.initial()), file, dynamo=False,
            input_names=["frames", *names], output_names=["logits", *(f"{name}After" for name in names)])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
        self.names, self.first, self.width = names, [state.numpy() for state in step.initial()], step.stride

    def reset(self):
        self.states = self.first

    def decide(self, frames):
        inputs = dict(zip(self.names, self.states))
        inputs["frames"] = frames
        logits, *self.states = self.session.run(None, inputs)
        return torch.from_numpy(logits)


def hear(stream, frames, times=None, seconds=0.0):
    end, number, logits = time.monotonic() + seconds, 0, None
    while number < len(frames) if times is None else time.monotonic() < end:
        start = time.perf_counter()
        place = number % (len(frames) // stream.width * stream.width)
        if place % stream.width == stream.width - 1:
            logits = stream.decide(frames[place + 1 - stream.width:place + 1])
        if times is not None:
            times.append((time.perf_counter() - start) * 1e6)
        number += 1
    return logits


network, weights = read_model(sys.argv[2])
shape = json.loads(sys.argv[4])
INPUTS = shape["featureCount"]
frames = numpy.fromfile(sys.argv[3], "<f4").reshape(shape["frames"], INPUTS)
step = Step(network, weights, shape["windowSteps"])
stream = {"pytorch": TorchStream, "onnxruntime": OnnxStream}[sys.argv[1]](step)
stream.reset()
logits = hear(stream, frames)
difference = (logits[0] - torch.tensor(shape["logits"])).abs().max().item()
print(json.dumps({"difference": difference}), flush=True)
for line in sys.stdin:
    times = []
    hear(stream, frames, times, float(line.split()[1]))
    times.sort()
    print(json.dumps({
        "frames": len(times), "mean": sum(times) / len(times), "median": times[len(times) // 2],
        "p99": times[int(0.99 * (len(times) - 1))], "longest": times[-1]}), flush=True)
