#pragma once

/// The x86-64 level whose vector instructions this processor has, all of them: 4 (AVX-512), 3 (AVX2 and fused
/// multiply-add) or 0; 0 on other architectures.
///
/// The environment variable `MYNAH_VECTOR_LEVEL` lowers it, so that a test sees what an older processor computes; it is
/// read once.
int mynah_vector_level(void);
