#pragma once

#include <stddef.h>

// The element-wise half of a recurrent step for `batch` clips of `hidden` units; the matrix products are made before
// and after. Everything is row-major. `gates` holds the products of the input, without bias, and becomes what the
// backward pass reads; the backward pass turns it into gradients in place. `recurrent` holds the products of the
// previous state, without bias. `state` may be `previous` itself. `biasGradient` is added to.

/// tanh(gates + recurrent + bias), all `[batch, hidden]`.
void mynah_elman_forward(size_t batch, size_t hidden, float *gates, const float *recurrent, const float *bias, float *state);

/// Backward: `biasGradient` `[hidden]`.
void mynah_elman_backward(size_t batch, size_t hidden, float *gates, const float *stateGradient, float *biasGradient);

/// Gates `[batch, 4 hidden]` in the order input, forget, new, output (i, f, g, o); `memory` `[batch, hidden]` is the
/// cell state.
void mynah_lstm_forward(
    size_t batch, size_t hidden, float *gates, const float *recurrent, const float *bias, const float *previousMemory,
    float *memory, float *state);

/// Backward: `memoryGradient` `[batch, hidden]` holds the gradient of the cell state that comes from later steps and
/// becomes that of the previous cell state; `biasGradient` `[4 hidden]`.
void mynah_lstm_backward(
    size_t batch, size_t hidden, float *gates, const float *previousMemory, const float *memory,
    const float *stateGradient, float *memoryGradient, float *biasGradient);

/// Gates `[batch, 3 hidden]` in the order reset, update, new (r, z, n); `candidate` `[batch, hidden]` becomes the biased
/// recurrent product of n, which the backward pass needs.
void mynah_gru_forward(
    size_t batch, size_t hidden, float *gates, const float *recurrent, const float *inputBias,
    const float *recurrentBias, const float *previous, float *candidate, float *state);

/// Backward: `candidate` becomes its gradient; `recurrentGradient` `[batch, 3 hidden]` becomes the gradient of all
/// three recurrent products; `stateGradient` `[batch, hidden]` holds the gradient of the new state and becomes that part
/// of the previous state's gradient that does not pass through the recurrent products; `biasGradient` `[4 hidden]` is of
/// r, z, n and of the biased recurrent product of n.
void mynah_gru_backward(
    size_t batch, size_t hidden, float *gates, float *candidate, const float *previous, float *recurrentGradient,
    float *stateGradient, float *biasGradient);

/// Gates `[batch, 2 hidden]` in the order update, new (z, n); there is no recurrent product.
void mynah_mingru_forward(
    size_t batch, size_t hidden, float *gates, const float *bias, const float *previous, float *state);

/// Backward: `stateGradient` `[batch, hidden]` holds the gradient of the new state and becomes that of the previous one;
/// `biasGradient` `[2 hidden]`.
void mynah_mingru_backward(
    size_t batch, size_t hidden, float *gates, const float *previous, float *stateGradient, float *biasGradient);

/// `values` become their exponentials, within 2 units in the last place; inputs are clamped to ±87.
void mynah_exponentials(size_t count, float *values);

/// `values` become their hyperbolic tangents.
void mynah_hyperbolic_tangents(size_t count, float *values);

/// Backward of mynah_hyperbolic_tangents: `gradient` of the output becomes that of the input.
void mynah_tanh_backward(float *restrict gradient, const float *restrict output, size_t count);
