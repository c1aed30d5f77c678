// Blocks of Philox 4×32 at counters one after the other, as `Philox.block` gives them one by one: four at a time, each in a lane
// of 64 bits that holds one word of its state. Source: see Philox.swift.

#include "special_functions.h"
#include "vectors.h"

typedef uint64_t lanes __attribute__((vector_size(8 * WIDTH)));

static const uint64_t low = 0xffffffff;

/// The blocks from `first` on, one to a lane, each as two words.
INLINE void blocks(uint32_t k0, uint32_t k1, uint64_t unit, uint64_t first, uint64_t *out) {
  const lanes counter = first + (lanes){0, 1, 2, 3};
  lanes c0 = counter & low, c1 = counter >> 32;
  lanes c2 = (lanes){0} + (unit & low), c3 = (lanes){0} + (unit >> 32);
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    const lanes a = c0 * 0xD2511F53, b = c2 * 0xCD9E8D57;
    c0 = (b >> 32) ^ c1 ^ (uint64_t)k0;
    c1 = b & low;
    c2 = (a >> 32) ^ c3 ^ (uint64_t)k1;
    c3 = a & low;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  const lanes even = c0 | c1 << 32, odd = c2 | c3 << 32;
  for (int i = 0; i < WIDTH; i++) {
    out[2 * i] = even[i];
    out[2 * i + 1] = odd[i];
  }
}

INLINE void all(uint32_t k0, uint32_t k1, uint64_t unit, uint64_t first, uint64_t *out, size_t count) {
  size_t k = 0;
  for (; k + WIDTH <= count; k += WIDTH) blocks(k0, k1, unit, first + k, out + 2 * k);
  if (k == count) return;
  uint64_t rest[2 * WIDTH];
  blocks(k0, k1, unit, first + k, rest);
  memcpy(out + 2 * k, rest, 2 * (count - k) * sizeof(uint64_t));
}

#if defined(__x86_64__)
WIDE static void all_wide(uint32_t k0, uint32_t k1, uint64_t unit, uint64_t first, uint64_t *out, size_t count) {
  all(k0, k1, unit, first, out, count);
}
void rapport_philox(uint32_t k0, uint32_t k1, uint64_t unit, uint64_t first, uint64_t *out, size_t count) {
  if (__builtin_cpu_supports("avx2")) all_wide(k0, k1, unit, first, out, count);
  else all(k0, k1, unit, first, out, count);
}
#else
void rapport_philox(uint32_t k0, uint32_t k1, uint64_t unit, uint64_t first, uint64_t *out, size_t count) {
  all(k0, k1, unit, first, out, count);
}
#endif
