#include "ctl/words.hpp"
#include "model/incident.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> all =
      names(FactKind::observation, FactKind::impact, FactKind::workaround, FactKind::action);
  return all;
}

const std::vector<std::string>& fields() {
  static const std::vector<std::string> all =
      names(SummaryField::title, SummaryField::what_happened, SummaryField::impact, SummaryField::scope,
            SummaryField::recurrence, SummaryField::conditions, SummaryField::left, SummaryField::follow_up);
  return all;
}

// A text in one language for all readers, or in both.
void put_said(json::object& body, const char* key, const std::string& text, const std::string& en) {
  if (en.empty()) return put(body, key, text);
  body[key] = json::object{{"ja", text}, {"en", en}};
}

Inquiry told(const Words& words, const char* verb, json::object body) {
  return post(of_incident(words, verb), std::move(body), words, View::told);
}

CLI::App* verb_of_incident(CLI::App& incident, Words& words, const char* verb, const char* purpose,
                           const char* example) {
  CLI::App* command = add_verb(incident, verb, purpose, example);
  command->add_option("ID", words.id, "Of the incident")->required();
  return command;
}

void add_text(CLI::App& command, Words& words, const char* what) {
  command.add_option("TEXT", words.text, what)->required();
  command.add_option("--en", words.english, "The same in English; TEXT is Japanese then");
}

void add_facts(CLI::App& incident, Words& words, TimePoint now) {
  CLI::App* fact =
      verb_of_incident(incident, words, "fact", "Says what is known, for the reports: with its source",
                       "iwakanctl incident fact INC-17 \"14 customer inquiries so far\" --source \"CS count\"");
  add_text(*fact, words, "What is known, in a sentence");
  fact->add_option("--source", words.source, "Who or what says so. Without one, reports call it not confirmed");
  fact->add_option("--kind", words.value, "observation (the default), impact, workaround or action")
      ->check(CLI::IsMember(kinds()));
  fact->add_option("--at", words.at, "When it was so, if not just now: 10:26, or 2026-11-24T10:26:00+09:00")
      ->transform(time_read_at(now));
  fact->add_option("--since", words.since, "From when, of a measurement over a while")->transform(time_read_at(now));
  fact->add_option("--instead-of", words.number, "The number of the fact that this puts right")
      ->check(CLI::PositiveNumber);
  fact->add_option("--why", words.why, "Why it is put right");
  fact->callback([&words] {
    json::object body;
    put_said(body, "what", words.text, words.english);
    put(body, "source", words.source);
    put(body, "at", words.at);
    if (words.number > 0) {
      body["fact"] = words.number;
      put(body, "why", words.why);
      words.what = told(words, "facts/correct", std::move(body));
      return;
    }
    put(body, "kind", words.value);
    put(body, "since", words.since);
    words.what = told(words, "facts", std::move(body));
  });

  CLI::App* withdraw = verb_of_incident(incident, words, "withdraw", "Takes a fact back: no report says it again",
                                        "iwakanctl incident withdraw INC-17 3 --why \"counted twice\"");
  withdraw->add_option("FACT", words.number, "Its number, as `incident show` gives it")
      ->required()
      ->check(CLI::PositiveNumber);
  withdraw->add_option("--why", words.why, "For the timeline");
  withdraw->callback([&words] {
    json::object body{{"fact", words.number}};
    put(body, "why", words.why);
    words.what = told(words, "facts/withdraw", std::move(body));
  });
}

void add_unknowns(CLI::App& incident, Words& words, TimePoint now) {
  CLI::App* unknown = verb_of_incident(
      incident, words, "unknown", "Says what is not known yet, and who finds it out by when",
      "iwakanctl incident unknown INC-17 \"Whether anyone was charged twice\" --checker accounting --due 11:00");
  add_text(*unknown, words, "What is not known");
  unknown->add_option("--checker", words.person, "Who finds it out, or who is waited for")->required();
  unknown->add_option("--due", words.at, "By when more is said; left out: nobody here can say")
      ->transform(time_to_come(now));
  unknown->callback([&words] {
    json::object body{{"checker", words.person}};
    put_said(body, "what", words.text, words.english);
    put(body, "due", words.at);
    words.what = told(words, "unknowns", std::move(body));
  });

  CLI::App* answer = verb_of_incident(
      incident, words, "answer", "Answers an open question of the reports: the answer becomes a fact",
      "iwakanctl incident answer INC-17 cause \"Connections reached their limit\" --source engineering");
  answer->add_option("QUESTION", words.subject, "Its id, as `incident show` gives it")->required();
  add_text(*answer, words, "What was found out");
  answer->add_option("--source", words.source, "Who or what says so")->required();
  answer->add_option("--at", words.at, "When it was so, if not just now")->transform(time_read_at(now));
  answer->callback([&words] {
    json::object body{{"unknown", words.subject}, {"source", words.source}};
    put_said(body, "answer", words.text, words.english);
    put(body, "at", words.at);
    words.what = told(words, "unknowns/answer", std::move(body));
  });

  CLI::App* later =
      verb_of_incident(incident, words, "later", "Moves the time by which an open question is answered",
                       "iwakanctl incident later INC-17 cause --due 11:15 --why \"the logs take longer\"");
  later->add_option("QUESTION", words.subject, "Its id, as `incident show` gives it")->required();
  later->add_option("--due", words.at, "The new time")->required()->transform(time_to_come(now));
  later->add_option("--why", words.why, "For the readers, who were promised a time")->required();
  later->callback([&words] {
    words.what = told(words, "unknowns/move", {{"unknown", words.subject}, {"due", words.at}, {"why", words.why}});
  });
}

void add_follow_ups(CLI::App& incident, Words& words, TimePoint now) {
  CLI::App* follow_up = verb_of_incident(
      incident, words, "follow-up", "Says what is still to be done, and who does it by when",
      "iwakanctl incident follow-up INC-17 \"Alert before the connections run out\" --owner sato --due 2031-06-01");
  add_text(*follow_up, words, "What is to be done");
  follow_up->add_option("--owner", words.person, "Who does it")->required();
  follow_up->add_option("--due", words.at, "By when, if that was said")->transform(time_to_come(now));
  follow_up->callback([&words] {
    json::object body{{"owner", words.person}};
    put_said(body, "what", words.text, words.english);
    put(body, "due", words.at);
    words.what = told(words, "follow-ups", std::move(body));
  });

  CLI::App* done = verb_of_incident(incident, words, "done", "Says that a follow-up is done",
                                    "iwakanctl incident done INC-17 1 --note \"alerts at 80 %\"");
  done->add_option("NUMBER", words.number, "Its number, as `incident show` gives it")
      ->required()
      ->check(CLI::PositiveNumber);
  done->add_option("--note", words.why, "What was done, for the timeline");
  done->callback([&words] {
    json::object body{{"follow_up", words.number}};
    put(body, "note", words.why);
    words.what = told(words, "follow-ups/done", std::move(body));
  });
}

void add_stated(CLI::App& incident, Words& words) {
  CLI::App* state = verb_of_incident(incident, words, "state", "Writes the title, or a field of the second report",
                                     "iwakanctl incident state INC-17 scope \"Card payments only, 10:12-10:58\"");
  state->add_option("FIELD", words.value, "One of those named")->required()->check(CLI::IsMember(fields()));
  add_text(*state, words, "In a sentence or two");
  state->callback([&words] {
    json::object body{{"field", words.value}};
    put_said(body, "text", words.text, words.english);
    words.what = told(words, "stated", std::move(body));
  });

  CLI::App* ask = verb_of_incident(incident, words, "ask", "Asks something of a department in the reports",
                                   "iwakanctl incident ask INC-17 cs \"please offer e-mail verification\"");
  ask->add_option("DEPARTMENT", words.subject, "Its id in the configuration")->required();
  ask->add_option("TEXT", words.text, "What is asked; left out: the usual again");
  ask->add_option("--en", words.english, "The same in English; TEXT is Japanese then");
  ask->callback([&words] {
    json::object body{{"department", words.subject}};
    put_said(body, "what", words.text, words.english);
    words.what = told(words, "asks", std::move(body));
  });
}

}  // namespace

void add_knowledge_commands(CLI::App& incident, Words& words, TimePoint now) {
  add_facts(incident, words, now);
  add_unknowns(incident, words, now);
  add_follow_ups(incident, words, now);
  add_stated(incident, words);
}

void add_report_commands(CLI::App& app, Words& words) {
  CLI::App* report = add_noun(app, "report", "Reports: what was said, and what would be said now");
  CLI::App* show = add_verb(*report, "show", "A report as its readers see it",
                            "iwakanctl report show INC-17 --edition management --format text");
  show->add_option("ID", words.id, "Of the incident")->required();
  show->add_option("--number", words.value, "Of the report; the last by default, next: as it would be now");
  show->add_option("--edition", words.subject,
                   "everybody (the default), management, customers, department.ID or supervisor.ID");
  show->add_option("--language", words.person, "ja, en, or a catalogue's");
  show->add_option("--format", words.text, "text (the default), html, slack or json")
      ->check(CLI::IsMember({"text", "html", "slack", "json"}));
  show->callback([&words] {
    const std::string language = words.person.empty() ? words.language : words.person;
    const std::string format = words.text.empty() && words.as_json ? "json" : words.text;
    std::string query;
    for (const auto& [key, value] : {std::pair("number", words.value), std::pair("edition", words.subject),
                                     std::pair("language", language), std::pair("format", format)}) {
      if (!value.empty()) query += (query.empty() ? "?" : "&") + (key + ("=" + encoded(value)));
    }
    words.what = get("/api/v1/incidents/" + encoded(words.id) + "/report" + query, View::document);
  });
}

}  // namespace iwakan::ctl
