#pragma once

#include <stddef.h>

/// First byte of the model file that is built into the library; it stays valid as long as the program runs.
const unsigned char *builtInModelBytes(void);

/// Length of that file in bytes.
size_t builtInModelByteCount(void);
