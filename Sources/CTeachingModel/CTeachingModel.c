#include "CTeachingModel.h"

static const unsigned char model[] __attribute__((aligned(64))) = {
#embed "../../models/words.safetensors"
};

const unsigned char *teachingModelBytes(void) { return model; }

size_t teachingModelByteCount(void) { return sizeof model; }
