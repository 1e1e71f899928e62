// Largest: the largest of the last numbers of a kind: of a span of them at least (or of all, while there are fewer),
// of two spans at most. That the next is larger has a chance of one in their number plus one, whatever their law:
// so it must not fade away meanwhile.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace iwakan::statistics {

template <std::uint32_t kSpan = 100>
class Largest {
 public:
  void learn(double number) {
    if (known_ > 0 && known_ % kSpan == 0) {
      before_ = lately_;
      lately_ = 0;
    }
    ++known_;
    lately_ = std::max(lately_, number);
  }

  // 0 before any. REQUIRES: no number was negative.
  double value() const { return std::max(lately_, before_); }

  template <class Archive, class Value>
  friend void fields(Archive& archive, Value& v) requires std::same_as<Largest, std::remove_cvref_t<Value>> {
    archive(v.known_, v.lately_, v.before_);
  }

 private:
  std::uint32_t known_ = 0;
  double lately_ = 0;  // of the span that has begun
  double before_ = 0;  // of the one before
};

}  // namespace iwakan::statistics
