#include "CBuiltInModel.h"

static const unsigned char model[] __attribute__((aligned(64))) = {
#embed "../../models/commands.safetensors"
};

const unsigned char *builtInModelBytes(void) { return model; }

size_t builtInModelByteCount(void) { return sizeof model; }
