#pragma once

#include <stddef.h>

// One step through the lattice of connectionist temporal classification (Graves et al., ICML 2006), in natural
// logarithms. A state that cannot be reached has the logarithm `mynah_unreachable`, which stands for minus infinity but
// can be added to without becoming "not a number".

/// The logarithm of a probability of 0.
static const double mynah_unreachable = -1e300;

/// `next[s]` = `emission[s]` + ln(exp `previous[s]` + exp `previous[s - 1]` + exp(`previous[s - 2]` + `skip[s]`)).
///
/// - `stateCount`: states of the lattice, `S`.
/// - `previous`: `[S + 2]`, of which the first two, before state 0, are `mynah_unreachable`.
/// - `emission`: `[S]`, the logarithm of what each state emits at this frame.
/// - `skip`: `[S]`, 0 where the state before may be left out, else `mynah_unreachable`.
/// - `next`: `[S + 2]`, as `previous`; its first two values are left alone.
void mynah_ctc_step(
    size_t stateCount, const double *restrict previous, const double *restrict emission, const double *restrict skip,
    double *restrict next);

/// `values[i]` = exp `values[i]` for values of at most 0, to a relative error of 1e-14; below -708 it is 0.
void mynah_exponentials_below_one(size_t count, double *values);
