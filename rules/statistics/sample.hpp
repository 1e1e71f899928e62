// Sample: the mean and the spread of numbers of one kind. Beyond a hundred the oldest fade.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

namespace iwakan::statistics {

class Sample {
 public:
  void learn(double number);

  double mean() const { return mean_; }
  double spread() const;  // standard deviation; 0 while fewer than two are known
  std::uint32_t known() const { return known_; }
  double weight() const { return weight_; }    // of what is remembered: at most a hundred
  double squares() const { return squares_; }  // of the deviations, summed

  template <class Archive, class Value>
  friend void fields(Archive& archive, Value& v) requires std::same_as<Sample, std::remove_cvref_t<Value>> {
    archive(v.known_, v.weight_, v.mean_, v.squares_);
  }

 private:
  std::uint32_t known_ = 0;
  double weight_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

}  // namespace iwakan::statistics
