// Sample: numbers of one kind seen so far, and how surprising a further one is.
//
// Mean and variance are both estimated; what is predicted of the next number is then Student's t (Gelman et
// al., Bayesian Data Analysis, section 3.2), so that few numbers claim little. Beyond a hundred the oldest
// fade. The t law is still lighter than much of what is measured, so that beyond the most deviant number so
// far it is never surer than 1 / (n + 1) times a power of the distance allows.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

namespace iwakan::statistics {

class Sample {
 public:
  void learn(double number);

  // P(the next is as far from the middle, on either side): uniform or larger. 1 while fewer than three are
  // known. `spread_expected`: of numbers like these; worth four of them.
  double as_far_as(double number, double spread_expected) const;

  double mean() const { return mean_; }
  double spread() const;  // standard deviation; 0 while fewer than two are known
  std::uint32_t known() const { return known_; }
  double weight() const { return weight_; }    // of what is remembered: at most a hundred
  double squares() const { return squares_; }  // of the deviations, summed

  template <class Archive, class Value>
  friend void fields(Archive& archive, Value& v) requires std::same_as<Sample, std::remove_cvref_t<Value>> {
    archive(v.known_, v.weight_, v.mean_, v.squares_, v.farthest_);
  }

 private:
  std::uint32_t known_ = 0;
  double weight_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  double farthest_ = 0;  // of the deviations, in spreads; fades
};

}  // namespace iwakan::statistics
