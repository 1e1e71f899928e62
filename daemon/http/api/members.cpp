#include "http/api/members.hpp"

#include <algorithm>

#include "model/setting.hpp"

namespace iwakan::http::api {

namespace json = boost::json;

// A member may be read twice: as one that is needed, and by its names.
void Members::know(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
}

// Nothing when it is absent or null.
const json::value* Members::find(std::string_view key) {
  know(key);
  const json::value* value = object_.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Members::refuse(Reason reason, std::string_view key, std::string detail) {
  if (!failure_) failure_ = Failure{reason, std::move(detail), "/" + std::string(key)};
}

std::string Members::text(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr) return {};
  if (const auto* string = value->if_string()) return std::string(*string);
  refuse(Reason::wrong_type, key, "must be a string");
  return {};
}

std::string Members::required_text(std::string_view key) {
  std::string found = text(key);
  if (found.empty()) refuse(Reason::missing, key, "is needed here, and must not be empty");
  return found;
}

int Members::integer(std::string_view key, int fallback, int least, int most) {
  const json::value* value = find(key);
  if (value == nullptr) return fallback;
  const auto* number = value->if_int64();
  if (number != nullptr && *number >= least && *number <= most) return static_cast<int>(*number);
  refuse(Reason::out_of_range, key,
         "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return fallback;
}

int Members::required_integer(std::string_view key, int least, int most) {
  if (find(key) == nullptr) refuse(Reason::missing, key, "is needed here");
  return integer(key, least, least, most);
}

bool Members::boolean(std::string_view key, bool fallback) {
  const json::value* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_bool()) return value->get_bool();
  refuse(Reason::wrong_type, key, "must be true or false");
  return fallback;
}

std::optional<TimePoint> Members::time(std::string_view key) {
  const std::string found = text(key);
  if (found.empty()) return std::nullopt;
  const auto parsed = parse_time(found);
  if (parsed) return *parsed;
  refuse(parsed.error().reason, key, parsed.error().detail);
  return std::nullopt;
}

TimePoint Members::required_time(std::string_view key) {
  const std::optional<TimePoint> found = time(key);
  if (!found) refuse(Reason::missing, key, "is needed here: a time like 2031-05-14T10:26:00+09:00");
  return found.value_or(TimePoint{});
}

Sentence Members::sentence(std::string_view key) {
  const json::value* value = object_.if_contains(key);
  const json::object* both = value == nullptr ? nullptr : value->if_object();
  if (both == nullptr) return same_in_all(text(key));
  know(key);
  Members languages(*both);
  Sentence found{languages.text("ja"), languages.text("en")};
  if (const auto failure = languages.finish()) {
    refuse(failure->reason, std::string(key) + failure->path, failure->detail);
  }
  return found;
}

const json::array* Members::list(std::string_view key, std::size_t most) {
  const json::value* value = find(key);
  const json::array* items = value == nullptr ? nullptr : value->if_array();
  if (items == nullptr || items->empty()) {
    refuse(value == nullptr || items != nullptr ? Reason::missing : Reason::wrong_type, key,
           "must be a list of at least one object");
    return nullptr;
  }
  if (items->size() <= most) return items;
  refuse(Reason::too_large, key, "may hold " + std::to_string(most) + " at most: send it in parts");
  return nullptr;
}

std::optional<Failure> Members::finish() {
  for (const auto& member : object_) {
    if (std::find(known_.begin(), known_.end(), std::string_view(member.key())) != known_.end()) continue;
    const std::string near = nearest(member.key(), known_);
    std::string detail = "is not known here; ";
    if (!near.empty()) {
      detail += "did you mean \"" + near + "\"?";
    } else {
      detail += "known are ";
      for (const std::string_view known : known_) detail.append(known == known_.front() ? "" : ", ").append(known);
    }
    refuse(Reason::unknown_name, member.key(), std::move(detail));
  }
  return failure_;
}

}  // namespace iwakan::http::api
