#pragma once

#include <stddef.h>

/// First byte of the model file that is built into the library; it stays valid as long as the program runs.
const unsigned char *builtInModelBytes(void);

/// Length of that file in bytes.
size_t builtInModelByteCount(void);

/// Gives the memory that holds the bytes back to the system; it reads them anew from the program's file when they are wanted.
void builtInModelForget(void);
