#!/usr/bin/env python3
"""Times torchaudio; usage in timing.py."""

import timing


def make_cases(clip):
    import torch
    from torchaudio.transforms import MFCC

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    samples = torch.from_numpy(clip)

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
