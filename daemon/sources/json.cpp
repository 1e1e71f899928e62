#include "sources/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace iwakan::sources {

namespace dom = simdjson::dom;

namespace {

bool is_forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

// The place of a member that stands twice. The depth is bounded by the parser.
std::optional<Failure> repeated_member(dom::element element, const std::string& path) {
  dom::array array;
  if (!element.get_array().get(array)) {
    std::size_t index = 0;
    for (const dom::element item : array) {
      if (auto failure = repeated_member(item, path + "/" + std::to_string(index++))) return failure;
    }
    return std::nullopt;
  }
  dom::object object;
  if (element.get_object().get(object)) return std::nullopt;
  std::vector<std::string_view> names;
  for (const dom::key_value_pair member : object) {
    if (member.value.is_object() || member.value.is_array()) {
      if (auto failure = repeated_member(member.value, path + "/" + pointer_part(member.key))) return failure;
    }
    names.push_back(member.key);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return std::nullopt;
  return Failure{Reason::duplicate, "this member stands here twice", path + "/" + pointer_part(*twice)};
}

}  // namespace

Failure malformed_json(std::string path, simdjson::error_code error) {
  if (error == simdjson::DEPTH_ERROR) return {Reason::too_large, "more than 32 levels deep", std::move(path)};
  return {Reason::malformed, std::string("not the JSON that is expected here: ") + simdjson::error_message(error),
          std::move(path)};
}

Failure wrong_type(std::string path, std::string_view wanted) {
  return {Reason::wrong_type, "must be " + std::string(wanted), std::move(path)};
}

Failure missing(std::string path, std::string_view what) {
  return {Reason::missing, std::string(what), std::move(path)};
}

Result<dom::element> parse_json(dom::parser& parser, std::string_view text, const std::string& path) {
  if (const auto error = parser.allocate(text.size() + 1, kDepthMax)) return malformed_json(path, error);
  dom::element root;
  if (const auto error = parser.parse(text.data(), text.size()).get(root)) return malformed_json(path, error);
  if (auto failure = repeated_member(root, path)) return *std::move(failure);
  return root;
}

std::string text_of(double number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end};
}

std::string text_of(dom::element element) {
  switch (element.type()) {
    case dom::element_type::STRING: return std::string(element.get_string().value_unsafe());
    case dom::element_type::INT64: return std::to_string(element.get_int64().value_unsafe());
    case dom::element_type::UINT64: return std::to_string(element.get_uint64().value_unsafe());
    case dom::element_type::DOUBLE: return text_of(element.get_double().value_unsafe());
    case dom::element_type::BOOL: return element.get_bool().value_unsafe() ? "true" : "false";
    case dom::element_type::ARRAY:
    case dom::element_type::OBJECT:
    case dom::element_type::NULL_VALUE: return {};
  }
  return {};
}

std::string text_of(simdjson::simdjson_result<dom::element> found) {
  dom::element element;
  return found.get(element) ? std::string() : text_of(element);
}

const char* problem_of_text(std::string_view text) {
  if (text.size() > kTextBytesMax) return "longer than 64 KiB";
  bool bad = false;
  for (const char c : text) bad |= is_forbidden_control(c);
  return bad ? "holds a control character" : nullptr;
}

std::string cleaned(std::string_view text) {
  std::string clean(beginning(text, kTextBytesMax));
  std::replace_if(
      clean.begin(), clean.end(), [](char c) { return is_forbidden_control(c) || c == '\r'; }, ' ');
  return clean;
}

std::string_view beginning(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t cut = bytes_max;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return text.substr(0, cut);
}

std::string pointer_part(std::string_view name) {
  std::string part;
  for (const char c : name.substr(0, 64)) {
    if (c == '~') {
      part += "~0";
    } else if (c == '/') {
      part += "~1";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      part += c;
    }
  }
  return part;
}

std::string_view safe_link(std::string_view link) {
  return link.starts_with("https://") || link.starts_with("http://") ? link : std::string_view{};
}

}  // namespace iwakan::sources
