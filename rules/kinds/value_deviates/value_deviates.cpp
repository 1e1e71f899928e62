#include "kinds/value_deviates/value_deviates.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "engine/streams.hpp"
#include "kinds/words.hpp"
#include "statistics/readings.hpp"
#include "statistics/sample.hpp"

namespace iwakan::kinds::value_deviates {
namespace {

using engine::Transition;
using statistics::Readings;
using statistics::Sample;

constexpr std::string_view kName = "value_deviates";
constexpr std::string_view kSpreadsKey = "value_deviates/";
constexpr std::string_view kAlertKey = "value_deviates/alert/";
constexpr double kWorthSaying = .05;
constexpr double kSpreadLeast = .01;   // of the mean: how exactly a number can be expected to come again
constexpr double kSpreadUnknown = .3;  // before any are known
constexpr std::uint32_t kTypical = 8;  // numbers by which an alert speaks for others

struct Params {
  std::string annotation;
  std::size_t streams_max = 0;
};

// The number at the beginning of the text ("97.3", "97.3%", "1.2e3 req/s"); nothing: it begins with none.
std::optional<double> number_in(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::string shown(double number) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, number, std::chars_format::general, 4);
  return {text, end};
}

class ValueDeviates final : public engine::Rule {
 public:
  explicit ValueDeviates(Params params)
      : params_(std::move(params)), alerts_(std::string(kAlertKey), params_.streams_max) {}

  void observe(const Transition& transition, bool learn, std::vector<Evidence>& evidence) override {
    if (!begins(transition.kind) || transition.alert == nullptr) return;
    const auto number = number_in(transition.alert->annotation(params_.annotation));
    if (!number) return;
    Readings& usual = *alerts_.touch(transition.of_alert, transition.at).first;
    const double p = usual.as_far_as(transition.at, *number, relative_spread() * std::abs(usual.mean()));
    if (p <= kWorthSaying) evidence.push_back(found(transition, *number, usual, p));
    // What is far off is learned as the farthest usual: one reading must not teach that all is possible.
    const double reach = usual.known() < 5 ? HUGE_VAL : 4 * usual.spread();
    if (!learn) return;
    const double expected = usual.expected(transition.at);
    usual.learn(transition.at, std::clamp(*number, expected - reach, expected + reach));
    if (usual.known() == kTypical && usual.mean() != 0) {
      spreads_.learn(std::log(std::max(kSpreadLeast, usual.spread() / std::abs(usual.mean()))));
      spreads_changed_ = true;
    }
  }

  void save(std::vector<Row>& rows, Extent extent) override {
    if (extent == Extent::all || (spreads_changed_ && extent == Extent::changed)) {
      rows.push_back({Table::rules, std::string(kSpreadsKey), encode(spreads_)});
    }
    spreads_changed_ = false;
    alerts_.save(rows, extent);
  }

  Result<void> restore(std::string_view key, std::string_view value) override {
    if (key == kSpreadsKey) {
      const auto spreads = decode<Sample>(value);
      if (spreads) spreads_ = *spreads;
      if (spreads) return {};
    } else if (alerts_.restore(key, value)) {
      return {};
    }
    return Failure{Reason::corrupted, "a stored alert of value_deviates does not decode", std::string(key)};
  }

  Load load() const override { return {alerts_.size(), alerts_.forgotten()}; }

 private:
  // Of numbers that alerts carry, in parts of their mean.
  double relative_spread() const { return spreads_.known() < 3 ? kSpreadUnknown : std::exp(spreads_.mean()); }

  static Evidence found(const Transition& transition, double number, const Readings& usual, double p) {
    Evidence evidence;
    evidence.rule = kName;
    evidence.subject = transition.subject;
    evidence.at = transition.at;
    evidence.since = transition.at;
    evidence.p_value = p;
    const std::string subject(transition.subject);
    const std::string alert_name(transition.alert_name);
    const double expected = usual.expected(transition.at);
    const double low = expected - 2 * usual.spread();
    const double high = expected + 2 * usual.spread();
    evidence.sentence = {subject + "：「" + alert_name + "」の値は " + shown(number) + " です（ふだんは " + shown(low) +
                             "〜" + shown(high) + "）",
                         subject + ": \"" + alert_name + "\" reads " + shown(number) + "; usual is " + shown(low) +
                             " to " + shown(high)};
    evidence.numbers = {{"value", number},
                        {"expected", expected},
                        {"spread", usual.spread()},
                        {"known", static_cast<double>(usual.known())}};
    return evidence;
  }

  Params params_;
  engine::Streams<Readings> alerts_;  // by subject and alert name
  Sample spreads_;                    // logarithms of the relative spreads, one of each alert
  bool spreads_changed_ = false;
};

}  // namespace

engine::MakeRule parse(Fields& fields) {
  Params params;
  params.annotation = fields.text("annotation", "value");
  params.streams_max = static_cast<std::size_t>(fields.integer("streams_max", 20'000, 100, 1'000'000));
  return [params = std::move(params)] { return std::make_unique<ValueDeviates>(params); };
}

}  // namespace iwakan::kinds::value_deviates
