#include "simd_json.h"

#include <simdjson.h>

extern "C" unsigned long rapport_simdjson_padding(void) { return simdjson::SIMDJSON_PADDING; }
