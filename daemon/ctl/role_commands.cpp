#include "ctl/words.hpp"
#include "model/role.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

const std::vector<std::string>& roles() {
  static const std::vector<std::string> all =
      names(RoleKind::command, RoleKind::deputy, RoleKind::scribe, RoleKind::hands_on, RoleKind::contact,
            RoleKind::customers, RoleKind::public_word);
  return all;
}

CLI::App* add_role_verb(CLI::App& incident, Words& words, const std::string& verb, const std::string& purpose,
                        const std::string& example) {
  CLI::App* made = add_verb(incident, verb, purpose, example);
  made->add_option("ID", words.id, "Of the incident")->required();
  made->add_option("ROLE", words.value, "One of those named")->required()->check(CLI::IsMember(roles()));
  made->add_option("PERSON", words.person, "The id of the person in the configuration")->required();
  return made;
}

}  // namespace

void add_role_commands(CLI::App& incident, Words& words) {
  CLI::App* assign = add_role_verb(incident, words, "assign",
                                   "Gives somebody a role. Whoever takes the questions has no hands in the repair",
                                   "iwakanctl incident assign INC-17 hands_on sato --does \"reads the logs\"");
  assign->add_option("--does", words.text, "What they do, for the reports");
  assign->callback([&words] {
    json::object body{{"role", words.value}, {"person", words.person}};
    put(body, "does", words.text);
    words.what = post(of_incident(words, "roles"), std::move(body), words);
  });

  CLI::App* release = add_role_verb(incident, words, "release", "Takes a role from somebody",
                                    "iwakanctl incident release INC-17 hands_on sato");
  release->callback([&words] {
    words.what = post(of_incident(words, "roles/release"), {{"role", words.value}, {"person", words.person}}, words);
  });

  CLI::App* handover = add_verb(incident, "handover",
                                "Hands command over, with a note of what is known, what is not, who does what and "
                                "what was promised",
                                "iwakanctl incident handover INC-17 --to hara");
  handover->add_option("ID", words.id, "Of the incident")->required();
  handover->add_option("--to", words.person, "The id of the person who takes over")->required();
  handover->callback([&words] { words.what = post(of_incident(words, "handover"), {{"to", words.person}}, words); });
}

void add_load_command(CLI::App& app, Words& words) {
  add_verb(app, "load", "What the last week asked of each person: hours at work, nights, messages to them alone",
           "iwakanctl load")
      ->callback([&words] { words.what = get("/api/v1/load", View::load); });
}

}  // namespace iwakan::ctl
