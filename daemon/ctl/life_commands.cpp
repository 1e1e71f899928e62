#include "ctl/words.hpp"
#include "model/incident.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

CLI::App* of_one(CLI::App& incident, Words& words, const char* verb, const char* purpose, const char* example) {
  CLI::App* command = add_verb(incident, verb, purpose, example);
  command->add_option("ID", words.id, "Of the incident")->required();
  return command;
}

void add_moves(CLI::App& incident, Words& words) {
  CLI::App* level = of_one(incident, words, "level", "Raises its level at once, or lowers it with a reason",
                           "iwakanctl incident level INC-17 3");
  level->add_option("LEVEL", words.level, "As in levels: of the configuration")->required()->check(CLI::PositiveNumber);
  level->add_option("--why", words.why, "Needed to lower it");
  level->callback([&words] {
    json::object body{{"level", words.level}};
    put(body, "why", words.why);
    words.what = post(of_incident(words, "level"), std::move(body), words);
  });

  CLI::App* origin = of_one(incident, words, "origin", "Says where it came from, as far as known",
                            "iwakanctl incident origin INC-17 third_party");
  origin->add_option("ORIGIN", words.value, "One of those named")
      ->required()
      ->check(CLI::IsMember(
          names(Origin::unknown, Origin::system, Origin::human, Origin::own, Origin::third_party, Origin::unforeseen)));
  origin->add_option("--why", words.why, "For the timeline");
  origin->callback([&words] {
    json::object body{{"origin", words.value}};
    put(body, "why", words.why);
    words.what = post(of_incident(words, "origin"), std::move(body), words);
  });

  CLI::App* reopen = of_one(incident, words, "reopen", "It was not over: those who were told hear so",
                            "iwakanctl incident reopen INC-17 --why \"errors are back\"");
  reopen->add_option("--why", words.why, "For the readers and the timeline");
  reopen->callback([&words] {
    json::object body;
    put(body, "why", words.why);
    words.what = post(of_incident(words, "reopen"), std::move(body), words);
  });

  CLI::App* recover = of_one(incident, words, "recover", "Declares recovery, on evidence: alerts resolved, and quiet",
                             "iwakanctl incident recover INC-17");
  recover->add_option("--although", words.why, "Declares it although conditions are missing; the reason is reported");
  recover->callback([&words] {
    json::object body;
    put(body, "although", words.why);
    words.what = post(of_incident(words, "recovery"), std::move(body), words);
  });
}

void add_shapes(CLI::App& incident, Words& words) {
  CLI::App* merge = of_one(incident, words, "merge", "The two are one: it goes on in the other",
                           "iwakanctl incident merge INC-18 --into INC-17");
  merge->add_option("--into", words.value, "The incident that goes on")->required();
  merge->add_option("--why", words.why, "For the readers and the timeline");
  merge->callback([&words] {
    json::object body{{"into", words.value}};
    put(body, "why", words.why);
    words.what = post(of_incident(words, "merge"), std::move(body), words);
  });

  CLI::App* split = of_one(incident, words, "split", "A subject of it is another matter: an incident of its own",
                           "iwakanctl incident split INC-17 --subject mailer");
  split->add_option("--subject", words.subject, "As alerts name it")->required();
  split->add_option("--title", words.title, "One line for everybody");
  split->add_option("--why", words.why, "For the timeline");
  split->callback([&words] {
    json::object body{{"subject", words.subject}};
    put(body, "title", words.title);
    put(body, "why", words.why);
    words.what = post(of_incident(words, "split"), std::move(body), words);
  });
}

void add_reports(CLI::App& incident, Words& words) {
  const auto verb = [&](const char* verb_name, const char* purpose, const char* example, const char* kind) {
    CLI::App* command = of_one(incident, words, verb_name, purpose, example);
    command->callback([&words, kind] { words.what = post(of_incident(words, "report"), {{"kind", kind}}, words); });
  };
  verb("update", "Sends an update to all who were told, and promises the next", "iwakanctl incident update INC-17",
       "update");
  verb("second", "Sends the second report: what happened, and what recovery still waits for",
       "iwakanctl incident second INC-17", "second");
  CLI::App* correct = of_one(incident, words, "correction", "Puts right what the last report said, for all who have it",
                             "iwakanctl incident correction INC-17 \"15 inquiries, not 14\"");
  correct->add_option("TEXT", words.text, "What was wrong, and what is right")->required();
  correct->callback([&words] {
    words.what = post(of_incident(words, "report"), {{"kind", "correction"}, {"corrects", words.text}}, words);
  });
  CLI::App* approve = of_one(incident, words, "approve", "Sends the report that waits for a person's word",
                             "iwakanctl incident approve INC-17");
  approve->callback([&words] { words.what = post(of_incident(words, "approve"), {}, words); });
}

}  // namespace

void add_life_commands(CLI::App& app, CLI::App& incident, Words& words) {
  add_moves(incident, words);
  add_shapes(incident, words);
  add_reports(incident, words);
  CLI::App* hunch = add_verb(app, "hunch", "Something feels off: it is looked into, and told unless customers are fine",
                             "iwakanctl hunch checkout \"pages feel slow\"");
  hunch->add_option("SUBJECT", words.subject, "What may be broken, as alerts name it")->required();
  hunch->add_option("TEXT", words.text, "What differs from usual");
  hunch->callback([&words] {
    json::object body{{"subject", words.subject}};
    put(body, "text", words.text);
    words.what = post("/api/v1/hunches", std::move(body), words, View::declared);
  });
}

}  // namespace iwakan::ctl
