#include "special_functions.h"

#include <boost/math/distributions/normal.hpp>

namespace bm = boost::math;
using namespace boost::math::policies;

// Double precision throughout: the default 80-bit promotion is several times slower for no useful digit.
typedef policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
               underflow_error<ignore_error>, denorm_error<ignore_error>, rounding_error<ignore_error>,
               evaluation_error<ignore_error>, indeterminate_result_error<ignore_error>, promote_float<false>,
               promote_double<false>, discrete_quantile<real>>
    Policy;

extern "C" double rapport_normal_quantile(double p) { return bm::quantile(bm::normal_distribution<double, Policy>(), p); }
