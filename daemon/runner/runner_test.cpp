// Goal: nothing is answered before it is on disk; a failed write answers nothing, ever; events that wait share
// a write; what is shown agrees with what is stored. Method: a store that records and can be held or fail.
#include "runner/runner.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "engine/journal.hpp"
#include "engine/testing/story.hpp"
#include "store/memory_store.hpp"

namespace iwakan::runner {
namespace {

using namespace std::chrono_literals;

// Lets commits through only while the door is open.
class HeldStore : public store::MemoryStore {
 public:
  Result<void> commit(const store::Commit& commit) override {
    std::unique_lock lock(mutex_);
    ++commits;
    door_.wait(lock, [this] { return open_; });
    return MemoryStore::commit(commit);
  }
  void open(bool open) {
    const std::lock_guard lock(mutex_);
    open_ = open;
    door_.notify_all();
  }
  std::atomic<int> commits{0};

 private:
  std::mutex mutex_;
  std::condition_variable door_;
  bool open_ = true;
};

struct Stage {
  Stage() : engine(engine::testing::demo_settings()) {
    runner.emplace(
        Runner::Params{.io = io,
                       .store = store,
                       .engine = engine,
                       .clock = clock,
                       .released = [this](const engine::Effects& effects) { intents += effects.intents.size(); },
                       .written = [this](const Written& written) { events_written += written.events; },
                       .failed = [this](const Failure&) { failed = true; },
                       .ticked = [] {},
                       .queue_length_max = 4});
  }

  // Runs what is ready until `done` says so, within ten seconds.
  template <class Condition>
  void run_until(Condition done) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    const auto work = boost::asio::make_work_guard(io);
    io.restart();
    while (!done() && std::chrono::steady_clock::now() < end) io.run_one_for(10ms);
    EXPECT_TRUE(done());
  }

  Event alert(const char* service) {
    AlertsReceived event{.at = runner->now(), .source = "alertmanager", .batch = {}, .truncated = false};
    event.batch = engine::testing::one_alert(
        AlertState::firing, {{"alertname", "Down"}, {"service", service}, {"severity", "critical"}}, runner->now());
    return event;
  }

  runtime::ManualClock clock{*parse_time("2031-05-14T01:00:00Z")};
  HeldStore store;
  engine::Engine engine;
  boost::asio::io_context io;
  std::optional<Runner> runner;
  std::size_t intents = 0;
  std::size_t events_written = 0;
  bool failed = false;
};

TEST(Runner, AnswersOnlyWhatIsOnDisk) {
  Stage stage;
  stage.store.open(false);
  bool answered = false;
  std::uint64_t sequence_when_answered = 0;
  stage.runner->submit(stage.alert("checkout"), [&](const engine::Effects&) {
    answered = true;
    sequence_when_answered = stage.store.head().sequence;
  });
  stage.run_until([&] { return stage.store.commits == 1; });
  stage.io.run_for(50ms);
  EXPECT_FALSE(answered);
  EXPECT_EQ(stage.intents, 0U);  // nor is anybody told
  stage.store.open(true);
  stage.run_until([&] { return answered; });
  EXPECT_EQ(sequence_when_answered, 2U);  // that the source spoke, and what it said
  EXPECT_EQ(stage.intents, 2U);
}

TEST(Runner, WhatWaitsSharesAWriteAndShowsOnlyWhatIsSettled) {
  Stage stage;
  stage.store.open(false);
  int answered = 0;
  const auto count = [&](const engine::Effects&) { ++answered; };
  for (const char* service : {"a", "b", "c", "d", "e"}) stage.runner->submit(stage.alert(service), count);
  EXPECT_TRUE(stage.runner->overloaded());
  std::size_t alerts_seen = 0;
  stage.runner->when_settled([&] { alerts_seen = stage.engine.alerts().size(); });
  EXPECT_EQ(alerts_seen, 0U);
  stage.store.open(true);
  stage.run_until([&] { return answered == 5; });
  EXPECT_EQ(alerts_seen, 1U);  // between the first write and the second
  EXPECT_EQ(stage.store.commits, 2);
  EXPECT_FALSE(stage.runner->overloaded());
  stage.runner->when_settled([&] { alerts_seen = stage.engine.alerts().size(); });
  EXPECT_EQ(alerts_seen, 5U);
}

TEST(Runner, AFailedWriteAnswersNothing) {
  Stage stage;
  stage.store.fail_after(0);
  bool answered = false;
  stage.runner->submit(stage.alert("checkout"), [&](const engine::Effects&) { answered = true; });
  stage.run_until([&] { return stage.failed; });
  stage.io.run_for(20ms);
  EXPECT_FALSE(answered);
  EXPECT_EQ(stage.intents, 0U);
}

TEST(Runner, ARefreshIsAnsweredWithoutAWrite) {
  Stage stage;
  int answered = 0;
  stage.runner->submit(stage.alert("checkout"), [&](const engine::Effects&) { ++answered; });
  stage.run_until([&] { return answered == 1; });
  stage.runner->submit(stage.alert("checkout"), [&](const engine::Effects&) { ++answered; });
  EXPECT_EQ(answered, 2);
  EXPECT_EQ(stage.store.commits, 1);
}

TEST(Runner, StopsWhenAllIsWritten) {
  Stage stage;
  stage.store.open(false);
  bool idle = false;
  stage.runner->submit(stage.alert("checkout"));
  stage.runner->submit(stage.alert("mailer"));
  stage.runner->stop([&] { idle = true; });
  stage.io.run_for(20ms);
  EXPECT_FALSE(idle);
  stage.store.open(true);
  stage.run_until([&] { return idle; });
  EXPECT_EQ(stage.store.head().sequence, 3U);  // that the source spoke, and what it said twice
}

// The clock was set back while the process was not there.
TEST(Runner, LetsNoTimeBeforeThatOfTheLastRecord) {
  for (const auto& [ahead, follows] : {std::pair{Duration(5min), true}, std::pair{Duration(72h), false}}) {
    const runtime::ManualClock clock(*parse_time("2031-05-14T01:00:00Z"));
    store::MemoryStore store;
    const TimePoint recorded = clock.now() + ahead;
    ASSERT_TRUE(store.commit({{engine::encode_record(Started{recorded})}, {}}));
    engine::Engine engine(engine::testing::demo_settings());
    boost::asio::io_context io;
    Runner runner({.io = io,
                   .store = store,
                   .engine = engine,
                   .clock = clock,
                   .released = [](const engine::Effects&) {},
                   .written = [](const Written&) {},
                   .failed = [](const Failure&) {},
                   .ticked = [] {}});
    EXPECT_EQ(runner.now(), follows ? recorded : clock.now());
  }
}

TEST(SteadyWall, NeverRunsBackwards) {
  runtime::ManualClock clock(*parse_time("2031-05-14T01:00:00Z"));
  SteadyWall wall(clock);
  const TimePoint start = wall.now();
  clock.advance(10s);
  EXPECT_EQ(wall.now() - start, 10s);
  clock.set(start - 1h);  // set back: the monotonic clock is followed
  clock.advance(5s);
  EXPECT_EQ(wall.now() - start, 15s);
  clock.set(start + 15s + 500ms);  // corrected
  EXPECT_EQ(wall.now() - start, 15s + 500ms);
  clock.set(start + 1h);  // set forward: followed
  EXPECT_EQ(wall.now() - start, 1h);
}

}  // namespace
}  // namespace iwakan::runner
