#pragma once

#include <stddef.h>

// The element-wise half of a GRU step for `batch` clips of `hidden` units; the matrix products are made before and
// after. Everything is row-major, and the three gates lie in the order reset, update, candidate (r, z, n).

/// Forward. `gates` `[batch, 3 hidden]` holds the input projections and becomes r, z and n; `recurrent`
/// `[batch, 3 hidden]` holds the recurrent products without bias; `candidate` `[batch, hidden]` becomes the biased
/// recurrent product of n, which the backward pass needs; `state` `[batch, hidden]` may be `previous` itself.
void mynah_gru_forward(
    size_t batch, size_t hidden, float *gates, const float *recurrent, const float *recurrentBias,
    const float *previous, float *candidate, float *state);

/// Backward. `gates` holds r, z and n and becomes the gradients before the activation functions; `candidate` holds the
/// biased recurrent product of n and becomes its gradient; `recurrentGradient` `[batch, 3 hidden]` becomes the
/// gradient of all three recurrent products; `stateGradient` `[batch, hidden]` holds the gradient of the new state and
/// becomes that part of the previous state's gradient that does not pass through the recurrent products.
void mynah_gru_backward(
    size_t batch, size_t hidden, float *gates, float *candidate, const float *previous, float *recurrentGradient,
    float *stateGradient);

/// `values` become their mynah_exponentials, within 2 units in the last place; inputs are clamped to ±87.
void mynah_exponentials(size_t count, float *values);
