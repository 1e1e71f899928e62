// Goal: the engine is told of every alert that a silence holds or releases, however many there are, and of no other.
// Method: an engine on a store in memory, a few rows at a time.
#include "runner/recall.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "engine/testing/story.hpp"
#include "store/memory_store.hpp"

namespace iwakan::runner {
namespace {

using namespace std::chrono_literals;
using engine::testing::Labels;

struct Stage {
  Stage() : engine(engine::testing::demo_settings()) { submit(Started{now}); }

  void submit(const Event& event) {
    engine::Effects effects = engine.step(event);
    ASSERT_TRUE(store.commit({{}, std::move(effects.rows)}));
    if (std::holds_alternative<AlertsRecalled>(event)) {
      recalled += std::get<AlertsRecalled>(event).batch.size();
      ++events;
    }
    if (effects.recall) recall.begin();
  }

  void fire(int count, const std::string& service) {
    for (int i = 0; i < count; ++i) {
      AlertsReceived event{.at = now, .source = i % 2 == 0 ? "alertmanager" : "prometheus", .batch = {}};
      event.batch = engine::testing::one_alert(
          AlertState::firing, Labels{{"alertname", "Slow"}, {"service", service}, {"instance", std::to_string(i)}},
          now);
      submit(std::move(event));
    }
  }

  void work() {
    while (!posted.empty()) {
      const auto next = std::move(posted.front());
      posted.pop_front();
      next();
    }
  }

  std::size_t silenced() const {
    const auto entries = engine.alerts().entries();
    return static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), [](const engine::AlertEntry& entry) {
      return entry.state == MemberState::silenced;
    }));
  }

  TimePoint now = *parse_time("2031-05-14T01:00:00Z");
  engine::Engine engine;
  store::MemoryStore store;
  std::deque<std::function<void()>> posted;
  std::size_t recalled = 0;
  std::size_t events = 0;
  Recall recall{{.engine = engine,
                 .store = store,
                 .now = [this] { return now; },
                 .submit = [this](const Event& event) { submit(event); },
                 .post = [this](std::function<void()> what) { posted.push_back(std::move(what)); },
                 .failed = [](const Failure& failure) { ADD_FAILURE() << to_string(failure); },
                 .rows_at_once = 7}};
};

PersonActed silenced_checkout(TimePoint now) {
  Silence silence;
  silence.conditions = {{"service", "checkout", false, false}};
  silence.starts_at = now;
  silence.ends_at = now + 1h;
  return {now, "tanaka", act::SetSilence{silence, "s-1"}};
}

TEST(Recall, TellsOfAllThatASilenceHoldsAndThenReleases) {
  Stage stage;
  stage.fire(50, "checkout");
  stage.fire(50, "mailer");
  stage.submit(silenced_checkout(stage.now));
  stage.work();
  EXPECT_EQ(stage.recalled, 50U);
  EXPECT_GT(stage.events, 7U);  // a bounded number at a time
  EXPECT_EQ(stage.silenced(), 50U);
  stage.now += 1h;
  stage.submit(TimeReached{stage.now});
  stage.work();
  EXPECT_EQ(stage.recalled, 100U);
  EXPECT_EQ(stage.silenced(), 0U);
}

TEST(Recall, BeginsAgainWhenMuchChangesAtOnce) {
  Stage stage;
  stage.fire(50, "checkout");
  stage.submit(silenced_checkout(stage.now));
  stage.submit(PersonActed{stage.now, "tanaka", act::ExpireSilence{"s-1"}});  // in the middle of it
  stage.work();
  EXPECT_EQ(stage.silenced(), 0U);
}

}  // namespace
}  // namespace iwakan::runner
