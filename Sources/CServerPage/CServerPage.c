#include "CServerPage.h"

static const char page[] = {
#embed "page.html"
};

static const char style[] = {
#embed "server.css"
};

static const char script[] = {
#embed "page.js"
};

static const char drawing[] = {
#embed "drawing.js"
};

static const char elements[] = {
#embed "elements.js"
};

static const char microphone[] = {
#embed "microphone.js"
};

static const char teaching[] = {
#embed "teaching.js"
};

static const char worklet[] = {
#embed "worklet.js"
};

static const char icon[] = {
#embed "icon.svg"
};

static const char openAPI[] = {
#embed "openapi.json"
};

const char *serverPageBytes(void) { return page; }
size_t serverPageByteCount(void) { return sizeof page; }
const char *serverStyleBytes(void) { return style; }
size_t serverStyleByteCount(void) { return sizeof style; }
const char *serverScriptBytes(void) { return script; }
size_t serverScriptByteCount(void) { return sizeof script; }
const char *serverDrawingBytes(void) { return drawing; }
size_t serverDrawingByteCount(void) { return sizeof drawing; }
const char *serverElementsBytes(void) { return elements; }
size_t serverElementsByteCount(void) { return sizeof elements; }
const char *serverMicrophoneBytes(void) { return microphone; }
size_t serverMicrophoneByteCount(void) { return sizeof microphone; }
const char *serverTeachingBytes(void) { return teaching; }
size_t serverTeachingByteCount(void) { return sizeof teaching; }
const char *serverWorkletBytes(void) { return worklet; }
size_t serverWorkletByteCount(void) { return sizeof worklet; }
const char *serverIconBytes(void) { return icon; }
size_t serverIconByteCount(void) { return sizeof icon; }
const char *serverOpenAPIBytes(void) { return openAPI; }
size_t serverOpenAPIByteCount(void) { return sizeof openAPI; }
