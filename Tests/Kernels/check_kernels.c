// Compares every kernel of CVectorMath with its reference in plain C, at the level of instructions that this program was
// compiled for, and prints what differs. What the front end promises to the bit goes into a digest, the last line, which must be
// the same for all levels. `Tools/check_kernels.sh` compiles and runs it.

#include <stdio.h>
#include <stdlib.h>

#include "CVectorMath.h"
#include "references.h"

static int failures = 0;
static uint64_t digest = 0xcbf29ce484222325u;

static uint64_t randomState = 1;

static float number(void) {
    randomState = randomState * 6364136223846793005u + 1442695040888963407u;
    return (float)(int32_t)(randomState >> 32) * 0x1p-31f;
}

/// Numbers within ±1, with a vector more behind them, which kernels may read.
static float *numbers(size_t count) {
    float *values = aligned_alloc(64, (count + 32) * sizeof(float) / 64 * 64 + 64);
    for (size_t i = 0; i < count; i++) values[i] = number();
    memset(values + count, 0, 16 * sizeof(float));
    return values;
}

static float *copyOf(const float *values, size_t count) {
    float *copy = numbers(count);
    memcpy(copy, values, count * sizeof(float));
    return copy;
}

static void require(int isSound, const char *kernel, const char *what, double difference) {
    if (isSound) return;
    failures++;
    printf("%s: %s differs by %g\n", kernel, what, difference);
}

static void close_to(const char *kernel, const char *what, const float *values, const float *expected, size_t count, double tolerance) {
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        double difference = fabs((double)values[i] - expected[i]) / (1 + fabs((double)expected[i]));
        if (!(difference <= largest)) largest = difference;
    }
    require(largest <= tolerance, kernel, what, largest);
}

static void close_to_double(const char *kernel, const float *values, const double *expected, size_t count, double tolerance) {
    float *rounded = numbers(count);
    for (size_t i = 0; i < count; i++) rounded[i] = (float)expected[i];
    close_to(kernel, "a value", values, rounded, count, tolerance);
    free(rounded);
}

/// What must be equal to the bit, here and on every other level.
static void exact(const char *kernel, const float *values, const float *expected, size_t count) {
    require(memcmp(values, expected, count * sizeof(float)) == 0, kernel, "a bit", 0);
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, values + i, sizeof bits);
        digest = (digest ^ bits) * 0x100000001b3u;
    }
}

static void checkProducts(void) {
    static const size_t shapes[][3] = {{1, 5, 3}, {1, 130, 70}, {2, 16, 17}, {3, 1, 16}, {7, 40, 33}, {8, 17, 15},
                                       {13, 385, 31}, {16, 128, 96}, {29, 20, 48}, {97, 33, 65}, {200, 800, 20}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        size_t rows = shapes[s][0], depth = shapes[s][1], columns = shapes[s][2], extra = 3;
        float *a = numbers(rows * (depth + extra)), *b = numbers(depth * (columns + extra));
        float *packed = numbers(mynah_packed_count(depth, columns));
        for (int accumulating = 0; accumulating < 2; accumulating++) {
            float *result = numbers(rows * (columns + extra)), *expected = copyOf(result, rows * (columns + extra));
            mynah_pack(b, columns + extra, depth, columns, packed);
            mynah_multiply_packed(
                rows, columns, depth, a, depth + extra, packed, depth, result, columns + extra, accumulating);
            reference_product(
                rows, columns, depth, a, depth + extra, 1, b, columns + extra, 1, expected, columns + extra, accumulating);
            close_to("mynah_multiply_packed", "a value", result, expected, rows * (columns + extra), 2e-5);
            // The rows behind the first third of the depth.
            size_t skipped = depth / 3;
            mynah_multiply_packed(
                rows, columns, depth - skipped, a, depth + extra, packed + skipped * mynah_panel_columns, depth, result,
                columns + extra, 0);
            reference_product(
                rows, columns, depth - skipped, a, depth + extra, 1, b + skipped * (columns + extra), columns + extra, 1,
                expected, columns + extra, 0);
            close_to("mynah_multiply_packed", "a part of the depth", result, expected, rows * (columns + extra), 2e-5);
            free(result), free(expected);
        }
        // The same numbers as `[columns + extra, depth]`, of which the transpose is packed.
        float *transposed = numbers((columns + extra) * depth), *again = numbers(mynah_packed_count(depth, columns));
        for (size_t k = 0; k < depth; k++) {
            for (size_t c = 0; c < columns; c++) transposed[c * depth + k] = b[k * (columns + extra) + c];
        }
        mynah_pack_transposed(transposed, depth, depth, columns, again);
        require(!memcmp(packed, again, mynah_packed_count(depth, columns) * sizeof(float)), "mynah_pack_transposed", "a bit", 0);
        // Transposed: `rows` counts the depth.
        size_t outputs = depth + extra;
        float *gradient = numbers(outputs * columns), *expected = copyOf(gradient, outputs * columns);
        float *flowing = numbers(rows * columns), *scratch = numbers(mynah_scratch_count(outputs, columns));
        mynah_multiply_transposed(outputs, columns, rows, a, outputs, flowing, columns, gradient, columns, scratch);
        reference_product(outputs, columns, rows, a, 1, outputs, flowing, columns, 1, expected, columns, 1);
        close_to("mynah_multiply_transposed", "a value", gradient, expected, outputs * columns, 2e-5);
        free(a), free(b), free(packed), free(transposed), free(again), free(gradient), free(expected), free(flowing), free(scratch);
    }
}

static void checkPairs(void) {
    static const size_t shapes[][3] = {{1, 5, 3}, {8, 16, 16}, {9, 33, 17}, {31, 385, 40}, {40, 130, 65}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        size_t rows = shapes[s][0], depth = shapes[s][1], columns = shapes[s][2];
        float *a = numbers(rows * depth), *b = numbers(depth * columns);
        float *roundA = numbers(rows * depth), *roundB = numbers(depth * columns);
        for (size_t i = 0; i < rows * depth; i++) roundA[i] = reference_bfloat16(a[i]);
        for (size_t i = 0; i < depth * columns; i++) roundB[i] = reference_bfloat16(b[i]);
        mynah_pair *packed = (mynah_pair *)numbers(mynah_packed_pair_count(depth, columns) + 16);
        float *result = numbers(rows * columns), *expected = copyOf(result, rows * columns);
        mynah_pack_pairs(b, columns, depth, columns, packed);
        mynah_multiply_pairs(rows, columns, depth, a, depth, packed, result, columns, 1);
        reference_product(rows, columns, depth, roundA, depth, 1, roundB, columns, 1, expected, columns, 1);
        close_to("mynah_multiply_pairs", "a value", result, expected, rows * columns, 2e-5);
        float *transposed = numbers(columns * depth);
        for (size_t k = 0; k < depth; k++) {
            for (size_t c = 0; c < columns; c++) transposed[c * depth + k] = b[k * columns + c];
        }
        mynah_pack_pairs_transposed(transposed, depth, depth, columns, packed);
        mynah_multiply_pairs(rows, columns, depth, a, depth, packed, result, columns, 0);
        reference_product(rows, columns, depth, roundA, depth, 1, roundB, columns, 1, expected, columns, 0);
        close_to("mynah_pack_pairs_transposed", "a value", result, expected, rows * columns, 2e-5);
        // `a` as `[rows, depth]` and flowing values of as many rows.
        float *flowing = numbers(rows * columns), *roundFlowing = numbers(rows * columns);
        for (size_t i = 0; i < rows * columns; i++) roundFlowing[i] = reference_bfloat16(flowing[i]);
        float *gradient = numbers(depth * columns), *expectedGradient = copyOf(gradient, depth * columns);
        mynah_pair *scratch = (mynah_pair *)numbers(mynah_pair_scratch_count(depth, columns));
        mynah_multiply_pairs_transposed(depth, columns, rows, a, depth, flowing, columns, gradient, columns, scratch);
        reference_product(depth, columns, rows, roundA, 1, depth, roundFlowing, columns, 1, expectedGradient, columns, 1);
        close_to("mynah_multiply_pairs_transposed", "a value", gradient, expectedGradient, depth * columns, 2e-5);
        free(a), free(b), free(roundA), free(roundB), free(packed), free(result), free(expected), free(transposed);
        free(flowing), free(roundFlowing), free(gradient), free(expectedGradient), free(scratch);
    }
}

static void checkPatches(void) {
    static const struct mynah_patches shapes[] = {
        {.steps = 5, .batch = 3, .places = 7, .frameStride = 1, .placeStride = 2, .taps = 3, .run = 5, .frameSize = 20, .channels = 4},
        {.steps = 4, .batch = 1, .places = 3, .frameStride = 2, .placeStride = 8, .taps = 4, .run = 40, .frameSize = 60, .channels = 33},
        {.steps = 2, .batch = 2, .places = 5, .frameStride = 1, .placeStride = 16, .taps = 2, .run = 300, .frameSize = 380, .channels = 17},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const struct mynah_patches *s = shapes + i;
        size_t frameCount = (s->steps - 1) * s->frameStride + s->taps, kernel = s->taps * s->run;
        size_t values = frameCount * s->batch * s->frameSize, rows = s->steps * s->batch * s->places;
        float *frames = numbers(values), *filters = numbers(s->channels * kernel), *flowing = numbers(rows * s->channels);
        float *result = numbers(rows * s->channels), *gradient = numbers(kernel * s->channels), *frameGradient = numbers(values);
        double *expected = calloc(rows * s->channels, sizeof(double));
        float *panels = numbers(mynah_packed_count(kernel, s->channels));
        mynah_pack_transposed(filters, kernel, kernel, s->channels, panels);
        mynah_convolve(s, frames, panels, result);
        reference_convolve(s, frames, filters, expected);
        close_to_double("mynah_convolve", result, expected, rows * s->channels, 2e-5);
        double *expectedGradient = calloc(kernel * s->channels, sizeof(double));
        for (size_t k = 0; k < kernel * s->channels; k++) expectedGradient[k] = gradient[k];
        mynah_convolve_filter_gradient(s, frames, flowing, gradient);
        reference_convolve_filter_gradient(s, frames, flowing, expectedGradient);
        close_to_double("mynah_convolve_filter_gradient", gradient, expectedGradient, kernel * s->channels, 2e-5);
        double *expectedFrames = calloc(values, sizeof(double));
        for (size_t k = 0; k < values; k++) expectedFrames[k] = frameGradient[k];
        size_t packedCount = mynah_packed_count(s->channels, s->run);
        float *packed = numbers(s->taps * packedCount);
        for (size_t tap = 0; tap < s->taps; tap++) {
            mynah_pack(filters + tap * s->run, kernel, s->channels, s->run, packed + tap * packedCount);
        }
        mynah_convolve_frame_gradient(s, flowing, packed, frameGradient);
        reference_convolve_frame_gradient(s, flowing, filters, expectedFrames);
        close_to_double("mynah_convolve_frame_gradient", frameGradient, expectedFrames, values, 2e-5);
        free(frames), free(filters), free(flowing), free(result), free(gradient), free(frameGradient), free(expected);
        free(expectedGradient), free(expectedFrames), free(packed), free(panels);
    }
}

/// Gradients are compared with central differences of the references.
static void checkCells(void) {
    enum { batch = 2, hidden = 37, count = batch * hidden };
    const double h = 1e-6;
    float *recurrent = numbers(4 * count), *bias = numbers(4 * hidden), *bias2 = numbers(4 * hidden);
    float *previous = numbers(count), *memory = numbers(count), *state = numbers(count), *gates = numbers(4 * count);
    float *expected = numbers(count), *expectedMemory = numbers(count), *other = numbers(count);
    float *before = copyOf(gates, 4 * count);

    mynah_gru_forward(batch, hidden, gates, recurrent, bias, bias2, previous, other, state);
#define GRU(b, j, p, dr, dz, dn) \
    reference_gru( \
        before[(b) * 3 * hidden + (j)] + recurrent[(b) * 3 * hidden + (j)] + bias[j] + bias2[j] + (dr), \
        before[((b) * 3 + 1) * hidden + (j)] + recurrent[((b) * 3 + 1) * hidden + (j)] + bias[hidden + (j)] + bias2[hidden + (j)] + (dz), \
        before[((b) * 3 + 2) * hidden + (j)] + bias[2 * hidden + (j)] + (dn), \
        recurrent[((b) * 3 + 2) * hidden + (j)] + bias2[2 * hidden + (j)], (p))
    float *gateGradient = numbers(3 * count), *stateGradient = numbers(count), *flowing = copyOf(stateGradient, count);
    for (size_t b = 0; b < batch; b++) {
        for (size_t j = 0; j < hidden; j++) {
            double p = previous[b * hidden + j], flow = flowing[b * hidden + j] / (2 * h);
            expected[b * hidden + j] = (float)GRU(b, j, p, 0, 0, 0);
            expectedMemory[b * hidden + j] = (float)(flow * (GRU(b, j, p + h, 0, 0, 0) - GRU(b, j, p - h, 0, 0, 0)));
            gateGradient[b * 3 * hidden + j] = (float)(flow * (GRU(b, j, p, h, 0, 0) - GRU(b, j, p, -h, 0, 0)));
            gateGradient[(b * 3 + 1) * hidden + j] = (float)(flow * (GRU(b, j, p, 0, h, 0) - GRU(b, j, p, 0, -h, 0)));
            gateGradient[(b * 3 + 2) * hidden + j] = (float)(flow * (GRU(b, j, p, 0, 0, h) - GRU(b, j, p, 0, 0, -h)));
        }
    }
    close_to("mynah_gru_forward", "a state", state, expected, count, 2e-6);
    float *sums = numbers(4 * hidden), *recurrentGradient = numbers(3 * count);
    mynah_gru_backward(batch, hidden, gates, other, previous, recurrentGradient, stateGradient, sums);
    close_to("mynah_gru_backward", "a gradient of a gate", gates, gateGradient, 3 * count, 1e-4);
    close_to("mynah_gru_backward", "a gradient of a state", stateGradient, expectedMemory, count, 1e-4);

    memcpy(gates, before, 4 * count * sizeof(float));
    mynah_lstm_forward(batch, hidden, gates, recurrent, bias, previous, memory, state);
    for (size_t b = 0; b < batch; b++) {
        for (size_t j = 0; j < hidden; j++) {
            double cell = previous[b * hidden + j], in[4];
            for (size_t g = 0; g < 4; g++) in[g] = before[(b * 4 + g) * hidden + j] + recurrent[(b * 4 + g) * hidden + j] + bias[g * hidden + j];
            expected[b * hidden + j] = (float)reference_lstm(in[0], in[1], in[2], in[3], &cell);
            expectedMemory[b * hidden + j] = (float)cell;
        }
    }
    close_to("mynah_lstm_forward", "a state", state, expected, count, 2e-6);
    close_to("mynah_lstm_forward", "a memory", memory, expectedMemory, count, 2e-6);

    memcpy(gates, before, 4 * count * sizeof(float));
    mynah_elman_forward(batch, hidden, gates, recurrent, bias, state);
    for (size_t i = 0; i < count; i++) expected[i] = (float)tanh(before[i] + recurrent[i] + bias[i % hidden]);
    close_to("mynah_elman_forward", "a state", state, expected, count, 2e-6);
    memcpy(stateGradient, flowing, count * sizeof(float));
    mynah_elman_backward(batch, hidden, gates, stateGradient, sums);
    for (size_t i = 0; i < count; i++) expected[i] = flowing[i] * (1 - expected[i] * expected[i]);
    close_to("mynah_elman_backward", "a gradient", gates, expected, count, 1e-5);

    memcpy(gates, before, 4 * count * sizeof(float));
    mynah_mingru_forward(batch, hidden, gates, bias, previous, state);
    for (size_t b = 0; b < batch; b++) {
        for (size_t j = 0; j < hidden; j++) {
            double z = reference_sigmoid(before[b * 2 * hidden + j] + bias[j]), p = previous[b * hidden + j];
            expected[b * hidden + j] = (float)((1 - z) * p + z * (before[(b * 2 + 1) * hidden + j] + bias[hidden + j]));
            expectedMemory[b * hidden + j] = (float)(flowing[b * hidden + j] * (1 - z));
        }
    }
    close_to("mynah_mingru_forward", "a state", state, expected, count, 2e-6);
    memcpy(stateGradient, flowing, count * sizeof(float));
    mynah_mingru_backward(batch, hidden, gates, previous, stateGradient, sums);
    close_to("mynah_mingru_backward", "a gradient of a state", stateGradient, expectedMemory, count, 1e-5);

    float *values = numbers(1000), *wanted = numbers(1000);
    for (size_t i = 0; i < 1000; i++) values[i] *= 20, wanted[i] = expf(values[i]);
    float *powers = copyOf(values, 1000);
    mynah_exponentials(1000, powers);
    for (size_t i = 0; i < 1000; i++) powers[i] /= wanted[i], wanted[i] = 1;
    close_to("mynah_exponentials", "a value", powers, wanted, 1000, 1e-6);
    for (size_t i = 0; i < 1000; i++) wanted[i] = tanhf(values[i]);
    mynah_hyperbolic_tangents(1000, values);
    close_to("mynah_hyperbolic_tangents", "a value", values, wanted, 1000, 1e-6);
    float *slope = numbers(1000), *expectedSlope = numbers(1000);
    for (size_t i = 0; i < 1000; i++) expectedSlope[i] = slope[i] * (1 - values[i] * values[i]);
    mynah_tanh_backward(slope, values, 1000);
    close_to("mynah_tanh_backward", "a value", slope, expectedSlope, 1000, 1e-6);
}

static void checkVectors(void) {
    for (size_t count = 1; count < 70; count += 3) {
        float *a = numbers(count), *b = numbers(count), *values = copyOf(a, count), *expected = numbers(count);
        double dot = 0;
        for (size_t i = 0; i < count; i++) dot += (double)a[i] * b[i], expected[i] = a[i] + b[i];
        float product = mynah_dot(a, b, count), wanted = (float)dot;
        close_to("mynah_dot", "the sum", &product, &wanted, 1, 1e-5);
        mynah_add(values, b, count);
        close_to("mynah_add", "a value", values, expected, count, 0);
        for (size_t i = 0; i < count; i++) expected[i] *= 0.3f;
        mynah_scale(values, 0.3f, count);
        close_to("mynah_scale", "a value", values, expected, count, 0);
        for (size_t i = 0; i < count; i++) expected[i] *= b[i];
        mynah_multiply_by(values, b, count);
        close_to("mynah_multiply_by", "a value", values, expected, count, 0);
        for (size_t i = 0; i < count; i++) expected[i] += 0.7f * b[i];
        mynah_add_scaled(values, 0.7f, b, count);
        close_to("mynah_add_scaled", "a value", values, expected, count, 1e-6);
        for (size_t i = 0; i < count; i++) expected[i] += 0.2f * (a[i] - expected[i]);
        mynah_approach(values, a, 0.2f, count);
        close_to("mynah_approach", "a value", values, expected, count, 1e-6);

        float *mean = numbers(count), *square = numbers(count), *weights = copyOf(a, count);
        for (size_t i = 0; i < count; i++) square[i] = fabsf(square[i]);
        float *velocity = copyOf(mean, count), *moved = copyOf(a, count);
        struct mynah_adamw_step step = {0.9f, 0.999f, 1.5f, 1.2f, 1e-8f, 0.01f, 0.1f};
        for (size_t i = 0; i < count; i++) {
            double m = 0.9 * mean[i] + 0.1 * b[i], s = 0.999 * square[i] + 0.001 * b[i] * b[i];
            expected[i] = (float)(a[i] - 0.01 * (m * 1.5 / (sqrt(s * 1.2) + 1e-8) + 0.1 * a[i]));
        }
        mynah_adamw(weights, b, mean, square, count, step);
        close_to("mynah_adamw", "a weight", weights, expected, count, 2e-5);
        for (size_t i = 0; i < count; i++) expected[i] = a[i] - 0.01f * (0.9f * velocity[i] + b[i] + 0.1f * a[i]);
        mynah_momentum(moved, b, velocity, count, 0.01f, 0.9f, 0.1f);
        close_to("mynah_momentum", "a weight", moved, expected, count, 1e-6);
        free(a), free(b), free(values), free(expected), free(mean), free(square), free(weights), free(velocity), free(moved);
    }
}

static void checkNormalization(void) {
    enum { rows = 57, columns = 19, count = rows * columns };
    float *values = numbers(count), *mean = numbers(columns), *variance = numbers(columns), *factors = numbers(count);
    float expectedMean[columns], expectedVariance[columns], sums[columns], products[columns], expectedSums[columns], expectedProducts[columns];
    for (size_t c = 0; c < columns; c++) {
        double m = 0, s = 0, p = 0;
        for (size_t r = 0; r < rows; r++) m += values[r * columns + c], p += (double)values[r * columns + c] * factors[r * columns + c];
        expectedSums[c] = (float)m, expectedProducts[c] = (float)p, m /= rows;
        for (size_t r = 0; r < rows; r++) s += (values[r * columns + c] - m) * (values[r * columns + c] - m);
        expectedMean[c] = (float)m, expectedVariance[c] = (float)(s / rows);
    }
    mynah_column_moments(values, rows, columns, mean, variance);
    close_to("mynah_column_moments", "a mean", mean, expectedMean, columns, 1e-6);
    close_to("mynah_column_moments", "a variance", variance, expectedVariance, columns, 1e-6);
    mynah_column_sums(values, factors, rows, columns, sums, products);
    close_to("mynah_column_sums", "a sum", sums, expectedSums, columns, 1e-6);
    close_to("mynah_column_sums", "a product", products, expectedProducts, columns, 1e-6);
    float *out = numbers(count), *expected = numbers(count), *scale = numbers(columns), *shift = numbers(columns);
    for (size_t i = 0; i < count; i++) expected[i] = scale[i % columns] * values[i] + shift[i % columns];
    mynah_scale_shift(values, scale, shift, rows, columns, out);
    close_to("mynah_scale_shift", "a value", out, expected, count, 1e-6);
    for (size_t i = 0; i < count; i++) expected[i] = expected[i] > 0 ? expected[i] : 0;
    mynah_scale_shift_rectify(values, scale, shift, rows, columns, out);
    close_to("mynah_scale_shift_rectify", "a value", out, expected, count, 1e-6);
    float *gradient = numbers(count), *before = copyOf(gradient, count);
    for (size_t i = 0; i < count; i++) expected[i] = out[i] > 0 ? gradient[i] : 0;
    mynah_rectify_backward(gradient, out, count);
    close_to("mynah_rectify_backward", "a value", gradient, expected, count, 0);
    for (size_t i = 0; i < count; i++) {
        size_t c = i % columns;
        expected[i] = (float)(scale[c] / sqrt(variance[c] + 1e-5) * (before[i] - (double)sums[c] / rows - (double)values[i] * products[c] / rows));
    }
    mynah_batch_norm_backward(before, values, scale, variance, 1e-5f, sums, products, rows, columns);
    close_to("mynah_batch_norm_backward", "a value", before, expected, count, 1e-5);
}

static void checkFrontEnd(void) {
    for (size_t count = 1; count < 600; count += 37) {
        float *in = numbers(count), *other = numbers(count), *out = numbers(count), *expected = numbers(count);
        for (size_t i = 0; i < count; i++) {
            float product = 0.97f * (i > 0 ? in[i - 1] : 0.5f);
            expected[i] = in[i] - product;
        }
        mynah_emphasize(out, in, count, 0.5f, 0.97f);
        exact("mynah_emphasize", out, expected, count);
        for (size_t i = 0; i < count; i++) expected[i] = in[i] * other[i];
        mynah_multiply(out, in, other, count);
        exact("mynah_multiply", out, expected, count);
        for (size_t i = 0; i < count; i++) expected[i] = in[i] - 0.1f;
        mynah_subtract(out, in, count, 0.1f);
        exact("mynah_subtract", out, expected, count);
        float sum = mynah_sum(in, count), wanted = reference_sum(in, count, 0);
        exact("mynah_sum", &sum, &wanted, 1);
        sum = mynah_sum_of_squares(in, count), wanted = reference_sum(in, count, 1);
        exact("mynah_sum_of_squares", &sum, &wanted, 1);
        for (size_t i = 0; i < count; i++) out[i] = fabsf(in[i]), expected[i] = sqrtf(out[i]);
        mynah_square_root(out, count);
        exact("mynah_square_root", out, expected, count);
        for (size_t i = 0; i < count; i++) out[i] = fabsf(in[i]) * 100, expected[i] = 3 * logf(out[i] + 1e-6f);
        mynah_log(out, count, 1e-6f, 1e-30f, 3);
        close_to("mynah_log", "a value", out, expected, count, 1e-6);
        exact("mynah_log", out, out, count);
        free(in), free(other), free(out), free(expected);
    }
    for (size_t half = 2; half <= 512; half *= 2) {
        float *z = numbers(2 * half), *cosines = numbers(half), *sines = numbers(half), *out = numbers(half + 1), *expected = numbers(half + 1);
        for (size_t k = 0; k <= half / 2; k++) {
            cosines[k] = (float)cos(-3.14159265358979323846 * (double)k / (double)half);
            sines[k] = (float)sin(-3.14159265358979323846 * (double)k / (double)half);
        }
        for (size_t k = 0; k <= half; k++) expected[k] = (float)reference_power(z, half, k, 0.7);
        mynah_power_spectrum(out, z, cosines, sines, half, 0.7f);
        close_to("mynah_power_spectrum", "a value", out, expected, half + 1, 2e-6);
        exact("mynah_power_spectrum", out, out, half + 1);
        free(z), free(cosines), free(sines), free(out), free(expected);
    }
    enum { rows = 5, terms = 45, columns = 56, stride = 50 };
    float *in = numbers(rows * stride), *matrix = numbers(terms * columns), *out = numbers(rows * columns), *expected = numbers(rows * columns);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) expected[r * columns + c] = reference_row_times_column(in + r * stride, matrix + c, terms, columns);
    }
    mynah_rows_times_matrix(out, in, matrix, rows, stride, terms, columns);
    exact("mynah_rows_times_matrix", out, expected, rows * columns);

    static const int32_t first[16] = {0, 1, 3, 4, 7, 9, 12, 15, 20, 22, 30, 33, 35, 40, 44, 48}, steps[2] = {2, 3};
    float *spectrum = numbers(100), *weights = numbers((size_t)(2 + 3) * 64), *bands = numbers(16), *expectedBands = numbers(16);
    size_t offset = 0;
    for (size_t group = 0; group < 2; group++) {
        for (size_t band = 0; band < 8; band++) {
            float lanes[8] = {0};
            for (int32_t step = 0; step < steps[group]; step++) {
                for (size_t k = 0; k < 8; k++) {
                    float product = weights[offset + (size_t)step * 64 + band * 8 + k] * spectrum[first[8 * group + band] + 8 * step + (int32_t)k];
                    lanes[k] = lanes[k] + product;
                }
            }
            expectedBands[8 * group + band] =
                ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
        }
        offset += (size_t)steps[group] * 64;
    }
    mynah_band_sums(bands, spectrum, weights, first, steps, 2);
    exact("mynah_band_sums", bands, expectedBands, 16);

    int16_t samples[64];
    float *interpolated = numbers(40), *cubic = numbers(40);
    for (size_t i = 0; i < 64; i++) samples[i] = (int16_t)(number() * 30000);
    const int64_t position = 2ll << 32, step = (int64_t)(1.37 * 0x1p32);
    for (int64_t i = 0; i < 40; i++) {
        int64_t place = position + i * step;
        const int16_t *p = samples + (place >> 32);
        double x = (double)(uint32_t)place * 0x1p-32, a = p[-1], b = p[0], c = p[1], d = p[2];
        cubic[i] = (float)(1e-4 * (b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)))));
    }
    mynah_interpolate(samples, position, step, 1e-4f, interpolated, 40);
    close_to("mynah_interpolate", "a value", interpolated, cubic, 40, 1e-5);
}

static void checkAlignments(void) {
    // Every number of states up to some vectors, some of them out of reach, as at the start of a clip.
    for (size_t states = 1; states <= 41; states += 2) {
        double previous[43], next[43], emission[41], skip[41];
        for (size_t s = 0; s < states + 2; s++) {
            previous[s] = s < 2 || (s > 9 && s % 3 == 0) ? mynah_unreachable : 300.0 * (number() - 1.0);
            next[s] = 7;
        }
        for (size_t s = 0; s < states; s++) {
            emission[s] = 20.0 * (number() - 1.0);
            skip[s] = s % 4 == 3 ? 0 : mynah_unreachable;
        }
        mynah_ctc_step(states, previous, emission, skip, next);
        require(next[0] == 7 && next[1] == 7, "mynah_ctc_step", "a value before the first state", next[0] + next[1] - 14);
        for (size_t s = 0; s < states; s++) {
            double expected = reference_ctc_state(previous, emission[s], skip[s], s);
            double difference = fabs(next[s + 2] - expected) / (1 + fabs(expected));
            require(difference <= 1e-14, "mynah_ctc_step", "a state", difference);
        }
    }
    double values[2003];
    for (int i = 0; i < 2003; i++) values[i] = i < 2000 ? -0.36 * i : -1e300 * (i - 2000);
    mynah_exponentials_below_one(2003, values);
    for (int i = 0; i < 2003; i++) {
        double x = i < 2000 ? -0.36 * i : -1e300 * (i - 2000), expected = x < -708 ? 0 : exp(x);
        require(fabs(values[i] - expected) <= 1e-14 * expected, "mynah_exponentials_below_one", "a value", values[i] - expected);
    }
}

int main(void) {
    checkProducts();
    checkPairs();
    checkPatches();
    checkCells();
    checkVectors();
    checkNormalization();
    checkFrontEnd();
    checkAlignments();
    printf("%016llx\n", (unsigned long long)digest);
    return failures > 0;
}
