#include "outlet.hpp"

#include <boost/asio/post.hpp>

#include "door.hpp"
#include "sinks/retry.hpp"

namespace iwakan::app {

Outlet::Outlet(Params params)
    : params_(std::move(params)),
      scheduler_(params_.io),
      dispatchers_({.scheduler = scheduler_,
                    .submit = [this](Event event,
                                     std::function<void()> durable) { submit(std::move(event), std::move(durable)); },
                    .post = [this](std::function<void()> what) { boost::asio::post(params_.io, std::move(what)); },
                    .now = [this] { return params_.runner.now(); },
                    .jitter = [this] { return chance_.next(); },
                    .back_off = sinks::retry_delay}) {}

Result<void> Outlet::use_layout(const settings::Settings& settings) {
  auto layout = sinks::Layout::make(settings.templates, settings.time_zone, params_.invite, settings.words);
  if (!layout) return layout.error();
  if (layout_) {
    *layout_ = *std::move(layout);
    template_failures_ = 0;
  } else {
    layout_ = std::make_unique<sinks::Layout>(*std::move(layout));
  }
  return {};
}

Result<Outlet::Lines> Outlet::start(const settings::Settings& settings) {
  Lines lines;
  const sinks::Surroundings surroundings{params_.http_client, *layout_, credentials()};
  for (const auto& [name, make] : settings.sinks) {
    std::shared_ptr<sinks::Sink> sink = make(surroundings);
    if (auto started = sink->start(); !started) {
      Failure failure = started.error();
      failure.path = "sinks." + name + (failure.path.empty() ? "" : ": " + failure.path);
      return failure;
    }
    lines[name] = {std::move(sink), 1};
    params_.telemetry.know_sink(name);
  }
  return lines;
}

void Outlet::tell_template_failures() {
  for (; template_failures_ < layout_->template_failures(); ++template_failures_) {
    params_.telemetry.report(telemetry::TemplateFellBack{"report", "the plain layout was sent in its place"});
  }
}

void Outlet::submit(Event event, std::function<void()> durable) {
  if (const auto* started = std::get_if<DeliveryStarted>(&event)) {
    attempts_[started->delivery] = params_.clock.monotonic();
  } else if (const auto* answered = std::get_if<DeliveryAnswered>(&event)) {
    tell(*answered);
  }
  params_.runner.submit(std::move(event), [durable = std::move(durable)](const engine::Effects&) { durable(); });
}

void Outlet::tell(const DeliveryAnswered& answered) {
  const auto began = attempts_.find(answered.delivery);
  const auto took = began == attempts_.end() ? Duration{} : params_.clock.monotonic() - began->second;
  if (began != attempts_.end()) attempts_.erase(began);
  const auto& outbox = params_.engine.desk().outbox();
  const auto found = outbox.find(answered.delivery);
  if (found == outbox.end()) return;
  params_.telemetry.report(telemetry::DeliveryAttempted{answered.delivery, found->second.recipient.sink,
                                                        answered.answer.verdict, answered.answer.reason,
                                                        answered.answer.detail, took});
}

}  // namespace iwakan::app
