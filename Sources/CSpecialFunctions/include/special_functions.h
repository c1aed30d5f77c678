// Boost.Math behind C: no exception crosses, every error becomes NaN or an infinity.
#ifndef RAPPORT_SPECIAL_FUNCTIONS_H
#define RAPPORT_SPECIAL_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// x <- e^x of each of `count` numbers, within one unit in the last place: 0 below -708, infinite above 709, NaN of NaN.
void rapport_exponentials(double *values, size_t count);
// The same bits, one number at a time and never wide; to hold the other against.
void rapport_exponentials_plain(double *values, size_t count);
// x <- e^(x - the largest of all), and their sum in `total`, with the same bits on every processor. Returns the largest.
double rapport_relative_exponentials(double *values, size_t count, double *total);

// x <- log(1 + x) of each of `count` numbers from 0 to 1e300, within one unit in the last place.
void rapport_logarithms(double *values, size_t count);
// The same bits, one number at a time and never wide; to hold the other against.
void rapport_logarithms_plain(double *values, size_t count);

// Philox 4x32 with this key: the blocks at counters `first`, `first` + 1, ... of `unit`, each as two words.
void rapport_philox(uint32_t key0, uint32_t key1, uint64_t unit, uint64_t first, uint64_t *words, size_t blocks);

// How wide the processor reckons: 2 with AVX-512 as servers have it, 1 with AVX2 and fused products, 0 with less, or another
// family of processors.
int rapport_vector_level(void);

// The gamma family.
double rapport_log_gamma(double x);
double rapport_digamma(double x);
double rapport_trigamma(double x);
double rapport_polygamma(int order, double x);
double rapport_log_beta(double a, double b);
double rapport_error_complement(double x);

// Of each distribution: density, P(X <= x), P(X > x), and x at lower tail p or upper tail p.
double rapport_normal_quantile(double p);

double rapport_student_density(double x, double degrees);
double rapport_student_cumulative(double x, double degrees);
double rapport_student_survival(double x, double degrees);
double rapport_student_quantile(double p, double degrees);

double rapport_fisher_density(double x, double first, double second);
double rapport_fisher_cumulative(double x, double first, double second);
double rapport_fisher_survival(double x, double first, double second);
double rapport_fisher_quantile(double p, double first, double second);
double rapport_fisher_quantile_upper(double p, double first, double second);

double rapport_noncentral_chi_squared_density(double x, double degrees, double noncentrality);
double rapport_noncentral_chi_squared_cumulative(double x, double degrees, double noncentrality);
double rapport_noncentral_chi_squared_survival(double x, double degrees, double noncentrality);
double rapport_noncentral_chi_squared_quantile(double p, double degrees, double noncentrality);

double rapport_beta_density(double x, double a, double b);
double rapport_beta_cumulative(double x, double a, double b);
double rapport_beta_survival(double x, double a, double b);
double rapport_beta_quantile(double p, double a, double b);
double rapport_beta_quantile_upper(double p, double a, double b);

double rapport_gamma_density(double x, double shape, double scale);
double rapport_gamma_cumulative(double x, double shape, double scale);
double rapport_gamma_survival(double x, double shape, double scale);
double rapport_gamma_quantile(double p, double shape, double scale);
double rapport_gamma_quantile_upper(double p, double shape, double scale);

#ifdef __cplusplus
}
#endif
#endif
