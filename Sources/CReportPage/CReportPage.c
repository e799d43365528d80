#include "CReportPage.h"

static const char template[] = {
#embed "page.mustache"
};

static const char style[] = {
#embed "page.css"
};

const char *reportTemplateBytes(void) { return template; }

size_t reportTemplateByteCount(void) { return sizeof template; }

const char *reportStyleBytes(void) { return style; }

size_t reportStyleByteCount(void) { return sizeof style; }
