#include "desk/testing/report_flaws.hpp"

#include <algorithm>

#include "desk/facts.hpp"
#include "desk/wording.hpp"

namespace iwakan::desk::testing {
namespace {

class Checker {
 public:
  Checker(const Report& report, const Incident& incident) : report_(report), incident_(incident) {}

  std::vector<std::string> flaws() {
    said("title", report_.title);
    calm("title", report_.title);
    said("contact", report_.contact);
    need(!report_.known.empty(), "nothing is known");
    for (const KnownFact& fact : report_.known) known(fact);
    for (const KnownFact& fact : report_.not_confirmed) need(fact.source.empty(), "not confirmed, yet with a source");
    need(!report_.asks.empty(), "nothing is asked of anybody");
    need(!report_.responders.empty(), "nobody responds");
    need(!report_.unknown.empty() || incident_.recovery, "nothing is unknown");
    for (const OpenQuestion& question : report_.unknown) unknown(question);
    for (const Ask& ask : report_.asks) calm("ask", ask.what);
    contact_is_nobody_at_work();
    times();
    impact_first();
    if (report_.kind == ReportKind::second) need(report_.outcome.has_value(), "a second report without its outcome");
    if (report_.outcome) outcome(*report_.outcome);
    need(report_.kind != ReportKind::correction || !report_.corrects.empty(), "a correction that names no change");
    return std::move(flaws_);
  }

 private:
  void need(bool holds, std::string flaw) {
    if (!holds) flaws_.push_back(report_.incident + " " + std::string(name(report_.kind)) + ": " + std::move(flaw));
  }

  void said(const std::string& what, const Sentence& text) {
    need(!text.ja.empty() && !text.en.empty(), what + " is not said in both languages");
  }

  void calm(const std::string& what, const Sentence& text) {
    for (const Suggestion& suggestion : suggestions_for(text)) {
      const bool hurts = suggestion.flaw == WordingFlaw::blame || suggestion.flaw == WordingFlaw::estimate ||
                         suggestion.flaw == WordingFlaw::jargon;
      need(!hurts, what + " says \"" + suggestion.words + "\"");
    }
  }

  void known(const KnownFact& fact) {
    said("a fact", fact.what);
    calm("fact", fact.what);
    need(!fact.source.empty(), "a fact without a source: " + fact.what.en);
    need(fact.at != TimePoint{}, "a fact without a time: " + fact.what.en);
    need(!fact.since || *fact.since <= fact.at, "a fact that ends before it begins: " + fact.what.en);
  }

  void unknown(const OpenQuestion& question) {
    said("an unknown", question.what);
    said("a checker", question.checker);
    calm("unknown", question.what);
    if (question.no_estimate) return;
    need(question.overdue == (question.due <= report_.issued_at),
         "an unknown whose time has passed says so, and no other: " + question.what.en);
  }

  // One person alone may do both.
  void contact_is_nobody_at_work() {
    if (incident_.roles.size() < 3) return;
    for (const RoleHolder& contact : incident_.roles) {
      if (contact.kind != RoleKind::contact) continue;
      for (const RoleHolder& other : incident_.roles) {
        need(other.kind != RoleKind::hands_on || other.name != contact.name,
             "the contact has the hands in it: " + contact.name.en);
      }
    }
  }

  void times() {
    need(!report_.next_report_at || *report_.next_report_at > report_.issued_at, "the next report is in the past");
    need(report_.next_report_at || incident_.recovery || !is_live(incident_.status), "no time of the next report");
    need(!report_.individual || report_.individual->everybody_at >= report_.issued_at,
         "a supervisor hears after everybody");
    need(!incident_.everybody_told_at ||
             (incident_.supervisors_told_at && *incident_.supervisors_told_at <= *incident_.everybody_told_at),
         "everybody heard before the supervisors");
  }

  void impact_first() {
    const auto of_impact = [](const KnownFact& fact) { return fact.kind == FactKind::impact; };
    const bool known = std::any_of(report_.known.begin(), report_.known.end(), of_impact);
    if (known) return need(of_impact(report_.known.front()), "customer impact does not stand first");
    if (incident_.recovery) return;
    const auto question = std::find_if(incident_.unknowns.begin(), incident_.unknowns.end(),
                                       [](const Unknown& one) { return one.until_impact_known; });
    if (question == incident_.unknowns.end() || !is_open(*question, incident_.impact)) return;
    need(!report_.unknown.empty() && report_.unknown.front().what == question->what,
         "nobody knows the customer impact, and it is not the first unknown");
  }

  void outcome(const Outcome& outcome) {
    for (const Sentence& text :
         {outcome.what_happened, outcome.impact, outcome.scope, outcome.recurrence, outcome.left}) {
      calm("outcome", text);
    }
    for (const Moment& action : outcome.actions) calm("action", action.what);
    need(outcome.recovered == incident_.recovery.has_value(), "recovery is declared without its being so, or not");
    need(!outcome.recovered || !outcome.grounds.empty(), "recovery without grounds");
    need(std::is_sorted(outcome.when.begin(), outcome.when.end(),
                        [](const Moment& a, const Moment& b) { return a.at < b.at; }),
         "the times are out of order");
    need(numbers_add_up(outcome.impact.ja), "the numbers do not add up: " + outcome.impact.ja);
  }

  const Report& report_;
  const Incident& incident_;
  std::vector<std::string> flaws_;
};

// The numbers of a text, with thousands separators, in order.
std::vector<long> numbers_of(const std::string& text) {
  std::vector<long> numbers;
  bool inside = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (!inside) numbers.push_back(0);
      inside = true;
      numbers.back() = numbers.back() * 10 + (c - '0');
    } else if (c != ',') {
      inside = false;
    }
  }
  return numbers;
}

}  // namespace

bool numbers_add_up(const std::string& japanese) {
  const std::size_t of_these = japanese.find("うち");
  if (of_these == std::string::npos) return true;
  const std::vector<long> before = numbers_of(japanese.substr(0, of_these));
  const std::vector<long> after = numbers_of(japanese.substr(of_these, japanese.find("。", of_these) - of_these));
  if (before.empty() || after.size() < 2) return true;
  // A clock time before a count ("20:24 以降") is not among the parts.
  const long whole = before.back();
  for (std::size_t i = 0; i < after.size(); ++i) {
    for (std::size_t j = i + 1; j < after.size(); ++j) {
      if (after[i] + after[j] == whole) return true;
    }
  }
  return false;
}

std::vector<std::string> report_flaws(const Report& report, const Incident& incident) {
  if (report.audience == Audience::customers) return {};
  const bool asks = !report.notice || report.notice->kind == NoticeKind::promise_missed ||
                    report.notice->kind == NoticeKind::answer || report.notice->kind == NoticeKind::hand_over ||
                    report.notice->at > report.issued_at;
  if (!asks) return {report.incident + ": somebody is asked for something by a time that has passed"};
  return report.notice ? std::vector<std::string>{} : Checker(report, incident).flaws();
}

}  // namespace iwakan::desk::testing
