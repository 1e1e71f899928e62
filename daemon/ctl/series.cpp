#include "ctl/series.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>

#include "ctl/pages.hpp"
#include "statistics/value_series.hpp"

namespace iwakan::ctl {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// RFC 3339, the same with a blank and without a zone (then UTC), or seconds since the epoch.
Result<TimePoint> time_of(std::string_view text) {
  if (const auto number = number_of(text)) {
    if (*number < 0 || *number > 4e9) return Failure{Reason::out_of_range, "seconds since 1970 are meant", {}};
    return TimePoint{std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*number))};
  }
  std::string spelled(text);
  if (spelled.size() > 10 && spelled[10] == ' ') spelled[10] = 'T';
  const bool zoned = spelled.size() > 19 && spelled.find_first_of("Zz+-", 19) != std::string::npos;
  return parse_time(zoned ? spelled : spelled + "Z");
}

struct Row {
  std::string_view time;
  std::string_view value;
};

std::optional<Row> row_of(std::string_view line) {
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view value = line.substr(comma + 1);
  return Row{trimmed(line.substr(0, comma)), trimmed(value.substr(0, value.find(',')))};
}

}  // namespace

int series(const Series& what, std::istream& standard_input, std::ostream& output, std::ostream& errors) {
  std::ifstream file;
  if (what.file != "-") file.open(what.file, std::ios::binary);
  std::istream& input = what.file == "-" ? standard_input : file;
  const std::string shown = what.file == "-" ? "standard input" : what.file;
  const auto wrong = [&](std::uint64_t line, const std::string& problem) {
    errors << "iwakanctl: " << plain(shown) << ":" << line << ": " << plain(problem) << "\n";
    return kUsage;
  };
  if (!input) {
    errors << "iwakanctl: " << plain(shown) << ": cannot be read: " << std::strerror(errno) << "\n";
    return kUsage;
  }
  statistics::ValueSeries series;
  std::string line;
  output << "timestamp,value,score,report\n";
  for (std::uint64_t number = 1; std::getline(input, line); ++number) {
    if (trimmed(line).empty()) continue;
    const auto row = row_of(line);
    if (!row) return wrong(number, "is no row: write timestamp,value");
    const auto at = time_of(row->time);
    const auto value = number_of(row->value);
    if (number == 1 && !at && !value) continue;  // a heading
    if (!at)
      return wrong(number, "not a time: \"" + std::string(row->time) +
                               "\"; write 2026-11-24T10:26:00Z, 2026-11-24 10:26:00 (UTC) or seconds since 1970");
    if (!value) return wrong(number, "not a number: \"" + std::string(row->value) + "\"");
    // A row that comes late or twice, or is not finite, is passed over: it says nothing.
    const auto score = series.observe(*at, *value);
    output << row->time << ',' << row->value << ',' << fmt::format("{:.4f}", score ? score->score : 0.) << ','
           << (score && score->report ? '1' : '0') << '\n';
  }
  return kDone;
}

}  // namespace iwakan::ctl
