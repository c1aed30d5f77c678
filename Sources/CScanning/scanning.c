#include "scanning.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
/// A bit for each of the 64 bytes at `bytes` that equals `byte`.
static inline uint64_t match64(const uint8_t *bytes, uint8_t byte) {
  const __m128i needle = _mm_set1_epi8((char)byte);
  uint64_t mask = 0;
  for (int i = 0; i < 4; i++) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, needle)) << (16 * i);
  }
  return mask;
}
#else
static inline uint64_t match64(const uint8_t *bytes, uint8_t byte) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(bytes[i] == byte) << i;
  return mask;
}
#endif

/// Bits from `position` (0 to 63) on.
static inline uint64_t from(int position) { return ~0ULL << position; }

/// Delimiters and line feeds outside of quotes, of a block with the given quotes, delimiters and line feeds.
static inline uint64_t structural(uint64_t quotes, uint64_t separators, rapport_scan_state *state) {
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

/// The block at `offset`; behind the text's end it is filled with `filler`, which must be no structural byte.
static inline const uint8_t *block_at(const uint8_t *bytes, size_t offset, size_t count, uint8_t *copy) {
  if (offset + 64 <= count) return bytes + offset;
  memset(copy, ' ', 64);
  memcpy(copy, bytes + offset, count - offset);
  return copy;
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

rapport_cut rapport_find_line_cut(const uint8_t *bytes, size_t count) {
  rapport_cut cut = {0, 0, 0};
  uint8_t copy[64];
  for (size_t offset = 0; offset < count; offset += 64) {
    const uint64_t feeds = match64(block_at(bytes, offset, count, copy), '\n');
    if (feeds) {
      cut.records_end = offset + 64 - (size_t)__builtin_clzll(feeds);
      cut.lines += (size_t)__builtin_popcountll(feeds);
    }
  }
  cut.lines_at_end = cut.lines;
  return cut;
}

size_t rapport_index_fields(
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
