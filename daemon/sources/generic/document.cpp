#include "sources/generic/document.hpp"

#include <simdjson.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/url/encoding_opts.hpp>
#include <boost/url/pct_string_view.hpp>
#include <optional>

#include "sources/json.hpp"

namespace iwakan::sources::generic {
namespace {

namespace dom = simdjson::dom;
namespace json = boost::json;

constexpr std::size_t kFieldsMax = 256;
constexpr std::size_t kBoundaryBytesMax = 70;  // RFC 2046 5.1.1

json::value copy(dom::element element) {
  switch (element.type()) {
    case dom::element_type::STRING: return json::string(element.get_string().value_unsafe());
    case dom::element_type::INT64: return element.get_int64().value_unsafe();
    case dom::element_type::UINT64: return element.get_uint64().value_unsafe();
    case dom::element_type::DOUBLE: return element.get_double().value_unsafe();
    case dom::element_type::BOOL: return element.get_bool().value_unsafe();
    case dom::element_type::NULL_VALUE: return nullptr;
    case dom::element_type::ARRAY: {
      const dom::array items = element.get_array().value_unsafe();
      json::array array;
      for (const dom::element item : items) array.push_back(copy(item));
      return array;
    }
    case dom::element_type::OBJECT: {
      const dom::object members = element.get_object().value_unsafe();
      json::object object;
      for (const dom::key_value_pair one : members) object[one.key] = copy(one.value);
      return object;
    }
  }
  return nullptr;
}

Failure malformed(std::string detail) {
  return {Reason::malformed, std::move(detail), {}};
}

std::optional<Failure> add_field(json::object& form, std::string_view name, std::string_view value) {
  if (form.size() >= kFieldsMax) return Failure{Reason::too_large, "more than 256 fields in the form", {}};
  if (form.contains(name)) {
    return Failure{Reason::duplicate, "this field stands here twice", "/" + pointer_part(name)};
  }
  if (!simdjson::validate_utf8(name.data(), name.size()) || !simdjson::validate_utf8(value.data(), value.size())) {
    return malformed("the form is not UTF-8");
  }
  form[name] = json::string(value);
  return std::nullopt;
}

// application/x-www-form-urlencoded.
Result<json::value> read_form(std::string_view body) {
  json::object form;
  while (!body.empty()) {
    const std::string_view field = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(field.size() + 1, body.size()));
    if (field.empty()) continue;
    const std::string_view name = field.substr(0, field.find('='));
    const std::string_view value = field.substr(std::min(name.size() + 1, field.size()));
    const auto decoded = [](std::string_view text) -> std::optional<std::string> {
      const auto view = boost::urls::make_pct_string_view({text.data(), text.size()});
      if (!view) return std::nullopt;
      return view->decode({true, false, false});  // + is a blank
    };
    const auto plain_name = decoded(name);
    const auto plain_value = decoded(value);
    if (!plain_name || !plain_value) return malformed("the form has a % that is followed by no two digits");
    if (auto failure = add_field(form, *plain_name, *plain_value)) return *std::move(failure);
  }
  return form;
}

// The value of a parameter of a header: name="value" or name=value. Empty: there is none.
std::string_view parameter(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos) {
    std::string_view rest = header.substr(at + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    at = header.find(';', at + 1);
    if (!rest.starts_with(name) || rest.substr(name.size(), 1) != "=") continue;
    rest.remove_prefix(name.size() + 1);
    if (rest.starts_with('"')) return rest.substr(1, rest.find('"', 1) - 1);
    return rest.substr(0, rest.find_first_of("; \t\r\n"));
  }
  return {};
}

// multipart/form-data (RFC 7578), of which the fields that are no files are kept.
Result<json::value> read_multipart(std::string_view body, std::string_view content_type) {
  const std::string_view boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > kBoundaryBytesMax) return malformed("the form names no boundary");
  const std::string between = "\r\n--" + std::string(boundary);
  json::object form;
  if (!body.starts_with(std::string_view(between).substr(2))) return malformed("the form does not begin as it says");
  body.remove_prefix(between.size() - 2);
  while (!body.starts_with("--")) {
    const std::size_t head_end = body.find("\r\n\r\n");
    const std::size_t end = body.find(between, head_end == std::string_view::npos ? 0 : head_end + 2);
    if (!body.starts_with("\r\n") || head_end == std::string_view::npos || end == std::string_view::npos) {
      return malformed("a part of the form does not end");
    }
    const std::string_view head = body.substr(0, head_end);
    const std::string_view name = parameter(head, "name");
    if (name.empty()) return malformed("a part of the form has no name");
    const std::size_t begin = std::min(head_end + 4, end);
    const bool is_file = !parameter(head, "filename").empty();
    if (!is_file) {
      if (auto failure = add_field(form, name, body.substr(begin, end - begin))) return *std::move(failure);
    }
    body.remove_prefix(end + between.size());
  }
  return form;
}

bool has_type(std::string_view content_type, std::string_view wanted) {
  return content_type.size() >= wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), content_type.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b); });
}

}  // namespace

Result<json::value> read_json(std::string_view text, const std::string& path) {
  dom::parser parser;
  const auto element = parse_json(parser, text, path);
  if (!element) return element.error();
  return copy(*element);
}

Result<json::value> read_document(std::string_view body, std::string_view content_type) {
  if (has_type(content_type, "application/x-www-form-urlencoded")) return read_form(body);
  if (has_type(content_type, "multipart/form-data")) return read_multipart(body, content_type);
  return read_json(body, {});
}

}  // namespace iwakan::sources::generic
