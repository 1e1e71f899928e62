// Story: plays events to an engine in a test, and keeps what a store would keep. Test code only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.hpp"

namespace iwakan::engine::testing {

using Labels = std::vector<std::pair<std::string, std::string>>;

// A configuration in few words: a map setting from key and value texts, nested by hand where needed.
Setting scalar(std::string text);
Setting list(std::vector<Setting> items);
Setting map(std::vector<std::pair<std::string, Setting>> fields);

// Departments cs (hasegawa) and dev (sato), one room for everybody; critical alerts open at level 3
// with customers possibly affected.
std::shared_ptr<Settings> demo_settings();

// What most stories of the desk begin with: by demo_settings() it opens an incident at level 3, of the subject
// checkout.
inline const Labels kCheckout{{"alertname", "HighErrorRatio"}, {"service", "checkout"}, {"severity", "critical"}};

// Why what somebody did was refused; empty: it was not.
inline std::string refusal(const Effects& effects) {
  return effects.refusal ? effects.refusal->detail : "";
}

// Settings with the given rules section and budget, and nobody to tell.
std::shared_ptr<Settings> settings_of(std::vector<std::pair<std::string, Setting>> rules, const char* budget);

// An alert batch with one alert.
AlertBatch one_alert(AlertState state, const Labels& labels, TimePoint starts_at,
                     std::optional<TimePoint> ends_at = std::nullopt);

class Story {
 public:
  explicit Story(std::shared_ptr<const Settings> settings, TimePoint start = *parse_time("2031-05-14T01:00:00Z"));

  // Moves the clock, stepping TimeReached whenever the engine wants it.
  void advance(Duration by);
  TimePoint now() const { return now_; }

  // Every report that is written must be without flaw (desk/testing/report_flaws).
  // With what the store recalls, where the engine asks for it.
  const Effects& step(const Event& event);
  const Effects& fire(const Labels& labels, Duration started_ago = {});
  const Effects& resolve(const Labels& labels, TimePoint starts_at);
  const Effects& act(Act what, std::string actor = "hasegawa");
  // Answers a delivery as its sink would: attempt recorded, then delivered.
  void deliver(const std::string& delivery);

  Engine& engine() { return *engine_; }
  const Settings& settings() const { return *settings_; }
  const Incident& incident(std::string_view id);
  std::vector<std::string> intent_ids() const;  // of the last step
  const std::map<std::pair<Table, std::string>, std::string>& rows() const { return rows_; }
  const std::vector<std::string>& journal() const { return journal_; }

  // A new engine on the rows of this one, as after a crash; steps Started.
  void restart();

  // The names of the rows in which a fresh engine that replays the journal differs; empty: none.
  std::string rows_that_replay_changes() const;

 private:
  void recall();

  std::shared_ptr<const Settings> settings_;
  std::unique_ptr<Engine> engine_;
  TimePoint now_;
  Effects last_;
  std::map<std::pair<Table, std::string>, std::string> rows_;
  std::vector<std::string> journal_;
};

// Applies rows as a store would.
void apply_rows(const std::vector<Row>& rows, std::map<std::pair<Table, std::string>, std::string>& to);

}  // namespace iwakan::engine::testing
