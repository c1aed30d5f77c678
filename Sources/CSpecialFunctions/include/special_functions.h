// Boost.Math behind C: no exception crosses, every error becomes NaN or an infinity.
#ifndef RAPPORT_SPECIAL_FUNCTIONS_H
#define RAPPORT_SPECIAL_FUNCTIONS_H

#ifdef __cplusplus
extern "C" {
#endif

double rapport_normal_quantile(double p);

#ifdef __cplusplus
}
#endif
#endif
