// What is held back: silences that people set, maintenance that the configuration announces.
#include "ctl/words.hpp"
#include "engine/matcher.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

// Read here, so that a slip is told at once.
CLI::Validator matcher_read() {
  return {[](std::string& typed) {
            const auto matcher = engine::Matcher::parse(typed);
            return matcher ? std::string() : matcher.error().detail;
          },
          "MATCHER"};
}

CLI::Validator duration_read() {
  return {[](std::string& typed) {
            const auto duration = parse_duration(typed);
            if (!duration) return duration.error().detail;
            return *duration > Duration{} ? std::string() : std::string("a silence lasts longer than nothing");
          },
          "DURATION"};
}

Inquiry set_silence(const Words& words, TimePoint now) {
  json::array matchers;
  for (const std::string& typed : words.matchers) {
    const LabelCondition condition = engine::Matcher::parse(typed)->condition();
    matchers.emplace_back(json::object{{"name", condition.label},
                                       {"value", condition.value},
                                       {"isRegex", condition.is_expression},
                                       {"isEqual", !condition.negated}});
  }
  const TimePoint end =
      words.at.empty() ? now + *parse_duration(words.value.empty() ? "1h" : words.value) : *parse_time(words.at);
  const json::object body{{"matchers", std::move(matchers)},
                          {"startsAt", format_time(now)},
                          {"endsAt", format_time(end)},
                          {"createdBy", words.actor},
                          {"comment", words.text}};
  return Inquiry{{"POST", "/api/v2/silences", json::serialize(body)}, View::silence_set};
}

void add_silence(CLI::App& app, Words& words, TimePoint now) {
  CLI::App* silence = add_noun(app, "silence", "Alerts that are known for some time: they open nothing until then");
  CLI::App* add =
      add_verb(*silence, "add", "Silences the alerts that match all that is named",
               "iwakanctl silence add service=checkout severity=warning --for 2h --comment \"disk ordered\"");
  add->add_option("MATCHER", words.matchers,
                  "A label and its value: service=checkout, service!=search, name=~\"Disk.*\", name!~\".*Test\"")
      ->required()
      ->check(matcher_read());
  CLI::Option* lasts =
      add->add_option("--for", words.value, "How long: 30m, 2h, 1d")->check(duration_read())->default_str("1h");
  add->add_option("--until", words.at, "Until when, instead: 2026-11-25T18:00:00+09:00")
      ->transform(time_read_at(now))
      ->excludes(lasts);
  add->add_option("--comment", words.text, "Why, for those who wonder later")->required();
  add->callback([&words, now] { words.what = set_silence(words, now); });

  CLI::App* list = add_verb(*silence, "list", "The silences in force and to come", "iwakanctl silence list --all");
  list->add_flag("--all", words.all, "Those that are over as well");
  list->callback([&words] {
    words.what = get(std::string("/api/v2/silences") + (words.all ? "" : "?expired=false"), View::silences);
  });

  CLI::App* expire = add_verb(*silence, "expire", "Ends a silence now: what still fires counts again",
                              "iwakanctl silence expire 4e9c2f10-8f0e-4b7e-9a55-3d1f6f0d7c11");
  expire->add_option("ID", words.id, "Of the silence, as in the list")->required();
  expire->callback([&words] { words.what = post("/api/v1/silences/" + encoded(words.id) + "/expire", {}, words); });
}

void add_maintenance(CLI::App& app, Words& words) {
  CLI::App* maintenance = add_noun(app, "maintenance", "Announced work, during which alerts open nothing");
  CLI::App* list = add_verb(*maintenance, "list", "What the configuration announces, and when it is next",
                            "iwakanctl maintenance list");
  list->callback([&words] { words.what = get("/api/v1/maintenance", View::maintenance); });
}

}  // namespace

void add_silence_commands(CLI::App& app, Words& words, TimePoint now) {
  add_silence(app, words, now);
  add_maintenance(app, words);
}

}  // namespace iwakan::ctl
