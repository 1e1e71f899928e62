#include "desk/reporter.hpp"

#include <algorithm>

namespace iwakan::desk {
namespace {

constexpr std::size_t kMembersListed = 5;
constexpr std::size_t kEvidenceListed = 5;

KnownFact impact_fact(const Incident& incident) {
  switch (incident.impact) {
    case Impact::confirmed:
      return {{"お客さまへの影響があります", "Customers are affected"}, incident.changed_at, "iwakan"};
    case Impact::possible:
      return {{"お客さまへの影響の可能性があります", "Customers may be affected"}, incident.changed_at, "iwakan"};
    case Impact::none_confirmed:
      return {{"お客さまへの影響がないことを確認しました", "Customers are confirmed not to be affected"},
              incident.changed_at,
              "iwakan"};
    case Impact::unknown: break;
  }
  return {};
}

// An impact statement of the rule says the same as impact_fact, with its ground: one of them is enough.
bool speaks_of_impact(const Evidence& evidence) {
  return evidence.statement && evidence.statement->impact != Impact::unknown;
}

KnownFact fact_of(const Evidence& evidence) {
  return {evidence.sentence, evidence.at, "iwakan/" + evidence.rule};
}

KnownFact fact_of(const Member& member) {
  const std::string what = member.alert_name + (member.summary.empty() ? "" : ": " + member.summary);
  switch (member.state) {
    case MemberState::firing:
      return {{"アラート発生中：" + what, "Alert firing: " + what}, member.starts_at, member.source};
    case MemberState::resolved:
      return {{"アラート解消：" + what, "Alert resolved: " + what}, member.changed_at, member.source};
    case MemberState::expired:
      return {{"アラートの続報がなくなりました（解消とは確認していません）：" + what,
               "Alert no longer reported (not confirmed as resolved): " + what},
              member.changed_at,
              member.source};
    case MemberState::source_lost:
      return {{"監視元からの連絡が途絶えています（状態は不明）：" + what,
               "Its monitoring fell silent (state not known): " + what},
              member.changed_at,
              member.source};
    case MemberState::superseded:
      return {{"アラートが再び発生しました：" + what, "Alert fired anew: " + what}, member.changed_at, member.source};
  }
  return {};
}

std::vector<KnownFact> known_facts(const Incident& incident) {
  std::vector<KnownFact> known;
  const auto& later = incident.evidence;
  const auto superseded = [&later](const Evidence& evidence) {
    return !evidence.statement && std::any_of(later.begin(), later.end(), [&evidence](const Evidence& other) {
      return other.rule == evidence.rule;
    });
  };
  const auto add_evidence = [&](const Evidence& evidence) {
    if (known.size() < kEvidenceListed) known.push_back(fact_of(evidence));
  };
  const bool grounded =
      std::any_of(incident.decision.evidence.begin(), incident.decision.evidence.end(), speaks_of_impact);
  if (incident.impact != Impact::unknown && !grounded) known.push_back(impact_fact(incident));
  for (const Evidence& evidence : incident.decision.evidence) {
    if (!superseded(evidence)) add_evidence(evidence);
  }
  for (const Evidence& evidence : later) add_evidence(evidence);
  const std::size_t listed = std::min(incident.members.size(), kMembersListed);
  for (std::size_t i = 0; i < listed; ++i) known.push_back(fact_of(incident.members[i]));
  const std::size_t more = incident.members.size() - listed + incident.members_left_out;
  if (more > 0) {
    const std::string count = std::to_string(more);
    known.push_back({{"ほかに " + count + " 件のアラートがあります", "And " + count + " more alerts"},
                     incident.changed_at,
                     "iwakan"});
  }
  if (known.empty()) {
    known.push_back({incident.title, incident.opened_at, "iwakan"});
  }
  return known;
}

std::vector<OpenQuestion> open_questions(const Incident& incident, const Organisation& organisation, TimePoint now) {
  std::vector<OpenQuestion> questions;
  for (const StandingQuestion& question : organisation.questions) {
    const bool answered = question.until_impact_confirmed &&
                          (incident.impact == Impact::confirmed || incident.impact == Impact::none_confirmed);
    if (answered) continue;
    // A question that is due already would be a broken promise: the time starts anew with this report.
    const TimePoint due = incident.opened_at + question.within;
    questions.push_back({question.what, question.checker, due > now ? due : now + question.within});
  }
  if (questions.empty()) {
    questions.push_back({{"お客さまへの影響の詳しい範囲", "The exact extent for customers"},
                         {"対応者", "the responders"},
                         now + std::chrono::minutes(30)});
  }
  return questions;
}

std::vector<Ask> asks(const Organisation& organisation) {
  std::vector<Ask> wanted;
  for (const Department& department : organisation.departments) {
    if (!department.ask.empty()) wanted.push_back({department.name, department.ask});
  }
  const Sentence wait{"作業は不要です。次の報告をお待ちください", "nothing to do. Please wait for the next report"};
  wanted.push_back({wanted.empty() ? Sentence{"皆さま", "Everyone"} : Sentence{"その他の部署", "Everyone else"}, wait});
  return wanted;
}

std::vector<Assignment> responders(const Organisation& organisation) {
  if (!organisation.responders.empty()) return organisation.responders;
  return {
      {{"確認中（次の報告でお知らせします）", "being confirmed, named in the next report"}, {"対応者", "Responders"}}};
}

}  // namespace

Sentence title_of(std::string_view subject, Impact impact) {
  const std::string name(subject);
  switch (impact) {
    case Impact::confirmed: return {name + " でお客さまに影響が出ています", name + ": customers are affected"};
    case Impact::possible:
      return {name + " でお客さまに影響が出ている可能性があります", name + ": customers may be affected"};
    case Impact::none_confirmed:
    case Impact::unknown: break;
  }
  return {name + " の様子がいつもと違います", name + ": something differs from usual"};
}

Sentence title_of_many(const std::vector<std::string>& subjects) {
  const std::string& first = subjects.front();
  const std::string more = std::to_string(subjects.size() - 1);
  return {first + " ほか " + more + " か所で、様子がいつもと違います",
          first + " and " + more + " more: something differs from usual"};
}

Report first_report(const Incident& incident, const Organisation& organisation, TimePoint now) {
  Report report;
  report.incident = incident.id;
  report.number = 1;
  report.kind = ReportKind::first;
  report.level = incident.level;
  report.issued_at = now;
  report.title = incident.title;
  report.known = known_facts(incident);
  report.unknown = open_questions(incident, organisation, now);
  report.asks = asks(organisation);
  report.responders = responders(organisation);
  report.contact = organisation.contact.empty() ? Sentence{"窓口を確認中（次の報告でお知らせします）",
                                                           "being confirmed, named in the next report"}
                                                : organisation.contact;
  report.next_report_at = incident.next_report_at;
  if (!organisation.url.empty()) report.url = organisation.url + "/api/v1/incidents/" + incident.id;
  return report;
}

Report individual_edition(Report report, const Department& department, TimePoint everybody_at) {
  IndividualNote note;
  note.person = department.supervisor;
  note.addressee = {department.name.ja + " " + department.supervisor_name.ja + "さま",
                    department.supervisor_name.en + ", " + department.name.en};
  note.to_expect = department.to_expect;
  note.everybody_at = everybody_at;
  report.individual = std::move(note);
  return report;
}

std::vector<Sentence> unconfirmed_departments(const Incident& incident, const Organisation& organisation) {
  std::vector<Sentence> missing;
  for (const Department& department : organisation.departments) {
    if (!incident.acknowledged.contains(department.supervisor)) missing.push_back(department.name);
  }
  return missing;
}

}  // namespace iwakan::desk
