// The inner loops of scanning, in C because Swift's SIMD types have no movemask. Static inline functions are compiled
// into the Swift loop that calls them.
#ifndef RAPPORT_SCANNING_H
#define RAPPORT_SCANNING_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
/// A bit for each of the 64 bytes at `p` that equals `byte`.
static inline uint64_t rapport_match64(const uint8_t *p, uint8_t byte) {
  const __m128i needle = _mm_set1_epi8((char)byte);
  uint64_t mask = 0;
  for (int i = 0; i < 4; i++) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(p + 16 * i));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, needle)) << (16 * i);
  }
  return mask;
}
#else
/// A bit for each of the 64 bytes at `p` that equals `byte`.
static inline uint64_t rapport_match64(const uint8_t *p, uint8_t byte) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(p[i] == byte) << i;
  return mask;
}
#endif

#endif
