#include "ctl/json.hpp"

namespace iwakan::ctl {

namespace json = boost::json;

const json::value& member(const json::value& value, std::string_view key) {
  static const json::value nothing;
  const json::object* object = value.if_object();
  const json::value* found = object ? object->if_contains(key) : nullptr;
  return found ? *found : nothing;
}

std::string_view text_at(const json::value& value, std::string_view key) {
  const json::string* text = member(value, key).if_string();
  return text ? std::string_view(*text) : std::string_view();
}

std::optional<std::int64_t> integer_at(const json::value& value, std::string_view key) {
  const json::value& found = member(value, key);
  if (const std::int64_t* number = found.if_int64()) return *number;
  // As a value that was made here, not read, may hold it.
  const std::uint64_t* number = found.if_uint64();
  return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
}

std::optional<double> number_at(const json::value& value, std::string_view key) {
  const json::value& found = member(value, key);
  if (!found.is_number()) return std::nullopt;
  return found.to_number<double>();
}

bool true_at(const json::value& value, std::string_view key) {
  const bool* truth = member(value, key).if_bool();
  return truth && *truth;
}

std::optional<TimePoint> time_at(const json::value& value, std::string_view key) {
  const Result<TimePoint> time = parse_time(text_at(value, key));
  return time ? std::optional(*time) : std::nullopt;
}

const json::array& items_at(const json::value& value, std::string_view key) {
  static const json::array nothing;
  const json::array* items = member(value, key).if_array();
  return items ? *items : nothing;
}

std::string_view said(const json::value& value, std::string_view language) {
  if (const json::string* text = value.if_string()) return *text;
  const std::string_view wanted = text_at(value, language);
  return wanted.empty() ? text_at(value, language == "ja" ? "en" : "ja") : wanted;
}

}  // namespace iwakan::ctl
