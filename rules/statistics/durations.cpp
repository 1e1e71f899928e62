#include "statistics/durations.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace iwakan::statistics {
namespace {

constexpr double kCompany = 5;  // what all kinds together are worth to one
constexpr double kSpreadLeast = .3;
constexpr double kSpreadUnknown = 1.5;  // before anything is known: a factor of 4.5 either way
constexpr double kTail = 3;             // beyond the longest: twice as long is an eighth as likely

}  // namespace

void Durations::learn(double seconds) {
  longest_.learn(seconds);
  logarithms_.learn(std::log(seconds));
}

Durations::Law Durations::law(const Durations& all) const {
  const Sample& own = logarithms_;
  const Sample& others = all.logarithms_;
  const double company = others.known() == 0 ? 0 : kCompany;
  const double weight = own.weight() + company;
  if (weight <= 0) return {0, kSpreadUnknown, 1};
  const double variance = others.weight() > 1 ? others.spread() * others.spread() : kSpreadUnknown * kSpreadUnknown;
  const double mean = (own.weight() * own.mean() + company * others.mean()) / weight;
  const double freedom = std::max(1., weight - 1);
  const double spread = std::max(kSpreadLeast, std::sqrt((own.squares() + company * variance) / freedom));
  return {mean, spread * std::sqrt(1 + 1 / weight), freedom};
}

double Durations::longer_than(double seconds, const Durations& all) const {
  if (seconds <= 0 || known() + all.known() == 0) return 1;
  const Law of = law(all);
  const boost::math::students_t_distribution<double> student(of.freedom);
  const double by_law = boost::math::cdf(boost::math::complement(student, (std::log(seconds) - of.mean) / of.spread));
  // Durations of two kinds under one name have a law of their own: never surer than their number allows.
  const double beyond = longest() > 0 && seconds > longest() ? std::pow(longest() / seconds, kTail) : 1;
  return std::max(by_law, beyond / (logarithms_.weight() + 1));
}

double Durations::first_look(const Durations& all) const {
  const Law of = law(all);
  return std::exp(of.mean + 2.5 * of.spread);
}

double Durations::median(const Durations& all) const {
  return std::exp(law(all).mean);
}

}  // namespace iwakan::statistics
