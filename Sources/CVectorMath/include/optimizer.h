#pragma once

#include <stddef.h>

// What an optimizer does with each weight.

/// The factors of one step of AdamW.
struct mynah_adamw_step {
    float meanDecay, squareDecay, meanCorrection, squareCorrection, epsilon, learningRate, weightDecay;
};

/// One step of AdamW (arXiv 1711.05101) over `count` weights, their gradient, and its running mean and square.
void mynah_adamw(
    float *restrict parameters, const float *restrict gradient, float *restrict mean, float *restrict square,
    size_t count, struct mynah_adamw_step step);

/// One step of gradient descent with momentum and weight decay.
void mynah_momentum(
    float *restrict parameters, const float *restrict gradient, float *restrict velocity, size_t count,
    float learningRate, float momentum, float weightDecay);

/// `values += share * (targets - values)`.
void mynah_approach(float *restrict values, const float *restrict targets, float share, size_t count);
