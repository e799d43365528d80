"""A sound for the checks of the server: words of the audio samples, with pauses and a quiet noise, for so many seconds."""
import array
import pathlib
import random
import wave

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "audio-samples"


def samples_of(path):
    """The samples of a WAV file of 16 bits, one channel and 16 kHz; None for others."""
    with wave.open(str(path)) as file:
        if (file.getframerate(), file.getsampwidth(), file.getnchannels()) != (16_000, 2, 1):
            return None
        return array.array("h", file.readframes(file.getnframes()))


def clips(word):
    found = []
    for path in sorted(SAMPLES.glob(f"{word}*.wav")):
        try:
            found.append(samples_of(path))
        except wave.Error:
            continue
    return [clip for clip in found if clip]


def talk(seconds, seed=1, word=""):
    """Samples at 16 kHz; of one word alone where it is named."""
    chance = random.Random(seed)
    choice = clips(word)
    sound = array.array("h")
    while len(sound) < 16_000 * seconds:
        sound.extend(chance.choice(choice))
        sound.extend([0] * chance.randrange(4_000, 24_000))
    sound = sound[: 16_000 * seconds]
    return array.array("h", (max(-32_768, min(32_767, value + chance.randrange(-12, 13))) for value in sound))


def write(path, samples, rate=16_000):
    """Writes a WAV file; at a multiple of 16 kHz, each sample is repeated."""
    if rate != 16_000:
        samples = array.array("h", (value for value in samples for _ in range(rate // 16_000)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
