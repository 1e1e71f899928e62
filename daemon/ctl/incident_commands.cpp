#include "ctl/words.hpp"
#include "model/evidence.hpp"
#include "model/incident.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

const std::vector<std::string>& statuses() {
  static const std::vector<std::string> all =
      names(IncidentStatus::open, IncidentStatus::identified, IncidentStatus::mitigated, IncidentStatus::recovered,
            IncidentStatus::closed, IncidentStatus::false_alarm);
  return all;
}

const std::vector<std::string>& impacts() {
  static const std::vector<std::string> all =
      names(Impact::unknown, Impact::none_confirmed, Impact::possible, Impact::confirmed);
  return all;
}

void add_incident_reading(CLI::App& incident, Words& words) {
  CLI::App* list =
      add_verb(incident, "list", "The incidents being worked on, newest first", "iwakanctl incident list --all");
  list->add_flag("--all", words.all, "Those that are over as well");
  list->callback([&words] {
    words.what = get(std::string("/api/v1/incidents?status=") + (words.all ? "all" : "live"), View::incidents);
  });

  CLI::App* show =
      add_verb(incident, "show", "Everything about one incident, on a page", "iwakanctl incident show INC-17");
  show->add_option("ID", words.id, "Of the incident, as in the list")->required();
  show->callback([&words] { words.what = get("/api/v1/incidents/" + encoded(words.id), View::incident); });
}

void add_incident_acknowledgement(CLI::App& incident, Words& words) {
  CLI::App* ack =
      add_verb(incident, "ack", "Says that a supervisor has read the report: when all have, everybody is told",
               "iwakanctl incident ack INC-17 --as hasegawa");
  ack->add_option("ID", words.id, "Of the incident")->required();
  ack->add_option("--as", words.person, "Whose reading it is: the id of the person in the configuration")->required();
  ack->callback([&words] { words.what = post(of_incident(words, "acknowledge"), {{"person", words.person}}, words); });
}

void add_incident_state(CLI::App& incident, Words& words) {
  CLI::App* status = add_verb(incident, "status", "Says how far the work is",
                              "iwakanctl incident status INC-17 mitigated --why \"moved to the other zone\"");
  status->add_option("ID", words.id, "Of the incident")->required();
  status->add_option("STATUS", words.value, "One of those named")->required()->check(CLI::IsMember(statuses()));
  status->add_option("--why", words.why, "For the timeline");
  status->callback([&words] {
    json::object body{{"status", words.value}};
    put(body, "why", words.why);
    words.what = post(of_incident(words, "status"), std::move(body), words);
  });

  CLI::App* impact = add_verb(incident, "impact", "Says whether customers are affected",
                              "iwakanctl incident impact INC-17 confirmed --what \"orders fail\"");
  impact->add_option("ID", words.id, "Of the incident")->required();
  impact->add_option("IMPACT", words.value, "One of those named")->required()->check(CLI::IsMember(impacts()));
  impact->add_option("--what", words.why, "How they notice it");
  impact->callback([&words] {
    json::object body{{"impact", words.value}};
    put(body, "what", words.why);
    words.what = post(of_incident(words, "impact"), std::move(body), words);
  });
}

void add_incident_judgement(CLI::App& incident, Words& words) {
  const auto verb = [&](const char* name, const char* purpose, const char* example, const char* judgement) {
    CLI::App* command = add_verb(incident, name, purpose, example);
    command->add_option("ID", words.id, "Of the incident")->required();
    command->add_option("--why", words.why, "For the timeline");
    command->callback([&words, judgement] {
      json::object body{{"judgement", judgement}};
      put(body, "why", words.why);
      words.what = post(of_incident(words, "judgement"), std::move(body), words);
    });
  };
  verb("confirm", "Says that it was an incident: what led to it is no noise, and does not raise the bar",
       "iwakanctl incident confirm INC-17", "confirmed");
  verb("dismiss", "Says that it was none, and closes it: the like of it will have to be more surprising",
       "iwakanctl incident dismiss INC-17 --why \"a planned load test\"", "dismissed");
  verb("unjudge", "Takes back what was said of it; `iwakanctl why` shows the effect of each",
       "iwakanctl incident unjudge INC-17", "none");
}

void add_incident_declaration(CLI::App& incident, Words& words) {
  CLI::App* declare =
      add_verb(incident, "declare", "Opens an incident that no alert announced, and sends the first report",
               "iwakanctl incident declare --subject checkout --title \"Orders fail at times\"");
  declare->add_option("--subject", words.subject, "What may be broken, as alerts name it")->required();
  declare->add_option("--title", words.title, "One line for everybody")->required();
  declare->add_option("--impact", words.value, "On customers")->check(CLI::IsMember(impacts()));
  declare->add_option("--level", words.level, "As in levels: of the configuration")->check(CLI::PositiveNumber);
  declare->callback([&words] {
    json::object body{{"subject", words.subject}, {"title", words.title}};
    put(body, "impact", words.value);
    if (words.level > 0) body["level"] = words.level;
    words.what = post("/api/v1/incidents", std::move(body), words, View::declared);
  });
}

}  // namespace

void add_incident_commands(CLI::App& incident, Words& words) {
  add_incident_reading(incident, words);
  add_incident_acknowledgement(incident, words);
  add_incident_state(incident, words);
  add_incident_judgement(incident, words);
  add_incident_declaration(incident, words);
}

}  // namespace iwakan::ctl
