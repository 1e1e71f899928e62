// Local times and days as the configuration spells them. Each reader complains about what is wrong, and gives what can
// be made of it.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "model/offsets.hpp"
#include "model/rota.hpp"
#include "model/setting.hpp"

namespace iwakan {

inline constexpr std::array<std::string_view, 7> kDayNames{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

// As std::chrono::weekday: 0 is Sunday.
std::optional<unsigned> day_named(std::string_view name);

// A list of days; without one, `fallback`.
Weekdays parse_days(Fields& fields, std::string_view key, const Weekdays& fallback);

// "09:00" to "24:00", after local midnight.
std::chrono::minutes required_time_of_day(Fields& fields, std::string_view key);

// "2031-05-14 09:00". The zero time when something is wrong with it.
LocalTime required_day_and_time(Fields& fields, std::string_view key);

}  // namespace iwakan
