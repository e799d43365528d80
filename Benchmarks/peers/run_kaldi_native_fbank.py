#!/usr/bin/env python3
"""Times kaldi-native-fbank; usage in timing.py.

Samples go into it as a Python list, which it copies number by number. So that this does not count against it, each
case is also given without the time that an extractor takes which copies the samples and computes nothing.
"""

import timing


def make_cases(clip):
    import kaldi_native_fbank as library

    samples = (clip * 32_768).tolist()
    chunks = [samples[start:start + timing.RATE // 100] for start in range(0, len(samples), timing.RATE // 100)]

    kaldi = library.MfccOptions()
    kaldi.frame_opts.dither = 0

    # As the preset `mynah`: the same frames, bands and coefficients.
    mynah = library.MfccOptions()
    mynah.frame_opts.dither = 0
    mynah.frame_opts.frame_length_ms = 30
    mynah.frame_opts.window_type = "hanning"
    mynah.frame_opts.remove_dc_offset = False
    mynah.frame_opts.preemph_coeff = 0
    mynah.mel_opts.num_bins = 40
    mynah.mel_opts.low_freq = 20
    mynah.mel_opts.high_freq = 7_600
    mynah.num_ceps = 40
    mynah.cepstral_lifter = 0
    mynah.use_energy = False

    # The first frame would lie around a time beyond the clip.
    nothing = library.MfccOptions()
    nothing.frame_opts.frame_shift_ms = 1e6
    nothing.frame_opts.snip_edges = False

    def whole_clip(extractor):
        extractor.accept_waveform(timing.RATE, samples)
        extractor.input_finished()
        return extractor.num_frames_ready, extractor.dim

    def in_chunks(extractor):
        for chunk in chunks:
            extractor.accept_waveform(timing.RATE, chunk)
        extractor.input_finished()
        return extractor.num_frames_ready, extractor.dim

    cases = []
    for settings, options in [("mynah", mynah), ("kaldi", kaldi)]:
        for mode, work in [("whole clip", whole_clip), ("10 ms chunks", in_chunks)]:
            case = {"settings": settings, "mode": mode, "how": "", "work": work,
                    "prepare": lambda options=options: library.OnlineMfcc(options)}
            copying = {"work": work, "prepare": lambda: library.OnlineMfcc(nothing)}
            cases += [case, case | {"how": "without copying the list", "without": copying}]
    return cases


if __name__ == "__main__":
    timing.run("kaldi-native-fbank", "kaldi-native-fbank", make_cases)
