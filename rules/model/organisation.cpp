#include "model/organisation.hpp"

#include <algorithm>

namespace iwakan {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLongest = 24h * 30;

// Ids travel in headers and idempotency keys.
bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string required_id(Fields& fields, std::string_view key) {
  std::string id = fields.required_text(key);
  if (!id.empty() && !is_id(id)) {
    complain(fields.complaints(), *fields.child(key), "\"" + id + "\" cannot serve as an id",
             "use up to 64 of a-z, A-Z, 0-9, - and _");
  }
  return id;
}

// {sink, to, languages}: a way to reach somebody.
Recipient parse_recipient(const Setting& setting, Complaints& complaints, const std::string& id,
                          const std::string& person, const std::vector<std::string>& sinks) {
  Fields fields(setting, complaints);
  Recipient recipient{.id = id,
                      .person = person,
                      .sink = fields.required_text("sink"),
                      .address = fields.text("to"),
                      .languages = fields.texts("languages", {"ja", "en"})};
  for (const std::string& language : recipient.languages) {
    if (language != "ja" && language != "en") {
      complain(complaints, *fields.child("languages"), "\"" + language + "\" is not a language iwakan speaks",
               "use ja, en or both");
    }
  }
  if (recipient.languages.empty()) recipient.languages = {"ja", "en"};
  if (!recipient.sink.empty() && std::find(sinks.begin(), sinks.end(), recipient.sink) == sinks.end()) {
    const std::vector<std::string_view> names(sinks.begin(), sinks.end());
    const std::string near = nearest(recipient.sink, names);
    complain(complaints, *fields.child("sink"), "there is no sink \"" + recipient.sink + "\"",
             near.empty() ? "name one of those under sinks:" : "did you mean \"" + near + "\"?");
  }
  fields.finish();
  return recipient;
}

Department parse_department(const Setting& setting, Complaints& complaints, const std::vector<std::string>& sinks) {
  Fields fields(setting, complaints);
  Department department;
  department.id = required_id(fields, "id");
  department.name = fields.required_sentence("name");
  department.ask = fields.sentence("ask");
  for (const Setting& item : fields.list("to_expect")) {
    Fields line(item, complaints);
    department.to_expect.push_back({line.text("ja"), line.text("en")});
    line.finish();
  }
  if (const Setting* found = fields.required_child("supervisor")) {
    Fields supervisor(*found, complaints);
    department.supervisor = required_id(supervisor, "id");
    department.supervisor_name = supervisor.required_sentence("name");
    std::size_t number = 0;
    for (const Setting& way : supervisor.list("reach")) {
      std::string id = "supervisor-" + department.id + "-" + department.supervisor;
      if (++number > 1) id += "-" + std::to_string(number);
      department.recipients.push_back(parse_recipient(way, complaints, id, department.supervisor, sinks));
    }
    if (department.recipients.empty()) {
      complain(complaints, *found, "nothing says how to reach this supervisor", "add reach: [{sink: …, to: …}]");
    }
    supervisor.finish();
  }
  fields.finish();
  return department;
}

std::vector<StandingQuestion> default_questions() {
  const Sentence dev{"開発", "engineering"};
  const Sentence desk{"お客さま対応", "customer support"};
  return {{"cause", {"原因", "The cause"}, dev, 30min, false},
          {"impact", {"お客さまへの影響の有無", "Whether customers are affected"}, desk, 15min, true},
          {"scope", {"影響を受けている範囲", "How far it reaches"}, dev, 30min, false}};
}

std::map<int, LevelProcedure> default_levels() {
  return {{1, {1, {"軽微", "minor"}, 30min, 60min, 120min}},
          {2, {2, {"中", "major"}, 10min, 20min, 60min}},
          {3, {3, {"重大", "critical"}, 5min, 15min, 30min}}};
}

LevelProcedure parse_level(const Setting& setting, Complaints& complaints, int number) {
  Fields fields(setting, complaints);
  LevelProcedure level{.level = number,
                       .name = fields.required_sentence("name"),
                       .supervisors_within = fields.duration("supervisors_within", 10min, 1s, kLongest),
                       .everybody_within = fields.duration("everybody_within", 20min, 0s, kLongest),
                       .next_report_within = fields.duration("next_report_within", 60min, 1min, kLongest)};
  fields.finish();
  return level;
}

}  // namespace

Organisation parse_organisation(Fields& root, const std::vector<std::string>& sinks) {
  Complaints& complaints = root.complaints();
  Organisation organisation;
  std::vector<std::string> seen;
  for (const Setting& item : root.list("departments")) {
    Department department = parse_department(item, complaints, sinks);
    if (std::find(seen.begin(), seen.end(), department.id) != seen.end()) {
      complain(complaints, item, "the department \"" + department.id + "\" stands here twice", "give each its own id");
    }
    seen.push_back(department.id);
    organisation.departments.push_back(std::move(department));
  }
  std::size_t number = 0;
  for (const Setting& item : root.list("everybody")) {
    organisation.everybody.push_back(
        parse_recipient(item, complaints, "everybody-" + std::to_string(++number), {}, sinks));
  }
  for (const Setting& item : root.list("responders")) {
    Fields fields(item, complaints);
    organisation.responders.push_back({fields.required_sentence("who"), fields.required_sentence("does")});
    fields.finish();
  }
  organisation.contact = root.sentence("contact");
  const Setting* questions = root.child("questions");
  if (questions == nullptr) {
    organisation.questions = default_questions();
  } else {
    for (const Setting& item : root.list("questions")) {
      Fields fields(item, complaints);
      organisation.questions.push_back(
          {required_id(fields, "id"), fields.required_sentence("what"), fields.required_sentence("checker"),
           fields.duration("within", 30min, 1min, kLongest), fields.boolean("until_impact_confirmed", false)});
      fields.finish();
    }
    if (organisation.questions.empty()) {
      complain(complaints, *questions, "a first report states what is not known: at least one question is needed",
               "add one, or leave questions: out for the default three");
    }
  }
  organisation.levels = default_levels();
  if (const Setting* levels = root.child("levels")) {
    Fields fields(*levels, complaints);
    for (const auto& [key, value] : levels->fields) {
      if (key.size() == 1 && key[0] >= '0' && key[0] <= '9') {
        fields.child(key);
        organisation.levels[key[0] - '0'] = parse_level(value, complaints, key[0] - '0');
      }
    }
    fields.finish();
  }
  organisation.level_default = static_cast<int>(root.integer("level_default", 2, 0, 9));
  if (!organisation.levels.contains(organisation.level_default)) {
    complain(
        complaints, root.setting(),
        "level_default names the level " + std::to_string(organisation.level_default) + ", which is not among levels:");
    organisation.level_default = organisation.levels.begin()->first;
  }
  organisation.url = root.text("external_url");
  while (organisation.url.ends_with('/')) organisation.url.pop_back();
  return organisation;
}

}  // namespace iwakan
