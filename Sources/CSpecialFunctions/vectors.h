// What the kernels over many numbers share: four at a time, in vectors that are as wide as the processor allows.
#ifndef RAPPORT_VECTORS_H
#define RAPPORT_VECTORS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#if defined(__x86_64__)
// For processors of the last ten years; whether it is one is asked at run time.
#define WIDE __attribute__((target("avx2")))
#endif

#define WIDTH 4
typedef double numbers __attribute__((vector_size(8 * WIDTH), aligned(8)));
typedef int64_t words __attribute__((vector_size(8 * WIDTH), aligned(8)));

// Adding it leaves a number's nearest integer in the lowest bits.
#define SHIFT 0x1.8p52

/// Replaces all numbers, of which `replace` replaces a vector in place: vectors that are handed over are passed otherwise on other
/// processors.
INLINE void replace_each(double *values, size_t count, void (*replace)(numbers *)) {
  size_t k = 0;
  for (; k + WIDTH <= count; k += WIDTH) replace((numbers *)(values + k));
  if (k == count) return;
  numbers rest = {0};
  memcpy(&rest, values + k, (count - k) * sizeof(double));
  replace(&rest);
  memcpy(values + k, &rest, (count - k) * sizeof(double));
}

#endif
