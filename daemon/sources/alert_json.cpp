#include "sources/alert_json.hpp"

#include <algorithm>

#include "sources/json.hpp"

namespace iwakan::sources {

namespace ondemand = simdjson::ondemand;

std::string AlertPlace::path(std::string_view member) const {
  std::string path = std::string(list) + "/" + std::to_string(index);
  if (!member.empty()) path += "/" + std::string(member);
  return path;
}

std::optional<Failure> JsonBody::begin(std::string_view body, ondemand::document& document) {
  padded_.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  padded_.assign(body);
  if (parser_.max_depth() != kDepthMax || parser_.capacity() < body.size()) {
    if (const auto error = parser_.allocate(std::max(body.size(), std::size_t{64} * 1024), kDepthMax)) {
      return malformed_json({}, error);
    }
  }
  const simdjson::padded_string_view view(padded_.data(), padded_.size(), padded_.capacity());
  if (const auto error = parser_.iterate(view).get(document)) return malformed_json({}, error);
  return std::nullopt;
}

std::optional<Failure> JsonBody::end(ondemand::document& document) {
  // Where a further token stands; at the end of the text there is none.
  if (document.current_location().error() == simdjson::OUT_OF_BOUNDS) return std::nullopt;
  return Failure{Reason::malformed, "something follows the JSON", {}};
}

std::optional<Failure> AlertReader::member(std::string_view key, ondemand::value value, const AlertPlace& place,
                                           AlertBatch& batch, Alert& alert, TimePoint& ends_at) {
  if (key == "labels") return pairs(value, batch, alert.labels, place, key);
  if (key == "annotations") return pairs(value, batch, alert.annotations, place, key);
  if (key == "startsAt") return time(value, alert.starts_at, place, key);
  if (key == "endsAt") return time(value, ends_at, place, key);
  if (key != "generatorURL") return std::nullopt;
  std::string_view link;
  auto failure = text(value, link, place, key);
  if (!failure) alert.link = batch.keep(safe_link(link));
  return failure;
}

std::optional<Failure> AlertReader::text(ondemand::value value, std::string_view& text, const AlertPlace& place,
                                         std::string_view member) {
  if (const auto error = value.get_string().get(text)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type(place.path(member), "a string")
                                             : malformed_json(place.path(member), error);
  }
  if (const char* problem = problem_of_text(text)) return Failure{Reason::out_of_range, problem, place.path(member)};
  return std::nullopt;
}

std::optional<Failure> AlertReader::pairs(ondemand::value value, AlertBatch& batch, std::span<const Label>& kept,
                                          const AlertPlace& place, std::string_view member) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) {
    return error == simdjson::INCORRECT_TYPE ? wrong_type(place.path(member), "an object of strings")
                                             : malformed_json(place.path(member), error);
  }
  labels_.clear();
  for (auto field : object) {
    std::string_view key;
    ondemand::value item;
    if (const auto error = field.unescaped_key().get(key)) return malformed_json(place.path(member), error);
    const std::string_view name = batch.keep(key);
    if (const auto error = field.value().get(item)) return malformed_json(place.path(member), error);
    std::string_view value_text;
    if (auto failure = text(item, value_text, place, member)) {
      failure->path += "/" + pointer_part(name);
      return failure;
    }
    if (problem_of_text(name) != nullptr)
      return Failure{Reason::out_of_range, "a name that holds a control character or is too long",
                     place.path(member) + "/" + pointer_part(name)};
    if (labels_.size() >= kLabelsMax) return Failure{Reason::too_large, "more than 256 of them", place.path(member)};
    labels_.push_back({name, batch.keep(value_text)});
  }
  if (batch.keep_sorted(labels_, kept)) return std::nullopt;
  return Failure{Reason::duplicate, "a name stands here twice", place.path(member)};
}

std::optional<Failure> AlertReader::time(ondemand::value value, TimePoint& time, const AlertPlace& place,
                                         std::string_view member) {
  std::string_view spelled;
  if (auto failure = text(value, spelled, place, member)) return failure;
  const auto parsed = parse_time(spelled);
  if (!parsed) return Failure{parsed.error().reason, parsed.error().detail, place.path(member)};
  time = *parsed;
  return std::nullopt;
}

}  // namespace iwakan::sources
