#pragma once

#include <stddef.h>

// Products of the filters of a convolution with the patches that they read, without laying the patches out: `taps` runs
// of `run` neighbouring values in frames `[frames, batch, frameSize]`. Rows of a result are ordered by step, clip and
// place. Buffers that are read may be read up to 15 values beyond their end.

/// Where the patches lie.
struct mynah_patches {
    size_t steps, batch, places;
    /// Frames from step to step, and values from place to place.
    size_t frameStride, placeStride;
    /// Frames of a patch, and values of each.
    size_t taps, run;
    /// Values of a frame of one clip, padding included.
    size_t frameSize;
    /// Filters.
    size_t channels;
};

/// `result` `[steps, batch, places, channels]` = each patch times each of the filters.
///
/// `packed` are the filters `[channels, taps · run]`, as `mynah_pack_transposed` packs them.
void mynah_convolve(
    const struct mynah_patches *shape, const float *frames, const float *packed, float *result);

/// Backward to the filters: `gradient` `[taps · run, channels]` += each patch times its `flowing` `[rows, channels]`.
void mynah_convolve_filter_gradient(
    const struct mynah_patches *shape, const float *frames, const float *flowing, float *gradient);

/// Backward to the frames: adds to `frameGradient`, laid out as the frames are.
///
/// `packed` are the filters of each tap, `[channels, run]`, packed one behind the other.
void mynah_convolve_frame_gradient(
    const struct mynah_patches *shape, const float *flowing, const float *packed, float *frameGradient);
