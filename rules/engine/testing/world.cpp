#include "engine/testing/world.hpp"

#include <algorithm>
#include <tuple>

#include "engine/fields.hpp"
#include "engine/journal.hpp"
#include "engine/transition.hpp"
#include "model/codec.hpp"

namespace iwakan::engine::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kAttemptsAtMost = 4;     // then a sink gives up
constexpr std::size_t kWakingsAtMost = 4'000;  // in one advance
constexpr Duration kRemembered = 26h;          // ended alerts; a copy that comes later is news again

AlertBatch batch_of(const Message& message) {
  AlertBatch batch;
  for (const AlertTold& told : message.alerts) {
    Alert alert;
    std::vector<Label> own;
    for (const auto& [label_name, value] : told.labels) own.push_back({batch.keep(label_name), batch.keep(value)});
    batch.keep_sorted(own, alert.labels);
    alert.state = told.state;
    alert.starts_at = told.starts_at;
    alert.ends_at = told.ends_at;
    alert.expires_at = told.expires_at;
    alert.fingerprint = fingerprint_of(alert.labels);
    batch.add(alert);
  }
  return batch;
}

std::string key_of(const Message& message, const AlertTold& told) {
  std::string key = message.source;
  for (const auto& [label_name, value] : told.labels) {
    if (!value.empty()) key += "," + label_name + "=" + value;
  }
  return key;
}

DeliveryAnswer answer_of(Mood mood, std::uint32_t attempts) {
  DeliveryAnswer answer;
  switch (mood) {
    case Mood::well: return answer;
    case Mood::refusing:
      answer.verdict = DeliveryVerdict::give_up;
      answer.reason = DeliveryReason::rejected;
      answer.detail = "no\r\nBcc: all@example.org";
      return answer;
    case Mood::busy: answer.reason = DeliveryReason::rate_limited; break;
    case Mood::silent_and_taken:
    case Mood::silent_and_lost:
      answer.reason = DeliveryReason::timed_out;
      answer.outcome_unknown = true;
      break;
  }
  answer.verdict = attempts >= kAttemptsAtMost ? DeliveryVerdict::give_up : DeliveryVerdict::retry_later;
  return answer;
}

}  // namespace

World::World(Houses houses, TimePoint start, Disk* disk) : houses_(std::move(houses)), disk_(disk), now_(start) {
  begin();
}

void World::flaw(std::string text) {
  flaws_.push_back(std::move(text));
}

void World::note(Flaws flaws) {
  std::move(flaws.begin(), flaws.end(), std::back_inserter(flaws_));
}

// --- events

const Effects& World::step(Event event) {
  const std::map<std::uint64_t, Incident> before = engine_->desk().incidents();
  batch_.push_back({engine_->step(event), std::holds_alternative<Started>(event), std::nullopt, house_});
  const Effects& effects = batch_.back().effects;
  const Moment moment{*engine_, event, effects, rows_, before, now_};
  for (const auto& holds : {a_refusal_changes_nothing, what_is_written_stays, nothing_known_is_lost,
                            acts_stand_in_the_timeline, supervisors_hear_first, recovery_is_told_to_the_told,
                            drafts_are_kept, a_false_alarm_is_told_to_the_told, reports_are_sound}) {
    note(holds(moment));
  }
  apply_rows(effects.rows, rows_);
  heeded_ = std::holds_alternative<TimeReached>(event) || std::holds_alternative<Started>(event);
  return effects;
}

void World::tell(Message message) {
  for (const AlertTold& told : message.alerts) acknowledged_.erase(key_of(message, told));
  AlertsReceived event{
      .at = now_, .source = message.source, .batch = batch_of(message), .truncated = message.truncated};
  step(std::move(event));
  batch_.back().message = std::move(message);
}

const Effects& World::act(Act what, std::string actor) {
  return step(PersonActed{.at = now_, .actor = std::move(actor), .act = std::move(what)});
}

// One batch after the other, as the runner writes them: what a batch brings about stands in the next.
void World::commit() {
  while (!batch_.empty()) {
    std::deque<Stepped> batch = std::exchange(batch_, {});
    bool recalls = false;
    std::vector<std::string> records;
    std::vector<Row> rows;
    for (Stepped& stepped : batch) {
      recalls = recalls || stepped.effects.recall;
      if (disk_ != nullptr) {
        records.insert(records.end(), stepped.effects.records.begin(), stepped.effects.records.end());
        rows.insert(rows.end(), stepped.effects.rows.begin(), stepped.effects.rows.end());
      }
      apply_rows(stepped.effects.rows, on_disk_);
      for (std::string& record : stepped.effects.records) {
        count_episodes(record);
        journal_.push_back({std::move(record), stepped.house});
      }
    }
    if (disk_ != nullptr) disk_->write(records, rows);
    for (Stepped& stepped : batch) release(std::move(stepped));
    if (recalls) recall();
  }
}

void World::release(Stepped stepped) {
  if (stepped.message) {
    for (const AlertTold& told : stepped.message->alerts) {
      acknowledged_[key_of(*stepped.message, told)] = {stepped.message->source, {told}, false};
    }
  }
  for (const Intent& intent : stepped.effects.intents) queue(intent, stepped.resumes);
}

void World::queue(const Intent& intent, bool known) {
  const Delivery& delivery = intent.delivery;
  const bool again = !sent_.insert(delivery.id).second;
  if (!known && !again) {
    const bool once = told_
                          .emplace(delivery.incident, delivery.recipient.sink, delivery.recipient.address,
                                   delivery.report, delivery.version, delivery.edition)
                          .second;
    if (!once) flaw(delivery.id + " tells " + delivery.recipient.address + " what they have been told");
  }
  lanes_[delivery.recipient.id].push_back({delivery, intent.report});
}

void World::recall() {
  std::map<std::string, AlertsRecalled> events;
  for (const auto& [key, value] : on_disk_) {
    if (key.first != Table::alert_texts) continue;
    const std::string source = key.second.substr(0, key.second.find('\0'));
    AlertsRecalled& event = events[source];
    event.at = now_;
    event.source = source;
    if (!decode_alert_text(key.second, value, event.batch)) flaw("a row of alert_texts does not decode");
  }
  for (auto& [source, event] : events) step(std::move(event));
}

// Each episode of an alert counts once (I1), as long as it is remembered.
void World::count_episodes(const std::string& bytes) {
  const auto record = decode_record(bytes);
  if (!record) return flaw("a record of the journal does not decode");
  const auto* seen = std::get_if<TransitionsSeen>(&*record);
  if (seen == nullptr) return;
  for (const Transition& transition : seen->transitions) {
    if (transition.kind != TransitionKind::fired && transition.kind != TransitionKind::superseded) continue;
    const auto [known, is_new] =
        episodes_.try_emplace({seen->source, transition.fingerprint, transition.starts_at}, transition.at);
    if (!is_new && transition.at < known->second + kRemembered) {
      flaw("an episode of " + std::string(transition.alert_name) + " counts twice");
    }
    known->second = transition.at;
  }
}

// --- the process

void World::begin() {
  engine_ = std::make_unique<Engine>(houses_[house_]);
  for (const auto& [key, value] : on_disk_) {
    if (!engine_->restore(key.first, key.second, value)) flaw("a row does not restore: " + key.second);
  }
  rows_ = on_disk_;
  step(Started{now_});
  step(ConfigurationReplaced{now_, std::to_string(house_)});
  heeded_ = false;
  commit();
}

void World::read_the_disk() {
  if (disk_ == nullptr) return;
  Disk::Contents left = disk_->come_back();
  if (left.rows != on_disk_) flaw("the disk has not the rows that were written");
  const bool same = std::equal(left.records.begin(), left.records.end(), journal_.begin(), journal_.end(),
                               [](const std::string& record, const Kept& kept) { return record == kept.record; });
  if (!same) flaw("the disk has not the records that were written");
  on_disk_ = std::move(left.rows);
}

void World::crash(Duration stopped, Duration set_back) {
  std::vector<Message> unheard;
  for (Stepped& stepped : batch_) {
    if (stepped.message) unheard.push_back(*std::move(stepped.message));
  }
  batch_.clear();
  lanes_.clear();
  read_the_disk();
  // The shell lets no time before that of the last record.
  const TimePoint recorded = record_time(journal_.back().record).value_or(now_);
  now_ = std::max(recorded, now_ + stopped - set_back);
  begin();
  for (Message& message : unheard) tell(std::move(message));
  commit();
}

void World::reconfigure(std::size_t house) {
  commit();
  house_ = house % houses_.size();
  engine_->configure(houses_[house_]);
  step(ConfigurationReplaced{now_, std::to_string(house_)});
  commit();
}

void World::skip(Duration by) {
  now_ += by;
  heeded_ = false;
}

void World::wake() {
  step(TimeReached{now_});
}

void World::advance(Duration by) {
  const TimePoint target = now_ + by;
  std::size_t wakings = 0;
  while (now_ < target) {
    now_ = std::clamp(engine_->next_deadline(now_), now_ + 1s, target);
    wake();
    commit();
    if (++wakings > kWakingsAtMost) {
      flaw("the engine is woken all the time");
      now_ = target;
    }
  }
}

// --- sinks

std::vector<std::string> World::waiting() const {
  std::vector<std::string> recipients;
  for (const auto& [recipient, lane] : lanes_) recipients.push_back(recipient);
  return recipients;
}

void World::deliver(const std::string& recipient, Mood mood, Dies dies) {
  const auto lane = lanes_.find(recipient);
  if (lane == lanes_.end()) return;
  Delivery& delivery = lane->second.front().delivery;
  step(DeliveryStarted{now_, delivery.id});
  commit();
  ++delivery.attempts;
  if (dies == Dies::before_it_is_sent) return crash(5s, {});
  const DeliveryAnswer answer = answer_of(mood, delivery.attempts);
  if (mood == Mood::well || mood == Mood::silent_and_taken) {
    if (copies_[delivery.id]++ > 0 && !delivery.maybe_sent) flaw(delivery.id + " comes again, and does not say so");
  }
  if (dies == Dies::before_it_is_recorded) return crash(5s, {});
  delivery.maybe_sent = delivery.maybe_sent || answer.outcome_unknown;
  step(DeliveryAnswered{now_, delivery.id, answer});
  if (dies == Dies::before_the_record_is_written) return crash(5s, {});
  if (answer.verdict != DeliveryVerdict::retry_later) {
    lane->second.pop_front();
    if (lane->second.empty()) lanes_.erase(lane);
  }
  commit();
}

void World::settle() {
  commit();
  advance(40min);
  while (!lanes_.empty()) deliver(lanes_.begin()->first, Mood::well, Dies::never);
  for (const auto& [number, incident] : engine_->desk().incidents()) {
    for (const Wave& wave : incident.waves) {
      const bool goes = incident.status != IncidentStatus::false_alarm && incident.status != IncidentStatus::merged;
      if (goes && wave.state == WaveState::waiting && wave.deadline <= now_) flaw(incident.id + ": a wave never went");
    }
  }
  look_closely();
}

// --- looking

void World::look() {
  if (heeded_) note(deadlines_lie_ahead(*engine_, now_));
  for (const auto& holds : {what_is_due_is_wanted, subjects_have_one_home, roles_stand_apart, names_are_unique,
                            status_is_true, questions_have_their_way}) {
    note(holds(*engine_));
  }
  note(knows_who_was_not_reached(*engine_, rows_));
  acknowledged_is_no_news();
  everything_is_on_its_way();
}

void World::look_closely() {
  commit();
  look();
  note(timelines_are_chained(*engine_, on_disk_));
  note(a_restart_gives_the_same(*engine_, on_disk_, houses_[house_]));
  replay_gives_the_same();
}

// I1: what was acknowledged is known. To hear it again is no news.
void World::acknowledged_is_no_news() {
  for (const auto& [key, message] : acknowledged_) {
    const AlertBatch batch = batch_of(message);
    Alert alert = batch.alerts()[0];
    const AlertEntry* entry = engine_->alerts().find(message.source, alert.fingerprint);
    if (alert.state == AlertState::no_data || alert.starts_at == kZeroTime) continue;
    if (entry == nullptr) {
      const TimePoint said = std::max(alert.starts_at, alert.ends_at.value_or(alert.starts_at));
      if (said + kRemembered > now_) flaw("acknowledged, and not known: " + key);
      continue;
    }
    const auto kind = classify(entry, alert, now_, true);
    if (kind && *kind != TransitionKind::returned) flaw("acknowledged, and news again: " + key);
  }
}

// I3: what was to be sent is delivered, given up for all to see, or on its way.
void World::everything_is_on_its_way() {
  for (const std::string& id : sent_) {
    const auto row = on_disk_.find({Table::ledger, id});
    const bool waits = on_disk_.contains({Table::outbox, id});
    if (row == on_disk_.end() && !waits) flaw(id + " is forgotten");
    if (row == on_disk_.end()) continue;
    const auto delivery = decode<Delivery>(row->second);
    const auto copies = copies_.find(id);
    const bool came = copies != copies_.end() && copies->second > 0;
    if (delivery && delivery->state == DeliveryState::delivered && !came) flaw(id + " counts as delivered, and is not");
  }
  if (!batch_.empty()) return;
  std::set<std::string> on_their_way;
  for (const auto& [recipient, lane] : lanes_) {
    for (const Item& item : lane) {
      if (!on_their_way.insert(item.delivery.id).second) flaw(item.delivery.id + " is on its way twice");
    }
  }
  for (const auto& [key, value] : on_disk_) {
    if (key.first == Table::outbox && on_their_way.erase(key.second) == 0)
      flaw(key.second + " waits, and nobody sends it");
  }
  for (const std::string& id : on_their_way) flaw(id + " is sent, and is not in the outbox");
}

// I5
void World::replay_gives_the_same() {
  if (journal_.empty()) return;
  std::size_t house = journal_.front().house;
  Engine engine(houses_[house]);
  Rows replayed;
  for (const Kept& kept : journal_) {
    if (kept.house != house) engine.configure(houses_[house = kept.house]);
    const auto effects = engine.replay(kept.record);
    if (!effects) return flaw("a record of the journal does not replay");
    apply_rows(effects->rows, replayed);
  }
  for (const auto& [key, value] : on_disk_) {
    const auto found = replayed.find(key);
    if (found == replayed.end() || found->second != value)
      flaw("replay gives another row of " + std::string(name(key.first)) + ": " + key.second);
  }
  for (const auto& [key, value] : replayed) {
    if (!on_disk_.contains(key)) flaw("replay makes up a row of " + std::string(name(key.first)) + ": " + key.second);
  }
}

}  // namespace iwakan::engine::testing
