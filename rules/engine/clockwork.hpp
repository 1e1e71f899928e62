// Clockwork: which alerts go off as they always do, by the clock: each hour, each night, each Monday. They
// are no part of what is unusual about a subject, however many come together.
//
// An alert (its name on a subject) is expected now when its gaps are regular and this one fits, or when it
// went off at this time of the day on three of the last seven days, or of the week in two of the last three.
//
// Part of the engine's state, the engine's thread. Keys of its rows begin with "clockwork/".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/streams.hpp"
#include "statistics/cadence.hpp"

namespace iwakan::engine {

class Clockwork {
 public:
  // An episode of the alert begins at `at`: whether it was expected.
  bool expects(const StreamKey& key, TimePoint at);

  void save(std::vector<Row>& rows, Rule::Extent extent) { alerts_.save(rows, extent); }
  bool restore(std::string_view key, std::string_view value) { return alerts_.restore(key, value); }
  static bool owns(std::string_view key) { return key.starts_with("clockwork/"); }

 private:
  static constexpr std::size_t kTimes = 24;
  static constexpr std::size_t kAlertsMost = 20'000;

  struct Alert {
    statistics::Cadence cadence;
    std::array<TimePoint, kTimes> times{};  // the last, half an hour apart at least; by number modulo kTimes
    std::uint64_t count = 0;
    TimePoint last_at{};

    template <class Archive, class Value>
    friend void fields(Archive& archive, Value& v) requires std::same_as<Alert, std::remove_cvref_t<Value>> {
      archive(v.cadence, v.count, v.last_at);
      for (auto& time : v.times) archive(time);
    }
  };

  static bool by_the_calendar(const Alert& alert, TimePoint at);
  static bool by_its_cadence(const Alert& alert, TimePoint at);

  Streams<Alert> alerts_{"clockwork/", kAlertsMost};
};

}  // namespace iwakan::engine
