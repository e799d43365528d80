#!/usr/bin/env python3
"""Times librosa; usage in timing.py.

`librosa.feature.mfcc` makes its filter bank anew in each call. So that this planning does not count against it, each
case is also given with the bank remembered from the first call.
"""

import functools

import timing


def make_cases(clip):
    import librosa

    planned = functools.cache(librosa.filters.mel)
    calculated = librosa.filters.mel

    def mfcc(bank, **options):
        def work(_):
            librosa.filters.mel = bank
            features = librosa.feature.mfcc(y=clip, sr=timing.RATE, **options)
            return features.shape[1], features.shape[0]
        return work

    # As the preset `mynah`; librosa centres the window in the transform, and its logarithm is in dB.
    mynah = {"n_mfcc": 40, "n_fft": 512, "win_length": 480, "hop_length": 160, "center": False, "n_mels": 40,
             "fmin": 20, "fmax": 7_600, "htk": True, "mel_norm": None}
    return [
        {"settings": settings, "mode": "whole clip", "how": how, "work": mfcc(bank, **options)}
        for settings, options in [("mynah", mynah), ("librosa", {})]
        for how, bank in [("", calculated), ("filter bank planned", planned)]
    ]


if __name__ == "__main__":
    timing.run("librosa", "librosa", make_cases)
