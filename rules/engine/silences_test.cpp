// Goal: what people silence opens nothing, is neither resolved nor lost, teaches nobody, and is noticed again when
// the silence ends; silences change as Alertmanager's do; a restart or a replay changes nothing. Method: stories
// against the engine, tables, and random stories from seeds.
#include "engine/silences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/testing/story.hpp"

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;
using testing::demo_settings;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Labels;
using testing::Story;

const Labels kCheckout{{"alertname", "HighErrorRatio"}, {"service", "checkout"}, {"severity", "critical"}};
const Labels kSlow{{"alertname", "Slow"}, {"service", "checkout"}, {"severity", "critical"}};
const Labels kMailer{{"alertname", "QueueGrowing"}, {"service", "mailer"}, {"severity", "critical"}};

act::SetSilence silence(std::vector<LabelCondition> conditions, TimePoint from, Duration lasts,
                        std::string id = "s-1") {
  Silence silence;
  silence.conditions = std::move(conditions);
  silence.starts_at = from;
  silence.ends_at = from + lasts;
  silence.created_by = "tanaka";
  silence.comment = "disk is on order";
  return {std::move(silence), std::move(id)};
}

act::SetSilence of_checkout(TimePoint from, Duration lasts, std::string id = "s-1") {
  return silence({{"service", "checkout", false, false}}, from, lasts, std::move(id));
}

std::vector<std::string> timeline(const Story& story, std::string_view kind) {
  std::vector<std::string> lines;
  for (const auto& [key, value] : story.rows()) {
    if (key.first != Table::timeline) continue;
    Decoder decoder(value);
    std::uint32_t number = 0;
    TimePoint occurred;
    TimePoint recorded;
    std::string actor;
    std::string of_kind;
    std::string ja;
    std::string en;
    decoder(number, occurred, recorded, actor, of_kind, ja, en);
    if (of_kind == kind) lines.push_back(actor + ": " + en);
  }
  return lines;
}

const Decision* kept_decision(Story& story, const std::string& subject) {
  const auto found = story.engine().suspicions().find(subject);
  return found == story.engine().suspicions().end() ? nullptr : &found->second.decision;
}

// Time passes, and the sender repeats the alert.
void go_on(Story& story, const Labels& labels, TimePoint began, Duration how_long) {
  for (const TimePoint end = story.now() + how_long; story.now() < end;) {
    story.advance(std::min<Duration>(1h, end - story.now()));
    story.fire(labels, story.now() - began);
  }
}

TEST(Silence, HoldsBackWhatFiresUnderItAndSaysByWhomAndUntilWhen) {
  Story story(demo_settings());
  story.act(of_checkout(story.now(), 2h), "tanaka");
  const Effects& effects = story.fire(kCheckout);
  EXPECT_TRUE(effects.intents.empty());
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  const Decision* decision = kept_decision(story, "checkout");
  ASSERT_NE(decision, nullptr);
  EXPECT_EQ(decision->reason, DecisionReason::silenced);
  ASSERT_EQ(decision->evidence.size(), 2U);  // what it would have opened for, and what held it back
  EXPECT_EQ(decision->evidence[0].rule, "open_when");
  EXPECT_EQ(decision->evidence[1].rule, "silenced");
  EXPECT_EQ(decision->evidence[1].sentence.en, "Silenced by tanaka until 2031-05-14 03:00 UTC (disk is on order)");
  EXPECT_EQ(decision->evidence[1].sentence.ja, "tanaka により 2031-05-14 03:00 UTC まで静音中（disk is on order）");
  EXPECT_EQ(story.engine().alerts().entries()[0].state, MemberState::silenced);
  story.fire(kMailer);  // another subject
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, EndsAndWhatStillFiresIsNoticed) {
  Story story(demo_settings());
  story.act(of_checkout(story.now(), 2h));
  story.fire(kCheckout);
  story.advance(1h + 59min);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  story.advance(2min);
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  const Incident& incident = story.incident("INC-1");
  EXPECT_EQ(incident.decision.reason, DecisionReason::opened_by_impact);
  EXPECT_EQ(incident.members.at(0).state, MemberState::firing);
  EXPECT_EQ(format_time(incident.members.at(0).starts_at), "2031-05-14T01:00:00Z");  // the same episode
  EXPECT_THAT(timeline(story, "alert").front(), HasSubstr("No longer held back, and still firing"));
  // Sent again, it is a refresh as ever.
  EXPECT_EQ(story.fire(kCheckout, 2h + 1min).transitions, 0U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, EndsAndWhatResolvedUnderItIsNotNews) {
  Story story(demo_settings());
  const TimePoint began = story.now();
  story.act(of_checkout(story.now(), 2h));
  story.fire(kCheckout);
  story.advance(1h);
  story.resolve(kCheckout, began);
  EXPECT_EQ(story.engine().alerts().entries()[0].state, MemberState::resolved);
  story.advance(2h);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, ExpiresByHandAndWhatStillFiresIsNoticedAtOnce) {
  Story story(demo_settings());
  story.act(of_checkout(story.now(), 100h));
  story.fire(kCheckout);
  story.advance(1h);
  const Effects& effects = story.act(act::ExpireSilence{"s-1"}, "suzuki");
  EXPECT_EQ(effects.silence, "s-1");
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
  EXPECT_EQ(story.engine().silences().find("s-1")->state(story.now()), SilenceState::expired);
  story.act(act::ExpireSilence{"s-1"});  // once more changes nothing
  EXPECT_EQ(story.act(act::ExpireSilence{"nobody's"}).refusal->reason, Reason::not_found);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, ComesOverAnIncidentAndIsInItsTimeline) {
  Story story(demo_settings());
  const TimePoint began = story.now();
  story.fire(kCheckout);
  story.fire(kSlow);
  ASSERT_EQ(story.incident("INC-1").members.size(), 2U);
  story.advance(10min);
  story.act(of_checkout(story.now(), 20h), "tanaka");
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::silenced);
  EXPECT_EQ(story.incident("INC-1").members.at(1).state, MemberState::silenced);
  EXPECT_EQ(story.incident("INC-1").status, IncidentStatus::open);
  EXPECT_THAT(timeline(story, "silence"),
              ElementsAre("tanaka: Silenced by tanaka until 2031-05-14 21:10 UTC (disk is on order)"));
  const Labels fresh{{"alertname", "Worse"}, {"service", "checkout"}};
  story.fire(fresh);  // joins, held back
  EXPECT_EQ(story.incident("INC-1").members.at(2).state, MemberState::silenced);

  act::SetSilence longer = of_checkout(began + 10min, 30h);
  longer.silence.id = "s-1";
  longer.silence.comment = "still on order";
  story.act(longer, "suzuki");
  EXPECT_THAT(timeline(story, "silence").back(),
              HasSubstr("suzuki: Silenced by tanaka until 2031-05-15 07:10 UTC (still on order)"));
  story.resolve(kSlow, began);
  EXPECT_EQ(story.incident("INC-1").members.at(1).state, MemberState::resolved);
  go_on(story, kCheckout, began, 31h);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::firing);
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, RemindsOfItsEndOnceAndOnlyWhileSomethingFiresUnderIt) {
  Story story(demo_settings());
  story.fire(kCheckout);
  story.act(of_checkout(story.now(), 20h), "tanaka");
  story.act(silence({{"service", "search", false, false}}, story.now(), 20h, "s-2"));
  const TimePoint began = story.now();
  go_on(story, kCheckout, began, 18h + 59min);
  EXPECT_EQ(timeline(story, "silence").size(), 1U);
  go_on(story, kCheckout, began, 1min);  // an hour before the end
  ASSERT_EQ(timeline(story, "silence").size(), 2U);
  EXPECT_THAT(timeline(story, "silence").back(), HasSubstr("Silence ends soon, and 1 alert still fires."));
  story.restart();
  story.advance(59min);
  EXPECT_EQ(timeline(story, "silence").size(), 2U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, BeginsLaterAndThenHoldsBack) {
  Story story(demo_settings());
  story.act(of_checkout(story.now() + 1h, 1h));
  EXPECT_EQ(story.engine().silences().find("s-1")->state(story.now()), SilenceState::pending);
  story.fire(kCheckout);
  ASSERT_EQ(story.engine().desk().incidents().size(), 1U);
  story.advance(59min);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::firing);
  story.advance(2min);
  EXPECT_EQ(story.incident("INC-1").members.at(0).state, MemberState::silenced);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, OverlapsAnotherAndTheLastEndCounts) {
  Story story(demo_settings());
  story.act(of_checkout(story.now(), 1h, "s-1"));
  story.act(silence({{"severity", "crit.*", true, false}}, story.now(), 3h, "s-2"));
  story.fire(kCheckout);
  story.advance(2h);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  story.act(act::ExpireSilence{"s-2"});
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, SurvivesARestartAlsoOneInTheMiddleOfIt) {
  Story story(demo_settings());
  story.act(of_checkout(story.now(), 2h));
  story.fire(kCheckout);
  story.restart();
  EXPECT_EQ(story.engine().silences().all().size(), 1U);
  EXPECT_EQ(story.engine().alerts().held_by(story.engine().alerts().entries()[0]), "silence/s-1");
  story.fire(kSlow);
  EXPECT_TRUE(story.engine().desk().incidents().empty());
  story.advance(2h);
  EXPECT_EQ(story.engine().desk().incidents().size(), 1U);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, AnAlertThatExpiresUnderItIsNotResolved) {
  Story story(demo_settings());
  story.act(of_checkout(story.now(), 100h));
  story.fire(kCheckout);
  story.advance(2h);
  EXPECT_EQ(story.engine().alerts().entries()[0].state, MemberState::silenced);  // repeated every four hours
  story.advance(4h);
  EXPECT_EQ(story.engine().alerts().entries()[0].state, MemberState::source_lost);
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, TeachesNobody) {
  // A hundred silenced alerts leave the rules as they were: their rows are those of an engine that saw none.
  const auto rows_of_rules = [](const Story& story) {
    std::map<std::string, std::string> rows;
    for (const auto& [key, value] : story.rows()) {
      // Signs of life count under a silence, too, and how alerts look is no matter of what is usual.
      const bool by_the_way = key.second.starts_with("silence/") || key.second.starts_with("specimens/");
      if (key.first == Table::rules && !by_the_way) rows[key.second] = value;
    }
    return rows;
  };
  Story silenced(demo_settings());
  silenced.act(of_checkout(silenced.now(), 100h));
  const auto before = rows_of_rules(silenced);
  for (int i = 0; i < 100; ++i) {
    Labels labels = kCheckout;
    labels.emplace_back("instance", std::to_string(i));
    silenced.fire(labels);
    if (i % 3 == 0) silenced.resolve(labels, silenced.now());
  }
  EXPECT_EQ(rows_of_rules(silenced), before);
}

TEST(Silence, IsRefusedOrChangedAsInAlertmanager) {
  Story story(demo_settings());
  const TimePoint now = story.now();
  const auto refusal = [&](act::SetSilence what) {
    const Effects& effects = story.act(std::move(what));
    return effects.refusal ? effects.refusal->detail : std::string("taken as ") + effects.silence;
  };
  const std::size_t records = story.journal().size();
  EXPECT_EQ(refusal(silence({}, now, 1h)), "at least one matcher required");
  EXPECT_EQ(refusal(silence({{"a", ".*", true, false}}, now, 1h)),
            "at least one matcher must not match the empty string");
  EXPECT_EQ(refusal(silence({{"a", "x", false, true}}, now, 1h)),
            "at least one matcher must not match the empty string");
  EXPECT_EQ(refusal(of_checkout(now, 0h)), "start time must be before end time");
  EXPECT_EQ(refusal(of_checkout(now - 2h, 1h)), "end time can't be in the past");
  EXPECT_THAT(refusal(silence({{"a", "(", true, false}}, now, 1h)), HasSubstr("not a matcher"));
  EXPECT_THAT(refusal(silence({{"a", ".{0,1000}.{0,1000}z", true, false}}, now, 1h)), HasSubstr("too costly"));
  act::SetSilence unknown = of_checkout(now, 1h);
  unknown.silence.id = "s-404";
  EXPECT_EQ(refusal(unknown), "silence s-404 not found");
  EXPECT_EQ(story.journal().size(), records);  // nothing of it happened

  EXPECT_EQ(refusal(of_checkout(now - 1h, 3h, "s-1")), "taken as s-1");
  EXPECT_EQ(story.engine().silences().find("s-1")->starts_at, now);  // not in the past
  act::SetSilence longer = of_checkout(now, 5h, "s-2");
  longer.silence.id = "s-1";
  EXPECT_EQ(refusal(longer), "taken as s-1");
  EXPECT_EQ(story.engine().silences().find("s-1")->ends_at, now + 5h);
  act::SetSilence other = silence({{"service", "mailer", false, false}}, now, 5h, "s-3");
  other.silence.id = "s-1";
  EXPECT_EQ(refusal(other), "taken as s-3");  // other matchers: another silence
  EXPECT_EQ(story.engine().silences().find("s-1")->state(now), SilenceState::expired);
  act::SetSilence again = of_checkout(now, 5h, "s-4");
  again.silence.id = "s-1";
  EXPECT_EQ(refusal(again), "taken as s-4");  // what is over is not changed
  story.advance(6 * 24h);
  EXPECT_TRUE(story.engine().silences().empty());  // forgotten five days after
  EXPECT_EQ(story.rows_that_replay_changes(), "");
}

TEST(Silence, CoversASubjectByTheLabelsThatNameSubjectsOnly) {
  const std::vector<std::string> labels{"service", "job"};
  const struct {
    std::vector<LabelCondition> conditions;
    bool covers;
  } cases[] = {
      {{{"service", "checkout", false, false}}, true},
      {{{"service", "check.*", true, false}, {"service", "other", false, true}}, true},
      {{{"job", "checkout", false, false}}, true},
      {{{"service", "mailer", false, false}}, false},
      {{{"service", "checkout", false, false}, {"severity", "warning", false, false}}, false},
      {{{"alertname", "checkout", false, false}}, false},
      {{{"service", "checkout", false, false}, {"env", "prod", false, true}}, false},
  };
  const TimePoint now = *parse_time("2031-05-14T01:00:00Z");
  for (const auto& one : cases) {
    Silences silences;
    ASSERT_TRUE(silences.set(silence(one.conditions, now, 1h), now));
    EXPECT_EQ(silences.covering("checkout", labels, now) != nullptr, one.covers) << one.conditions[0].label;
    EXPECT_EQ(silences.covering("checkout", labels, now + 1h), nullptr);
  }
}

// Matching by hand, against the matchers.
bool matches(const LabelCondition& condition, const Labels& labels) {
  std::string value;
  for (const auto& [label, text] : labels) {
    if (label == condition.label) value = text;
  }
  const std::string prefix = condition.value.substr(0, condition.value.find(".*"));
  const bool same = condition.is_expression ? value.starts_with(prefix) : value == condition.value;
  return same != condition.negated;
}

// Property: while a silence covers an alert, it opens nothing; and an alert that nothing covers opens at once.
TEST(Silence, HoldsInRandomStories) {
  const std::vector<std::string> services{"checkout", "mailer", "search"};
  const std::vector<std::string> names{"Slow", "Down", "SlowDisk"};
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&random](std::size_t count) { return std::size_t{random()} % count; };
    Story story(demo_settings());
    std::vector<Silence> set;
    std::map<std::size_t, TimePoint> firing;  // by service and name: since when
    for (int step = 0; step < 60; ++step) {
      story.advance(Duration(1min) * static_cast<int>(1 + below(30)));
      const std::size_t which = below(services.size() * names.size());
      const Labels labels{{"alertname", names[which % names.size()]},
                          {"service", services[which / names.size()]},
                          {"severity", "critical"}};
      const std::size_t incidents = story.engine().desk().incidents().size();
      switch (below(5)) {
        case 0: {
          std::vector<LabelCondition> conditions{{"service", services[below(3)], false, below(4) == 0}};
          if (below(2) == 0) conditions.push_back({"alertname", "Slow.*", true, below(3) == 0});
          const bool all = conditions[0].negated;
          if (all) conditions.push_back({"severity", "critical", false, false});
          act::SetSilence what =
              silence(conditions, story.now(), 1min * static_cast<int>(1 + below(200)), "s-" + std::to_string(step));
          set.push_back(what.silence);
          const Effects& effects = story.act(what);
          ASSERT_FALSE(effects.refusal) << effects.refusal->detail;
          EXPECT_EQ(story.engine().desk().incidents().size(), incidents) << seed;
          break;
        }
        case 1:
          if (const auto found = firing.find(which); found != firing.end()) {
            story.resolve(labels, found->second);
            firing.erase(found);
          }
          break;
        default: {
          if (firing.contains(which)) break;
          firing[which] = story.now();
          const bool covered = std::any_of(set.begin(), set.end(), [&](const Silence& one) {
            const bool active = one.state(story.now()) == SilenceState::active;
            return active && std::all_of(one.conditions.begin(), one.conditions.end(),
                                         [&](const LabelCondition& condition) { return matches(condition, labels); });
          });
          const std::string service = labels[1].second;
          const bool open = story.engine().desk().live_incident(service) != nullptr;
          story.fire(labels);
          const bool opened = story.engine().desk().incidents().size() > incidents;
          EXPECT_EQ(opened, !covered && !open) << "seed " << seed << " step " << step;
        }
      }
      if (below(6) == 0) story.restart();
    }
    EXPECT_EQ(story.rows_that_replay_changes(), "") << seed;
  }
}

}  // namespace
}  // namespace iwakan::engine
