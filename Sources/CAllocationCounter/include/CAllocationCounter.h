#pragma once

#include <stddef.h>

// Counts what the calling thread asks the allocator for, in a program that links this: its `malloc` and the like stand
// before those of the C library, and hand on to them. For tests alone.

/// What one thread has asked for since it began.
struct mynah_allocations {
    /// Calls that gave memory.
    size_t count;

    /// Bytes given, less those that this thread has given back.
    ptrdiff_t liveBytes;
};

/// Of the calling thread.
struct mynah_allocations mynah_allocations_of_thread(void);
