// Comer: something that comes, an alert on a subject (by the clock) or a subject (by the traffic of its source),
// and what is known of how it comes. Owned by the rule; persisted as one row.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>

#include "model/time.hpp"
#include "statistics/cadence.hpp"

namespace iwakan::kinds::silence {

constexpr double kFirstLook = .01;  // of the probability

struct Comer {
  statistics::Cadence cadence;
  TimePoint first_at{};
  TimePoint last_at{};
  double last_traffic = 0;
  double looked = kFirstLook;  // the next probability at which it is looked at
  std::optional<TimePoint> look_at;
  std::string source;
  bool interrupted = false;  // by its source's silence: the gap that ends next is none of its own
};

template <class Archive, class Value>
requires std::same_as<Comer, std::remove_cvref_t<Value>>
void fields(Archive& archive, Value& v) {
  archive(v.cadence, v.first_at, v.last_at, v.last_traffic, v.looked, v.look_at, v.source, v.interrupted);
}

}  // namespace iwakan::kinds::silence
