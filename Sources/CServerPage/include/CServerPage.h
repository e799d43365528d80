#pragma once

#include <stddef.h>

/// The files of the server's page and the description of its interface: UTF-8 without a zero at the end.
const char *serverPageBytes(void);
size_t serverPageByteCount(void);
const char *serverStyleBytes(void);
size_t serverStyleByteCount(void);
const char *serverScriptBytes(void);
size_t serverScriptByteCount(void);
const char *serverDrawingBytes(void);
size_t serverDrawingByteCount(void);
const char *serverElementsBytes(void);
size_t serverElementsByteCount(void);
const char *serverMicrophoneBytes(void);
size_t serverMicrophoneByteCount(void);
const char *serverTeachingBytes(void);
size_t serverTeachingByteCount(void);
const char *serverWorkletBytes(void);
size_t serverWorkletByteCount(void);
const char *serverIconBytes(void);
size_t serverIconByteCount(void);
const char *serverOpenAPIBytes(void);
size_t serverOpenAPIByteCount(void);
