#!/usr/bin/env python3
"""Makes the golden features that MynahFeaturesTests compares with, by running the reference libraries.

    python3 -m venv goldens
    goldens/bin/pip install -r Tools/make_feature_goldens.requirements.txt
    goldens/bin/python Tools/make_feature_goldens.py Tests/MynahFeaturesTests/Fixtures

The speech is spoken by espeak-ng and flite, which must be installed. The libraries may live in several environments:
`--only kaldi,htk` makes a part, which is merged into what the folder holds; a run always makes all signals alike.

Written are `signals.i16` (mono, little-endian 16-bit samples), `goldens.f32` (little-endian float32, row-major) and
`goldens.json`, which says where in them each signal and each feature matrix lies, who computed it, and by how much
the reference itself changes from single to double precision (`ownError`, null where it has one precision only).
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np

RATE = 16_000


# Signals: int16, so that the fixture holds them exactly.

def spoken(command, seconds):
    """The loudest stretch of what a speech synthesizer says, at 16 kHz."""
    from scipy.io import wavfile
    from scipy.signal import resample_poly
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/speech.wav"
        subprocess.run([part.replace("OUT", path) for part in command], check=True)
        rate, samples = wavfile.read(path)
    divisor = np.gcd(rate, RATE)
    samples = resample_poly(samples.astype(np.float64), RATE // divisor, rate // divisor)
    count = int(seconds * RATE)
    energy = np.convolve(samples ** 2, np.ones(count), "valid")
    start = int(np.argmax(energy)) if len(energy) else 0
    return samples[start:start + count]


def make_signals():
    random = np.random.default_rng(1)
    time = np.arange(int(0.4 * RATE)) / RATE
    seven = spoken(["espeak-ng", "-v", "en-us", "-w", "OUT", "seven"], 0.5)
    clicks = np.zeros(len(time))
    clicks[[0, 1_000, 1_001, 2_500, 4_321, 6_399]] = [32_767, -32_768, 20_000, 32_767, -5_000, 12_000]
    from scipy.signal import resample_poly
    signals = {
        "speech-espeak": (RATE, seven),
        "speech-flite": (RATE, spoken(["flite", "-voice", "slt", "-t", "yes", "-o", "OUT"], 0.5)),
        "chirp": (RATE, 16_000 * np.sin(2 * np.pi * (50 * time + 0.5 * (7_900 - 50) / 0.4 * time ** 2))),
        "clicks": (RATE, clicks),
        "silence": (RATE, np.zeros(len(time))),
        "square": (RATE, np.where(np.sin(2 * np.pi * 220 * time) >= 0, 32_767, -32_768)),
        "dc-offset": (RATE, 12_000 + 300 * np.sin(2 * np.pi * 440 * time) + random.normal(0, 30, len(time))),
        "white-noise": (RATE, random.normal(0, 3_000, len(time))),
        "speech-8kHz": (8_000, resample_poly(seven, 1, 2)),
        "short": (RATE, random.normal(0, 3_000, 150)),
    }
    return {
        name: (rate, np.clip(np.round(samples), -32_768, 32_767).astype("<i2"))
        for name, (rate, samples) in signals.items()
    }


# References: each takes int16 samples and a rate, and returns [frames, features], or None where it refuses the clip.
# Libraries that can compute in double precision do, so that a difference from them is Mynah's error and not theirs;
# their error in single precision, in which they usually run, is recorded beside it.

def kaldi(samples, rate, fbank=False):
    import kaldi_native_fbank as knf
    options = knf.FbankOptions() if fbank else knf.MfccOptions()
    options.frame_opts.samp_freq = rate
    options.frame_opts.dither = 0
    computer = knf.OnlineFbank(options) if fbank else knf.OnlineMfcc(options)
    computer.accept_waveform(rate, samples.astype(np.float32).tolist())
    computer.input_finished()
    frames = [np.array(computer.get_frame(index)) for index in range(computer.num_frames_ready)]
    return np.array(frames).reshape(len(frames), 23 if fbank else 13)


def librosa(samples, rate, precision=np.float64):
    import librosa as library
    return library.feature.mfcc(y=samples.astype(precision) / 32_768, sr=rate, dtype=precision).T


def torchaudio(samples, rate, precision=np.float64):
    import torch
    torch.set_default_dtype(torch.float64 if precision == np.float64 else torch.float32)
    # torchaudio refuses to load beside a torch that was built for another CUDA; nothing here runs on a GPU.
    torch.version.cuda = None
    from torchaudio.transforms import MFCC
    if len(samples) <= 200:
        return None
    return MFCC(sample_rate=rate)(torch.from_numpy(samples.astype(precision) / 32_768)).T.numpy()


def tensorflow(samples, rate):
    import tensorflow as library
    waveform = library.constant(samples.astype(np.float32)[:, None] / 32_768)
    spectrogram = library.raw_ops.AudioSpectrogram(
        input=waveform, window_size=rate * 30 // 1_000, stride=rate * 10 // 1_000, magnitude_squared=True)
    if spectrogram.shape[1] == 0:
        return np.zeros((0, 13))
    return library.raw_ops.Mfcc(spectrogram=spectrogram, sample_rate=rate)[0].numpy()


def python_speech_features(samples, rate, deltas=False):
    import python_speech_features as library
    static = library.mfcc(samples.astype(np.float64), rate, nfft=512 if rate == RATE else 256)
    if not deltas:
        return static
    first = library.delta(static, 2)
    return np.hstack([static, first, library.delta(first, 2)])


# References without a library: their documented formulas, in double precision.

def frames_of(signal, length, shift):
    count = 0 if len(signal) < length else 1 + (len(signal) - length) // shift
    return np.array([signal[i * shift:i * shift + length] for i in range(count)]).reshape(count, length)


def mel(frequency):
    return 1_127 * np.log(1 + np.asarray(frequency) / 700)


def mel_bank(bands, fft, rate, low, high, first_bin):
    edges = np.linspace(mel(low), mel(high), bands + 2)
    position = mel(np.arange(fft // 2 + 1) * rate / fft)[:, None]
    rising = (position - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - position) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0, np.minimum(rising, falling))
    bank[:first_bin] = 0
    return bank


def cosine_matrix(bands, rows):
    """DCT-II with the factor sqrt(2 / bands) in every row."""
    return np.sqrt(2 / bands) * np.cos(np.pi / bands * np.outer(rows, np.arange(bands) + 0.5))


def htk(samples, rate):
    """The HTK Book (3.4), 5.2 to 5.6: 25/10 ms, pre-emphasis 0.97, Hamming, 26 bands, magnitude, 12 cepstra, lifter 22."""
    length, fft = rate * 25 // 1_000, 512 if rate == RATE else 256
    frames = frames_of(samples.astype(np.float64), length, rate * 10 // 1_000)
    frames = frames - 0.97 * np.hstack([frames[:, :1], frames[:, :-1]])
    window = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(length) / (length - 1))
    magnitude = np.abs(np.fft.rfft(frames * window, fft))
    log_mel = np.log(np.maximum(magnitude @ mel_bank(26, fft, rate, 0, rate / 2, 1), 1))
    rows = np.arange(1, 13)
    return log_mel @ cosine_matrix(26, rows).T * (1 + 11 * np.sin(np.pi * rows / 22))


def kaldi_formula(samples, rate, fbank=False):
    """Kaldi's feature-window.cc, mel-computations.cc and feature-mfcc.cc with default options and no dither."""
    length, fft, floor = rate * 25 // 1_000, 512 if rate == RATE else 256, np.finfo(np.float32).eps
    frames = frames_of(samples.astype(np.float64), length, rate * 10 // 1_000)
    frames = frames - frames.mean(axis=1, keepdims=True)
    log_energy = np.log(np.maximum((frames ** 2).sum(axis=1), floor))
    frames = frames - 0.97 * np.hstack([frames[:, :1], frames[:, :-1]])
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1))) ** 0.85
    power = np.abs(np.fft.rfft(frames * window, fft)) ** 2
    log_mel = np.log(np.maximum(power @ mel_bank(23, fft, rate, 20, rate / 2, 0), floor))
    if fbank:
        return log_mel
    rows = np.arange(13)
    cepstra = log_mel @ cosine_matrix(23, rows).T * (1 + 11 * np.sin(np.pi * rows / 22))
    cepstra[:, 0] = log_energy
    return cepstra


def mynah(samples, rate):
    """The preset of this project, by its documentation: 30/10 ms, periodic Hann, power, 40 bands, orthonormal DCT."""
    length, fft = rate * 30 // 1_000, 512 if rate == RATE else 256
    frames = frames_of(samples.astype(np.float64) / 32_768, length, rate * 10 // 1_000)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    power = np.abs(np.fft.rfft(frames * window, fft)) ** 2
    log_mel = np.log(np.maximum(power @ mel_bank(40, fft, rate, 20, min(7_600, rate / 2), 0), 1e-6))
    matrix = cosine_matrix(40, np.arange(40))
    matrix[0] /= np.sqrt(2)
    return log_mel @ matrix.T


def variant(function, **options):
    return lambda samples, rate: function(samples, rate, **options)


# Name: reference, its library (None for a formula), and what shows the reference's own rounding errors.
REFERENCES = {
    "kaldi": (kaldi, "kaldi-native-fbank", kaldi_formula),
    "kaldi-fbank": (variant(kaldi, fbank=True), "kaldi-native-fbank", variant(kaldi_formula, fbank=True)),
    "kaldi-formula": (kaldi_formula, None, None),
    "htk": (htk, None, None),
    "librosa": (librosa, "librosa", variant(librosa, precision=np.float32)),
    "torchaudio": (torchaudio, "torchaudio", variant(torchaudio, precision=np.float32)),
    "tensorflow": (tensorflow, "tensorflow-cpu", None),
    "python-speech-features": (python_speech_features, "python_speech_features", None),
    "python-speech-features-deltas": (variant(python_speech_features, deltas=True), "python_speech_features", None),
    "mynah": (mynah, None, None),
}


def largest_difference(left, right):
    return float(np.abs(left - right).max()) if left.size else 0.0


def source_of(library):
    if library is None:
        return "documented formula in float64 NumPy"
    from importlib.metadata import version
    return f"{library} {version(library)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", default=",".join(REFERENCES), help="references to run, separated by commas")
    arguments = parser.parse_args()
    folder = arguments.folder

    kept = {}
    if (folder / "goldens.json").exists():
        index = json.loads((folder / "goldens.json").read_text())
        values = np.fromfile(folder / "goldens.f32", "<f4")
        for entry in index["features"]:
            size = entry["rows"] * entry["columns"]
            kept[entry["reference"], entry["signal"]] = (
                entry["source"], entry["ownError"],
                values[entry["offset"]:entry["offset"] + size].reshape(entry["rows"], entry["columns"]))

    signals = make_signals()
    for reference in arguments.only.split(","):
        compute, library, other_precision = REFERENCES[reference]
        for name, (rate, samples) in signals.items():
            features = compute(samples, rate)
            if features is None:
                continue
            own_error = largest_difference(features, other_precision(samples, rate)) if other_precision else None
            kept[reference, name] = (source_of(library), own_error, np.asarray(features, "<f4"))

    index = {"signals": [], "features": []}
    offset = 0
    for name, (rate, samples) in signals.items():
        index["signals"].append({"name": name, "sampleRate": rate, "offset": offset, "count": len(samples)})
        offset += len(samples)
    offset = 0
    ordered = [(r, s) for r in REFERENCES for s in signals if (r, s) in kept]
    for reference, name in ordered:
        source, own_error, features = kept[reference, name]
        rows, columns = features.shape
        index["features"].append({
            "reference": reference, "signal": name, "source": source, "ownError": own_error,
            "rows": rows, "columns": columns, "offset": offset})
        offset += features.size
    np.concatenate([samples for _, samples in signals.values()]).tofile(folder / "signals.i16")
    np.concatenate([kept[key][2].ravel() for key in ordered]).tofile(folder / "goldens.f32")
    lines = [f'  "{key}": [\n' + ",\n".join("    " + json.dumps(entry) for entry in index[key]) + "\n  ]"
             for key in index]
    (folder / "goldens.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
