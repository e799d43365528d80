#include "CShippedNegatives.h"

static const unsigned char negatives[] __attribute__((aligned(64))) = {
#embed "../../models/negatives.safetensors"
};

const unsigned char *shippedNegativesBytes(void) { return negatives; }

size_t shippedNegativesByteCount(void) { return sizeof negatives; }
