#pragma once

#include <stddef.h>

/// The style sheet of all pages, `page.css`: UTF-8 without a zero at the end.
const char *pageStyleBytes(void);
size_t pageStyleByteCount(void);
