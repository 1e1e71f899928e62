// Members: the strict reader of a request's body. Wrong types and unknown members are refused; the first of them
// is told, with its JSON pointer.
//
// The object outlives this. Any thread.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan::http::api {

class Members {
 public:
  explicit Members(const boost::json::object& object) : object_(object) {}

  std::string text(std::string_view key);
  std::string required_text(std::string_view key);  // absent or empty: refused
  int integer(std::string_view key, int fallback, int least, int most);
  bool boolean(std::string_view key, bool fallback);
  std::optional<TimePoint> time(std::string_view key);  // RFC 3339
  // One text for every language, or {"ja": …, "en": …}.
  Sentence sentence(std::string_view key);

  // A value by its name; `choices` names all for the refusal.
  template <class Value, class Named>
  Value named(std::string_view key, Value fallback, Named value_of, std::string_view choices) {
    const std::string found = text(key);
    if (found.empty()) return fallback;
    if (const auto value = value_of(found)) return *value;
    refuse(Reason::unknown_name, key, "must be one of " + std::string(choices));
    return fallback;
  }

  // What is wrong with the body, if anything: to be asked once every member was read.
  std::optional<Failure> finish();

 private:
  const boost::json::value* find(std::string_view key);
  void refuse(Reason reason, std::string_view key, std::string detail);

  const boost::json::object& object_;
  std::vector<std::string_view> known_{"actor"};
  std::optional<Failure> failure_;
};

}  // namespace iwakan::http::api
