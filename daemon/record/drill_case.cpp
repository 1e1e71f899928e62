#include "record/drill_case.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

namespace iwakan::record {
namespace {

namespace json = boost::json;

struct Line {
  TimePoint at{};
  json::object request;
};

json::object request(TimePoint at, std::string_view path, json::object body) {
  return {{"at", format_time(at)},
          {"method", "POST"},
          {"path", path},
          {"headers", json::object{{"Content-Type", "application/json"}}},
          {"body", std::move(body)}};
}

// As Alertmanager's webhook, version 4.
json::object alert_body(bool firing, json::object labels, TimePoint starts_at, TimePoint ends_at) {
  json::object alert{{"status", firing ? "firing" : "resolved"},
                     {"labels", std::move(labels)},
                     {"annotations", json::object{}},
                     {"startsAt", format_time(starts_at)},
                     {"endsAt", firing ? "0001-01-01T00:00:00Z" : format_time(ends_at)},
                     {"generatorURL", ""}};
  return {{"version", "4"},
          {"groupKey", "drill"},
          {"truncatedAlerts", 0},
          {"status", firing ? "firing" : "resolved"},
          {"receiver", "drill"},
          {"groupLabels", json::object{}},
          {"commonLabels", json::object{}},
          {"commonAnnotations", json::object{}},
          {"externalURL", ""},
          {"alerts", json::array{std::move(alert)}}};
}

}  // namespace

std::string drill_case(const Incident& incident, const Names& names, std::string_view subject_label) {
  const auto without_names = [&](const std::string& text) { return names.in_text(text, "en"); };
  std::vector<Line> lines;
  std::size_t number = 0;
  for (const Member& member : incident.members) {
    json::object labels{{"alertname", without_names(member.alert_name)}, {"member", std::to_string(++number)}};
    labels[subject_label] = without_names(member.subject);
    lines.push_back({member.starts_at,
                     request(member.starts_at, "/v1/alertmanager", alert_body(true, labels, member.starts_at, {}))});
    if (member.state != MemberState::resolved) continue;
    lines.push_back({member.changed_at, request(member.changed_at, "/v1/alertmanager",
                                                alert_body(false, labels, member.starts_at, member.changed_at))});
  }
  // The rules of a drill have seen no usual days to compare with: that it is an incident is said, when it was known.
  const std::string subject = without_names(incident.subjects.empty() ? "unknown" : incident.subjects.front());
  lines.push_back({incident.opened_at, request(incident.opened_at, "/api/v1/incidents",
                                               {{"subject", subject},
                                                {"title", subject},
                                                {"impact", "possible"},
                                                {"level", incident.level},
                                                {"actor", "drill"}})});
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
  std::string text;
  for (const Line& line : lines) text += json::serialize(line.request) + "\n";
  return text;
}

}  // namespace iwakan::record
