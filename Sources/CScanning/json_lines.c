#include "scanning.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
/// A bit for each of the 16 bytes that ends a string of the usual kind: a quote, or what makes it unusual.
static inline __attribute__((always_inline)) unsigned ends16(const uint8_t *bytes) {
  const __m128i block = _mm_loadu_si128((const __m128i *)bytes);
  const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i escape = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, escape), control));
}
#else
static inline __attribute__((always_inline)) unsigned ends16(const uint8_t *bytes) {
  unsigned mask = 0;
  for (int i = 0; i < 16; i++) mask |= (unsigned)(bytes[i] == '"' || bytes[i] == '\\' || bytes[i] < 0x20) << i;
  return mask;
}
#endif

static inline __attribute__((always_inline)) const uint8_t *without_blanks(const uint8_t *at, const uint8_t *end) {
  while (at < end && (*at == ' ' || *at == '\t')) at++;
  return at;
}

/// The end of a decimal number without an exponent, as JSON writes it, that a double can hold; `at` where there is none.
static const uint8_t *number_end(const uint8_t *at, const uint8_t *end) {
  const uint8_t *p = at;
  if (p < end && *p == '-') p++;
  const uint8_t *first = p;
  while (p < end && *p >= '0' && *p <= '9') p++;
  if (p == first || (*first == '0' && p - first > 1) || p - first > 300) return at;
  if (p < end && *p == '.') {
    const uint8_t *fraction = ++p;
    while (p < end && *p >= '0' && *p <= '9') p++;
    if (p == fraction) return at;
  }
  return p;
}

/// Whether a key stands there; 16 bytes behind it and behind the line are readable.
static inline __attribute__((always_inline)) int has_key(const uint8_t *at, const uint8_t *end, rapport_json_key key) {
  if ((size_t)(end - at) < key.count) return 0;
#if defined(__SSE2__)
  if (key.count <= 16) {
    const __m128i found = _mm_loadu_si128((const __m128i *)at);
    const __m128i wanted = _mm_loadu_si128((const __m128i *)key.bytes);
    const unsigned differ = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(found, wanted));
    return (differ & ((1u << key.count) - 1)) == 0;
  }
#endif
  return memcmp(at, key.bytes, key.count) == 0;
}

static inline int has_word(const uint8_t *at, const uint8_t *end, const char *word, size_t count) {
  return (size_t)(end - at) >= count && memcmp(at, word, count) == 0;
}

size_t rapport_plain_json_fields(
    const uint8_t *line, size_t count, const rapport_json_key *keys, size_t key_count, uint8_t *out, size_t offset,
    uint32_t *ends) {
  const uint8_t *at = without_blanks(line, line + count);
  const uint8_t *const end = line + count;
  uint8_t *to = out + offset;
  size_t key = 0;
  if (at == end || *at++ != '{') return 0;
  for (;;) {
    at = without_blanks(at, end);
    // Exports write their keys in one order and may leave out those without a value.
    while (key < key_count && !has_key(at, end, keys[key])) ends[key++] = (uint32_t)(to++ - out);
    if (key == key_count) return 0;
    at = without_blanks(at + keys[key].count, end);
    if (at == end || *at++ != ':') return 0;
    at = without_blanks(at, end);
    if (at == end) return 0;
    if (*at == '"') {
      at++;
      for (;;) {
        memcpy(to, at, 16);
        const unsigned found = ends16(at);
        if (found != 0) {
          const int length = __builtin_ctz(found);
          at += length;
          to += length;
          break;
        }
        at += 16;
        to += 16;
        if (at >= end) return 0;
      }
      if (at >= end || *at++ != '"') return 0;
    } else if (has_word(at, end, "null", 4)) {
      at += 4;
    } else {
      const uint8_t *stop = has_word(at, end, "true", 4) ? at + 4 : has_word(at, end, "false", 5) ? at + 5 : number_end(at, end);
      if (stop == at) return 0;
      memcpy(to, at, (size_t)(stop - at));
      to += stop - at;
      at = stop;
    }
    ends[key++] = (uint32_t)(to++ - out);
    at = without_blanks(at, end);
    if (at == end) return 0;
    if (*at == ',') {
      at++;
      continue;
    }
    if (*at++ != '}' || without_blanks(at, end) != end) return 0;
    while (key < key_count) ends[key++] = (uint32_t)(to++ - out);
    return (size_t)(to - out) - offset;
  }
}
