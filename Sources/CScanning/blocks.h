// What the kernels share: text in blocks of 64 bytes, a bit for each.
#ifndef RAPPORT_BLOCKS_H
#define RAPPORT_BLOCKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/// The block at `offset`; behind the text's end it is filled with spaces, in `copy`.
INLINE const uint8_t *block_at(const uint8_t *bytes, size_t offset, size_t count, uint8_t *copy) {
  if (offset + 64 <= count) return bytes + offset;
  memset(copy, ' ', 64);
  memcpy(copy, bytes + offset, count - offset);
  return copy;
}

/// Writes the position of every bit that is set to `out`, counted from `base`, and returns how many there are. 64 may be written.
INLINE size_t put_positions(uint64_t bits, size_t base, uint32_t *out) {
  const size_t count = (size_t)__builtin_popcountll(bits);
  // Eight at a time, more than there may be: a loop that ends where the bits end is guessed wrongly once a block.
  for (size_t written = 0; written < count; written += 8) {
    for (size_t i = written; i < written + 8; i++) {
      out[i] = (uint32_t)(base + (bits ? (size_t)__builtin_ctzll(bits) : 64));
      bits &= bits - 1;
    }
  }
  return count;
}

#if defined(__x86_64__)
#include <immintrin.h>

// For processors of the last ten years.
#define WIDE __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
// For processors that compare 64 bytes at once and put those that are marked side by side.
#define WIDEST __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,popcnt,lzcnt,pclmul")))

/// Does what `put_positions` does.
WIDEST INLINE size_t put_positions_at_once(uint64_t bits, size_t base, uint32_t *out) {
  // The bytes 0 to 63.
  const __m512i numbers = _mm512_set_epi64(
      0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120, 0x1f1e1d1c1b1a1918,
      0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
  const size_t count = (size_t)__builtin_popcountll(bits);
  const __m512i marked = _mm512_maskz_compress_epi8(bits, numbers);
  const __m512i bases = _mm512_set1_epi32((int)base);
#define PUT(i) \
  _mm512_storeu_si512(out + 16 * i, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(marked, i))))
  // Sixteen at a time, more than there may be; few blocks have more.
  PUT(0);
  if (count > 16) {
    PUT(1);
    if (count > 32) {
      PUT(2);
      PUT(3);
    }
  }
#undef PUT
  return count;
}
#endif

#endif
