#include "CAllocationCounter.h"

static _Thread_local struct mynah_allocations allocations;

struct mynah_allocations mynah_allocations_of_thread(void) { return allocations; }

#if defined(__linux__)

#include <errno.h>
#include <malloc.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static void *given(void *memory) {
    if (memory) {
        allocations.count++;
        allocations.liveBytes += (ptrdiff_t)malloc_usable_size(memory);
    }
    return memory;
}

static void givenBack(void *memory) {
    if (memory) allocations.liveBytes -= (ptrdiff_t)malloc_usable_size(memory);
}

void *malloc(size_t size) { return given(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return given(__libc_calloc(count, size)); }

void *realloc(void *memory, size_t size) {
    size_t before = memory ? malloc_usable_size(memory) : 0;
    void *moved = __libc_realloc(memory, size);
    if (moved || size == 0) allocations.liveBytes -= (ptrdiff_t)before;
    return given(moved);
}

void *memalign(size_t alignment, size_t size) { return given(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    void *aligned = memalign(alignment, size);
    if (!aligned) return ENOMEM;
    *memory = aligned;
    return 0;
}

void free(void *memory) {
    givenBack(memory);
    __libc_free(memory);
}

#endif
