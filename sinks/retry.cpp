#include "sinks/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace iwakan::sinks {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFirst = 1s;
constexpr Duration kLongest = 5min;
constexpr Duration kLongestAsked = 1h;
constexpr double kSecondsOfADay = 86'400;

// "Wed, 31 Jan 2024 02:00:00 GMT", as RFC 9110 wants it.
std::optional<TimePoint> parse_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  const auto number = static_cast<int>(month - kMonths.begin()) + 1;
  const std::string rfc3339 = std::string(text.substr(12, 4)) + (number < 10 ? "-0" : "-") + std::to_string(number) +
                              "-" + std::string(text.substr(5, 2)) + "T" + std::string(text.substr(17, 8)) + "Z";
  const auto time = parse_time(rfc3339);
  if (!time) return std::nullopt;
  return *time;
}

}  // namespace

Duration retry_delay(std::uint32_t attempt, double jitter, std::optional<Duration> retry_after) {
  Duration delay = kFirst;
  for (std::uint32_t i = 1; i < attempt && delay < kLongest; ++i) delay *= 2;
  delay = std::min(delay, kLongest);
  delay -= Duration(static_cast<Duration::rep>(static_cast<double>(delay.count()) / 2 * std::clamp(jitter, 0.0, 1.0)));
  if (retry_after) delay = std::max(delay, std::min(*retry_after, kLongestAsked));
  return delay;
}

std::optional<Duration> parse_retry_after(std::string_view value, TimePoint now) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error == std::errc{} && end == value.data() + value.size()) {
    if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
    return Duration(static_cast<Duration::rep>(std::min(seconds, kSecondsOfADay) * 1e9));
  }
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  return std::max(Duration{}, *date - now);
}

}  // namespace iwakan::sinks
