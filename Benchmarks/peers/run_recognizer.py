"""Lets another keyword spotter hear recordings; for Benchmarks/compare_recognizers.py.

    python run_recognizer.py silabs|pocketsphinx LIST

LIST is a file of JSON: {"clips": [path…], "streams": [path…]}, all at 16 kHz. Prints one JSON line with the name of each clip
(a word or null), candidates [seconds, word, score] of each stream, the seconds of audio and of processor time, and the bytes of
the model.
"""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import sys
import time
import zipfile

import numpy
import soundfile

WORDS = ["left", "right", "up", "down", "stop", "go"]


def load(path):
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    if rate != 16000:
        sys.exit(f"{path}: {rate} Hz, expected 16000")
    return samples.mean(axis=1)


class Silabs:
    """keyword_spotting_mobilenetv2 of the Machine Learning Toolkit by Silicon Labs, as its example of streams runs it."""

    STEP, MEAN = 0.1, 1.0  # seconds between windows, and over which posteriors are averaged

    def __init__(self):
        from ai_edge_litert.interpreter import Interpreter

        root = pathlib.Path(importlib.util.find_spec("mltk").submodule_search_locations[0])
        with zipfile.ZipFile(root / "models/siliconlabs/keyword_spotting_mobilenetv2.mltk.zip") as archive:
            model = archive.read("keyword_spotting_mobilenetv2.tflite")
        self.bytes = len(model)
        self.interpreter = Interpreter(model_content=model, num_threads=1)
        self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]
        self.output = self.interpreter.get_output_details()[0]
        self.labels = WORDS + [None, None]
        # The front end alone: the package around it wants TensorFlow.
        folder = root / "core/preprocess/audio/audio_feature_generator"
        library = next(folder.glob("_audio_feature_generator_wrapper*.so"))
        loader = importlib.machinery.ExtensionFileLoader("_audio_feature_generator_wrapper", str(library))
        spec = importlib.util.spec_from_loader(loader.name, loader)
        wrapper = importlib.util.module_from_spec(spec)
        loader.exec_module(wrapper)
        self.settings = {
            "fe.sample_rate_hz": 16000, "fe.sample_length_ms": 1200, "fe.window_size_ms": 30, "fe.window_step_ms": 20,
            "fe.filterbank_n_channels": 49, "fe.filterbank_upper_band_limit": 3999.0,
            "fe.filterbank_lower_band_limit": 125.0, "fe.noise_reduction_enable": True,
            "fe.noise_reduction_smoothing_bits": 10, "fe.noise_reduction_even_smoothing": 0.025,
            "fe.noise_reduction_odd_smoothing": 0.06, "fe.noise_reduction_min_signal_remaining": 0.03,
            "fe.pcan_enable": False, "fe.pcan_strength": 0.95, "fe.pcan_offset": 80.0, "fe.pcan_gain_bits": 21,
            "fe.log_scale_enable": True, "fe.log_scale_shift": 6, "fe.activity_detection_enable": False,
            "fe.activity_detection_alpha_a": 0.5, "fe.activity_detection_alpha_b": 0.8,
            "fe.activity_detection_arm_threshold": 0.75, "fe.activity_detection_trip_threshold": 0.8,
            "fe.dc_notch_filter_enable": False, "fe.dc_notch_filter_coefficient": 0.95,
            "fe.quantize_dynamic_scale_enable": False, "fe.quantize_dynamic_scale_range_db": 40.0,
            "fe.fft_length": 512,
        }
        self.front_end = wrapper.AudioFeatureGeneratorWrapper(self.settings)

    def posteriors(self, samples):
        """Of a window of 1.2 s."""
        spectrogram = numpy.zeros((59, 49), dtype=numpy.int8)
        self.front_end.process_sample(numpy.clip(samples * 32768, -32768, 32767).astype(numpy.int16), spectrogram)
        values = spectrogram.reshape(self.input["shape"])
        self.interpreter.set_tensor(self.input["index"], values.astype(self.input["dtype"]))
        self.interpreter.invoke()
        result = self.interpreter.get_tensor(self.output["index"])[0].astype(numpy.float32)
        scale, zero = self.output["quantization"]
        return (result - zero) * scale if scale else result

    def name(self, samples):
        padded = numpy.zeros(19200, dtype=numpy.float32)
        first = max(0, (len(samples) - 19200) // 2)
        cut = samples[first:first + 19200]
        start = (19200 - len(cut)) // 2
        padded[start:start + len(cut)] = cut
        return self.labels[int(numpy.argmax(self.posteriors(padded)))]

    def candidates(self, samples):
        step, recent, found = int(16000 * self.STEP), [], []
        for end in range(19200, len(samples) + 1, step):
            recent = [*recent[1 - int(self.MEAN / self.STEP):], self.posteriors(samples[end - 19200:end])]
            mean = numpy.mean(recent, axis=0)
            best = int(numpy.argmax(mean))
            if self.labels[best] is not None and mean[best] >= 0.2:
                found.append([round(end / 16000, 3), self.labels[best], float(mean[best])])
        return found


class Pocketsphinx:
    """Keyword spotting of pocketsphinx with its model of American English; the score is its threshold, in powers of ten."""

    THRESHOLDS = [-20, -12, -6, -2]

    def __init__(self):
        import pocketsphinx

        self.module = pocketsphinx
        folder = pathlib.Path(pocketsphinx.get_model_path()) / "en-us"
        self.bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        self.clip_decoder = self.decoder(-10)

    def decoder(self, power):
        decoder = self.module.Decoder(lm=None, loglevel="FATAL")
        path = pathlib.Path(f"keywords-{os.getpid()}.txt")
        path.write_text("".join(f"{word} /1e{power}/\n" for word in WORDS))
        decoder.add_kws("words", str(path))
        path.unlink()
        decoder.activate_search("words")
        return decoder

    def hear(self, decoder, samples):
        sound = (numpy.clip(samples, -1, 0.99997) * 32768).astype(numpy.int16)
        found = []
        decoder.start_utt()
        for start in range(0, len(sound), 3200):
            decoder.process_raw(sound[start:start + 3200].tobytes(), False, False)
            if decoder.hyp():
                last = max(decoder.seg(), key=lambda segment: segment.end_frame)
                found.append((min(len(sound), start + 3200) / 16000, last.word.strip()))
                decoder.end_utt()
                decoder.start_utt()
        decoder.end_utt()
        return found

    def name(self, samples):
        found = self.hear(self.clip_decoder, numpy.concatenate([samples, numpy.zeros(8000, dtype=numpy.float32)]))
        return found[0][1] if found else None

    def candidates(self, samples):
        # A word that is still found at a higher threshold has that as its score.
        return [[seconds, word, float(power)] for power in self.THRESHOLDS
                for seconds, word in self.hear(self.decoder(power), samples)]


def main():
    recognizer = {"silabs": Silabs, "pocketsphinx": Pocketsphinx}[sys.argv[1]]()
    recordings = json.load(open(sys.argv[2]))
    clips = [load(path) for path in recordings["clips"]]
    begin = time.process_time()
    names = [recognizer.name(clip) for clip in clips]
    seconds = time.process_time() - begin
    streams = [recognizer.candidates(load(path)) for path in recordings["streams"]]
    print(json.dumps({
        "names": names, "streams": streams, "bytes": recognizer.bytes,
        "cost": seconds / (sum(map(len, clips)) / 16000)}))


main()
