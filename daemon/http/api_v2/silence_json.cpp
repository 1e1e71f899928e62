#include "http/api_v2/silence_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace iwakan::http::api_v2 {
namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 8;

// The first thing that is wrong.
class Reader {
 public:
  explicit Reader(const json::object& object, std::string place) : object_(object), place_(std::move(place)) {}

  std::string text(std::string_view key, bool required) {
    const json::value* value = object_.if_contains(key);
    if (value == nullptr || value->is_null()) {
      if (required) fail(Reason::missing, key, "is required");
      return {};
    }
    if (const auto* string = value->if_string()) {
      if (holds_control(*string)) fail(Reason::out_of_range, key, "holds a control character");
      return std::string(*string);
    }
    fail(Reason::wrong_type, key, "must be a string");
    return {};
  }

  bool boolean(std::string_view key, bool fallback) {
    const json::value* value = object_.if_contains(key);
    if (value == nullptr || value->is_null()) return fallback;
    if (const bool* told = value->if_bool()) return *told;
    fail(Reason::wrong_type, key, "must be true or false");
    return fallback;
  }

  TimePoint time(std::string_view key) {
    const std::string spelled = text(key, true);
    if (spelled.empty()) return {};
    const auto parsed = parse_time(spelled);
    if (parsed) return *parsed;
    fail(parsed.error().reason, key, parsed.error().detail);
    return {};
  }

  void fail(Reason reason, std::string_view key, std::string detail) {
    if (!failure) failure = Failure{reason, std::move(detail), place_ + "/" + std::string(key)};
  }

  std::optional<Failure> failure;

 private:
  static bool holds_control(std::string_view text) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) return true;
    }
    return false;
  }

  const json::object& object_;
  std::string place_;
};

}  // namespace

json::object silence_json(const Silence& silence, TimePoint now) {
  json::array matchers;
  for (const LabelCondition& condition : silence.conditions) {
    matchers.emplace_back(json::object{{"name", condition.label},
                                       {"value", condition.value},
                                       {"isRegex", condition.is_expression},
                                       {"isEqual", !condition.negated}});
  }
  return {{"id", silence.id},
          {"status", {{"state", name(silence.state(now))}}},
          {"updatedAt", format_time(silence.updated_at)},
          {"matchers", std::move(matchers)},
          {"startsAt", format_time(silence.starts_at)},
          {"endsAt", format_time(silence.ends_at)},
          {"createdBy", silence.created_by},
          {"comment", silence.comment},
          {"annotations", json::object{}}};
}

Result<Silence> parse_silence(std::string_view body) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = kDepthMax;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), error, {}, options);
  if (error || !value.is_object()) return Failure{Reason::malformed, "the body is not a JSON object", {}};
  Reader reader(value.get_object(), "");
  Silence silence;
  silence.id = reader.text("id", false);
  silence.starts_at = reader.time("startsAt");
  silence.ends_at = reader.time("endsAt");
  silence.created_by = reader.text("createdBy", true);
  silence.comment = reader.text("comment", true);
  if (reader.failure) return *reader.failure;
  const json::value* matchers = value.get_object().if_contains("matchers");
  if (matchers == nullptr || !matchers->is_array()) {
    return Failure{Reason::missing, "a list of matchers is required", "/matchers"};
  }
  for (std::size_t i = 0; i < matchers->get_array().size(); ++i) {
    const std::string place = "/matchers/" + std::to_string(i);
    const auto* item = matchers->get_array()[i].if_object();
    if (item == nullptr) return Failure{Reason::wrong_type, "must be an object", place};
    Reader one(*item, place);
    LabelCondition condition{one.text("name", true), one.text("value", true), one.boolean("isRegex", false),
                             !one.boolean("isEqual", true)};
    if (one.failure) return *one.failure;
    silence.conditions.push_back(std::move(condition));
  }
  return silence;
}

}  // namespace iwakan::http::api_v2
