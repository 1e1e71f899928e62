// Query: the values of a request's query, percent-decoded, as clients of Alertmanager's API write them: names
// may stand there many times, blanks are plus signs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"

namespace iwakan::http::api_v2 {

class Query {
 public:
  // A Failure names what is not percent-encoded well.
  static Result<Query> parse(std::string_view query);

  std::vector<std::string_view> all(std::string_view name) const;
  std::string_view first(std::string_view name) const;  // empty when absent
  // true and false, as Go reads them; anything else is a Failure.
  Result<bool> boolean(std::string_view name, bool fallback) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace iwakan::http::api_v2
