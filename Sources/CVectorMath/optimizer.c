#include "optimizer.h"

#include "clones.h"

#pragma clang fp contract(fast)

MYNAH_CLONES
void mynah_adamw(
    float *restrict parameters, const float *restrict gradient, float *restrict mean, float *restrict square,
    size_t count, struct mynah_adamw_step step) {
    for (size_t i = 0; i < count; i++) {
        float slope = gradient[i];
        float m = step.meanDecay * mean[i] + (1.0f - step.meanDecay) * slope;
        float s = step.squareDecay * square[i] + (1.0f - step.squareDecay) * slope * slope;
        mean[i] = m;
        square[i] = s;
        float direction = m * step.meanCorrection / (__builtin_sqrtf(s * step.squareCorrection) + step.epsilon);
        parameters[i] -= step.learningRate * (direction + step.weightDecay * parameters[i]);
    }
}

MYNAH_CLONES
void mynah_momentum(
    float *restrict parameters, const float *restrict gradient, float *restrict velocity, size_t count,
    float learningRate, float momentum, float weightDecay) {
    for (size_t i = 0; i < count; i++) {
        float v = momentum * velocity[i] + gradient[i] + weightDecay * parameters[i];
        velocity[i] = v;
        parameters[i] -= learningRate * v;
    }
}

MYNAH_CLONES
void mynah_approach(float *restrict values, const float *restrict targets, float share, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] += share * (targets[i] - values[i]);
}
