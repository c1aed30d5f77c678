// simdjson behind C, for newline-delimited JSON.
#ifndef RAPPORT_SIMD_JSON_H
#define RAPPORT_SIMD_JSON_H
#ifdef __cplusplus
extern "C" {
#endif
/// The bytes that must be readable behind the text that is handed over.
unsigned long rapport_simdjson_padding(void);
#ifdef __cplusplus
}
#endif
#endif
