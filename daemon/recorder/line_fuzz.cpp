// Goal: whatever bytes a request has, its line is one line of JSON, and a body that is JSON is still that, without what
// somebody proves themselves by. Method: bytes as a body, read again.
#include <boost/json/parse.hpp>
#include <cstdint>

#include "model/assert.hpp"
#include "recorder/line.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace json = boost::json;
  static const iwakan::recorder::Secrets secrets{.headers = {}, .members = {"k"}, .redaction = {}};
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const std::string line =
      iwakan::recorder::line_of({{}, "POST", "/v1/events/x?token=a", {}, body, false, {}}, secrets);
  IWAKAN_ASSERT(line.find('\n') == line.size() - 1);
  boost::system::error_code error;
  const json::value recorded = json::parse(line, error);
  IWAKAN_ASSERT(!error && recorded.at("path") == "/v1/events/x?token=removed");
  const json::value before = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !before.is_object()) return 0;
  const json::value after = json::parse(recorded.at("body").as_string(), error);
  IWAKAN_ASSERT(!error && after.is_object());
  for (const char* name : {"k", "Token", "routing_key"}) {
    const json::value* secret = before.get_object().if_contains(name);
    if (secret != nullptr && secret->is_string()) IWAKAN_ASSERT(after.at(name) == "removed");
  }
  return 0;
}
