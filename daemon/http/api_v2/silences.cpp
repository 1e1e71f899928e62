// Silences, as Alertmanager's API sets, changes, lists and ends them.
#include <algorithm>
#include <array>

#include "http/api_v2/answers.hpp"
#include "http/api_v2/api_v2.hpp"
#include "http/api_v2/silence_json.hpp"

namespace iwakan::http::api_v2 {
namespace {

namespace json = boost::json;

// The matchers asked for are about what a silence names: Alertmanager's matchFilterLabels.
bool is_about(const Silence& silence, const engine::Matcher& filter) {
  const LabelCondition& wanted = filter.condition();
  const auto same_label = [&](const LabelCondition& condition) { return condition.label == wanted.label; };
  const auto found = std::find_if(silence.conditions.begin(), silence.conditions.end(), same_label);
  if (found == silence.conditions.end()) return wanted.negated && filter.matches("");
  return std::any_of(silence.conditions.begin(), silence.conditions.end(), [&](const LabelCondition& condition) {
    return same_label(condition) && filter.matches(condition.value);
  });
}

// Active ones first, the one that ends next on top; then those to come, then those that are over, lately first.
bool comes_before(const Silence& a, const Silence& b, TimePoint now) {
  const auto rank = [now](const Silence& silence) {
    const SilenceState state = silence.state(now);
    return state == SilenceState::active ? 0 : state == SilenceState::pending ? 1 : 2;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (rank(a) == 0) return a.ends_at < b.ends_at;
  if (rank(a) == 1) return a.starts_at < b.starts_at;
  return a.ends_at > b.ends_at;
}

}  // namespace

void ApiV2::list_silences(const Query& query, const Respond& respond) const {
  const Result<Wanted> asked = wanted(query);
  if (!asked) return respond(refused(asked.error()));
  std::array<bool, 3> shown{};
  for (const SilenceState state : {SilenceState::pending, SilenceState::active, SilenceState::expired}) {
    const Result<bool> told = query.boolean(name(state), true);
    if (!told) return respond(refused(told.error()));
    shown[static_cast<std::size_t>(state)] = *told;
  }
  const TimePoint now = params_.now();
  std::vector<const Silence*> silences = params_.engine.silences().all();
  std::erase_if(silences, [&](const Silence* silence) {
    if (!shown[static_cast<std::size_t>(silence->state(now))]) return true;
    return !std::all_of(asked->matchers.begin(), asked->matchers.end(),
                        [&](const engine::Matcher& matcher) { return is_about(*silence, matcher); });
  });
  std::stable_sort(silences.begin(), silences.end(),
                   [now](const Silence* a, const Silence* b) { return comes_before(*a, *b, now); });
  json::array list;
  for (const Silence* silence : silences) list.emplace_back(silence_json(*silence, now));
  respond(answer(list));
}

void ApiV2::set_silence(const Request& request, const Respond& respond) const {
  if (!request.header("content-type").starts_with("application/json")) {
    return respond(refused(415, "send the silence as Content-Type: application/json"));
  }
  Result<Silence> silence = parse_silence(request.body);
  if (!silence) return respond(refused(silence.error()));
  // Whoever proved who they are is the author; what the body says of it counts only where nobody has to.
  if (!request.actor.empty()) silence->created_by = request.actor;
  std::string actor = silence->created_by.empty() ? "api" : silence->created_by;
  PersonActed event{params_.now(), std::move(actor), act::SetSilence{*std::move(silence), params_.fresh_id()}};
  params_.submit(std::move(event), [respond](const engine::Effects& effects) {
    if (!effects.refusal) return respond(answer(json::object{{"silenceID", effects.silence}}));
    const bool unknown = effects.refusal->reason == Reason::not_found;
    respond(refused(unknown ? 404 : 400, "Failed to create silence: " + effects.refusal->detail));
  });
}

void ApiV2::show_silence(const Request& request, const Respond& respond) const {
  const Silence* silence = params_.engine.silences().find(request.parameter);
  if (silence == nullptr) return respond(refused(404, "there is no silence of this id"));
  respond(answer(silence_json(*silence, params_.now())));
}

void ApiV2::expire_silence(const Request& request, const Respond& respond) const {
  PersonActed event{params_.now(), std::string(request.actor.empty() ? "api" : request.actor),
                    act::ExpireSilence{std::string(request.parameter)}};
  params_.submit(std::move(event), [respond](const engine::Effects& effects) {
    if (effects.refusal) return respond(refused(404, effects.refusal->detail));
    respond({.status = 200, .content_type = "", .body = "", .headers = {}});
  });
}

}  // namespace iwakan::http::api_v2
