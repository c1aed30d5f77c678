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

/// Continues as `rapport_find_cut` would, over text of `lines` line feeds that is known to hold no quote while `state` is outside of
/// quotes, or in which quotes don't count.
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

/// A line of JSON.
typedef struct {
  /// The position of its end among the ends of fields.
  uint32_t last;
  /// How many quotes are in it, or `RAPPORT_JSON_UNUSUAL`.
  uint32_t quotes;
} rapport_json_line;

/// A line with a backslash, a control character or a quote that isn't closed.
#define RAPPORT_JSON_UNUSUAL UINT32_MAX

/// Finds in lines of JSON the end of each field and each line: commas outside of strings, and line feeds. A carriage return before a
/// line feed is no control character.
///
/// `ends` receives the offset of each, and `count` for a last line without a line feed; `lines` receives each line. Both need room for
/// `count` + 64 entries. Returns the number of entries in `ends`, and writes that in `lines` to `line_count`. Where the commas of an
/// unusual line are isn't certain; where it ends is. One byte behind the text is readable: whether a line feed follows a carriage
/// return at a block's end is looked up there.
size_t rapport_index_json(
    const uint8_t *bytes, size_t count, uint32_t *ends, rapport_json_line *lines, size_t *line_count,
    rapport_instructions instructions);

/// A key as it stands in a line of JSON.
typedef struct {
  /// With its quotes and the colon; 16 bytes are readable.
  const uint8_t *bytes;
  size_t count;
  /// A bit for each byte; all bits where there are more than 16.
  uint32_t mask;
} rapport_json_key;

/// The key of `count` bytes: a quote, what needs no escape, a quote, a colon. 16 bytes are readable, and stay where they are.
rapport_json_key rapport_json_key_of(const uint8_t *bytes, size_t count);

/// Finds the values of a flat object, if its line is of the usual shape: keys are some of `keys` in their order, none twice; values are
/// strings without escapes, decimal numbers without exponents, `true`, `false` or `null`.
///
/// The line begins at `start`; the ends of its `count` fields and its quotes are those that `rapport_index_json` found. Writes to
/// `fields` two offsets for each key: of the byte before its value, and of the value's end; the value of what is empty, null or left
/// out has no bytes. 16 bytes behind the text are readable. Returns whether the line is of that shape; 0 for any other, right or wrong.
int rapport_json_fields(
    const uint8_t *bytes, size_t start, const uint32_t *ends, size_t count, uint32_t quotes,
    const rapport_json_key *keys, size_t key_count, uint32_t *fields);

#endif
