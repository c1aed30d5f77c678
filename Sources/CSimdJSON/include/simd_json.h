// simdjson behind C, for newline-delimited JSON.
#ifndef RAPPORT_SIMD_JSON_H
#define RAPPORT_SIMD_JSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The bytes that must be readable behind the text that is handed over.
size_t rapport_json_padding(void);

/// Reads lines one after the other; not for two threads at once.
typedef struct rapport_json_reader rapport_json_reader;
rapport_json_reader *rapport_json_reader_create(void);
void rapport_json_reader_destroy(rapport_json_reader *reader);

/// Bytes that belong to someone else.
typedef struct {
  const uint8_t *bytes;
  size_t count;
} rapport_json_slice;

/// What became of a line.
enum { rapport_json_ok = 0, rapport_json_malformed = 1, rapport_json_nested = 2, rapport_json_utf8 = 3 };

/// Reads one flat object and writes the text of each wanted key's value, empty where absent or null.
///
/// Strings come without quotes and escapes, numbers, `true` and `false` as they stand. Slices are valid until the next
/// call. Of a repeated key the last value counts. `rapport_json_nested`: a wanted key's value is an object or a list.
int rapport_json_read(
    rapport_json_reader *reader, const uint8_t *line, size_t count, const rapport_json_slice *keys, size_t key_count,
    rapport_json_slice *values);

/// Calls `each` with every key of an object, in order.
int rapport_json_keys(
    rapport_json_reader *reader, const uint8_t *line, size_t count, void *context,
    void (*each)(void *context, rapport_json_slice key));

/// Whether bytes are UTF-8.
int rapport_is_utf8(const uint8_t *bytes, size_t count);

#ifdef __cplusplus
}
#endif
#endif
