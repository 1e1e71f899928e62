#include <algorithm>
#include <map>

#include "desk/reporter.hpp"
#include "engine/engine.hpp"
#include "ruletest/rule_test.hpp"
#include "sinks/layout/layout.hpp"

namespace iwakan::ruletest {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSource = "alertmanager";

std::string numbered(std::string text, long number) {
  const std::string figure = std::to_string(number);
  for (std::size_t at = text.find("{n}"); at != std::string::npos; at = text.find("{n}", at + figure.size())) {
    text.replace(at, 3, figure);
  }
  return text;
}

// What happens when: alerts by their firing and its number, people, and looks.
struct Happening {
  const Firing* firing = nullptr;
  long number = 0;
  bool resolves = false;
  const Deed* deed = nullptr;
  const Expectation* expectation = nullptr;
};

std::multimap<Duration, Happening> story_of(const RuleTest& test) {
  std::multimap<Duration, Happening> story;
  Duration last{};
  const auto add = [&](Duration at, Happening happening) {
    last = std::max(last, at);
    story.emplace(at, happening);
  };
  for (const Firing& firing : test.alerts) {
    for (long i = 0; i < firing.times; ++i) {
      const Duration at = firing.at + i * firing.every;
      add(at, {.firing = &firing, .number = i + 1});
      if (firing.lasts > 0s) add(at + firing.lasts, {.firing = &firing, .number = i + 1, .resolves = true});
    }
  }
  for (const Deed& deed : test.people) add(deed.at, {.deed = &deed});
  for (const Expectation& expectation : test.expect) {
    if (expectation.at) add(*expectation.at, {.expectation = &expectation});
  }
  for (const Expectation& expectation : test.expect) {
    if (!expectation.at) story.emplace(last, Happening{.expectation = &expectation});
  }
  return story;
}

class Stage {
 public:
  explicit Stage(const RuleTest& test)
      : test_(test), now_(test.start), engine_(test.settings, engine::Engine::Keeping::nothing) {
    take(engine_.step(Started{now_}));
  }

  void pass_time(TimePoint at) {
    while (now_ < at) {
      now_ = std::clamp(engine_.next_deadline(now_), now_ + 1ms, at);
      take(engine_.step(TimeReached{now_}));
    }
  }

  void play(const Firing& firing, long number, bool resolves) {
    AlertsReceived event{.at = now_, .source = kSource, .batch = {}, .truncated = false};
    const auto kept = [&](const auto& pairs) {
      std::vector<Label> labels;
      labels.reserve(pairs.size());
      for (const auto& [name, value] : pairs)
        labels.push_back({event.batch.keep(name), event.batch.keep(numbered(value, number))});
      std::span<const Label> sorted;
      event.batch.keep_sorted(labels, sorted);
      return sorted;
    };
    Alert alert;
    alert.labels = kept(firing.labels);
    alert.annotations = kept(firing.annotations);
    alert.fingerprint = fingerprint_of(alert.labels);
    alert.state = resolves ? AlertState::resolved : AlertState::firing;
    alert.starts_at = resolves ? now_ - firing.lasts : now_;
    if (resolves) alert.ends_at = now_;
    event.batch.add(alert);
    take(engine_.step(std::move(event)));
  }

  // False: refused, with the reason.
  std::optional<std::string> act(const Act& what) {
    const engine::Effects effects = engine_.step(PersonActed{now_, "test", what});
    take(effects);
    return effects.refusal ? std::optional(to_string(*effects.refusal)) : std::nullopt;
  }

  TimePoint now() const { return now_; }
  const engine::Engine& engine() const { return engine_; }

  // Whether the text stands in the incident's first report, in either language.
  bool reports(const Incident& incident, const std::string& text) const {
    static const auto layout = sinks::Layout::make({}, "UTC");
    const Report report =
        desk::write_report(incident, test_.settings->organisation, ReportKind::first, incident.opened_at);
    const auto as_it_is = [](std::string_view own) { return std::string(own); };
    return std::any_of(kLanguages.begin(), kLanguages.end(), [&](std::string_view language) {
      return layout->text(report, Delivery{}, language, as_it_is).find(text) != std::string::npos;
    });
  }

 private:
  static constexpr std::array<std::string_view, 2> kLanguages{"ja", "en"};

  void take(const engine::Effects&) {}

  const RuleTest& test_;
  TimePoint now_;
  engine::Engine engine_;
};

std::string listed(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all.empty() ? "none" : all;
}

std::vector<std::string> words_of(const Incident& incident) {
  std::vector<std::string> words;
  for (const auto* evidence : {&incident.decision.evidence, &incident.evidence}) {
    for (const Evidence& one : *evidence) {
      words.push_back(one.sentence.en);
      words.push_back(one.sentence.ja);
    }
  }
  return words;
}

bool holds(const std::vector<std::string>& texts, const std::string& wanted) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(wanted) != std::string::npos; });
}

void compare(const Stage& stage, const ExpectedIncident& expected, const Incident& incident,
             std::vector<std::string>& differences) {
  const auto differ = [&](const std::string& wanted, const std::string& came) {
    differences.push_back(incident.id + ": expected " + wanted + "; came " + came);
  };
  for (const std::string& subject : expected.subjects) {
    const auto& held = incident.subjects;
    if (std::find(held.begin(), held.end(), subject) == held.end()) differ("subject " + subject, listed(held));
  }
  if (expected.level && *expected.level != incident.level) {
    differ("level " + std::to_string(*expected.level), std::to_string(incident.level));
  }
  const std::vector<std::string> words = words_of(incident);
  for (const std::string& text : expected.why) {
    if (!holds(words, text)) differ("why: \"" + text + "\"", listed(words));
  }
  for (const std::string& text : expected.report) {
    if (!stage.reports(incident, text)) differ("in the first report: \"" + text + "\"", "a report without it");
  }
}

void compare(const Stage& stage, const Expectation& expectation, std::vector<std::string>& differences) {
  const auto& incidents = stage.engine().desk().incidents();
  if (expectation.incidents) {
    std::vector<std::string> opened;
    opened.reserve(incidents.size());
    for (const auto& [number, incident] : incidents)
      opened.push_back(incident.id + " (" + listed(incident.subjects) + ")");
    if (opened.size() != expectation.incidents->size()) {
      differences.push_back(format_time(stage.now()) + ": expected " + std::to_string(expectation.incidents->size()) +
                            " incidents; came " + std::to_string(opened.size()) + ": " + listed(opened));
    }
    auto incident = incidents.begin();
    for (const ExpectedIncident& expected : *expectation.incidents) {
      if (incident == incidents.end()) break;
      compare(stage, expected, incident->second, differences);
      ++incident;
    }
  }
  for (const ExpectedMiss& miss : expectation.not_opened) {
    const auto found = stage.engine().suspicions().find(miss.subject);
    const std::string came = found == stage.engine().suspicions().end()
                                 ? "nothing noticed"
                                 : std::string(name(found->second.decision.reason));
    if (came != miss.reason && !(miss.reason.empty() && came != "nothing noticed")) {
      differences.push_back(miss.subject + ": expected not opened" + (miss.reason.empty() ? "" : ", " + miss.reason) +
                            "; came " + came);
    }
  }
}

}  // namespace

std::vector<std::string> run_rule_test(const RuleTest& test) {
  std::vector<std::string> differences;
  Stage stage(test);
  for (const auto& [at, happening] : story_of(test)) {
    stage.pass_time(test.start + at);
    if (happening.firing != nullptr) stage.play(*happening.firing, happening.number, happening.resolves);
    if (happening.deed != nullptr) {
      if (const auto refused = stage.act(happening.deed->act)) differences.push_back("people: " + *refused);
    }
    if (happening.expectation != nullptr) compare(stage, *happening.expectation, differences);
  }
  return differences;
}

}  // namespace iwakan::ruletest
