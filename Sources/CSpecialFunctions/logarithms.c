// log(1 + x) of many numbers at once: additions, multiplications, divisions and shifts alone, so that a loop runs as wide as the
// processor is.
//
//     1 + x = u + c,  u = 2ⁿ (1 + f),  √½ ≤ 1 + f < √2        log(1 + x) = n log 2 + log(1 + f) + c/u
//     log(1 + f) = f − (f²/2 − s (f²/2 + R(s²))),  s = f/(2 + f)
//
// c is what rounding 1 + x to u has lost. R is of degree 7 in s², from fdlibm. No product is fused with a sum: every processor
// gives the same bits, and a number by itself the same as in a row. Source: e_log.c and s_log1p.c of fdlibm (Sun Microsystems,
// 1993).

#include "special_functions.h"
#include "vectors.h"

#pragma STDC FP_CONTRACT OFF

INLINE void take_logarithms(numbers *place) {
  const numbers x = *place;
  const numbers u = 1.0 + x;
  const numbers rest = u - 1.0;
  const numbers c = (1.0 - (u - rest)) + (x - rest);
  // The bits of √½ and more, so that the exponent changes at √2.
  const words bits = (words)u + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
  const words n = (bits >> 52) - 0x3ff;
  const numbers f = (numbers)((bits & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd) - 1.0;
  const numbers k = (numbers)(n + (words)((numbers){0} + SHIFT)) - SHIFT;
  const numbers s = f / (2.0 + f);
  const numbers z = s * s;
  const numbers w = z * z;
  const numbers even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
  const numbers odd =
      z * (0x1.5555555555593p-1 + w * (0x1.2492494229359p-2 + w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
  const numbers half = 0.5 * f * f;
  *place = k * 0x1.62e42feep-1 - ((half - (s * (half + (even + odd)) + (k * 0x1.a39ef35793c76p-33 + c / u))) - f);
}

INLINE void replace_all(double *values, size_t count) { replace_each(values, count, take_logarithms); }

#if defined(__x86_64__)
WIDE static void replace_all_wide(double *values, size_t count) { replace_all(values, count); }
void rapport_logarithms(double *values, size_t count) {
  if (__builtin_cpu_supports("avx2")) replace_all_wide(values, count);
  else replace_all(values, count);
}
#else
void rapport_logarithms(double *values, size_t count) { replace_all(values, count); }
#endif

void rapport_logarithms_plain(double *values, size_t count) {
  for (size_t k = 0; k < count; k++) replace_all(values + k, 1);
}
