#include "backtest/backtest.hpp"

#include <algorithm>

#include "engine/journal.hpp"
#include "engine/lose_also.hpp"

namespace iwakan::backtest {
namespace {

using namespace std::chrono_literals;

constexpr Duration kJudgedAfter = 30min;
constexpr Duration kUntouchedFor = 24h;
constexpr Duration kClosedAfter = 15min;  // a label's end
constexpr const char* kActor = "backtest";

}  // namespace

Backtest::Backtest(const settings::Settings& settings, std::optional<std::vector<Label>> labels, Missed missed)
    : labels_(std::move(labels)), missed_(std::move(missed)) {
  const sources::Surroundings surroundings{network_, [](const std::function<void()>& what) { what(); }};
  for (const settings::EnabledSource& enabled : settings.sources) {
    sources_[enabled.path] = enabled.make(surroundings);
    names_[enabled.path] = enabled.name;
    if (!enabled.also_at.empty()) {
      sources_[enabled.also_at] = sources_[enabled.path];
      names_[enabled.also_at] = enabled.name;
    }
    if (const auto after = sources_[enabled.path]->expire_after()) {
      settings.engine->expire_after[enabled.name] = *after;
    }
  }
  // What fires after an incident is over counts as a case of its own.
  for (auto& [number, level] : settings.engine->organisation.levels) level.reopens_within = Duration{};
  engine_ = std::make_unique<engine::Engine>(settings.engine, engine::Engine::Keeping::nothing);
}

Backtest::~Backtest() = default;

Result<void> Backtest::request(const Request& request) {
  const std::string_view path = request.path.substr(0, request.path.find('?'));
  const auto source = sources_.find(path);
  if (source == sources_.end()) {
    return Failure{Reason::not_found, "nothing in the configuration listens at " + std::string(path), "/path"};
  }
  pass_time(request.at);
  ++tally_.requests;
  Result<sources::Received> received = Failure{Reason::unavailable, "the source did not answer", {}};
  source->second->receive({.method = request.method,
                           .target = request.path,
                           .headers = request.headers,
                           .body = request.body,
                           .at = now_,
                           .verified = request.verified},
                          [&received](Result<sources::Received> result) { received = std::move(result); });
  if (!received) return received.error();
  const std::string& name = names_.find(path)->second;
  if (received->withdrawn) step(SourceWithdrawn{now_, name, *received->withdrawn});
  const std::string whose = received->source.empty() ? name : std::string(received->source);
  lose_also(*received, whose);
  const Event event = AlertsReceived{now_, whose, std::move(received->batch), received->truncated};
  const AlertBatch& batch = std::get<AlertsReceived>(event).batch;
  remember(batch, whose);
  step(event);
  forget(batch, whose);
  return {};
}

// As the daemon does with what its store has.
void Backtest::lose_also(sources::Received& received, const std::string& source) const {
  if (received.also_lost.empty() || received.batch.size() == 0) return;
  const std::string prefix = source + '\0';
  for (auto row = texts_.lower_bound(prefix); row != texts_.end() && row->first.starts_with(prefix); ++row) {
    engine::lose_also(*engine_, source, received.also_lost, row->first, row->second, received.batch);
  }
}

void Backtest::remember(const AlertBatch& batch, const std::string& source) {
  if (engine_->settings().expire_after.contains(source)) return;
  for (const Alert& alert : batch.alerts()) {
    if (alert.state != AlertState::firing) continue;
    texts_.insert_or_assign(engine::alert_key(source, alert.fingerprint), engine::encode_alert_text(alert));
  }
}

void Backtest::forget(const AlertBatch& batch, const std::string& source) {
  for (const Alert& alert : batch.alerts()) {
    const engine::AlertEntry* entry = engine_->alerts().find(source, alert.fingerprint);
    if (entry == nullptr || !is_firing(entry->state)) texts_.erase(engine::alert_key(source, alert.fingerprint));
  }
}

Result<void> Backtest::record(std::string_view bytes) {
  const auto at = engine::record_time(bytes);
  if (!at) return Failure{Reason::corrupted, "a record of the journal does not decode", {}};
  const auto decoded = engine::decode_record(bytes);
  if (!decoded) return Failure{Reason::corrupted, "a record of the journal does not decode", {}};
  pass_time(*at);
  if (const auto* seen = std::get_if<engine::TransitionsSeen>(&*decoded)) {
    ++tally_.requests;
    take(engine_->observe(*seen));
  } else if (const auto* event = std::get_if<Event>(&*decoded)) {
    const bool of_sources = std::holds_alternative<SourceSpoke>(*event);
    if (of_sources) step(*event);
  }
  return {};
}

void Backtest::step(const Event& event) {
  take(engine_->step(event));
}

void Backtest::take(const engine::Effects& effects) {
  tally_.transitions += effects.transitions;
  for (const Decision& decision : effects.decisions) {
    if (decision.incident.empty()) {
      ++tally_.near_misses;
      if (missed_) missed_(decision);
      continue;
    }
    const Incident* incident = engine_->desk().find(decision.incident);
    due_.emplace(now_ + (labels_ ? kJudgedAfter : kUntouchedFor), Due{incident->number, false});
  }
}

void Backtest::pass_time(TimePoint at) {
  if (!tally_.first_at) {
    tally_.first_at = at;
    now_ = at;
    step(Started{at});
  }
  while (now_ < at) {
    TimePoint next = std::min(at, std::max(engine_->next_deadline(now_), now_ + 1ms));
    if (!due_.empty()) next = std::min(next, std::max(now_, due_.begin()->first));
    now_ = next;
    step(TimeReached{now_});
    while (!due_.empty() && due_.begin()->first <= now_) {
      const Due due = due_.begin()->second;
      due_.erase(due_.begin());
      act(now_, due);
    }
  }
  tally_.last_at = now_;
}

void Backtest::finish() {
  if (!due_.empty()) pass_time(std::max(now_, due_.rbegin()->first));
}

const Label* Backtest::label_of(const Incident& incident, TimePoint judged_at) const {
  if (!labels_) return nullptr;
  for (const Label& label : *labels_) {
    if (label.from > judged_at) break;
    if (label.to >= incident.opened_at && label.concerns(incident.subjects)) return &label;
  }
  return nullptr;
}

void Backtest::act(TimePoint at, const Due& due) {
  const Incident& incident = engine_->desk().incidents().at(due.incident);
  if (due.close) {
    return step(PersonActed{at, kActor, act::DeclareRecovery{incident.id, "the label has ended"}});
  }
  const Label* label = label_of(incident, at);
  const Judgement judgement = label == nullptr ? Judgement::dismissed : Judgement::confirmed;
  if (label != nullptr) due_.emplace(std::max(label->to, at) + kClosedAfter, Due{due.incident, true});
  step(PersonActed{at, kActor, act::Judge{incident.id, judgement, {}}});
}

}  // namespace iwakan::backtest
