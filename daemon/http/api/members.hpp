// Members: the strict reader of a request's body. Wrong types and unknown members are refused; the first of them
// is told, with its JSON pointer.
//
// The object outlives this. Any thread.
#pragma once

#include <boost/json/array.hpp>
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
  int required_integer(std::string_view key, int least, int most);
  bool boolean(std::string_view key, bool fallback);
  std::optional<TimePoint> time(std::string_view key);  // RFC 3339
  TimePoint required_time(std::string_view key);
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

  // A list of objects, each read by `read`; at most `most`.
  template <class Read>
  void each(std::string_view key, std::size_t most, Read read) {
    const boost::json::array* items = list(key, most);
    for (std::size_t i = 0; items != nullptr && i < items->size() && !failure_; ++i) {
      const std::string place = std::string(key) + "/" + std::to_string(i);
      const boost::json::object* item = (*items)[i].if_object();
      if (item == nullptr) return refuse(Reason::wrong_type, place, "must be an object");
      Members members(*item);
      read(members);
      if (const auto failure = members.finish()) refuse(failure->reason, place + failure->path, failure->detail);
    }
  }

  // What is wrong with the body, if anything: to be asked once every member was read.
  std::optional<Failure> finish();

 private:
  void know(std::string_view key);
  const boost::json::value* find(std::string_view key);
  const boost::json::array* list(std::string_view key, std::size_t most);
  void refuse(Reason reason, std::string_view key, std::string detail);

  const boost::json::object& object_;
  std::vector<std::string_view> known_;
  std::optional<Failure> failure_;
};

}  // namespace iwakan::http::api
