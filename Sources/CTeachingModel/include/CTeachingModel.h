#pragma once

#include <stddef.h>

/// First byte of the file of the model that words are taught to, as it is built into the library; it stays valid as long as the
/// program runs.
const unsigned char *teachingModelBytes(void);

/// Length of that file in bytes.
size_t teachingModelByteCount(void);
