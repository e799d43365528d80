#pragma once

#include <stddef.h>

/// First byte of the file of negatives that is built into the library; it stays valid as long as the program runs.
const unsigned char *shippedNegativesBytes(void);

/// Length of that file in bytes.
size_t shippedNegativesByteCount(void);
