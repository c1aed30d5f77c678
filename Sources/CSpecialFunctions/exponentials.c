// e^x of many numbers at once: additions, multiplications and shifts alone, so that a loop runs as wide as the processor is.
//
//     x = n log 2 + r,  |r| ≤ ½ log 2        e^x = 2ⁿ (1 + r + r² q(r))
//
// log 2 is split so that n times its upper part is exact. q has degree 9 and meets (eʳ − 1 − r)/r² in ten Chebyshev nodes of
// the interval; 1 + r + r² q is within 0.08 units in the last place before it is rounded. No product is fused with a sum: every
// processor gives the same bits, and a number by itself the same as in a row. Source: Cody & Waite (1980), Software Manual
// for the Elementary Functions, chapter 6.

#include "special_functions.h"
#include "vectors.h"

#pragma STDC FP_CONTRACT OFF

INLINE void exponentiate(numbers *place) {
  const numbers x = *place;
  const numbers shifted = x * 0x1.71547652b82fep0 + SHIFT;
  const numbers n = shifted - SHIFT;
  const numbers r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  const numbers r2 = r * r;
  const numbers r4 = r2 * r2;
  const numbers q = (0x1.0000000000001p-1 + r * 0x1.5555555555556p-3)
                    + r2 * (0x1.5555555553d4fp-5 + r * 0x1.11111111109adp-7)
                    + r4 * ((0x1.6c16c17893833p-10 + r * 0x1.a01a01a7c8d47p-13)
                            + r2 * (0x1.a019b8ef67c6cp-16 + r * 0x1.71de0d9c145d0p-19)
                            + r4 * (0x1.2891a8c1d838dp-22 + r * 0x1.af38d53857513p-26));
  // 2ⁿ by its bits: n + 1023 where the exponent stands.
  const numbers scale = (numbers)(((words)shifted + 1023) << 52);
  const numbers result = (1.0 + (r + r2 * q)) * scale;
  // Compared this way round, NaN stays.
  const words low = x < -708.0, high = x > 709.0;
  *place = (numbers)(((words)result & ~low & ~high) | (high & 0x7ff0000000000000));
}

INLINE void replace_all(double *values, size_t count) { replace_each(values, count, exponentiate); }

INLINE void enlarge(numbers *most, const numbers *other) {
  const words which = *other > *most;
  *most = (numbers)(((words)*other & which) | ((words)*most & ~which));
}

// Sums are taken in four lanes, whatever the processor, so that their bits are the same everywhere.
INLINE double relative_all(double *values, size_t count, double *total) {
  const double none = -__builtin_inf();
  numbers rest = {none, none, none, none};
  const size_t whole = count / WIDTH * WIDTH;
  for (size_t k = whole; k < count; k++) rest[k - whole] = values[k];
  numbers most = rest;
  for (size_t k = 0; k < whole; k += WIDTH) enlarge(&most, (numbers *)(values + k));
  double largest = most[0];
  for (int lane = 1; lane < WIDTH; lane++) largest = most[lane] > largest ? most[lane] : largest;
  rest -= largest;
  exponentiate(&rest);
  for (size_t k = whole; k < count; k++) values[k] = rest[k - whole];
  numbers sums = rest;
  for (size_t k = 0; k < whole; k += WIDTH) {
    numbers *place = (numbers *)(values + k);
    *place -= largest;
    exponentiate(place);
    sums += *place;
  }
  *total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  return largest;
}

#if defined(__x86_64__)
WIDE static void replace_all_wide(double *values, size_t count) { replace_all(values, count); }
WIDE static double relative_all_wide(double *values, size_t count, double *total) {
  return relative_all(values, count, total);
}
void rapport_exponentials(double *values, size_t count) {
  if (__builtin_cpu_supports("avx2")) replace_all_wide(values, count);
  else replace_all(values, count);
}
double rapport_relative_exponentials(double *values, size_t count, double *total) {
  return __builtin_cpu_supports("avx2") ? relative_all_wide(values, count, total) : relative_all(values, count, total);
}
#else
void rapport_exponentials(double *values, size_t count) { replace_all(values, count); }
double rapport_relative_exponentials(double *values, size_t count, double *total) {
  return relative_all(values, count, total);
}
#endif

void rapport_exponentials_plain(double *values, size_t count) {
  for (size_t k = 0; k < count; k++) replace_all(values + k, 1);
}
