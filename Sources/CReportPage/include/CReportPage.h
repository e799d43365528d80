#pragma once

#include <stddef.h>

/// The template of the report, `page.mustache`, and its style sheet, `page.css`: UTF-8 without a zero at the end.
const char *reportTemplateBytes(void);
size_t reportTemplateByteCount(void);
const char *reportStyleBytes(void);
size_t reportStyleByteCount(void);
