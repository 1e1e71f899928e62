#include "engine/testing/plot.hpp"

#include <array>
#include <concepts>
#include <utility>

namespace iwakan::engine::testing {
namespace {

using namespace std::chrono_literals;

// As often as its weight, of all.
constexpr std::array kDeeds{
    std::pair{Deed::alert_begins, 14},
    std::pair{Deed::alerts_repeat, 5},
    std::pair{Deed::alert_ends, 10},
    std::pair{Deed::late_copy, 3},
    std::pair{Deed::source_withdraws, 1},
    std::pair{Deed::person_acts, 34},
    std::pair{Deed::time_passes, 14},
    std::pair{Deed::clock_jumps, 3},
    std::pair{Deed::delivery, 10},
    std::pair{Deed::sinks_work, 3},
    std::pair{Deed::crash, 4},
    std::pair{Deed::reconfiguration, 1},
};

const std::array<std::string, 4> kSources{"alertmanager", "alertmanager", "cloudwatch", "prometheus"};
const std::array<std::string, 5> kSubjects{"checkout", "mailer", "search", "payments", "shelf"};
const std::array<std::string, 3> kAlerts{"HighErrorRatio", "Slow", "QueueGrowing"};
const std::array<std::string, 7> kSeverities{"critical", "critical", "major", "page", "page", "warning", "info"};
const std::array<std::string, 8> kPeople{"hasegawa", "sato", "mori", "kato", "fujii", "hasegawa", "sato", "api"};
const std::array<std::string, 8> kTexts{"",
                                        "it is slow",
                                        "in-store payments work",
                                        "様子を見ています",
                                        "<!channel> *x*\r\nBcc: all@example.org\n# x",
                                        "{{x}} <script>alert(1)</script> \x1b[31m\x07",
                                        "\xff\xfe half a character: \xe3\x81",
                                        std::string(20'000, 'a')};
const std::array<Duration, 8> kWhiles{1s, 20s, 1min, 5min, 10min, 20min, 1h, 4h};

std::string_view name(Deed deed) {
  switch (deed) {
    case Deed::alert_begins: return "begins";
    case Deed::alerts_repeat: return "repeat";
    case Deed::alert_ends: return "ends";
    case Deed::late_copy: return "late copy";
    case Deed::source_withdraws: return "source withdraws";
    case Deed::person_acts: return "acts";
    case Deed::time_passes: return "time passes";
    case Deed::clock_jumps: return "clock jumps";
    case Deed::delivery: return "delivery";
    case Deed::sinks_work: return "sinks work";
    case Deed::crash: return "crash";
    case Deed::reconfiguration: return "configuration";
  }
  return "";
}

std::string told(const Message& message) {
  std::string text = message.source + (message.truncated ? ", truncated" : "");
  for (const AlertTold& alert : message.alerts) {
    text += " [" + std::string(iwakan::name(alert.state));
    for (const auto& [label_name, value] : alert.labels) text += " " + value;
    text += alert.starts_at == kZeroTime ? " since ever" : " since " + format_time(alert.starts_at);
    if (alert.ends_at) text += " until " + format_time(*alert.ends_at);
    text += "]";
  }
  return text;
}

// Fills an act with what people say, sensible or not: members are known by their names and types.
class Filler {
 public:
  Filler(Dice& dice, const World& world, std::size_t number) : dice_(dice), world_(world), number_(number) {}

  template <class What>
  void fill(What& what) {
    if constexpr (requires { what.incident; }) put("incident", what.incident, incident());
    if constexpr (requires { what.into = std::string(); }) put("into", what.into, incident());
    if constexpr (requires { what.into = 1U; }) number("into", what.into, 4);
    if constexpr (requires { what.entry; }) number("entry", what.entry, 9);
    if constexpr (requires { what.lines; }) chat(what.lines);
    if constexpr (requires { what.person; }) put("person", what.person, person());
    if constexpr (requires { what.to; }) put("to", what.to, person());
    if constexpr (requires { what.subject; })
      put("subject", what.subject, dice_.once_in(12) ? dice_.one_of(kTexts) : dice_.one_of(kSubjects));
    if constexpr (requires { what.subjects; }) subjects(what.incident, what.subjects);
    if constexpr (requires { what.department; }) put("department", what.department, department());
    if constexpr (requires { what.delivery; }) put("delivery", what.delivery, dead_letter());
    if constexpr (requires { what.unknown; }) put("unknown", what.unknown, unknown(what.incident));
    if constexpr (requires { what.fact; }) put("fact", what.fact, static_cast<std::uint32_t>(1 + dice_.below(4)));
    if constexpr (requires { what.question; }) number("question", what.question, 4);
    if constexpr (requires { what.level; }) put("level", what.level, static_cast<int>(dice_.below(6)) - 1);
    if constexpr (requires { what.status; }) enumerated("status", what.status, 8);
    if constexpr (requires { what.impact; }) enumerated("impact", what.impact, 4);
    if constexpr (requires { what.judgement; }) enumerated("judgement", what.judgement, 4);
    if constexpr (requires { what.origin; }) enumerated("origin", what.origin, 6);
    if constexpr (requires { what.role; }) enumerated("role", what.role, 7);
    if constexpr (requires { what.field; }) enumerated("field", what.field, 8);
    if constexpr (requires { what.kind; }) enumerated("kind", what.kind, 4);
    texts(what);
    times(what);
    if constexpr (requires { what.silence; }) silence(what.silence);
    if constexpr (requires { what.fresh_id; }) put("fresh_id", what.fresh_id, "silence-" + std::to_string(number_));
    if constexpr (requires { what.id; }) put("id", what.id, silence_id());
  }

  const std::string& said() const { return said_; }

 private:
  template <class What>
  void texts(What& what) {
    if constexpr (requires { what.text; }) text("text", what.text);
    if constexpr (requires { what.why; }) text("why", what.why);
    if constexpr (requires { what.what; }) text("what", what.what);
    if constexpr (requires { what.title; }) text("title", what.title);
    if constexpr (requires { what.source; }) text("source", what.source);
    if constexpr (requires { what.checker; }) text("checker", what.checker);
    if constexpr (requires { what.answer; }) text("answer", what.answer);
    if constexpr (requires { what.although; }) text("although", what.although);
    if constexpr (requires { what.corrects; }) text("corrects", what.corrects);
    if constexpr (requires { what.does; }) text("does", what.does);
  }
  template <class What>
  void times(What& what) {
    if constexpr (requires { what.since; }) time("since", what.since);
    if constexpr (requires { what.at; }) time("at", what.at);
    if constexpr (requires { what.due; }) time("due", what.due);
    if constexpr (requires { what.occurred_at; }) time("occurred_at", what.occurred_at);
  }

  void note(std::string_view member, std::string value) {
    if (value.size() > 40) value.resize(40);
    said_ += " " + std::string(member) + "=" + value;
  }
  void put(std::string_view member, std::string& to, std::string value) {
    note(member, value);
    to = std::move(value);
  }
  template <class Number>
  requires std::integral<Number>
  void put(std::string_view member, Number& to, Number value) {
    note(member, std::to_string(value));
    to = value;
  }
  template <class Number>
  void number(std::string_view member, Number& to, std::size_t most) {
    if constexpr (std::integral<Number>) put(member, to, static_cast<Number>(1 + dice_.below(most)));
  }
  template <class Enumeration>
  void enumerated(std::string_view member, Enumeration& to, std::size_t count) {
    if constexpr (std::is_enum_v<Enumeration>) {
      to = static_cast<Enumeration>(dice_.below(count));
      note(member, std::to_string(static_cast<int>(to)));
    }
  }
  // Texts are mostly sensible, so that much is accepted.
  std::string words() { return dice_.once_in(3) ? dice_.one_of(kTexts) : kTexts[1 + dice_.below(3)]; }
  void text(std::string_view member, std::string& to) { put(member, to, words()); }
  void text(std::string_view member, Sentence& to) {
    std::string value = words() + (dice_.once_in(2) ? " " + std::to_string(number_) : "");
    note(member, value);
    to = same_in_all(value);
  }
  template <class Other>
  void text(std::string_view, Other&) {}
  void time(std::string_view member, TimePoint& to) {
    const Duration away = dice_.up_to(2h);
    to = dice_.once_in(4) ? world_.now() - away : world_.now() + away;
    note(member, format_time(to));
  }
  void time(std::string_view member, std::optional<TimePoint>& to) {
    if (dice_.once_in(2)) return;
    time(member, to.emplace());
    if (member != "due" && dice_.below(4) != 0) to = world_.now() - (*to > world_.now() ? *to - world_.now() : 0s);
  }

  std::string incident() {
    const auto& incidents = world_.engine().desk().incidents();
    if (incidents.empty() || dice_.once_in(25)) return dice_.once_in(2) ? "INC-99" : "INC-01";
    if (dice_.below(4) != 0) {
      std::vector<std::string> live;
      for (const auto& [number, one] : incidents) {
        if (is_live(one.status)) live.push_back(one.id);
      }
      if (!live.empty()) return dice_.one_of(live);
    }
    return std::next(incidents.begin(), static_cast<std::ptrdiff_t>(dice_.below(incidents.size())))->second.id;
  }
  std::string person() { return dice_.once_in(6) ? dice_.one_of(kTexts) : dice_.one_of(kPeople); }
  std::string department() {
    const auto& departments = world_.settings().organisation.departments;
    return departments.empty() || dice_.once_in(6) ? "nobody" : dice_.one_of(departments).id;
  }
  std::string dead_letter() {
    const auto& dead = world_.engine().desk().dead_letters();
    if (dead.empty()) return "INC-1.1.nobody";
    return std::next(dead.begin(), static_cast<std::ptrdiff_t>(dice_.below(dead.size())))->first;
  }
  std::string unknown(const std::string& id) {
    const Incident* incident = world_.engine().desk().find(id);
    return incident == nullptr || incident->unknowns.empty() ? "cause" : dice_.one_of(incident->unknowns).id;
  }
  void subjects(const std::string& id, std::vector<std::string>& to) {
    const Incident* incident = world_.engine().desk().find(id);
    if (incident == nullptr) return;
    for (const std::string& subject : incident->subjects) {
      if (!dice_.once_in(2)) continue;
      to.push_back(subject);
      note("subject", subject);
    }
  }
  template <class Lines>
  void chat(Lines& to) {
    for (std::size_t left = dice_.below(4); left > 0; --left) {
      auto& line = to.emplace_back();
      line.source_id = "line-" + std::to_string(dice_.below(9));
      line.author = person();
      line.text = words();
      time("occurred_at", line.occurred_at);
    }
  }
  std::string silence_id() {
    const auto all = world_.engine().silences().all();
    return all.empty() || dice_.once_in(6) ? "" : dice_.one_of(all)->id;
  }
  void silence(Silence& to) {
    if (dice_.once_in(3)) to.id = silence_id();
    to.conditions.push_back({"service", dice_.one_of(kSubjects), false, dice_.once_in(8)});
    if (dice_.once_in(3)) to.conditions.push_back({"alertname", "S.*|Q.*", true, false});
    to.starts_at = dice_.once_in(3) ? world_.now() + dice_.up_to(1h) : world_.now();
    to.ends_at = to.starts_at + dice_.up_to(3h);
    to.created_by = dice_.one_of(kPeople);
    to.comment = words();
    note("silence", to.id + " " + to.conditions[0].value + " until " + format_time(to.ends_at));
  }

  Dice& dice_;
  const World& world_;
  std::size_t number_;
  std::string said_;
};

template <std::size_t... index>
Act empty_act(std::size_t wanted, std::index_sequence<index...>) {
  Act act;
  static_cast<void>(((index == wanted && (act.emplace<index>(), true)) || ...));
  return act;
}

}  // namespace

Plot plot_of(std::uint64_t seed, std::size_t steps) {
  int all = 0;
  for (const auto& [deed, weight] : kDeeds) all += weight;
  Dice dice(seed);
  Plot plot;
  while (plot.size() < steps) {
    auto left = static_cast<int>(dice.below(static_cast<std::size_t>(all)));
    for (const auto& [deed, weight] : kDeeds) {
      left -= weight;
      if (left >= 0) continue;
      plot.push_back({deed, dice.roll()});
      break;
    }
  }
  return plot;
}

std::string Player::play(const PlotStep& step) {
  Dice dice(step.roll);
  const bool written = dice.below(4) != 0;
  std::string line = format_time(world_.now()) + " " + std::string(name(step.deed)) + " ";
  switch (step.deed) {
    case Deed::alert_begins: line += alert_begins(dice); break;
    case Deed::alerts_repeat: line += alerts_repeat(dice); break;
    case Deed::alert_ends: line += alert_ends(dice); break;
    case Deed::late_copy: line += late_copy(dice); break;
    case Deed::source_withdraws: {
      const std::string source = dice.one_of(kSources);
      line += source;
      world_.step(SourceWithdrawn{world_.now(), source, dice.one_of(kTexts)});
      break;
    }
    case Deed::person_acts: line += person_acts(dice); break;
    case Deed::time_passes: line += time_passes(dice); break;
    case Deed::clock_jumps: {
      const Duration by = dice.one_of(kWhiles);
      line += format_duration(by);
      world_.skip(by);
      break;
    }
    case Deed::delivery: line += delivery(dice); break;
    case Deed::sinks_work:
      world_.commit();
      for (const std::string& recipient : world_.waiting()) world_.deliver(recipient, Mood::well, Dies::never);
      break;
    case Deed::crash: {
      const Duration stopped = dice.one_of(kWhiles);
      const Duration set_back = dice.once_in(4) ? stopped + dice.up_to(5min) : 0s;
      line += "for " + format_duration(stopped) + ", set back by " + format_duration(set_back);
      world_.crash(stopped, set_back);
      break;
    }
    case Deed::reconfiguration: {
      const std::size_t house = dice.below(4);
      line += std::to_string(house);
      world_.reconfigure(house);
      break;
    }
  }
  if (written) {
    world_.commit();
  } else {
    line += " (not yet written)";
  }
  return line;
}

void Player::say(Message message) {
  said_.push_back(message);
  world_.tell(std::move(message));
}

std::string Player::alert_begins(Dice& dice) {
  AlertTold told;
  const std::string source = dice.one_of(kSources);
  const std::string subject = dice.one_of(kSubjects);
  const std::string alert_name = dice.one_of(kAlerts);
  told.labels = {{"alertname", alert_name}, {"service", subject}};
  const std::string severity = dice.one_of(kSeverities);
  told.labels.emplace_back("severity", severity);
  if (dice.once_in(8)) told.labels.emplace_back("note", dice.one_of(kTexts));
  told.starts_at = dice.once_in(12) ? kZeroTime : world_.now() - dice.up_to(2min);
  if (dice.once_in(6)) told.expires_at = world_.now() + 4min;
  Condition& condition = conditions_[source + subject + alert_name + severity];
  if (condition.firing) return "still";
  // No episode begins before the one before it has ended.
  if (told.starts_at != kZeroTime) told.starts_at = std::max(told.starts_at, condition.ended_at + 1s);
  condition = {{source, {told}, false}, true, condition.ended_at};
  say(condition.last);
  return iwakan::engine::testing::told(condition.last);
}

std::string Player::alerts_repeat(Dice& dice) {
  const std::string source = dice.one_of(kSources);
  Message all{source, {}, dice.once_in(4)};
  for (const auto& [key, condition] : conditions_) {
    if (condition.last.source != source || !condition.firing || (all.truncated && dice.once_in(2))) continue;
    all.alerts.push_back(condition.last.alerts.front());
  }
  if (all.alerts.empty()) return "nothing";
  say(all);
  return told(all);
}

std::string Player::alert_ends(Dice& dice) {
  std::vector<Condition*> firing;
  for (auto& [key, condition] : conditions_) {
    if (condition.firing) firing.push_back(&condition);
  }
  if (firing.empty()) return "nothing";
  Condition& condition = *dice.one_of(firing);
  condition.firing = false;
  Message message = condition.last;
  AlertTold& alert = message.alerts.front();
  alert.state = message.source == "cloudwatch" && dice.once_in(3) ? AlertState::no_data : AlertState::resolved;
  alert.ends_at = world_.now() - dice.up_to(20s);
  if (alert.starts_at != kZeroTime) alert.ends_at = std::max(*alert.ends_at, alert.starts_at);
  alert.expires_at.reset();
  condition.ended_at = *alert.ends_at;
  std::string line = told(message);
  if (dice.once_in(10)) return "unsaid: " + line;
  say(std::move(message));
  return line;
}

// Of a twin, a retry, a proxy that kept it.
std::string Player::late_copy(Dice& dice) {
  if (said_.empty()) return "nothing";
  const std::size_t ago = dice.below(std::min<std::size_t>(said_.size(), 8));
  const Message copy = said_[said_.size() - 1 - ago];
  world_.tell(copy);
  return told(copy);
}

std::string Player::person_acts(Dice& dice) {
  // Acknowledgements are what people do most.
  const std::size_t wanted = dice.once_in(4) ? 0 : dice.below(std::variant_size_v<Act>);
  Act act = empty_act(wanted, std::make_index_sequence<std::variant_size_v<Act>>());
  Filler filler(dice, world_, ++silences_);
  std::visit([&filler](auto& what) { filler.fill(what); }, act);
  const std::string actor = dice.one_of(kPeople);
  const Effects& effects = world_.act(std::move(act), actor);
  std::string line = actor + ": act " + std::to_string(wanted) + filler.said();
  if (effects.refusal) line += " -> refused: " + effects.refusal->detail.substr(0, 80);
  return line;
}

std::string Player::time_passes(Dice& dice) {
  const Duration by = dice.once_in(40) ? 30h : dice.one_of(kWhiles);
  world_.commit();
  world_.advance(by);
  return format_duration(by);
}

std::string Player::delivery(Dice& dice) {
  world_.commit();
  const auto waiting = world_.waiting();
  if (waiting.empty()) return "nothing";
  const std::string recipient = dice.one_of(waiting);
  const auto mood = dice.once_in(2) ? Mood::well : static_cast<Mood>(dice.below(5));
  const auto dies = dice.once_in(5) ? static_cast<Dies>(dice.below(4)) : Dies::never;
  world_.deliver(recipient, mood, dies);
  return recipient + " mood " + std::to_string(static_cast<int>(mood)) + " dies " +
         std::to_string(static_cast<int>(dies));
}

}  // namespace iwakan::engine::testing
