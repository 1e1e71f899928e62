#include <algorithm>
#include <filesystem>

#include "ruletest/rule_test.hpp"
#include "settings/settings.hpp"
#include "settings/yaml.hpp"

namespace iwakan::ruletest {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLongest = 24h * 366;
constexpr const char* kStart = "2026-11-02T00:00:00Z";  // a Monday

std::vector<std::pair<std::string, std::string>> pairs(Fields& fields, const char* key) {
  std::vector<std::pair<std::string, std::string>> found;
  const Setting* own = fields.child(key);
  if (own == nullptr) return found;
  if (own->kind != Setting::Kind::map)
    complain(fields.complaints(), *own, "must be names with values", "{service: checkout}");
  for (const auto& [label, value] : own->fields) {
    if (value.kind != Setting::Kind::scalar) complain(fields.complaints(), value, "must be a text");
    found.emplace_back(label, value.scalar);
  }
  return found;
}

Firing parse_firing(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  Firing firing;
  firing.at = fields.duration("at", 0s, 0s, kLongest);
  firing.every = fields.duration("every", 0s, 0s, kLongest);
  firing.lasts = fields.duration("lasts", 0s, 0s, kLongest);
  const Duration during = fields.duration("for", 0s, 0s, kLongest);
  firing.times = fields.integer("times", 1, 1, 1'000'000);
  if (during > 0s && firing.every > 0s) firing.times = std::max<long>(1, during / firing.every);
  if (firing.times > 1 && firing.every <= 0s)
    complain(complaints, setting, "fires more than once, but not said how far apart", "add every: 20s");
  if (fields.has("for") && firing.every <= 0s)
    complain(complaints, setting, "for: needs every:", "for how long an alert fires is lasts:");
  firing.labels = pairs(fields, "labels");
  firing.annotations = pairs(fields, "annotations");
  if (firing.labels.empty())
    complain(complaints, setting, "an alert needs labels", "labels: {alertname: Slow, service: checkout}");
  fields.finish();
  return firing;
}

Deed parse_deed(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  Deed deed;
  deed.at = fields.duration("at", 0s, 0s, kLongest);
  const std::string confirm = fields.text("confirm");
  const std::string dismiss = fields.text("dismiss");
  const std::string unjudge = fields.text("unjudge");
  const std::string close = fields.text("close");
  if (!confirm.empty()) {
    deed.act = act::Judge{confirm, Judgement::confirmed, {}};
  } else if (!dismiss.empty()) {
    deed.act = act::Judge{dismiss, Judgement::dismissed, {}};
  } else if (!unjudge.empty()) {
    deed.act = act::Judge{unjudge, Judgement::none, {}};
  } else if (!close.empty()) {
    deed.act = act::DeclareRecovery{close, "the test says that it is over"};
  } else {
    complain(complaints, setting, "nobody does anything", "confirm, dismiss, unjudge or close: INC-1");
  }
  fields.finish();
  return deed;
}

ExpectedIncident parse_incident(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  ExpectedIncident incident;
  incident.subjects = fields.texts("subjects");
  if (fields.has("level")) incident.level = static_cast<int>(fields.integer("level", 0, 0, 9));
  incident.why = fields.texts("why");
  incident.report = fields.texts("report");
  fields.finish();
  return incident;
}

Expectation parse_expectation(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  Expectation expectation;
  if (fields.has("at")) expectation.at = fields.duration("at", 0s, 0s, kLongest);
  if (fields.has("incidents")) {
    expectation.incidents.emplace();
    for (const Setting& item : fields.list("incidents"))
      expectation.incidents->push_back(parse_incident(item, complaints));
  }
  for (const Setting& item : fields.list("not_opened")) {
    Fields own(item, complaints);
    ExpectedMiss miss;
    miss.subject = own.required_text("subject");
    miss.reason = own.text("reason");
    own.finish();
    expectation.not_opened.push_back(std::move(miss));
  }
  if (!expectation.incidents && expectation.not_opened.empty()) {
    complain(complaints, setting, "expects nothing", "incidents: [] says that none is opened");
  }
  fields.finish();
  return expectation;
}

std::shared_ptr<const engine::Settings> parse_settings_of(Fields& fields, const std::string& folder) {
  const std::string config = fields.text("config");
  const Setting* own = fields.child("settings");
  Complaints& complaints = fields.complaints();
  if (!config.empty() && own != nullptr)
    complain(complaints, fields.setting(), "has a config and settings: one of them");
  if (!config.empty()) {
    const auto loaded = settings::load((std::filesystem::path(folder) / config).string(), complaints);
    return loaded ? loaded->engine : nullptr;
  }
  const Setting none;
  Fields root(own == nullptr ? none : *own, complaints);
  auto parsed = std::make_shared<engine::Settings>(engine::parse_settings(root, {}));
  root.finish();
  return parsed;
}

RuleTest parse_test(const Setting& setting, const std::string& folder, Complaints& complaints) {
  Fields fields(setting, complaints);
  RuleTest test;
  test.place = setting.place;
  test.name = fields.required_text("name");
  const std::string start = fields.text("start", kStart);
  if (const auto time = parse_time(start)) {
    test.start = *time;
  } else {
    complain(complaints, *fields.child("start"), time.error().detail);
  }
  test.settings = parse_settings_of(fields, folder);
  for (const Setting& item : fields.list("alerts")) test.alerts.push_back(parse_firing(item, complaints));
  for (const Setting& item : fields.list("people")) test.people.push_back(parse_deed(item, complaints));
  for (const Setting& item : fields.list("expect")) test.expect.push_back(parse_expectation(item, complaints));
  if (test.expect.empty()) complain(complaints, setting, "expects nothing", "add expect: [{incidents: []}]");
  fields.finish();
  return test;
}

}  // namespace

std::vector<RuleTest> parse_rule_tests(std::string_view yaml, const std::string& file, const std::string& folder,
                                       Complaints& complaints) {
  std::vector<RuleTest> tests;
  const auto root = settings::parse_yaml(yaml, file, complaints);
  if (!root) return {};
  Fields fields(*root, complaints);
  for (const Setting& item : fields.list("tests")) tests.push_back(parse_test(item, folder, complaints));
  if (tests.empty()) complain(complaints, *root, "holds no test", "tests: [{name: …, alerts: …, expect: …}]");
  fields.finish();
  if (!complaints.empty()) return {};
  return tests;
}

}  // namespace iwakan::ruletest
