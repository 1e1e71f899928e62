// The question desk: asking, and what its people do.
#include "ctl/words.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

void add_ask(CLI::App& app, Words& words) {
  CLI::App* ask =
      add_verb(app, "ask", "Asks the question desk: what is known is answered at once, the rest by a person",
               "iwakanctl ask \"May we promise refunds?\"");
  ask->add_option("TEXT", words.typed, "The question; the incident's id before it, if several are open")->required();
  ask->add_option("--as", words.person, "Who wants to know, if somebody else");
  ask->add_flag("--person", words.all, "Of a person: what is known was not enough");
  ask->callback([&words] {
    take_incident_from_typed(words);
    json::object body{{"text", words.text}};
    put(body, "person", words.person);
    if (words.all) body["of_a_person"] = true;
    words.what = post(words.id.empty() ? "/api/v1/questions" : of_incident(words, "questions"), std::move(body), words,
                      View::question);
  });
}

CLI::App* add_question_verb(CLI::App& question, Words& words, const char* verb, const char* purpose,
                            const char* example) {
  CLI::App* command = add_verb(question, verb, purpose, example);
  command->add_option("ID", words.id, "Of the incident")->required();
  command->add_option("NUMBER", words.number, "Of the question, as in the list")
      ->required()
      ->check(CLI::PositiveNumber);
  return command;
}

}  // namespace

void add_question_commands(CLI::App& app, Words& words) {
  add_ask(app, words);
  CLI::App* question = add_noun(app, "question", "The question desk, so that the responders are left in peace");
  CLI::App* list = add_verb(*question, "list", "What was asked, by how many, and what was answered",
                            "iwakanctl question list INC-17");
  list->add_option("ID", words.id, "Of the incident")->required();
  list->callback([&words] { words.what = get("/api/v1/incidents/" + encoded(words.id), View::questions); });

  CLI::App* answer = add_question_verb(*question, words, "answer", "Answers it, once, to all who asked",
                                       "iwakanctl question answer INC-17 2 \"Not before noon\"");
  answer->add_option("TEXT", words.text, "The answer")->required();
  answer->callback([&words] {
    words.what = post(of_incident(words, "questions/answer"), {{"question", words.number}, {"text", words.text}}, words,
                      View::question);
  });

  CLI::App* assign = add_question_verb(*question, words, "assign", "Says who finds the answer",
                                       "iwakanctl question assign INC-17 2 --to mizuno");
  assign->add_option("--to", words.person, "The person")->required();
  assign->callback([&words] {
    words.what = post(of_incident(words, "questions/assign"), {{"question", words.number}, {"person", words.person}},
                      words, View::question);
  });

  CLI::App* merge = add_question_verb(*question, words, "merge", "Says that it asks the same as another one",
                                      "iwakanctl question merge INC-17 5 --into 2");
  merge->add_option("--into", words.level, "Number of the other one")->required()->check(CLI::PositiveNumber);
  merge->callback([&words] {
    words.what = post(of_incident(words, "questions/merge"), {{"question", words.number}, {"into", words.level}}, words,
                      View::question);
  });
}

}  // namespace iwakan::ctl
