#include "simd_json.h"

#include <simdjson.h>

#include <string_view>

using namespace simdjson;

struct rapport_json_reader {
  ondemand::parser parser;
};

extern "C" size_t rapport_json_padding(void) { return SIMDJSON_PADDING; }
extern "C" rapport_json_reader *rapport_json_reader_create(void) { return new rapport_json_reader; }
extern "C" void rapport_json_reader_destroy(rapport_json_reader *reader) { delete reader; }

extern "C" int rapport_is_utf8(const uint8_t *bytes, size_t count) {
  return validate_utf8(reinterpret_cast<const char *>(bytes), count);
}

static int failure(error_code code) { return code == UTF8_ERROR ? rapport_json_utf8 : rapport_json_malformed; }

static rapport_json_slice slice(std::string_view text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

/// Whether nothing but blanks is left: then there is no current location.
static bool is_at_end(ondemand::document &document) { return document.current_location().error() == OUT_OF_BOUNDS; }

/// The value's text; its bytes are the line's or the parser's.
static int text_of(ondemand::value value, rapport_json_slice *out) {
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return failure(error);
  switch (type) {
    case ondemand::json_type::string: {
      std::string_view text;
      if (const auto error = value.get_string().get(text)) return failure(error);
      *out = slice(text);
      return rapport_json_ok;
    }
    case ondemand::json_type::number: {
      std::string_view text = value.raw_json_token();
      double number;
      if (const auto error = value.get_double().get(number)) return failure(error);
      while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
      *out = slice(text);
      return rapport_json_ok;
    }
    case ondemand::json_type::boolean: {
      bool truth;
      if (const auto error = value.get_bool().get(truth)) return failure(error);
      *out = slice(truth ? std::string_view("true") : std::string_view("false"));
      return rapport_json_ok;
    }
    case ondemand::json_type::null: {
      bool is_null;
      if (const auto error = value.is_null().get(is_null)) return failure(error);
      if (!is_null) return rapport_json_malformed;
      *out = {nullptr, 0};
      return rapport_json_ok;
    }
    default: return rapport_json_nested;
  }
}

extern "C" int rapport_json_read(
    rapport_json_reader *reader, const uint8_t *line, size_t count, const rapport_json_slice *keys, size_t key_count,
    rapport_json_slice *values) {
  for (size_t i = 0; i < key_count; i++) values[i] = {nullptr, 0};
  const char *text = reinterpret_cast<const char *>(line);
  ondemand::document document;
  if (const auto error = reader->parser.iterate(text, count, count + SIMDJSON_PADDING).get(document))
    return failure(error);
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) return failure(error);
  // Exports write their keys in one order, so that the next wanted key is mostly the next one seen.
  size_t guess = 0;
  for (auto field : object) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return failure(error);
    size_t found = key_count;
    for (size_t step = 0; step < key_count; step++) {
      const size_t i = guess + step < key_count ? guess + step : guess + step - key_count;
      if (key == std::string_view(reinterpret_cast<const char *>(keys[i].bytes), keys[i].count)) {
        found = i;
        break;
      }
    }
    if (found == key_count) continue;
    guess = found + 1 < key_count ? found + 1 : 0;
    ondemand::value value;
    if (const auto error = field.value().get(value)) return failure(error);
    if (const int error = text_of(value, &values[found])) return error;
  }
  return is_at_end(document) ? rapport_json_ok : rapport_json_malformed;
}

extern "C" int rapport_json_keys(
    rapport_json_reader *reader, const uint8_t *line, size_t count, void *context,
    void (*each)(void *context, rapport_json_slice key)) {
  const char *text = reinterpret_cast<const char *>(line);
  ondemand::document document;
  if (const auto error = reader->parser.iterate(text, count, count + SIMDJSON_PADDING).get(document))
    return failure(error);
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) return failure(error);
  for (auto field : object) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return failure(error);
    each(context, slice(key));
  }
  return is_at_end(document) ? rapport_json_ok : rapport_json_malformed;
}
