#include "sources/json.hpp"

namespace iwakan::sources {

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

const char* problem_of_text(std::string_view text) {
  if (text.size() > kTextBytesMax) return "longer than 64 KiB";
  bool bad = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    bad |= (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
  }
  return bad ? "holds a control character" : nullptr;
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
