// Tails of the negative binomial law, in which a Poisson count's rate is itself gamma-distributed.
#pragma once

#include <cstdint>

namespace iwakan::statistics {

// P(N >= count) for N of the given mean and variance. With variance <= mean it is the Poisson law.
// REQUIRES: mean > 0. Summed from the tail's own terms, so that 1e-12 is right as well.
double upper_tail(double mean, double variance, std::uint64_t count);

// Whether that is below `wanted`: the same at a part of the cost, for counts that are mostly not.
bool is_rarer(double mean, double variance, std::uint64_t count, double wanted);

// P(at least `others` further points in a window | a point has just happened there): the law to use
// when one looks because something happened. For a Poisson process this is the plain tail (Slivnyak);
// where the rate is gamma-distributed, seeing a point makes high rates likelier, so the shape is one
// larger (size-biased gamma). Using the plain tail here would not be honest for bursty streams.
double upper_tail_given_one(double mean, double variance, std::uint64_t others);

// The largest count that is still usual: P(N > count) <= wanted.
std::uint64_t upper_quantile(double mean, double variance, double wanted);

}  // namespace iwakan::statistics
