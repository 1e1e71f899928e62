#include "model/time.hpp"

#include <array>
#include <cstdint>

namespace iwakan {
namespace {

using namespace std::chrono;

// Reads exactly `count` digits at `at`; nothing if there are not that many.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

Failure not_a_time(std::string_view text) {
  return {Reason::malformed,
          "not a time: \"" + std::string(text.substr(0, 64)) + "\"; write RFC 3339, like 2026-09-01T09:00:00+09:00",
          {}};
}

struct Unit {
  std::string_view suffix;
  std::int64_t length;
};
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::array<Unit, 8> kUnits{{{"w", 7L * 86400 * kSecond},
                                      {"d", 86400 * kSecond},
                                      {"h", 3600 * kSecond},
                                      {"m", 60 * kSecond},
                                      {"s", kSecond},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};

}  // namespace

Result<TimePoint> parse_time(std::string_view text) {
  const auto bad = [&] { return not_a_time(text); };
  const auto year_number = digits(text, 0, 4);
  const auto month_number = digits(text, 5, 2);
  const auto day_number = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year_number || !month_number || !day_number || !hour || !minute || !second) return bad();
  if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return bad();
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return bad();
  const year_month_day date{year{*year_number}, month{static_cast<unsigned>(*month_number)},
                            day{static_cast<unsigned>(*day_number)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return bad();

  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    ++at;
    std::int64_t place = kSecond / 10;
    const std::size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      if (at - first >= 9) return bad();
      fraction += (text[at] - '0') * place;
      place /= 10;
    }
    if (at == first) return bad();
  }

  minutes offset{0};
  if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    ++at;
  } else if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    const bool west = text[at] == '-';
    const auto offset_hours = digits(text, at + 1, 2);
    const std::size_t colon = (at + 3 < text.size() && text[at + 3] == ':') ? 1 : 0;
    const auto offset_minutes = digits(text, at + 3 + colon, 2);
    if (!offset_hours || !offset_minutes || *offset_hours > 23 || *offset_minutes > 59) return bad();
    offset = hours{*offset_hours} + minutes{*offset_minutes};
    if (west) offset = -offset;
    at += 5 + colon;
  } else {
    return bad();
  }
  if (at != text.size()) return bad();

  if (*year_number == 1 && *month_number == 1 && *day_number == 1) return kZeroTime;
  if (*year_number < 1678 || *year_number > 2261) {
    return Failure{Reason::out_of_range, "the year " + std::to_string(*year_number) + " is outside 1678 to 2261", {}};
  }
  const auto whole = sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second} - offset;
  return TimePoint{whole} + nanoseconds{fraction};
}

std::string format_time(TimePoint time) {
  if (time == kZeroTime) return "0001-01-01T00:00:00Z";
  const auto day_start = floor<days>(time);
  const year_month_day date{day_start};
  const auto in_day = time - day_start;
  const auto total_seconds = duration_cast<seconds>(in_day).count();
  const auto fraction = (in_day - seconds{total_seconds}).count();
  std::array<char, 40> buffer{};
  int length = std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d", int(date.year()),
                             unsigned(date.month()), unsigned(date.day()), static_cast<int>(total_seconds / 3600),
                             static_cast<int>(total_seconds / 60 % 60), static_cast<int>(total_seconds % 60));
  std::string text(buffer.data(), static_cast<std::size_t>(length));
  if (fraction != 0) {
    length = std::snprintf(buffer.data(), buffer.size(), ".%09lld", static_cast<long long>(fraction));
    std::string decimals(buffer.data(), static_cast<std::size_t>(length));
    while (decimals.size() > 4 && decimals.ends_with("000")) decimals.resize(decimals.size() - 3);
    text += decimals;
  }
  return text + "Z";
}

Result<Duration> parse_duration(std::string_view text) {
  const auto bad = [&] {
    return Failure{
        Reason::malformed,
        "not a duration: \"" + std::string(text.substr(0, 64)) + "\"; write for example 30s, 5m, 1h30m or 7d",
        {}};
  };
  if (text.empty()) return bad();
  std::int64_t total = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t first = at;
    std::int64_t count = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      if (at - first >= 12) return bad();
      count = count * 10 + (text[at] - '0');
    }
    if (at == first) return bad();
    const std::size_t unit_first = at;
    while (at < text.size() && text[at] >= 'a' && text[at] <= 'z') ++at;
    const std::string_view suffix = text.substr(unit_first, at - unit_first);
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (candidate.suffix == suffix) unit = &candidate;
    }
    std::int64_t part = 0;
    if (unit == nullptr || __builtin_mul_overflow(count, unit->length, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return bad();
    }
  }
  return Duration{total};
}

std::string format_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text;
  if (rest < 0) {
    text = "-";
    rest = -rest;
  }
  for (const Unit& unit : kUnits) {
    if (rest >= unit.length) {
      text += std::to_string(rest / unit.length);
      text += unit.suffix;
      rest %= unit.length;
    }
  }
  return text;
}

}  // namespace iwakan
