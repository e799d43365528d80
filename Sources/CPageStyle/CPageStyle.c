#include "CPageStyle.h"

static const char style[] = {
#embed "page.css"
};

const char *pageStyleBytes(void) { return style; }

size_t pageStyleByteCount(void) { return sizeof style; }
