#include "sources/times.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace iwakan::sources {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

Failure not_a_time(std::string_view text, const char* like) {
  return {
      Reason::malformed, "not a time: \"" + std::string(text.substr(0, 64)) + "\"; expected is one like " + like, {}};
}

// Takes the text up to the next blank, and the blanks.
std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
  return word;
}

}  // namespace

Result<TimePoint> parse_rfc1123(std::string_view text) {
  const auto bad = [whole = text] { return not_a_time(whole, "Wed, 31 Jan 2024 02:00:00 GMT"); };
  if (const std::size_t comma = text.find(", "); comma == 3) text.remove_prefix(5);
  const std::string_view day = next_word(text);
  const std::string_view month_name = next_word(text);
  const std::string_view year = next_word(text);
  const std::string_view clock = next_word(text);
  const std::string_view zone = next_word(text);
  const auto* month = std::find(kMonths.begin(), kMonths.end(), month_name);
  if (!text.empty() || day.empty() || day.size() > 2 || month == kMonths.end() || year.size() != 4) return bad();
  const std::string month_digits = std::to_string(month - kMonths.begin() + 101).substr(1);
  const std::string day_digits = (day.size() == 1 ? "0" : "") + std::string(day);
  const bool utc = zone == "GMT" || zone == "UTC" || zone == "Z";
  const auto time = parse_time(std::string(year) + "-" + month_digits + "-" + day_digits + "T" + std::string(clock) +
                               (utc ? "Z" : std::string(zone)));
  return time ? time : bad();
}

Result<TimePoint> parse_epoch(std::string_view text, Duration unit) {
  const auto bad = [text] { return not_a_time(text, "1790000000, a number since 1970"); };
  std::int64_t whole = 0;
  const char* const last = text.data() + text.size();
  const auto [point, error] = std::from_chars(text.data(), last, whole);
  if (error != std::errc{} || whole < 0 || whole > Duration::max() / unit - 1) return bad();
  Duration fraction{};
  if (point != last) {
    if (*point != '.' || point + 1 == last) return bad();
    Duration place = unit;
    for (const char* digit = point + 1; digit != last; ++digit) {
      if (*digit < '0' || *digit > '9') return bad();
      place /= 10;
      fraction += (*digit - '0') * place;
    }
  }
  return TimePoint(whole * unit + fraction);
}

}  // namespace iwakan::sources
