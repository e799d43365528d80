#!/usr/bin/env python3
"""Times torchaudio; usage in timing.py."""

import sys
import types
import warnings

import timing


def load():
    try:
        from torchaudio.transforms import MFCC
    except OSError:
        # Its compiled part, which these transforms do not use, wants the build of torch for GPUs.
        extension = types.ModuleType("torchaudio._extension")
        extension._IS_TORCHAUDIO_EXT_AVAILABLE = False
        extension.fail_if_no_align = lambda function: function
        sys.modules["torchaudio._extension"] = extension
        from torchaudio.transforms import MFCC
    return MFCC


def make_cases(clip):
    import torch

    MFCC = load()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    samples = torch.from_numpy(clip)
    # Its own defaults have bands between two bins.
    warnings.filterwarnings("ignore", message="At least one mel filterbank")

    def mfcc(**options):
        transform = MFCC(sample_rate=timing.RATE, **options)

        def work(_):
            features = transform(samples)
            return features.shape[1], features.shape[0]
        return work

    # As the preset `mynah`; the window is centred in the transform, and the floor is added to the energy.
    mynah = {"n_mfcc": 40, "log_mels": True,
             "melkwargs": {"n_fft": 512, "win_length": 480, "hop_length": 160, "center": False, "n_mels": 40,
                           "f_min": 20.0, "f_max": 7_600.0, "mel_scale": "htk"}}
    return [
        {"settings": settings, "mode": "whole clip", "how": "", "work": mfcc(**options)}
        for settings, options in [("mynah", mynah), ("torchaudio", {})]
    ]


if __name__ == "__main__":
    timing.run("torchaudio", "torchaudio", make_cases)
