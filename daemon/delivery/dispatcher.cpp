#include "delivery/dispatcher.hpp"

#include <exception>
#include <utility>

#include "model/assert.hpp"
#include "runtime/failpoint.hpp"

namespace iwakan::delivery {
namespace {

DeliveryAnswer no_such_sink(const std::string& sink_name) {
  DeliveryAnswer answer;
  answer.verdict = DeliveryVerdict::give_up;
  answer.reason = DeliveryReason::misconfigured;
  answer.detail = "the configuration has no sink named \"" + sink_name +
                  "\": add it or change the recipient, reload, then redeliver";
  return answer;
}

DeliveryAnswer no_answer(Duration waited) {
  DeliveryAnswer answer;
  answer.verdict = DeliveryVerdict::retry_later;
  answer.reason = DeliveryReason::timed_out;
  answer.detail = "the sink did not answer within " + format_duration(waited);
  answer.outcome_unknown = true;
  return answer;
}

// What an exception says may hold a secret (a URL, a header), so it is not repeated.
DeliveryAnswer sink_threw() {
  DeliveryAnswer answer;
  answer.verdict = DeliveryVerdict::retry_later;
  answer.reason = DeliveryReason::misconfigured;
  answer.detail = "the sink failed in a way it should not: please report this";
  answer.outcome_unknown = true;
  return answer;
}

}  // namespace

Dispatcher::Dispatcher(std::string sink_name, Line line, const Params& params)
    : sink_name_(std::move(sink_name)), params_(params) {
  use(std::move(line));
}

void Dispatcher::use(Line line) {
  IWAKAN_ASSERT(line.concurrency >= 1);
  IWAKAN_ASSERT(line.concurrency <= kConcurrencyMax);
  line_ = std::move(line);
}

void Dispatcher::dispatch(Delivery delivery, std::shared_ptr<const Report> report) {
  IWAKAN_ASSERT(report != nullptr);
  const std::string recipient = delivery.recipient.id;
  Lane& lane = lanes_[recipient];
  lane.items.push_back({std::move(delivery), std::move(report)});
  ++pending_;
  if (lane.items.size() == 1) ready_.push_back(recipient);
  pump();
}

void Dispatcher::stop() {
  stopping_ = true;
}

void Dispatcher::when_idle(std::function<void()> idle) {
  idle_ = std::move(idle);
}

void Dispatcher::pump() {
  while (!stopping_ && !ready_.empty() && under_way_ < line_.concurrency) {
    const std::string recipient = std::move(ready_.front());
    ready_.pop_front();
    start(recipient);
  }
}

void Dispatcher::start(const std::string& recipient) {
  Lane& lane = lanes_.at(recipient);
  lane.turn = ++turns_;
  ++under_way_;
  const Attempt attempt{recipient, lane.turn};
  if (!line_.sink) {
    record(attempt, no_such_sink(sink_name_), std::nullopt);
    return;
  }
  runtime::failpoint("delivery_before_start");
  params_.submit(DeliveryStarted{params_.now(), lane.items.front().delivery.id},
                 while_alive([this, attempt] { send(attempt); }));
}

// Also while stopping: the start is on disk, and without an answer the next process would have to
// tell the recipient that this may be a repetition.
void Dispatcher::send(const Attempt& attempt) {
  Lane* lane = lane_of(attempt);
  IWAKAN_ASSERT(lane != nullptr);
  runtime::failpoint("delivery_before_send");
  const Item& item = lane->items.front();
  ++lane->items.front().delivery.attempts;

  const auto take = while_alive([this, attempt](DeliveryAnswer answer) { answered(attempt, std::move(answer)); });
  params_.scheduler.after(params_.answer_within, [take, waited = params_.answer_within] { take(no_answer(waited)); });
  // The sink stays alive until it answered, whatever the configuration says by then.
  const sinks::Sink::Done done = [post = params_.post, take, sink = line_.sink](DeliveryAnswer answer) {
    post([take, answer = std::move(answer)] { take(answer); });
  };
  const std::shared_ptr<sinks::Sink> sink = line_.sink;
  try {
    sink->deliver({*item.report, item.delivery, params_.now()}, done);
  } catch (const std::exception&) {
    done(sink_threw());
  }
}

void Dispatcher::answered(const Attempt& attempt, DeliveryAnswer answer) {
  Lane* lane = lane_of(attempt);
  if (lane == nullptr) return;  // the guard spoke first, or the sink spoke twice
  runtime::failpoint("delivery_after_answer");
  Item& item = lane->items.front();
  item.delivery.maybe_sent = item.delivery.maybe_sent || answer.outcome_unknown;
  std::optional<Duration> again_after;
  answer = judged(item, std::move(answer), again_after);
  // The attempt goes on as another turn, so that no further answer of the sink counts.
  lane->turn = ++turns_;
  record({attempt.recipient, lane->turn}, std::move(answer), again_after);
}

// When to try again; an answer that would come too late becomes the last one.
DeliveryAnswer Dispatcher::judged(const Item& item, DeliveryAnswer answer, std::optional<Duration>& again_after) const {
  if (answer.verdict != DeliveryVerdict::retry_later) return answer;
  const Duration wait = params_.back_off(item.delivery.attempts, params_.jitter(), answer.retry_after);
  if (params_.now() - item.delivery.queued_at + wait <= params_.give_up_after) {
    again_after = wait;
    return answer;
  }
  answer.verdict = DeliveryVerdict::give_up;
  answer.detail = "given up after " + format_duration(params_.give_up_after) + "; at last: " + answer.detail;
  return answer;
}

void Dispatcher::record(const Attempt& attempt, DeliveryAnswer answer, std::optional<Duration> again_after) {
  params_.submit(DeliveryAnswered{params_.now(), lane_of(attempt)->items.front().delivery.id, std::move(answer)},
                 while_alive([this, attempt, again_after] { recorded(attempt, again_after); }));
}

void Dispatcher::recorded(const Attempt& attempt, std::optional<Duration> again_after) {
  Lane* lane = lane_of(attempt);
  IWAKAN_ASSERT(lane != nullptr);
  lane->turn = 0;
  --under_way_;
  if (again_after) {
    params_.scheduler.after(*again_after, while_alive([this, recipient = attempt.recipient] {
      ready_.push_back(recipient);
      pump();
    }));
  } else {
    --pending_;
    lane->items.pop_front();
    if (lane->items.empty()) {
      lanes_.erase(attempt.recipient);
    } else {
      ready_.push_back(attempt.recipient);
    }
  }
  pump();
  if (stopping_ && under_way_ == 0 && idle_) idle_();
}

Dispatcher::Lane* Dispatcher::lane_of(const Attempt& attempt) {
  const auto found = lanes_.find(attempt.recipient);
  return found != lanes_.end() && found->second.turn == attempt.turn ? &found->second : nullptr;
}

}  // namespace iwakan::delivery
