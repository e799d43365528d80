#pragma once

/// The x86-64 level whose vector instructions this processor has: 4 (AVX-512), 3 (AVX2 and fused multiply-add) or 0;
/// 0 on other architectures.
int mynah_vector_level(void);
