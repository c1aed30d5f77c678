#include "scanning.h"

#include "blocks.h"

/// What is where in 64 bytes: a bit for each.
typedef struct {
  uint64_t quotes, commas, feeds;
  /// Backslashes and control characters.
  uint64_t unusual;
} json_block;

#if defined(__x86_64__)
INLINE json_block json_block_at(const uint8_t *bytes) {
  json_block found = {0, 0, 0, 0};
  for (int i = 0; i < 4; i++) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
    const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i comma = _mm_cmpeq_epi8(block, _mm_set1_epi8(','));
    const __m128i feed = _mm_cmpeq_epi8(block, _mm_set1_epi8('\n'));
    const __m128i escape = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
    found.quotes |= (uint64_t)(uint32_t)_mm_movemask_epi8(quote) << (16 * i);
    found.commas |= (uint64_t)(uint32_t)_mm_movemask_epi8(comma) << (16 * i);
    found.feeds |= (uint64_t)(uint32_t)_mm_movemask_epi8(feed) << (16 * i);
    found.unusual |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(escape, control)) << (16 * i);
  }
  return found;
}
#else
INLINE json_block json_block_at(const uint8_t *bytes) {
  json_block found = {0, 0, 0, 0};
  for (int i = 0; i < 64; i++) {
    found.quotes |= (uint64_t)(bytes[i] == '"') << i;
    found.commas |= (uint64_t)(bytes[i] == ',') << i;
    found.feeds |= (uint64_t)(bytes[i] == '\n') << i;
    found.unusual |= (uint64_t)(bytes[i] == '\\' || bytes[i] < 0x20) << i;
  }
  return found;
}
#endif

/// For each bit whether an odd number of bits is set up to it: what is between the first quote and the second, and so on.
INLINE uint64_t inside_of(uint64_t quotes) {
  for (int step = 1; step < 64; step *= 2) quotes ^= quotes << step;
  return quotes;
}

/// Where indexing is between two blocks.
typedef struct {
  rapport_json_line *lines;
  size_t line_count;
  /// Separators so far.
  size_t separators;
  /// In the current line so far: quotes, and whether anything is unusual.
  uint32_t quotes;
  uint32_t is_unusual;
  /// All bits, where the next byte is between quotes; otherwise none.
  uint64_t inside;
} json_state;

INLINE void end_line(json_state *state, size_t last) {
  state->lines[state->line_count++] =
      (rapport_json_line){(uint32_t)last, state->is_unusual ? RAPPORT_JSON_UNUSUAL : state->quotes};
  state->quotes = 0;
  state->is_unusual = 0;
}

/// Continues over a block and returns its separators.
///
/// `inside` is `inside_of` its quotes. One byte behind the block is readable.
INLINE uint64_t continue_over(json_block found, uint64_t inside, const uint8_t *bytes, json_state *state) {
  uint64_t unusual = found.unusual & ~found.feeds;
  for (uint64_t rest = unusual; rest; rest &= rest - 1) {
    // A carriage return before a line feed belongs to the line's end.
    const int i = __builtin_ctzll(rest);
    if (bytes[i] == '\r' && bytes[i + 1] == '\n') unusual &= ~(1ULL << i);
  }
  inside ^= state->inside;
  uint64_t line = ~0ULL;
  for (uint64_t feeds = found.feeds; feeds; feeds &= feeds - 1) {
    const uint64_t feed = feeds & -feeds;
    const uint64_t here = line & (feed - 1);
    if (inside & feed) {
      // A quote was left open. No string goes on in the next line: there inside and outside change places.
      state->is_unusual = 1;
      inside ^= ~(feed - 1);
    }
    const uint64_t before = (found.commas & ~inside) | found.feeds;
    state->quotes += (uint32_t)__builtin_popcountll(found.quotes & here);
    state->is_unusual |= (unusual & here) != 0;
    end_line(state, state->separators + (size_t)__builtin_popcountll(before & (feed - 1)));
    line = ~(feed - 1) & ~feed;
  }
  state->quotes += (uint32_t)__builtin_popcountll(found.quotes & line);
  state->is_unusual |= (unusual & line) != 0;
  state->inside = 0 - (inside >> 63);
  return (found.commas & ~inside) | found.feeds;
}

/// Ends the last line where it has no line feed, and returns how many separators there are.
INLINE size_t end_text(const uint8_t *bytes, size_t count, uint32_t *ends, size_t *line_count, json_state *state) {
  if (count > 0 && bytes[count - 1] != '\n') {
    state->is_unusual |= state->inside != 0;
    ends[state->separators] = (uint32_t)count;
    end_line(state, state->separators++);
  }
  *line_count = state->line_count;
  return state->separators;
}

INLINE size_t index_json(
    const uint8_t *bytes, size_t count, uint32_t *ends, rapport_json_line *lines, size_t *line_count) {
  json_state state = {lines, 0, 0, 0, 0, 0};
  uint8_t copy[65] = {0};
  for (size_t offset = 0; offset < count; offset += 64) {
    const uint8_t *block = block_at(bytes, offset, count, copy);
    const json_block found = json_block_at(block);
    const uint64_t separators = continue_over(found, inside_of(found.quotes), block, &state);
    state.separators += put_positions(separators, offset, ends + state.separators);
  }
  return end_text(bytes, count, ends, line_count, &state);
}

#if defined(__x86_64__)
WIDE static size_t index_json_wide(
    const uint8_t *bytes, size_t count, uint32_t *ends, rapport_json_line *lines, size_t *line_count) {
  return index_json(bytes, count, ends, lines, line_count);
}

WIDEST static size_t index_json_widest(
    const uint8_t *bytes, size_t count, uint32_t *ends, rapport_json_line *lines, size_t *line_count) {
  json_state state = {lines, 0, 0, 0, 0, 0};
  uint8_t copy[65] = {0};
  for (size_t offset = 0; offset < count; offset += 64) {
    const uint8_t *bytes_here = block_at(bytes, offset, count, copy);
    const __m512i block = _mm512_loadu_si512(bytes_here);
    const json_block found = {
        _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('"')), _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(',')),
        _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\n')),
        _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\\')) | _mm512_cmplt_epu8_mask(block, _mm512_set1_epi8(0x20))};
    // Multiplying by all ones without carries does what `inside_of` does.
    const __m128i quotes = _mm_set_epi64x(0, (long long)found.quotes);
    const __m128i inside = _mm_clmulepi64_si128(quotes, _mm_set1_epi8((char)0xff), 0);
    const uint64_t separators = continue_over(found, (uint64_t)_mm_cvtsi128_si64(inside), bytes_here, &state);
    state.separators += put_positions_at_once(separators, offset, ends + state.separators);
  }
  return end_text(bytes, count, ends, line_count, &state);
}
#else
#define index_json_wide index_json
#define index_json_widest index_json
#endif

size_t rapport_index_json(
    const uint8_t *bytes, size_t count, uint32_t *ends, rapport_json_line *lines, size_t *line_count,
    rapport_instructions instructions) {
  switch (instructions) {
    case RAPPORT_AVX512: return index_json_widest(bytes, count, ends, lines, line_count);
    case RAPPORT_AVX2: return index_json_wide(bytes, count, ends, lines, line_count);
    default: return index_json(bytes, count, ends, lines, line_count);
  }
}

#if defined(__SSE2__)
/// Which of 16 bytes are the key's, a bit for each.
INLINE uint32_t same_as_key(const uint8_t *at, rapport_json_key key) {
  const __m128i found = _mm_loadu_si128((const __m128i *)at);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_loadu_si128((const __m128i *)key.bytes)));
}
#else
INLINE uint32_t same_as_key(const uint8_t *at, rapport_json_key key) {
  uint32_t same = 0;
  for (int i = 0; i < 16; i++) same |= (uint32_t)(at[i] == key.bytes[i]) << i;
  return same;
}
#endif

rapport_json_key rapport_json_key_of(const uint8_t *bytes, size_t count) {
  return (rapport_json_key){bytes, count, count <= 16 ? (1u << count) - 1 : UINT32_MAX};
}

INLINE uint32_t word_at(const void *bytes) {
  uint32_t word;
  memcpy(&word, bytes, 4);
  return word;
}

/// Whether `count` bytes are `true`, `false`, or a decimal number without an exponent, as JSON writes it, that a double can hold.
static int is_bare_value(const uint8_t *at, size_t count) {
  if ((count == 4 && memcmp(at, "true", 4) == 0) || (count == 5 && memcmp(at, "false", 5) == 0)) return 1;
  const uint8_t *const end = at + count;
  if (at < end && *at == '-') at++;
  const uint8_t *const first = at;
  while (at < end && *at >= '0' && *at <= '9') at++;
  if (at == first || (*first == '0' && at - first > 1) || at - first > 300) return 0;
  if (at < end && *at == '.') {
    const uint8_t *const fraction = ++at;
    while (at < end && *at >= '0' && *at <= '9') at++;
    if (at == fraction) return 0;
  }
  return at == end;
}

INLINE void put_value(uint32_t *fields, size_t key, size_t start, size_t end) {
  fields[2 * key] = (uint32_t)start - 1;
  fields[2 * key + 1] = (uint32_t)end;
}

/// How far a line is read.
typedef struct {
  /// The next key; `SIZE_MAX` where the line isn't of the usual shape.
  size_t key;
  /// Strings so far, keys among them.
  size_t strings;
} json_progress;

/// Reads a field whatever blanks are in it, after any number of keys that were left out.
///
/// It begins at `at`; at `stop` stands a comma or a brace, so that no run of blanks leads past it.
static __attribute__((noinline)) json_progress read_field(
    const uint8_t *bytes, size_t at, size_t stop, const rapport_json_key *keys, size_t key_count, json_progress line,
    uint32_t *fields) {
  const json_progress unusual = {SIZE_MAX, 0};
  while (bytes[at] == ' ') at++;
  // Without the colon, before which there may be blanks.
  for (;; line.key++) {
    if (line.key == key_count) return unusual;
    const size_t count = keys[line.key].count - 1;
    if (count <= stop - at && memcmp(bytes + at, keys[line.key].bytes, count) == 0) break;
    put_value(fields, line.key, at + 1, at + 1);
  }
  at += keys[line.key].count - 1;
  while (bytes[at] == ' ') at++;
  if (bytes[at++] != ':') return unusual;
  while (bytes[at] == ' ') at++;
  while (bytes[stop - 1] == ' ') stop--;
  if (stop <= at) return unusual;
  const size_t is_string = bytes[at] == '"';
  if (is_string) {
    if (stop - at < 2 || bytes[stop - 1] != '"') return unusual;
    put_value(fields, line.key, at + 1, stop - 1);
  } else if (stop - at == 4 && word_at(bytes + at) == word_at("null")) {
    put_value(fields, line.key, at, at);
  } else {
    if (!is_bare_value(bytes + at, stop - at)) return unusual;
    put_value(fields, line.key, at, stop);
  }
  return (json_progress){line.key + 1, line.strings + 1 + is_string};
}

int rapport_json_fields(
    const uint8_t *bytes, size_t start, const uint32_t *ends, size_t count, uint32_t quotes,
    const rapport_json_key *keys, size_t key_count, uint32_t *fields) {
  if (quotes == RAPPORT_JSON_UNUSUAL) return 0;
  size_t end = ends[count - 1];
  while (end > start && (bytes[end - 1] == ' ' || bytes[end - 1] == '\r')) end--;
  size_t at = start;
  while (at < end && bytes[at] == ' ') at++;
  if (end - at < 2 || bytes[at++] != '{' || bytes[--end] != '}') return 0;
  json_progress line = {0, 0};
  for (size_t i = 0; i < count; i++) {
    const size_t stop = i + 1 < count ? ends[i] : end;
    if (line.key < key_count && (~same_as_key(bytes + at, keys[line.key]) & keys[line.key].mask) == 0) {
      // The next key, and no blank behind it. Strings and nulls without a branch between them: nobody can guess which comes.
      const size_t value = at + keys[line.key].count;
      const size_t is_string = bytes[value] == '"';
      const size_t is_ended = (bytes[stop - 1] == '"') & (stop > value + 1);
      const size_t is_null = (stop == value + 4) & (word_at(bytes + value) == word_at("null"));
      if ((is_string & is_ended) | is_null) {
        put_value(fields, line.key, value + is_string, is_null ? value : stop - 1);
        line.key += 1;
        line.strings += 1 + is_string;
        at = stop + 1;
        continue;
      }
    }
    line = read_field(bytes, at, stop, keys, key_count, line, fields);
    if (line.key == SIZE_MAX) return 0;
    at = stop + 1;
  }
  for (; line.key < key_count; line.key++) put_value(fields, line.key, start + 1, start + 1);
  // A string has two quotes at its ends: where there are no others, none is inside of a key or a value.
  return 2 * line.strings == quotes;
}
