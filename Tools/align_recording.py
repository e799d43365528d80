#!/usr/bin/env python3
"""Finds where a recording of a played sound begins, and delays the sound by as much.

    align_recording.py PLAYED.wav HEARD.wav DELAYED.wav

Both are WAV of 16 bits, one channel, at one rate. The recording must hold the sound to the last bit, as that of a sound
card that is none does, but for the first half second, in which the card may still be starting; otherwise exit status 1.
Prints by how many samples the sound is delayed.
"""

import sys
import wave


def read(path):
    with wave.open(path) as file:
        if (file.getnchannels(), file.getsampwidth()) != (1, 2):
            sys.exit(f"{path}: is no WAV of 16 bits and one channel")
        return file.getframerate(), file.readframes(file.getnframes())


def main():
    played_path, heard_path, delayed_path = sys.argv[1:]
    rate, played = read(played_path)
    _, heard = read(heard_path)
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
