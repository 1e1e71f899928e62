#include "sinks/layout/document.hpp"

#include <array>

namespace iwakan::sinks {
namespace {

class Author {
 public:
  explicit Author(const View& view) : view_(view) {}

  Document write() {
    if (view_.flag("maybe_repeat")) document_.repeat = view_.say("maybe_repeat");
    document_.language = view_.language;
    document_.headline = view_.text("headline");
    document_.stamp = view_.say("stamp", {{"issued", view_.text("issued")}, {"version", view_.text("version")}});
    if (view_.flag("not_a_drill")) document_.stamp += view_.say("not_a_drill");
    if (view_.flag("has_url")) document_.url = view_.text("url");
    switch (view_.audience) {
      case Audience::responder: notice(); return std::move(document_);
      case Audience::management: digest(); return std::move(document_);
      case Audience::customers: draft(); return std::move(document_);
      case Audience::supervisor:
      case Audience::department:
      case Audience::everybody: break;
    }
    if (view_.flag("individual")) individual();
    if (view_.audience == Audience::department)
      document_.ahead = {view_.say("department_head", {{"department", view_.text("department")}})};
    if (view_.flag("has_missed")) line("missed", view_.say("missed_line", {{"missed", view_.text("missed")}}));
    if (view_.flag("has_corrects")) line("corrects", view_.text("corrects"));
    if (view_.flag("outcome")) {
      outcome();
    } else {
      knowledge();
    }
    rest();
    return std::move(document_);
  }

 private:
  void line(std::string_view heading, std::string text) {
    document_.parts.push_back({view_.say(heading), {}, std::move(text)});
  }

  void items(std::string heading, std::string_view list) {
    Part part{std::move(heading), {}, {}};
    for (const Texts& item : view_.list(list)) part.items.push_back(item.find("line")->second);
    document_.parts.push_back(std::move(part));
  }

  void individual() {
    document_.ahead = {view_.say("individual_head", {{"addressee", view_.text("addressee")},
                                                     {"issued", view_.text("issued")},
                                                     {"incident", view_.text("incident")},
                                                     {"level", view_.text("level")}}),
                       view_.say("individual_lead",
                                 {{"everybody_at", view_.text("everybody_at")}, {"minutes", view_.text("minutes")}})};
    if (view_.flag("has_stands_in")) {
      document_.ahead.insert(document_.ahead.begin() + 1,
                             view_.say("individual_stands_in", {{"why", view_.text("stands_in")}}));
    }
    for (const Texts& item : view_.list("to_expect")) document_.expect.push_back(item.find("line")->second);
    if (view_.flag("has_next")) document_.expect.push_back(view_.say("individual_say", {{"next", view_.text("next")}}));
    const std::string how = view_.flag("has_acknowledge_url")
                                ? view_.text("acknowledge_url")
                                : "iwakanctl incident ack " + view_.text("incident") + " --as " + view_.text("person");
    document_.expect.push_back(view_.say("individual_read", {{"how", how}}));
    document_.acknowledge = view_.text("acknowledge_url");
    document_.follows = view_.say("individual_follows");
  }

  // An update says what is new first, and is short when nothing is.
  void knowledge() {
    const bool update = view_.kind == ReportKind::update && view_.flag("has_previous");
    if (update && view_.flag("nothing_new")) {
      line("known", view_.say("nothing_new", {{"previous", view_.text("previous")}}));
    } else if (update && view_.flag("has_fresh")) {
      items(view_.say("fresh", {{"previous", view_.text("previous")}}), "fresh");
      if (view_.flag("has_unchanged")) items(view_.say("unchanged"), "unchanged");
    } else {
      items(view_.say("known"), "known");
    }
    if (view_.flag("has_not_confirmed")) items(view_.say("not_confirmed"), "not_confirmed");
    if (view_.flag("has_unknown")) {
      items(view_.say("unknown"), "unknown");
    } else {
      line("unknown", view_.say("none"));
    }
  }

  void outcome() {
    for (const std::string_view field : {"what_happened", "when", "impact", "scope", "actions", "recurrence"}) {
      const bool list = field == "when" || field == "actions";
      line(field, view_.text(list ? std::string(field) + "_line" : std::string(field)));
    }
    if (view_.flag("recovered")) {
      line("grounds", view_.text("grounds_line"));
    } else {
      line("not_declared", view_.text("conditions_line"));
    }
    if (view_.flag("has_left")) line("left", view_.text("left"));
    if (view_.flag("has_unknown") && !view_.flag("recovered")) items(view_.say("unknown"), "unknown");
    if (view_.flag("has_not_confirmed")) items(view_.say("not_confirmed"), "not_confirmed");
  }

  void rest() {
    items(view_.say("asks"), "asks");
    line("responders", view_.text("responders_line"));
    line("contact", view_.say("contact_line", {{"contact", view_.text("contact")}}));
    if (view_.flag("has_unconfirmed")) line("unconfirmed", view_.text("unconfirmed_line"));
    if (view_.flag("has_told"))
      line("told", view_.say("told_line", {{"told", view_.text("told")}, {"not_reached", view_.text("not_reached")}}));
    if (view_.flag("has_questions_open"))
      line("questions", view_.say("questions_line", {{"count", view_.text("questions_open")}}));
    if (view_.flag("has_follow_up")) line("follow_up", view_.text("follow_up"));
    if (view_.flag("has_next")) line("next", view_.say("next_line", {{"next", view_.text("next")}}));
    if (view_.flag("recovered")) document_.closing.push_back(view_.say("thanks"));
  }

  // To somebody at work: what is asked, and how to do it.
  void notice() {
    document_.stamp = view_.text("issued");
    Part part;
    part.items.push_back(view_.text("notice_line"));
    for (const Texts& item : view_.list("notice_lines")) part.items.push_back(item.find("line")->second);
    document_.parts = {std::move(part)};
    document_.closing.push_back(view_.text("notice_how"));
  }

  // Three lines: what it is, who is on it and what is open, when more comes.
  void digest() {
    Part part;
    const auto& known = view_.list("known");
    const std::string fact = view_.flag("outcome") ? view_.text("impact")
                             : known.empty()       ? ""
                                                   : known.front().find("line")->second;
    part.items.push_back(view_.say("digest_what", {{"fact", fact}}));
    const auto& unknown = view_.list("unknown");
    const std::string cause = unknown.empty()
                                  ? view_.say("digest_all_known")
                                  : view_.say("digest_cause", {{"what", unknown.front().find("line")->second}});
    part.items.push_back(view_.say("digest_who", {{"responders", view_.text("responders_line")}, {"cause", cause}}));
    part.items.push_back(view_.flag("has_next") ? view_.say("digest_next", {{"next", view_.text("next")},
                                                                            {"contact", view_.text("contact")}})
                                                : view_.say("digest_end", {{"contact", view_.text("contact")}}));
    document_.parts.push_back(std::move(part));
  }

  // Of what is known, only what customers meet; the report's own head stays inside the house.
  void draft() {
    document_.ahead = {view_.say("draft_head")};
    document_.headline = view_.text("title");
    document_.stamp = view_.text("issued");
    document_.url.clear();
    Part part;
    for (const Texts& item : view_.list("known")) part.items.push_back(item.find("what")->second);
    document_.parts.push_back(std::move(part));
    document_.closing.push_back(view_.say(view_.flag("recovered") ? "draft_recovered" : "draft_working"));
    document_.closing.push_back(view_.say("draft_sorry"));
    if (view_.flag("has_next")) document_.closing.push_back(view_.say("draft_next", {{"next", view_.text("next")}}));
  }

  const View& view_;
  Document document_;
};

}  // namespace

Document document_of(const View& view) {
  return Author(view).write();
}

}  // namespace iwakan::sinks
