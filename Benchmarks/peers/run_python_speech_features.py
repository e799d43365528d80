#!/usr/bin/env python3
"""Times python_speech_features; usage in timing.py.

It makes its filter bank anew in each call. So that this planning does not count against it, each case is also given
with the bank remembered from the first call.
"""

import functools

import timing


def make_cases(clip):
    import numpy
    import python_speech_features as library

    samples = clip.astype(numpy.float64) * 32_768
    calculated = library.base.get_filterbanks
    planned = functools.cache(calculated)

    def mfcc(bank, **options):
        def work(_):
            library.base.get_filterbanks = bank
            return library.mfcc(samples, timing.RATE, nfft=512, **options).shape
        return work

    # As the preset `mynah`; the edges of its bands are rounded down to bins.
    mynah = {"winlen": 0.03, "winstep": 0.01, "numcep": 40, "nfilt": 40, "lowfreq": 20, "highfreq": 7_600,
             "preemph": 0, "ceplifter": 0, "appendEnergy": False, "winfunc": numpy.hanning}
    return [
        {"settings": settings, "mode": "whole clip", "how": how, "work": mfcc(bank, **options)}
        for settings, options in [("mynah", mynah), ("python-speech-features", {})]
        for how, bank in [("", calculated), ("filter bank planned", planned)]
    ]


if __name__ == "__main__":
    timing.run("python_speech_features", "python_speech_features", make_cases)
