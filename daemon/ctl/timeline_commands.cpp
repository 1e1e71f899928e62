// What is written into a timeline, and what is made of it.
#include "ctl/words.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

constexpr const char* kAt = "When it happened, if not just now: 10:26, or 2026-11-24T10:26:00+09:00";

void write_note(Words& words) {
  json::object body{{"text", words.text}};
  put(body, "occurred_at", words.at);
  words.what = post(words.id.empty() ? "/api/v1/notes" : of_incident(words, "notes"), std::move(body), words);
}

void add_note(CLI::App& app, CLI::App& incident, Words& words, TimePoint now) {
  CLI::App* note = add_verb(app, "note", "Writes a line into the timeline of the incident that is open",
                            "iwakanctl note restarted the mail queue");
  note->add_option("TEXT", words.typed, "What happened; the incident's id before it, if several are open")->required();
  note->add_option("--at", words.at, kAt)->transform(time_read_at(now));
  note->callback([&words] {
    take_incident_from_typed(words);
    write_note(words);
  });

  CLI::App* of_one = add_verb(incident, "note", "Writes a line into the timeline; `iwakanctl note` is shorter",
                              "iwakanctl incident note INC-17 \"restarted the mail queue\" --at 10:26");
  of_one->add_option("ID", words.id, "Of the incident")->required();
  of_one->add_option("TEXT", words.text, "What happened, in a sentence")->required();
  of_one->add_option("--at", words.at, kAt)->transform(time_read_at(now));
  of_one->callback([&words] { write_note(words); });
}

void add_correct(CLI::App& incident, Words& words, TimePoint now) {
  CLI::App* correct =
      add_verb(incident, "correct", "Corrects an entry of the timeline, by a new one that names it: nothing is edited",
               "iwakanctl incident correct INC-17 12 \"restarted at 10:15, not 10:05\" --at 10:15");
  correct->add_option("ID", words.id, "Of the incident")->required();
  correct->add_option("ENTRY", words.number, "Number of the entry, as in `incident show`")
      ->required()
      ->check(CLI::PositiveNumber);
  correct->add_option("TEXT", words.text, "What is true instead")->required();
  correct->add_option("--at", words.at, "When it really happened, if the time was wrong")->transform(time_read_at(now));
  correct->callback([&words] {
    json::object body{{"entry", words.number}, {"text", words.text}};
    put(body, "occurred_at", words.at);
    words.what = post(of_incident(words, "corrections"), std::move(body), words);
  });
}

void add_import(CLI::App& incident, Words& words) {
  CLI::App* chat =
      add_verb(incident, "import", "Takes what was said in a chat into the timeline, each line once, with its own time",
               "iwakanctl incident import INC-17 export/inc-17/2026-11-24.json --users export/users.json");
  chat->add_option("ID", words.id, "Of the incident")->required();
  chat->add_option("FILE", words.chat.file,
                   "A channel's file of a Slack export, or text with lines like \"10:26 sato: restarted\"; - for "
                   "standard input")
      ->required();
  chat->add_option("--users", words.chat.users, "users.json of the Slack export: names instead of ids");
  chat->add_option("--day", words.chat.day, "Of the last line, when the lines name none: 2026-11-24");
  chat->callback([&words] {
    words.chat.target = of_incident(words, "chat");
    words.chat.actor = words.actor;
    words.what = words.chat;
  });
}

void add_export(CLI::App& incident, Words& words) {
  CLI::App* exported = add_verb(
      incident, "export", "Makes the draft of the written report (障害報告書, post-incident review) of the record",
      "iwakanctl incident export INC-17 --format html > inc-17.html");
  exported->add_option("ID", words.id, "Of the incident")->required();
  exported
      ->add_option(
          "--format", words.value,
          "markdown (by default), html (one page, to be printed), json, or case (to practise with, without names)")
      ->check(CLI::IsMember({"markdown", "html", "json", "case"}));
  exported->callback([&words] {
    const std::string format = words.value.empty() ? "markdown" : words.value;
    words.what = get(of_incident(words, "export") + "?format=" + format, View::exported);
  });
}

void add_verify(CLI::App& app, Words& words) {
  CLI::App* verify = add_verb(app, "verify", "Checks that what was written down is as it was written",
                              "iwakanctl verify INC-17 --against inc-17.json");
  verify->add_option("ID", words.verify.incident, "Of one incident; without it all are checked");
  verify->add_option("--store", words.verify.store, "The folder of a store, checked offline; without it the daemon's");
  verify->add_option("--against", words.verify.against,
                     "An export (--format json) that was kept: says whether the timeline up to then is the same");
  verify->footer(
      "Checked are the journal's chain over every event, each timeline's chain, and with --against a head that was\n"
      "noted elsewhere: only that helps against somebody who computes the chains anew.\n\n"
      "Example:\n  iwakanctl verify INC-17 --against inc-17.json");
  verify->callback([&words] { words.what = words.verify; });
}

}  // namespace

void add_timeline_commands(CLI::App& app, CLI::App& incident, Words& words, TimePoint now) {
  add_verify(app, words);
  add_note(app, incident, words, now);
  add_correct(incident, words, now);
  add_import(incident, words);
  add_export(incident, words);
}

}  // namespace iwakan::ctl
