#!/usr/bin/env python3
"""Finds where a recording of a played sound begins, and delays the sound by as much.

    align_recording.py PLAYED.wav HEARD.wav DELAYED.wav

Both have one channel and the same rate; the sound is WAV of 16 bits, the recording of 32-bit floating point, as
`mynah listen --record` writes it. The recording must hold the sound to the last bit, as that of a sound
card that is none does, but for the first half second, in which the card may still be starting; otherwise exit status 1.
Prints by how many samples the sound is delayed.
"""

import array
import struct
import sys
import wave


def read_recording(path):
    """The samples as 16-bit integers, which is what the sound card delivered them as."""
    data = open(path, "rb").read()
    if data[:4] != b"RIFF" or data[20:24] != struct.pack("<HH", 3, 1) or data[36:40] != b"data":
        sys.exit(f"{path}: is no WAV of 32-bit floating point and one channel")
    samples = array.array("f", data[44 : 44 + (len(data) - 44) // 4 * 4])
    return array.array("h", (max(-32768, min(32767, round(32768 * sample))) for sample in samples)).tobytes()


def read(path):
    with wave.open(path) as file:
        if (file.getnchannels(), file.getsampwidth()) != (1, 2):
            sys.exit(f"{path}: is no WAV of 16 bits and one channel")
        return file.getframerate(), file.readframes(file.getnframes())


def main():
    played_path, heard_path, delayed_path = sys.argv[1:]
    rate, played = read(played_path)
    heard = read_recording(heard_path)
    # From here on all has to be there.
    start = rate // 2 * 2
    place = heard.find(played[start : start + 2 * rate])
    while place >= 0 and place % 2:
        place = heard.find(played[start : start + 2 * rate], place + 1)
    offset = place - start
    if place < 0 or offset < 0 or heard[place : offset + len(played)] != played[start:]:
        sys.exit(f"{heard_path}: does not hold the samples of {played_path} without a gap")
    with wave.open(delayed_path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(heard[:place] + played[start:] + heard[offset + len(played) :])
    print(offset // 2)


if __name__ == "__main__":
    main()
