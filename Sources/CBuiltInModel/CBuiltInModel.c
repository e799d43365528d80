#define _GNU_SOURCE
#include "CBuiltInModel.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static const unsigned char model[] __attribute__((aligned(64))) = {
#embed "../../models/commands.safetensors"
};

const unsigned char *builtInModelBytes(void) { return model; }

size_t builtInModelByteCount(void) { return sizeof model; }

void builtInModelForget(void) {
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t start = ((uintptr_t)model + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)model + sizeof model) / page * page;
    // Pages of a file that nobody writes to: where this fails, or they are read again, nothing changes.
    if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
}
