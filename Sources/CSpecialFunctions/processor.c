// What the processor can do.

#include "special_functions.h"

#if defined(__x86_64__)
int rapport_vector_level(void) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
         && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") ? 2 : 1;
}
#else
int rapport_vector_level(void) { return 0; }
#endif
