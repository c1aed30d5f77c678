#define _GNU_SOURCE
#include "scanning.h"

#include "blocks.h"

#if defined(__x86_64__)
/// A bit for each of the 64 bytes at `bytes` that equals `byte`.
INLINE uint64_t match64(const uint8_t *bytes, uint8_t byte) {
  const __m128i needle = _mm_set1_epi8((char)byte);
  uint64_t mask = 0;
  for (int i = 0; i < 4; i++) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, needle)) << (16 * i);
  }
  return mask;
}
#else
INLINE uint64_t match64(const uint8_t *bytes, uint8_t byte) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(bytes[i] == byte) << i;
  return mask;
}
#endif

/// Bits from `position` (0 to 63) on.
static inline uint64_t from(int position) { return ~0ULL << position; }

/// Delimiters and line feeds outside of quotes, of a block with the given quotes, delimiters and line feeds.
INLINE uint64_t structural(uint64_t quotes, uint64_t separators, rapport_scan_state *state) {
  if (quotes == 0 && !state->pending_quote) {
    const uint64_t found = state->in_quotes ? 0 : separators;
    state->at_start = (uint8_t)(found >> 63);
    return found;
  }
  uint64_t found = 0;
  int position = 0;
  if (state->pending_quote) {
    state->pending_quote = 0;
    // Two quotes in a row are one inside the field; one alone has closed it.
    if (quotes & 1) position = 1;
    else state->in_quotes = 0;
    state->at_start = 0;
  }
  while (position < 64) {
    const uint64_t rest = quotes & from(position);
    if (!state->in_quotes) {
      if (rest == 0) {
        found |= separators & from(position);
        break;
      }
      const int quote = __builtin_ctzll(rest);
      found |= separators & from(position) & ~from(quote);
      const int begins = quote == 0 ? state->at_start : (int)(found >> (quote - 1) & 1);
      state->in_quotes = (uint8_t)begins;
      position = quote + 1;
    } else {
      if (rest == 0) break;
      const int quote = __builtin_ctzll(rest);
      if (quote == 63) {
        state->pending_quote = 1;
        break;
      }
      if (quotes >> (quote + 1) & 1) {
        position = quote + 2;
      } else {
        state->in_quotes = 0;
        position = quote + 1;
      }
    }
  }
  state->at_start = (uint8_t)(found >> 63);
  return found;
}

rapport_cut rapport_find_cut(const uint8_t *bytes, size_t count, uint8_t delimiter, rapport_scan_state *state) {
  rapport_cut cut = {0, 0, 0};
  uint8_t copy[64];
  for (size_t offset = 0; offset < count; offset += 64) {
    const uint8_t *block = block_at(bytes, offset, count, copy);
    const uint64_t feeds = match64(block, '\n');
    const size_t size = count - offset;
    const uint64_t quotes = match64(block, '"');
    uint64_t ends;
    if (size < 64) {
      // The last, partial block: byte by byte, so that the state is that after its last byte.
      ends = 0;
      for (size_t i = 0; i < size; i++) {
        const uint8_t byte = bytes[offset + i];
        if (state->pending_quote) {
          state->pending_quote = 0;
          if (byte == '"') continue;
          state->in_quotes = 0;
          state->at_start = 0;
        }
        if (state->in_quotes) {
          state->pending_quote = byte == '"';
          continue;
        }
        if (byte == '"' && state->at_start) {
          state->in_quotes = 1;
          state->at_start = 0;
          continue;
        }
        state->at_start = byte == delimiter || byte == '\n';
        if (byte == '\n') ends |= 1ULL << i;
      }
    } else {
      const uint64_t found = structural(quotes, feeds | match64(block, delimiter), state);
      ends = found & feeds;
    }
    if (ends) {
      const int last = 63 - __builtin_clzll(ends);
      cut.records_end = offset + (size_t)last + 1;
      cut.lines_at_end = cut.lines + (size_t)__builtin_popcountll(last == 63 ? feeds : feeds & ~from(last + 1));
    }
    cut.lines += (size_t)__builtin_popcountll(feeds);
  }
  return cut;
}

rapport_cut rapport_find_plain_cut(
    const uint8_t *bytes, size_t count, size_t lines, uint8_t delimiter, rapport_scan_state *state) {
  rapport_cut cut = {0, lines, lines};
  if (count == 0) return cut;
  const uint8_t *last = memrchr(bytes, '\n', count);
  if (last) cut.records_end = (size_t)(last - bytes) + 1;
  if (!last) cut.lines_at_end = 0;
  state->at_start = bytes[count - 1] == '\n' || bytes[count - 1] == delimiter;
  return cut;
}

INLINE rapport_survey survey(const uint8_t *bytes, size_t count) {
  uint64_t quotes = 0;
  uint64_t high = 0;
  size_t lines = 0;
  size_t offset = 0;
#if defined(__x86_64__)
  __m128i any_quote = _mm_setzero_si128();
  __m128i any_high = _mm_setzero_si128();
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i feed = _mm_set1_epi8('\n');
  while (offset + 64 <= count) {
    // A feed is 255 where it stands, so that subtracting counts; a byte of the counter takes 4 a round, 60 rounds fit.
    __m128i counted = _mm_setzero_si128();
    for (int round = 0; round < 60 && offset + 64 <= count; round++, offset += 64) {
      for (int i = 0; i < 4; i++) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + offset + 16 * i));
        any_high = _mm_or_si128(any_high, block);
        any_quote = _mm_or_si128(any_quote, _mm_cmpeq_epi8(block, quote));
        counted = _mm_sub_epi8(counted, _mm_cmpeq_epi8(block, feed));
      }
    }
    const __m128i sums = _mm_sad_epu8(counted, _mm_setzero_si128());
    lines += (size_t)_mm_cvtsi128_si64(sums) + (size_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums));
  }
  quotes = (uint64_t)_mm_movemask_epi8(any_quote);
  high = (uint64_t)_mm_movemask_epi8(any_high);
#endif
  for (; offset < count; offset++) {
    lines += bytes[offset] == '\n';
    quotes |= bytes[offset] == '"';
    high |= bytes[offset] & 0x80;
  }
  return (rapport_survey){lines, quotes != 0, high != 0};
}

INLINE size_t index_plain(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count) {
  size_t fields = 0;
  size_t found_records = 0;
  uint8_t copy[64];
  for (size_t offset = 0; offset < count; offset += 64) {
    const uint8_t *block = block_at(bytes, offset, count, copy);
    uint64_t feeds = match64(block, '\n');
    uint64_t found = feeds | match64(block, delimiter);
    while (feeds) {
      const uint64_t below = (feeds & -feeds) - 1;
      records[found_records++] = (uint32_t)(fields + (size_t)__builtin_popcountll(found & below));
      feeds &= feeds - 1;
    }
    fields += put_positions(found, offset, ends + fields);
  }
  *record_count = found_records;
  return fields;
}

INLINE size_t index_quoted(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count,
    rapport_scan_state *state) {
  size_t fields = 0;
  size_t found_records = 0;
  uint8_t copy[64];
  for (size_t offset = 0; offset < count; offset += 64) {
    const uint8_t *block = block_at(bytes, offset, count, copy);
    const uint64_t feeds = match64(block, '\n');
    const uint64_t found = structural(match64(block, '"'), feeds | match64(block, delimiter), state);
    uint64_t breaks = found & feeds;
    while (breaks) {
      const uint64_t below = (breaks & -breaks) - 1;
      records[found_records++] = (uint32_t)(fields + (size_t)__builtin_popcountll(found & below));
      breaks &= breaks - 1;
    }
    uint64_t bits = found;
    while (bits) {
      ends[fields++] = (uint32_t)(offset + (size_t)__builtin_ctzll(bits));
      bits &= bits - 1;
    }
  }
  // Behind the end stand spaces: a quote that was the last byte is taken to have closed its field.
  *record_count = found_records;
  return fields;
}

#if defined(__x86_64__)
// The same, compiled for processors of the last ten years.
WIDE static rapport_survey survey_wide(const uint8_t *bytes, size_t count) { return survey(bytes, count); }
WIDE static size_t index_plain_wide(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count) {
  return index_plain(bytes, count, delimiter, ends, records, record_count);
}
WIDE static size_t index_quoted_wide(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count,
    rapport_scan_state *state) {
  return index_quoted(bytes, count, delimiter, ends, records, record_count, state);
}

// The same for processors that compare 64 bytes at once.
WIDEST static rapport_survey survey_widest(const uint8_t *bytes, size_t count) {
  const __m512i quote = _mm512_set1_epi8('"');
  const __m512i feed = _mm512_set1_epi8('\n');
  uint64_t quotes = 0;
  size_t lines = 0;
  __m512i any = _mm512_setzero_si512();
  size_t offset = 0;
  for (; offset + 64 <= count; offset += 64) {
    const __m512i block = _mm512_loadu_si512(bytes + offset);
    any = _mm512_or_si512(any, block);
    quotes |= _mm512_cmpeq_epi8_mask(block, quote);
    lines += (size_t)__builtin_popcountll(_mm512_cmpeq_epi8_mask(block, feed));
  }
  uint64_t high = _mm512_movepi8_mask(any);
  for (; offset < count; offset++) {
    lines += bytes[offset] == '\n';
    quotes |= bytes[offset] == '"';
    high |= bytes[offset] & 0x80;
  }
  return (rapport_survey){lines, quotes != 0, high != 0};
}

/// `state` is null for text without quotes.
WIDEST INLINE size_t index_64(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count,
    rapport_scan_state *state) {
  const __m512i quote = _mm512_set1_epi8('"');
  const __m512i delimiters = _mm512_set1_epi8((char)delimiter);
  const __m512i feed = _mm512_set1_epi8('\n');
  size_t fields = 0;
  size_t found_records = 0;
  uint8_t copy[64];
  for (size_t offset = 0; offset < count; offset += 64) {
    const __m512i block = _mm512_loadu_si512(block_at(bytes, offset, count, copy));
    uint64_t feeds = _mm512_cmpeq_epi8_mask(block, feed);
    uint64_t found = feeds | _mm512_cmpeq_epi8_mask(block, delimiters);
    if (state) {
      found = structural(_mm512_cmpeq_epi8_mask(block, quote), found, state);
      feeds &= found;
    }
    while (feeds) {
      const uint64_t below = (feeds & -feeds) - 1;
      records[found_records++] = (uint32_t)(fields + (size_t)__builtin_popcountll(found & below));
      feeds &= feeds - 1;
    }
    fields += put_positions_at_once(found, offset, ends + fields);
  }
  *record_count = found_records;
  return fields;
}

WIDEST static size_t index_plain_widest(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count) {
  return index_64(bytes, count, delimiter, ends, records, record_count, NULL);
}
WIDEST static size_t index_quoted_widest(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count,
    rapport_scan_state *state) {
  return index_64(bytes, count, delimiter, ends, records, record_count, state);
}

rapport_instructions rapport_best_instructions(void) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return RAPPORT_PORTABLE;
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
                 && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("pclmul")
             ? RAPPORT_AVX512
             : RAPPORT_AVX2;
}
#else
#define survey_wide survey
#define survey_widest survey
#define index_plain_wide index_plain
#define index_plain_widest index_plain
#define index_quoted_wide index_quoted
#define index_quoted_widest index_quoted
rapport_instructions rapport_best_instructions(void) { return RAPPORT_PORTABLE; }
#endif

rapport_survey rapport_survey_text(const uint8_t *bytes, size_t count, rapport_instructions instructions) {
  switch (instructions) {
    case RAPPORT_AVX512: return survey_widest(bytes, count);
    case RAPPORT_AVX2: return survey_wide(bytes, count);
    default: return survey(bytes, count);
  }
}

size_t rapport_index_plain_fields(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count,
    rapport_instructions instructions) {
  switch (instructions) {
    case RAPPORT_AVX512: return index_plain_widest(bytes, count, delimiter, ends, records, record_count);
    case RAPPORT_AVX2: return index_plain_wide(bytes, count, delimiter, ends, records, record_count);
    default: return index_plain(bytes, count, delimiter, ends, records, record_count);
  }
}

size_t rapport_index_fields(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count,
    rapport_scan_state *state, rapport_instructions instructions) {
  switch (instructions) {
    case RAPPORT_AVX512: return index_quoted_widest(bytes, count, delimiter, ends, records, record_count, state);
    case RAPPORT_AVX2: return index_quoted_wide(bytes, count, delimiter, ends, records, record_count, state);
    default: return index_quoted(bytes, count, delimiter, ends, records, record_count, state);
  }
}
