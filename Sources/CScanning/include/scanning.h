// The inner loops of scanning delimiter-separated text, in C because Swift's SIMD types have no movemask.
//
// A quote opens a quoted field only where a field begins; inside, two quotes are one; anything between the closing
// quote and the next delimiter belongs to no quoted part. So a stray quote in the middle of a field is a letter, and
// harms neither its neighbours nor the cutting into chunks. Text is taken 64 bytes at a time, and a block without
// quotes costs three comparisons: that is where the speed comes from. Text without any quote takes the shorter way of the
// functions named plain. Each is there for several generations of processors, and the caller says which (usually the best that
// there is). Keep them in step with ReferenceScanner in the tests, which does the same byte by byte.
#ifndef RAPPORT_SCANNING_H
#define RAPPORT_SCANNING_H

#include <stddef.h>
#include <stdint.h>

/// What a processor has to be able to do.
typedef enum {
  /// Whatever the program was compiled for.
  RAPPORT_PORTABLE = 0,
  /// AVX2 and BMI2: x86-64 of the last ten years.
  RAPPORT_AVX2 = 1,
  /// AVX-512 with VBMI2: Intel since 2019, AMD since 2022.
  RAPPORT_AVX512 = 2,
} rapport_instructions;

/// The most that this processor is able to do; on others than x86-64 `RAPPORT_PORTABLE`.
rapport_instructions rapport_best_instructions(void);

/// What a piece of text holds, told in one pass at the speed of memory.
typedef struct {
  /// Line feeds.
  size_t lines;
  /// Whether there is a double quote anywhere.
  uint8_t has_quotes;
  /// Whether there is a byte beyond ASCII anywhere.
  uint8_t has_high;
} rapport_survey;

/// Looks through `count` bytes.
rapport_survey rapport_survey_text(const uint8_t *bytes, size_t count, rapport_instructions instructions);

/// Where a scanner is between two blocks.
typedef struct {
  /// Inside a quoted field.
  uint8_t in_quotes;
  /// The last byte was a quote inside a quoted field: the next byte says whether it closed.
  uint8_t pending_quote;
  /// The next byte begins a field.
  uint8_t at_start;
} rapport_scan_state;

/// What was found while looking for a place to cut.
typedef struct {
  /// Bytes up to and including the last line feed that ends a record; 0 where there is none.
  size_t records_end;
  /// Line feeds, quoted ones included, before `records_end`, and in all the bytes.
  size_t lines_at_end;
  size_t lines;
} rapport_cut;

/// Continues `state` over `count` bytes and finds the end of the last record among them.
rapport_cut rapport_find_cut(const uint8_t *bytes, size_t count, uint8_t delimiter, rapport_scan_state *state);

/// The last line feed, for text without quotes such as NDJSON.
rapport_cut rapport_find_line_cut(const uint8_t *bytes, size_t count);

/// Continues as `rapport_find_cut` would, over text that is known to hold no quote while `state` is outside of quotes.
rapport_cut rapport_find_plain_cut(
    const uint8_t *bytes, size_t count, size_t lines, uint8_t delimiter, rapport_scan_state *state);

/// Does what `rapport_index_fields` does, for text that is known to hold no quote.
size_t rapport_index_plain_fields(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count,
    rapport_instructions instructions);

/// Asks the processor to bring the line of memory at `address` near.
static inline void rapport_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

/// Finds the end of each field and each record in text that begins with a record.
///
/// `ends` receives the offset of every delimiter and line feed outside of quotes, `records` for each such line feed
/// its position in `ends`. Both need room for `count` + 64 entries. Returns the number of entries in `ends`, and writes
/// that in `records` to `record_count`. `state` must be {0, 0, 1} and tells at the end whether a quote was left open.
size_t rapport_index_fields(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *ends, uint32_t *records, size_t *record_count,
    rapport_scan_state *state, rapport_instructions instructions);

/// A key as it stands in a line of JSON: with its quotes. 16 bytes from its beginning are readable, and `count` at least.
typedef struct {
  const uint8_t *bytes;
  size_t count;
} rapport_json_key;

/// Puts the values of a flat object side by side, as the fields of a delimiter-separated record, if the line is of the usual
/// shape: keys are some of `keys` in their order, none twice; values are strings without escapes, decimal numbers without
/// exponents, `true`, `false` or `null`. What is empty, null or left out has an empty field.
///
/// Writes to `out` from `offset` on, a byte between two fields, and to `ends` the offset of each field's end. `out` needs room for
/// `count` + `key_count` + 16 bytes there. 16 bytes behind the line are readable. Returns how many bytes were taken in `out`, the one
/// behind the last field included, or 0 for a line of another shape, right or wrong.
size_t rapport_plain_json_fields(
    const uint8_t *line, size_t count, const rapport_json_key *keys, size_t key_count, uint8_t *out, size_t offset,
    uint32_t *ends);

#endif
