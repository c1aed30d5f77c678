#include "special_functions.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <limits>

namespace bm = boost::math;
using namespace boost::math::policies;

// Double precision throughout: the default 80-bit promotion is several times slower for no useful digit.
typedef policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
               underflow_error<ignore_error>, denorm_error<ignore_error>, rounding_error<ignore_error>,
               evaluation_error<ignore_error>, indeterminate_result_error<ignore_error>, promote_float<false>,
               promote_double<false>, discrete_quantile<real>>
    Policy;

// What still throws (a few of Boost's inner loops do whatever the policy) becomes NaN.
template <class F> static double quietly(F f) {
  try {
    return f();
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

extern "C" {

double rapport_log_gamma(double x) {
  return quietly([=] { return bm::lgamma(x, Policy()); });
}
double rapport_digamma(double x) {
  return quietly([=] { return bm::digamma(x, Policy()); });
}
double rapport_trigamma(double x) {
  return quietly([=] { return bm::trigamma(x, Policy()); });
}
double rapport_polygamma(int order, double x) {
  return quietly([=] { return bm::polygamma(order, x, Policy()); });
}
double rapport_log_beta(double a, double b) {
  // Where b is much larger, the ratio of gammas is computed as such: the difference of logarithms would cancel.
  return quietly([=] {
    double small = a < b ? a : b, large = a < b ? b : a;
    if (large < 1e3 || small > 0.1 * large)
      return bm::lgamma(small, Policy()) + (bm::lgamma(large, Policy()) - bm::lgamma(small + large, Policy()));
    double ratio = bm::tgamma_delta_ratio(large, small, Policy());
    if (ratio > 1e-290)
      return bm::lgamma(small, Policy()) + std::log(ratio);
    return bm::lgamma(small, Policy()) + (bm::lgamma(large, Policy()) - bm::lgamma(small + large, Policy()));
  });
}
double rapport_error_complement(double x) {
  return quietly([=] { return bm::erfc(x, Policy()); });
}

double rapport_normal_quantile(double p) {
  return quietly([=] { return bm::quantile(bm::normal_distribution<double, Policy>(), p); });
}

#define DISTRIBUTION(name, type, parameters, arguments)                                                                \
  double rapport_##name##_density parameters {                                                                         \
    return quietly([=] { return bm::pdf(bm::type<double, Policy> arguments, x); });                                    \
  }                                                                                                                    \
  double rapport_##name##_cumulative parameters {                                                                      \
    return quietly([=] { return bm::cdf(bm::type<double, Policy> arguments, x); });                                    \
  }                                                                                                                    \
  double rapport_##name##_survival parameters {                                                                        \
    return quietly([=] { return bm::cdf(bm::complement(bm::type<double, Policy> arguments, x)); });                    \
  }                                                                                                                    \
  double rapport_##name##_quantile parameters {                                                                        \
    return quietly([=] { return bm::quantile(bm::type<double, Policy> arguments, x); });                               \
  }
#define UPPER_QUANTILE(name, type, parameters, arguments)                                                              \
  double rapport_##name##_quantile_upper parameters {                                                                  \
    return quietly([=] { return bm::quantile(bm::complement(bm::type<double, Policy> arguments, x)); });               \
  }

DISTRIBUTION(student, students_t_distribution, (double x, double degrees), (degrees))
DISTRIBUTION(fisher, fisher_f_distribution, (double x, double first, double second), (first, second))
UPPER_QUANTILE(fisher, fisher_f_distribution, (double x, double first, double second), (first, second))
DISTRIBUTION(noncentral_chi_squared, non_central_chi_squared_distribution,
             (double x, double degrees, double noncentrality), (degrees, noncentrality))
DISTRIBUTION(beta, beta_distribution, (double x, double a, double b), (a, b))
UPPER_QUANTILE(beta, beta_distribution, (double x, double a, double b), (a, b))
DISTRIBUTION(gamma, gamma_distribution, (double x, double shape, double scale), (shape, scale))
UPPER_QUANTILE(gamma, gamma_distribution, (double x, double shape, double scale), (shape, scale))

} // extern "C"
