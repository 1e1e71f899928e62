#include "sources/generic/mapping.hpp"

#include <algorithm>
#include <array>

#include "model/time.hpp"

namespace iwakan::sources::generic {
namespace {

using Says = Mapping::Says;

constexpr std::array<std::pair<std::string_view, TimeFormat>, 7> kFormats{{{"rfc3339", TimeFormat::rfc3339},
                                                                           {"rfc1123", TimeFormat::rfc1123},
                                                                           {"epoch_s", TimeFormat::epoch_s},
                                                                           {"epoch_ms", TimeFormat::epoch_ms},
                                                                           {"epoch_us", TimeFormat::epoch_us},
                                                                           {"epoch_ns", TimeFormat::epoch_ns},
                                                                           {"local", TimeFormat::local}}};
constexpr std::array<std::pair<const char*, Says>, 4> kSays{
    {{"firing", Says::firing}, {"resolved", Says::resolved}, {"no_data", Says::no_data}, {"nothing", Says::nothing}}};
constexpr std::size_t kNamesMax = 64;

std::vector<Pointer> parse_pointers(Fields& fields, std::string_view key) {
  std::vector<Pointer> pointers;
  const Setting* at = fields.child(key);
  for (const std::string& text : fields.texts(key)) pointers.push_back(Pointer::parse(text, *at, fields.complaints()));
  return pointers;
}

Mapping::Texts parse_texts(const Setting* setting, Complaints& complaints) {
  Mapping::Texts texts;
  if (setting == nullptr) return texts;
  if (setting->kind != Setting::Kind::map || setting->fields.size() > kNamesMax) {
    complain(complaints, *setting, "at most 64 names, and where their texts come from, are expected here",
             "write for example {service: /monitor/name}");
    return texts;
  }
  for (const auto& [name, pick] : setting->fields) texts.emplace_back(name, Pick::parse(pick, complaints));
  return texts;
}

std::vector<Mapping::Pairs> parse_pairs(Fields& fields, std::string_view key) {
  std::vector<Mapping::Pairs> all;
  for (const Setting& item : fields.list(key)) {
    Fields one(item, fields.complaints());
    const auto pointer = [&](std::string_view member) {
      const Setting* at = one.child(member);
      return Pointer::parse(one.text(member), at == nullptr ? item : *at, fields.complaints());
    };
    if (!one.has("at")) {
      complain(fields.complaints(), item, "the key \"at\" is missing", "name the place of the pairs, like {at: /tags}");
    }
    Mapping::Pairs pairs{pointer("at"),     pointer("name"),  pointer("value"),
                         one.text("split"), one.text("pair"), one.text("prefix")};
    if (one.has("name") != one.has("value")) {
      complain(fields.complaints(), item, "name and value belong together", "write both, as pointers into one pair");
    }
    if (!pairs.split.empty() && pairs.pair.empty()) {
      complain(fields.complaints(), item, "says what stands between pairs, not what stands in one",
               "add for example pair: \":\"");
    }
    one.finish();
    all.push_back(std::move(pairs));
  }
  return all;
}

std::optional<Mapping::Time> parse_time_setting(const Setting* setting, Complaints& complaints) {
  if (setting == nullptr) return std::nullopt;
  Mapping::Time time;
  if (setting->kind != Setting::Kind::map) {
    time.pick = Pick::parse(*setting, complaints);
    time.formats = {TimeFormat::rfc3339};
    return time;
  }
  Fields fields(*setting, complaints);
  if (const Setting* at = fields.required_child("at")) time.pick = Pick::parse(*at, complaints);
  for (const std::string& name : fields.texts("format", {"rfc3339"})) {
    const auto* known =
        std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& one) { return one.first == name; });
    if (known != kFormats.end()) {
      time.formats.push_back(known->second);
      continue;
    }
    complain(complaints, *fields.child("format"), "\"" + name.substr(0, 64) + "\" is no format of times",
             "use rfc3339, rfc1123, epoch_s, epoch_ms, epoch_us, epoch_ns, or local with a zone");
  }
  time.zone = fields.text("zone", "Z");
  if (!parse_time("2026-09-01T00:00:00" + time.zone)) {
    complain(complaints, *fields.child("zone"), "\"" + time.zone.substr(0, 64) + "\" is no offset from UTC",
             "write it like \"+09:00\"");
  }
  fields.finish();
  return time;
}

void parse_state(Fields& root, Mapping& mapping) {
  const Setting* setting = root.required_child("state");
  if (setting == nullptr) return;
  Complaints& complaints = root.complaints();
  Fields fields(*setting, complaints);
  if (const Setting* at = fields.required_child("at")) mapping.state = Pick::parse(*at, complaints);
  bool fires = false;
  for (const auto& [key, says] : kSays) {
    for (const std::string& text : fields.texts(key)) {
      fires |= says == Says::firing;
      if (!mapping.states.emplace(text, says).second) {
        complain(complaints, *fields.child(key), "\"" + text.substr(0, 64) + "\" has two meanings",
                 "leave it in one of firing, resolved, no_data, nothing");
      }
    }
  }
  const std::string otherwise = fields.one_of("otherwise", "", {"", "firing", "resolved", "no_data", "nothing"});
  for (const auto& [key, says] : kSays) {
    if (otherwise == key) mapping.otherwise = says;
  }
  if (!fires && mapping.otherwise != Says::firing) {
    complain(complaints, *setting, "no state fires", "name those that do, like firing: [open]");
  }
  fields.finish();
}

bool makes(const Mapping& mapping, const std::string& label) {
  if (!mapping.labels_from.empty() || label.ends_with('*')) return true;
  return std::any_of(mapping.labels.begin(), mapping.labels.end(), [&](const auto& one) { return one.first == label; });
}

void parse_labels(Fields& root, Mapping& mapping) {
  const Setting* labels = root.required_child("labels");
  mapping.labels = parse_texts(labels, root.complaints());
  mapping.labels_from = parse_pairs(root, "labels_from");
  if (labels != nullptr && labels->kind == Setting::Kind::map && labels->find("alertname") == nullptr) {
    complain(root.complaints(), *labels, "there is no alertname",
             "add where the alert's name stands: alertname: /name");
  }
  mapping.identity = root.texts("identity");
  for (const std::string& name : mapping.identity) {
    if (makes(mapping, name)) continue;
    complain(root.complaints(), *root.child("identity"), "no label \"" + name.substr(0, 64) + "\" is made",
             "name labels of this mapping, those that an alert keeps from its beginning to its end");
  }
}

void parse_answer(Fields& root, Mapping& mapping) {
  const Setting* setting = root.child("answer");
  if (setting == nullptr) return;
  Fields fields(*setting, root.complaints());
  mapping.answer_status = static_cast<int>(fields.integer("status", 200, 200, 299));
  mapping.answer = parse_texts(fields.child("members"), root.complaints());
  fields.finish();
}

}  // namespace

Mapping parse_mapping(const Setting& setting, Complaints& complaints) {
  Mapping mapping;
  Fields root(setting, complaints);
  mapping.json_in = parse_pointers(root, "json_in");
  mapping.roots = parse_pointers(root, "root");
  if (const Setting* alerts = root.child("alerts")) {
    mapping.alerts = Pointer::parse(root.text("alerts"), *alerts, complaints);
  }
  const std::vector<std::string> empty = root.texts("empty");
  mapping.empty.insert(empty.begin(), empty.end());
  parse_state(root, mapping);
  parse_labels(root, mapping);
  mapping.annotations = parse_texts(root.child("annotations"), complaints);
  mapping.annotations_from = parse_pairs(root, "annotations_from");
  if (const Setting* link = root.child("link")) mapping.link = Pick::parse(*link, complaints);
  mapping.starts_at = parse_time_setting(root.child("starts_at"), complaints);
  mapping.ends_at = parse_time_setting(root.child("ends_at"), complaints);
  parse_answer(root, mapping);
  root.finish();
  return mapping;
}

}  // namespace iwakan::sources::generic
