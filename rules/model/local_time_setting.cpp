#include "model/local_time_setting.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace iwakan {
namespace {

using namespace std::chrono_literals;

bool two_digits(std::string_view text, int most, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return text.size() == 2 && error == std::errc{} && end == text.data() + 2 && value >= 0 && value <= most;
}

std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
  int hour = 0;
  int minute = 0;
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!two_digits(text.substr(0, 2), 24, hour) || !two_digits(text.substr(3), 59, minute)) return std::nullopt;
  const auto time = std::chrono::hours{hour} + std::chrono::minutes{minute};
  return time <= 24h ? std::optional(time) : std::nullopt;
}

std::optional<LocalTime> day_and_time(std::string_view text) {
  if (text.size() != 16 || (text[10] != ' ' && text[10] != 'T')) return std::nullopt;
  const auto day = parse_time(std::string(text.substr(0, 10)) + "T00:00:00Z");
  const auto time = time_of_day(text.substr(11));
  if (!day || !time) return std::nullopt;
  return LocalTime{std::chrono::floor<std::chrono::seconds>(*day).time_since_epoch()} + *time;
}

template <class Time, class Parse>
Time required_time(Fields& fields, std::string_view key, Parse parse, std::string_view example) {
  const std::string text = fields.required_text(key);
  if (text.empty()) return {};
  const std::optional<Time> time = parse(text);
  if (!time) {
    complain(fields.complaints(), *fields.child(key), "\"" + text.substr(0, 64) + "\" is not a time here",
             "write for example " + std::string(example));
  }
  return time.value_or(Time{});
}

}  // namespace

std::optional<unsigned> day_named(std::string_view name) {
  const auto found = std::find(kDayNames.begin(), kDayNames.end(), name);
  if (found == kDayNames.end()) return std::nullopt;
  return static_cast<unsigned>(found - kDayNames.begin());
}

Weekdays parse_days(Fields& fields, std::string_view key, const Weekdays& fallback) {
  if (!fields.has(key)) return fallback;
  Weekdays days;
  for (const std::string& name : fields.texts(key)) {
    if (const auto day = day_named(name)) {
      days.insert(*day);
    } else {
      complain(fields.complaints(), *fields.child(key), "\"" + name.substr(0, 64) + "\" is not a day",
               "use mon, tue, wed, thu, fri, sat, sun");
    }
  }
  return days;
}

std::chrono::minutes required_time_of_day(Fields& fields, std::string_view key) {
  return required_time<std::chrono::minutes>(fields, key, time_of_day, "\"09:00\"");
}

LocalTime required_day_and_time(Fields& fields, std::string_view key) {
  return required_time<LocalTime>(fields, key, day_and_time, "\"2031-05-14 09:00\"");
}

}  // namespace iwakan
