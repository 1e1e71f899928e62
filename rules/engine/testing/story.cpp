#include "engine/testing/story.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "desk/testing/report_flaws.hpp"
#include "engine/journal.hpp"

namespace iwakan::engine::testing {

using namespace std::chrono_literals;

Setting scalar(std::string text) {
  Setting setting;
  setting.kind = Setting::Kind::scalar;
  setting.scalar = std::move(text);
  return setting;
}

Setting list(std::vector<Setting> items) {
  Setting setting;
  setting.kind = Setting::Kind::list;
  setting.items = std::move(items);
  return setting;
}

Setting map(std::vector<std::pair<std::string, Setting>> fields) {
  Setting setting;
  setting.kind = Setting::Kind::map;
  setting.fields = std::move(fields);
  return setting;
}

std::shared_ptr<Settings> demo_settings() {
  const auto department = [](const char* id, const char* person, const char* name) {
    return map({{"id", scalar(id)},
                {"name", scalar(name)},
                {"ask", scalar("please stand by")},
                {"supervisor", map({{"id", scalar(person)},
                                    {"name", scalar(person)},
                                    {"reach", list({map({{"sink", scalar("mail")}, {"to", scalar(person)}})})}})}});
  };
  const Setting statements =
      list({map({{"match", scalar("severity=\"critical\"")}, {"impact", scalar("possible")}, {"level", scalar("3")}})});
  const Setting root =
      map({{"departments", list({department("cs", "hasegawa", "CS"), department("dev", "sato", "Development")})},
           {"everybody", list({map({{"sink", scalar("chat")}, {"to", scalar("#all")}})})},
           {"contact", scalar("#desk")},
           {"rules", map({{"open_when", map({{"statements", statements}})}})}});
  Complaints complaints;
  Fields fields(root, complaints);
  auto settings = std::make_shared<Settings>(parse_settings(fields, {.sinks = {"mail", "chat"}, .read_file = {}}));
  fields.finish();
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  settings->expire_after["alertmanager"] = 5h;
  return settings;
}

std::shared_ptr<Settings> settings_of(std::vector<std::pair<std::string, Setting>> rules, const char* budget) {
  const Setting root = map({{"rules", map(std::move(rules))}, {"budget", scalar(budget)}});
  Complaints complaints;
  Fields fields(root, complaints);
  auto settings = std::make_shared<Settings>(parse_settings(fields, {}));
  fields.finish();
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  return settings;
}

AlertBatch one_alert(AlertState state, const Labels& labels, TimePoint starts_at, std::optional<TimePoint> ends_at) {
  AlertBatch batch;
  Alert alert;
  std::vector<Label> own;
  for (const auto& [label_name, value] : labels) own.push_back({batch.keep(label_name), batch.keep(value)});
  EXPECT_TRUE(batch.keep_sorted(own, alert.labels));
  alert.state = state;
  alert.starts_at = starts_at;
  alert.ends_at = ends_at;
  alert.fingerprint = fingerprint_of(alert.labels);
  batch.add(alert);
  return batch;
}

void apply_rows(const std::vector<Row>& rows, std::map<std::pair<Table, std::string>, std::string>& to) {
  for (const Row& row : rows) {
    if (row.value) {
      to[{row.table, row.key}] = *row.value;
    } else {
      to.erase({row.table, row.key});
    }
  }
}

Story::Story(std::shared_ptr<const Settings> settings, TimePoint start)
    : settings_(std::move(settings)), engine_(std::make_unique<Engine>(settings_)), now_(start) {
  step(Started{now_});
}

void Story::advance(Duration by) {
  const TimePoint target = now_ + by;
  while (now_ < target) {
    now_ = std::clamp(engine_->next_deadline(now_), now_ + 1s, target);
    step(TimeReached{now_});
  }
}

const Effects& Story::step(const Event& event) {
  last_ = engine_->step(event);
  apply_rows(last_.rows, rows_);
  journal_.insert(journal_.end(), last_.records.begin(), last_.records.end());
  if (last_.recall) recall();
  for (const Intent& intent : last_.intents) {
    const bool written_now = intent.report->issued_at == now_;
    const Incident* about = engine_->desk().find(intent.report->incident);
    if (!written_now || about == nullptr) continue;
    for (const std::string& flaw : desk::testing::report_flaws(*intent.report, *about)) ADD_FAILURE() << flaw;
  }
  return last_;
}

// What the shell does: all alerts with their labels, source by source.
void Story::recall() {
  std::map<std::string, AlertsRecalled> events;
  for (const auto& [key, value] : rows_) {
    if (key.first != Table::alert_texts) continue;
    const std::string source = key.second.substr(0, key.second.find('\0'));
    AlertsRecalled& event = events[source];
    event.at = now_;
    event.source = source;
    EXPECT_TRUE(decode_alert_text(key.second, value, event.batch));
  }
  for (auto& [source, event] : events) {
    const Effects effects = engine_->step(std::move(event));
    apply_rows(effects.rows, rows_);
    journal_.insert(journal_.end(), effects.records.begin(), effects.records.end());
    const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(last_.decisions, effects.decisions);
    append(last_.happened, effects.happened);
    append(last_.intents, effects.intents);
    last_.transitions += effects.transitions;
  }
}

const Effects& Story::fire(const Labels& labels, Duration started_ago) {
  AlertsReceived event{.at = now_, .source = "alertmanager", .batch = {}, .truncated = false};
  event.batch = one_alert(AlertState::firing, labels, now_ - started_ago);
  return step(std::move(event));
}

const Effects& Story::resolve(const Labels& labels, TimePoint starts_at) {
  AlertsReceived event{.at = now_, .source = "alertmanager", .batch = {}, .truncated = false};
  event.batch = one_alert(AlertState::resolved, labels, starts_at, now_);
  return step(std::move(event));
}

const Effects& Story::act(Act what, std::string actor) {
  return step(PersonActed{.at = now_, .actor = std::move(actor), .act = std::move(what)});
}

void Story::deliver(const std::string& delivery) {
  step(DeliveryStarted{now_, delivery});
  step(DeliveryAnswered{now_, delivery, {}});
}

const Incident& Story::incident(std::string_view id) {
  const Incident* found = engine_->desk().find(id);
  static const Incident none;
  EXPECT_NE(found, nullptr) << id;
  return found == nullptr ? none : *found;
}

std::vector<std::string> Story::intent_ids() const {
  std::vector<std::string> ids;
  for (const Intent& intent : last_.intents) ids.push_back(intent.delivery.id);
  return ids;
}

void Story::restart() {
  engine_ = std::make_unique<Engine>(settings_);
  for (const auto& [key, value] : rows_) {
    const auto restored = engine_->restore(key.first, key.second, value);
    EXPECT_TRUE(restored.has_value());
  }
  step(Started{now_});
}

std::string Story::rows_that_replay_changes() const {
  Engine engine(settings_);
  std::map<std::pair<Table, std::string>, std::string> replayed;
  for (const std::string& record : journal_) {
    const auto effects = engine.replay(record);
    EXPECT_TRUE(effects.has_value());
    if (effects) apply_rows(effects->rows, replayed);
  }
  std::string differing;
  const auto note = [&differing](const auto& key) {
    differing += std::string(name(key.first)) + " " + ::testing::PrintToString(key.second) + "\n";
  };
  for (const auto& [key, value] : rows_) {
    const auto found = replayed.find(key);
    if (found == replayed.end() || found->second != value) note(key);
  }
  for (const auto& [key, value] : replayed) {
    if (!rows_.contains(key)) note(key);
  }
  return differing;
}

}  // namespace iwakan::engine::testing
