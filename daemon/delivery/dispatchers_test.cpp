// Goal: every delivery ends delivered or as a visible dead letter, its attempts are on disk before they
// leave, recipients hear things in order, and no sink waits for another.
// Method: dispatchers between a scripted sink, an engine that writes when the test says so, and time
// that passes by hand. The log of everything that happened is compared as text.

#include "delivery/dispatchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace iwakan::delivery {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimePoint kStart = TimePoint(std::chrono::hours(24 * 365 * 50));

// Time that passes when the test says so.
class ManualScheduler : public Scheduler {
 public:
  explicit ManualScheduler(TimePoint start) : now_(start) {}

  void after(Duration wait, std::function<void()> then) override {
    waiting_.emplace(now_ + std::max(wait, Duration::zero()), std::move(then));
  }

  TimePoint now() const { return now_; }

  // The next deadline up to `until`, if there is one; else time reaches `until`.
  bool step(TimePoint until) {
    if (waiting_.empty() || waiting_.begin()->first > until) {
      now_ = until;
      return false;
    }
    now_ = std::max(now_, waiting_.begin()->first);
    const std::function<void()> then = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    then();
    return true;
  }

 private:
  TimePoint now_;
  std::multimap<TimePoint, std::function<void()>> waiting_;
};

using Log = std::vector<std::string>;

// Answers as it was told, in order; when the script is at its end, delivered. Silent: never answers,
// but keeps what it would have answered to.
class ScriptedSink : public sinks::Sink {
 public:
  ScriptedSink(std::string sink_name, Log& log) : name_(std::move(sink_name)), log_(log) {}

  Result<void> start() override { return {}; }

  void deliver(const sinks::Parcel& parcel, Done done) override {
    log_.push_back(name_ + " sends " + parcel.delivery.id + " attempt " + std::to_string(parcel.delivery.attempts) +
                   (parcel.delivery.maybe_sent ? " maybe sent before" : ""));
    if (throws) throw std::runtime_error("secret");
    if (silent) {
      unanswered.push_back(std::move(done));
      return;
    }
    DeliveryAnswer answer;
    if (!script.empty()) {
      answer = script.front();
      script.erase(script.begin());
    }
    done(answer);
  }

  std::vector<DeliveryAnswer> script;
  std::vector<Done> unanswered;
  bool silent = false;
  bool throws = false;

 private:
  std::string name_;
  Log& log_;
};

DeliveryAnswer later(DeliveryReason reason, std::optional<Duration> retry_after = std::nullopt) {
  return {DeliveryVerdict::retry_later, reason, "", retry_after, false};
}

DeliveryAnswer never(DeliveryReason reason) {
  return {DeliveryVerdict::give_up, reason, "", std::nullopt, false};
}

// Back-off of 10 s, 20 s, 30 s …, or as the peer asked.
Duration back_off(std::uint32_t attempt, double, std::optional<Duration> retry_after) {
  return retry_after.value_or(seconds(10) * attempt);
}

class World {
 public:
  World() { use({"slack", "mail"}); }

  // A sink that keeps what it would answer to keeps itself.
  ~World() {
    for (const auto& [sink_name, sink] : sinks) sink->unanswered.clear();
  }

  Params params() {
    return {
        .scheduler = scheduler,
        .submit = [this](Event event, std::function<void()> durable) { take(std::move(event), std::move(durable)); },
        .post =
            [this](std::function<void()> function) {
              const std::lock_guard lock(mutex_);
              posted_.push_back(std::move(function));
            },
        .now = [this] { return scheduler.now(); },
        .jitter = [] { return 0.5; },
        .back_off = back_off};
  }

  void use(const std::vector<std::string>& names, std::size_t concurrency = 1) {
    std::map<std::string, Line> lines;
    for (const std::string& sink_name : names) {
      sinks[sink_name] = std::make_shared<ScriptedSink>(sink_name, log);
      lines[sink_name] = {sinks[sink_name], concurrency};
    }
    dispatchers->use(lines);
  }

  void dispatch(const std::string& id, const std::string& recipient, const std::string& sink_name) {
    Delivery delivery;
    delivery.id = id;
    delivery.recipient.id = recipient;
    delivery.recipient.sink = sink_name;
    delivery.queued_at = scheduler.now();
    dispatchers->dispatch(std::move(delivery), report);
  }

  // Everything that can happen without time passing.
  void settle() {
    while (true) {
      std::vector<std::function<void()>> due;
      {
        const std::lock_guard lock(mutex_);
        due.swap(posted_);
      }
      if (writes) {
        due.insert(due.end(), unwritten_.begin(), unwritten_.end());
        unwritten_.clear();
      }
      if (due.empty()) return;
      for (const auto& function : due) function();
    }
  }

  void pass(Duration duration) {
    settle();
    const TimePoint until = scheduler.now() + duration;
    while (scheduler.step(until)) settle();
  }

  bool something_posted() {
    const std::lock_guard lock(mutex_);
    return !posted_.empty();
  }

  // What happened since the last call.
  Log happened() { return std::exchange(log, {}); }

  Log log;
  ManualScheduler scheduler{kStart};
  bool writes = true;
  std::map<std::string, std::shared_ptr<ScriptedSink>> sinks;
  std::shared_ptr<const Report> report = std::make_shared<const Report>();
  std::unique_ptr<Dispatchers> dispatchers = std::make_unique<Dispatchers>(params());

 private:
  void take(Event event, std::function<void()> durable) {
    if (const auto* started = std::get_if<DeliveryStarted>(&event)) log.push_back("started " + started->delivery);
    if (const auto* answered = std::get_if<DeliveryAnswered>(&event)) {
      const DeliveryAnswer& answer = answered->answer;
      log.push_back("answered " + answered->delivery + " " + std::string(name(answer.verdict)) + " " +
                    std::string(name(answer.reason)) + (answer.outcome_unknown ? " unknown" : ""));
      details.push_back(answer.detail);
    }
    unwritten_.push_back(std::move(durable));
  }

  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  std::vector<std::function<void()>> unwritten_;

 public:
  std::vector<std::string> details;
};

TEST(Dispatchers, RecordsTheStartBeforeTheFirstByteLeaves) {
  World world;
  world.writes = false;
  world.dispatch("d1", "hasegawa", "slack");
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("started d1"));
  world.writes = true;
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("slack sends d1 attempt 1", "answered d1 delivered accepted"));
  EXPECT_EQ(world.dispatchers->pending().at("slack"), 0U);
}

TEST(Dispatchers, StartsNothingNewUntilTheAnswerIsRecorded) {
  World world;
  world.sinks["slack"]->silent = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.dispatch("d2", "morita", "slack");
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("started d1", "slack sends d1 attempt 1"));
  world.writes = false;
  world.sinks["slack"]->unanswered.front()({});
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("answered d1 delivered accepted"));
  world.writes = true;
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("started d2", "slack sends d2 attempt 1"));
}

TEST(Dispatchers, RunsNoMoreAttemptsAtOnceThanAllowed) {
  for (std::size_t concurrency = 1; concurrency <= kConcurrencyMax; ++concurrency) {
    World world;
    world.use({"slack"}, concurrency);
    world.sinks["slack"]->silent = true;
    for (int i = 0; i < 6; ++i) world.dispatch("d" + std::to_string(i), "r" + std::to_string(i), "slack");
    world.settle();
    EXPECT_EQ(world.sinks["slack"]->unanswered.size(), concurrency);
    EXPECT_EQ(world.dispatchers->under_way(), concurrency);
  }
}

TEST(Dispatchers, KeepsTheOrderOfOneRecipient) {
  World world;
  world.use({"slack"}, 4);
  world.sinks["slack"]->script = {later(DeliveryReason::server_error)};
  world.dispatch("first", "hasegawa", "slack");
  world.dispatch("second", "hasegawa", "slack");
  world.dispatch("other", "morita", "slack");
  world.settle();
  // The recipient's second report waits for the first; another recipient does not.
  EXPECT_THAT(world.happened(), ElementsAre("started first", "started other", "slack sends first attempt 1",
                                            "slack sends other attempt 1", "answered first retry_later server_error",
                                            "answered other delivered accepted"));
  world.pass(seconds(10));
  EXPECT_THAT(world.happened(),
              ElementsAre("started first", "slack sends first attempt 2", "answered first delivered accepted",
                          "started second", "slack sends second attempt 1", "answered second delivered accepted"));
}

TEST(Dispatchers, WaitsAsThePolicySaysAndAsThePeerAsked) {
  World world;
  world.sinks["slack"]->script = {later(DeliveryReason::unreachable), later(DeliveryReason::rate_limited, minutes(7)),
                                  later(DeliveryReason::server_error)};
  world.dispatch("d1", "hasegawa", "slack");
  world.settle();
  std::vector<Duration> waits;
  TimePoint last = world.scheduler.now();
  while (world.dispatchers->pending().at("slack") != 0 && waits.size() < 10) {
    world.happened();
    while (world.log.empty()) world.pass(seconds(1));
    waits.push_back(world.scheduler.now() - last);
    last = world.scheduler.now();
  }
  EXPECT_THAT(waits, ElementsAre(seconds(10), minutes(7), seconds(30)));
}

TEST(Dispatchers, SaysOnTheNextAttemptThatItMayHaveArrived) {
  World world;
  world.sinks["slack"]->script = {{DeliveryVerdict::retry_later, DeliveryReason::timed_out, "", std::nullopt, true},
                                  later(DeliveryReason::server_error)};
  world.dispatch("d1", "hasegawa", "slack");
  world.pass(minutes(1));
  EXPECT_THAT(
      world.happened(),
      ElementsAre("started d1", "slack sends d1 attempt 1", "answered d1 retry_later timed_out unknown", "started d1",
                  "slack sends d1 attempt 2 maybe sent before", "answered d1 retry_later server_error", "started d1",
                  "slack sends d1 attempt 3 maybe sent before", "answered d1 delivered accepted"));
}

TEST(Dispatchers, CountsOnFromTheAttemptsBeforeTheRestart) {
  World world;
  world.sinks["slack"]->script = {later(DeliveryReason::unreachable)};
  Delivery delivery;
  delivery.id = "d1";
  delivery.recipient = {"hasegawa", "", "slack", "", {"ja"}, {}, {}};
  delivery.queued_at = kStart;
  delivery.attempts = 4;
  delivery.maybe_sent = true;
  world.dispatchers->dispatch(delivery, world.report);
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("started d1", "slack sends d1 attempt 5 maybe sent before",
                                            "answered d1 retry_later unreachable"));
  world.pass(seconds(49));
  EXPECT_THAT(world.happened(), IsEmpty());
  world.pass(seconds(1));
  EXPECT_EQ(world.happened().size(), 3U);
}

TEST(Dispatchers, DoesNotWaitForEverForASinkThatNeverAnswers) {
  World world;
  world.sinks["slack"]->silent = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.pass(minutes(2) - seconds(1));
  EXPECT_THAT(world.happened(), ElementsAre("started d1", "slack sends d1 attempt 1"));
  world.pass(seconds(1));
  EXPECT_THAT(world.happened(), ElementsAre("answered d1 retry_later timed_out unknown"));
  EXPECT_EQ(world.details.back(), "the sink did not answer within 2m");
  world.sinks["slack"]->silent = false;
  world.pass(seconds(10));
  EXPECT_THAT(world.happened(), ElementsAre("started d1", "slack sends d1 attempt 2 maybe sent before",
                                            "answered d1 delivered accepted"));
}

TEST(Dispatchers, IgnoresAnAnswerAfterTheGuardAndASecondOne) {
  World world;
  world.sinks["slack"]->silent = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.pass(minutes(2));
  world.happened();
  world.sinks["slack"]->unanswered.at(0)(never(DeliveryReason::rejected));  // too late
  world.settle();
  EXPECT_THAT(world.happened(), IsEmpty());
  world.pass(seconds(10));
  world.happened();
  world.sinks["slack"]->unanswered.at(0)(never(DeliveryReason::rejected));  // of another attempt
  world.sinks["slack"]->unanswered.at(1)({});
  world.sinks["slack"]->unanswered.at(1)({});
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("answered d1 delivered accepted"));
}

TEST(Dispatchers, GivesUpWhereTheSinkSaysSo) {
  World world;
  world.sinks["slack"]->script = {never(DeliveryReason::rejected)};
  world.dispatch("d1", "hasegawa", "slack");
  world.dispatch("d2", "hasegawa", "slack");
  world.pass(hours(1));
  EXPECT_THAT(world.happened(),
              ElementsAre("started d1", "slack sends d1 attempt 1", "answered d1 give_up rejected", "started d2",
                          "slack sends d2 attempt 1", "answered d2 delivered accepted"));
}

TEST(Dispatchers, GivesUpAfterItsTimeAndSaysWhy) {
  World world;
  world.sinks["slack"]->script.assign(1000, later(DeliveryReason::unauthorized, hours(5)));
  world.sinks["slack"]->script.at(4).detail = "invalid_auth";
  world.dispatch("d1", "hasegawa", "slack");
  world.pass(hours(19));
  EXPECT_EQ(world.dispatchers->pending().at("slack"), 1U);
  world.happened();
  // The next attempt would come 25 h after queueing.
  world.pass(hours(1));
  EXPECT_THAT(world.happened(),
              ElementsAre("started d1", "slack sends d1 attempt 5", "answered d1 give_up unauthorized"));
  EXPECT_EQ(world.details.back(), "given up after 1d; at last: invalid_auth");
  EXPECT_EQ(world.dispatchers->pending().at("slack"), 0U);
}

TEST(Dispatchers, TriesOnceWhateverTheAge) {
  World world;
  Delivery delivery;
  delivery.id = "d1";
  delivery.recipient = {"hasegawa", "", "slack", "", {"ja"}, {}, {}};
  delivery.queued_at = kStart - hours(100);
  world.dispatchers->dispatch(delivery, world.report);
  world.settle();
  EXPECT_THAT(world.happened(),
              ElementsAre("started d1", "slack sends d1 attempt 1", "answered d1 delivered accepted"));
}

TEST(Dispatchers, MakesADeadLetterOfADeliveryWithoutASink) {
  World world;
  world.dispatch("d1", "hasegawa", "pager");
  world.dispatch("d2", "hasegawa", "pager");
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("answered d1 give_up misconfigured", "answered d2 give_up misconfigured"));
  EXPECT_EQ(world.details.back(),
            "the configuration has no sink named \"pager\": add it or change the recipient, reload, then redeliver");
}

TEST(Dispatchers, ASlowSinkDelaysNoOther) {
  World world;
  world.sinks["slack"]->silent = true;
  for (int i = 0; i < 5; ++i) world.dispatch("s" + std::to_string(i), "everybody/slack", "slack");
  for (int i = 0; i < 3; ++i) world.dispatch("m" + std::to_string(i), "everybody/mail", "mail");
  world.settle();
  EXPECT_THAT(world.dispatchers->pending(), ElementsAre(std::pair("mail", 0U), std::pair("slack", 5U)));
}

TEST(Dispatchers, TakesAnswersFromAnyThread) {
  World world;
  world.sinks["slack"]->silent = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.settle();
  world.happened();
  std::thread other([done = world.sinks["slack"]->unanswered.front()] { done({}); });
  other.join();
  EXPECT_THAT(world.happened(), IsEmpty());  // nothing happens outside the io thread
  EXPECT_TRUE(world.something_posted());
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("answered d1 delivered accepted"));
}

TEST(Dispatchers, SurvivesASinkThatThrows) {
  World world;
  world.sinks["slack"]->throws = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.settle();
  EXPECT_THAT(world.happened(),
              ElementsAre("started d1", "slack sends d1 attempt 1", "answered d1 retry_later misconfigured unknown"));
  EXPECT_EQ(world.details.back().find("secret"), std::string::npos);
  world.sinks["slack"]->throws = false;
  world.pass(seconds(10));
  EXPECT_EQ(world.happened().back(), "answered d1 delivered accepted");
}

TEST(Dispatchers, GoesOnThroughTheNewSinkOfTheSameName) {
  World world;
  world.sinks["slack"]->silent = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.dispatch("d2", "hasegawa", "slack");
  world.dispatch("d3", "everybody", "mail");
  world.settle();
  world.happened();
  const std::weak_ptr<ScriptedSink> old = world.sinks["slack"];
  sinks::Sink::Done done = std::exchange(world.sinks["slack"]->unanswered.front(), nullptr);
  world.use({"slack"});
  EXPECT_FALSE(old.expired()) << "a sink stays until it answered";
  done({});
  done = nullptr;
  world.settle();
  EXPECT_TRUE(old.expired());
  EXPECT_THAT(world.happened(), ElementsAre("answered d1 delivered accepted", "started d2", "slack sends d2 attempt 1",
                                            "answered d2 delivered accepted"));
  world.dispatch("d4", "everybody", "mail");  // no longer configured
  world.settle();
  EXPECT_THAT(world.happened(), ElementsAre("answered d4 give_up misconfigured"));
}

TEST(Dispatchers, StopsAtOnceWhenNothingIsUnderWay) {
  World world;
  bool stopped = false;
  world.dispatchers->stop(hours(1), [&] { stopped = true; });
  EXPECT_FALSE(stopped);
  world.pass(Duration::zero());
  EXPECT_TRUE(stopped);
  world.dispatch("d1", "hasegawa", "slack");
  world.dispatch("d2", "hasegawa", "pager");
  world.pass(hours(2));
  EXPECT_THAT(world.happened(), IsEmpty());
}

TEST(Dispatchers, StopsWhenEveryAnswerIsRecorded) {
  World world;
  world.sinks["slack"]->silent = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.dispatch("d2", "morita", "slack");
  world.settle();
  world.writes = false;
  world.dispatch("d3", "everybody", "mail");  // its start is not yet on disk
  int stopped = 0;
  world.dispatchers->stop(hours(1), [&] { ++stopped; });
  world.writes = true;
  world.settle();
  EXPECT_EQ(stopped, 0);
  world.sinks["slack"]->unanswered.front()(later(DeliveryReason::unreachable));
  world.settle();
  EXPECT_EQ(stopped, 1);
  world.pass(hours(2));
  EXPECT_EQ(stopped, 1);
  EXPECT_THAT(world.happened(),
              ElementsAre("started d1", "slack sends d1 attempt 1", "started d3", "mail sends d3 attempt 1",
                          "answered d3 delivered accepted", "answered d1 retry_later unreachable"));
}

TEST(Dispatchers, StopsInBoundedTime) {
  World world;
  world.sinks["slack"]->silent = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.settle();
  bool stopped = false;
  world.dispatchers->stop(seconds(5), [&] { stopped = true; });
  world.pass(seconds(4));
  EXPECT_FALSE(stopped);
  world.pass(seconds(1));
  EXPECT_TRUE(stopped);
}

TEST(Dispatchers, MayGoWhileThingsAreStillComing) {
  World world;
  world.sinks["slack"]->silent = true;
  world.dispatch("d1", "hasegawa", "slack");
  world.dispatch("d2", "everybody", "mail");
  world.dispatchers->stop(seconds(5), [] { FAIL() << "stopped after it was gone"; });
  world.writes = false;
  world.settle();
  world.dispatchers.reset();
  world.writes = true;
  world.sinks["slack"]->unanswered.clear();
  world.pass(hours(1));
}

}  // namespace
}  // namespace iwakan::delivery
