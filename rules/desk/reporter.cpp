#include "desk/reporter.hpp"

#include <algorithm>
#include <tuple>

#include "desk/acting.hpp"
#include "desk/deputies.hpp"
#include "desk/facts.hpp"
#include "desk/roles.hpp"

namespace iwakan::desk {
namespace {

constexpr std::size_t kMembersListed = 5;
constexpr std::size_t kEvidenceListed = 5;
constexpr std::size_t kFollowUpsListed = 4;

const Sentence kIwakan = same_in_all("iwakan");
const Sentence kNoticed{"iwakan が検知", "noticed by iwakan"};  // by which rule is said by `why`

Sentence joined(const std::vector<Sentence>& parts, std::string_view ja, std::string_view en) {
  Sentence all;
  for (const Sentence& part : parts) {
    all.ja += (all.ja.empty() ? "" : std::string(ja)) + part.in("ja");
    all.en += (all.en.empty() ? "" : std::string(en)) + part.in("en");
  }
  return all;
}

bool is_fresh(const Incident& incident, TimePoint at) {
  return incident.reported && at > incident.reported->at;
}

KnownFact known(const Incident& incident, Sentence what, TimePoint at, Sentence source, TimePoint learned,
                FactKind kind = FactKind::observation) {
  return {std::move(what), kind, std::nullopt, at, std::move(source), is_fresh(incident, learned)};
}

// --- what is known

KnownFact fact_of(const Incident& incident, const Fact& fact) {
  return {fact.what, fact.kind, fact.since, fact.at, fact.source, is_fresh(incident, fact.recorded_at)};
}

bool speaks_of_impact(const Evidence& evidence) {
  return evidence.statement && evidence.statement->impact != Impact::unknown;
}

KnownFact fact_of(const Incident& incident, const Evidence& evidence) {
  // What a rule or a person stated first may have been found otherwise since.
  const bool of_impact = speaks_of_impact(evidence) && evidence.statement->impact == incident.impact;
  const Sentence source = evidence.source.empty() ? kNoticed : evidence.source;
  return known(incident, evidence.sentence, evidence.at, source, evidence.at,
               of_impact ? FactKind::impact : FactKind::observation);
}

// Alerts of which the same is to be said.
struct Alike {
  const Member* first = nullptr;
  std::size_t count = 0;
  TimePoint at{};
  TimePoint learned{};
};

// The first so many kinds.
std::vector<Alike> alike(const std::vector<Member>& members, std::size_t most) {
  std::vector<Alike> groups;
  for (const Member& member : members) {
    const bool firing = member.state == MemberState::firing;
    const TimePoint at = firing ? member.starts_at : member.changed_at;
    const TimePoint learned = firing ? std::max(member.starts_at, member.changed_at) : member.changed_at;
    const auto found = std::find_if(groups.begin(), groups.end(), [&member](const Alike& group) {
      const Member& other = *group.first;
      return std::tie(other.state, other.alert_name, other.summary, other.source) ==
             std::tie(member.state, member.alert_name, member.summary, member.source);
    });
    if (found == groups.end()) {
      if (groups.size() < most) groups.push_back({&member, 1, at, learned});
      continue;
    }
    ++found->count;
    found->at = firing ? std::min(found->at, at) : std::max(found->at, at);
    found->learned = std::max(found->learned, learned);
  }
  return groups;
}

KnownFact fact_of(const Incident& incident, const Alike& alerts) {
  const Member& member = *alerts.first;
  const std::string what = member.alert_name + (member.summary.empty() ? "" : ": " + member.summary);
  Sentence said;
  switch (member.state) {
    case MemberState::firing: said = {"アラート発生中：" + what, "Alert firing: " + what}; break;
    case MemberState::resolved: said = {"アラート解消：" + what, "Alert resolved: " + what}; break;
    case MemberState::expired:
      said = {"アラートの続報がなくなりました（解消とは確認していません）：" + what,
              "Alert no longer reported (not confirmed as resolved): " + what};
      break;
    case MemberState::source_lost:
      said = {"監視元からの連絡が途絶えています（状態は不明）：" + what,
              "Its monitoring fell silent (state not known): " + what};
      break;
    case MemberState::silenced:
      said = {"アラート発生中（把握済みのため静音中）：" + what, "Alert firing, held back as known: " + what};
      break;
    case MemberState::superseded: said = {"アラートが再び発生しました：" + what, "Alert fired anew: " + what}; break;
  }
  if (alerts.count > 1) {
    const std::string count = std::to_string(alerts.count);
    said.ja += "（" + count + " 件）";
    said.en += " (" + count + " alerts)";
  }
  return known(incident, std::move(said), alerts.at, same_in_all(member.source), alerts.learned);
}

Sentence counted(MemberState state, std::size_t count) {
  const std::string number = std::to_string(count);
  switch (state) {
    case MemberState::firing:
    case MemberState::superseded: return {"発生中 " + number + " 件", number + " firing"};
    case MemberState::silenced: return {"静音中 " + number + " 件", number + " firing, held back as known"};
    case MemberState::resolved: return {"解消 " + number + " 件", number + " resolved"};
    case MemberState::expired:
      return {"続報なし " + number + " 件（解消とは確認していません）",
              number + " no longer reported (not confirmed as resolved)"};
    case MemberState::source_lost:
      return {"監視元が沈黙 " + number + " 件（状態は不明）",
              number + " whose monitoring fell silent (state not known)"};
  }
  return {};
}

// The alerts in one line: once people have said what is so, the names of monitors no longer help the reader.
KnownFact alerts_in_one_line(const Incident& incident) {
  TimePoint changed{};
  for (const Member& member : incident.members) changed = std::max(changed, member.changed_at);
  const Sentence all = alerts_by_state(incident);
  return known(incident, {"アラートは、" + all.ja + "です", "Alerts: " + all.en}, changed, {"監視", "monitoring"},
               changed);
}

// A later word of the same rule takes the place of its first one: the numbers of a burst go on growing.
std::vector<Evidence> latest_evidence(const Incident& incident) {
  std::vector<Evidence> latest;
  for (const Evidence& evidence : incident.decision.evidence) {
    const bool superseded =
        !evidence.statement && std::any_of(incident.evidence.begin(), incident.evidence.end(),
                                           [&evidence](const Evidence& other) { return other.rule == evidence.rule; });
    if (!superseded) latest.push_back(evidence);
  }
  latest.insert(latest.end(), incident.evidence.begin(), incident.evidence.end());
  return latest;
}

// Confirmed facts of people that a reader is still to be told.
std::vector<const Fact*> confirmed_facts(const Incident& incident) {
  std::vector<const Fact*> facts;
  for (const Fact& fact : incident.facts) {
    if (fact.stands() && !fact.source.empty()) facts.push_back(&fact);
  }
  return facts;
}

// Customer impact stands first: in people's words, else as a rule stated it, else as it was set.
void put_impact(const Incident& incident, const std::vector<const Fact*>& facts, std::vector<KnownFact>& all) {
  for (const Fact* fact : facts) {
    if (fact->kind == FactKind::impact) all.push_back(fact_of(incident, *fact));
  }
  if (!all.empty() || incident.impact == Impact::unknown) return;
  for (const Evidence& evidence : incident.decision.evidence) {
    if (speaks_of_impact(evidence) && evidence.statement->impact == incident.impact)
      return all.push_back(fact_of(incident, evidence));
  }
  all.push_back(
      known(incident, said_of(incident.impact), incident.impact_at, kIwakan, incident.impact_at, FactKind::impact));
}

void put_status(const Incident& incident, std::vector<KnownFact>& all) {
  const auto add = [&](IncidentStatus status, Sentence said) {
    const auto reached = incident.reached.find(status);
    if (reached == incident.reached.end()) return;
    all.push_back(known(incident, std::move(said), reached->second, {"対応者", "the responders"}, reached->second));
  };
  add(IncidentStatus::identified, {"原因を特定しました", "The cause has been identified"});
  add(IncidentStatus::mitigated, {"暫定の対応をしました", "An interim fix is in place"});
}

std::vector<KnownFact> known_facts(const Incident& incident) {
  const std::vector<const Fact*> facts = confirmed_facts(incident);
  std::vector<KnownFact> all;
  put_impact(incident, facts, all);
  const bool impact_by_people = !facts.empty() && !all.empty();
  put_status(incident, all);
  for (const Fact* fact : facts) {
    if (fact->kind != FactKind::impact) all.push_back(fact_of(incident, *fact));
  }
  std::size_t listed = 0;
  for (const Evidence& evidence : latest_evidence(incident)) {
    const bool said = speaks_of_impact(evidence) && impact_by_people;
    const bool stands =
        std::any_of(all.begin(), all.end(), [&](const KnownFact& one) { return one.what == evidence.sentence; });
    if (said || stands || listed++ >= kEvidenceListed) continue;
    all.push_back(fact_of(incident, evidence));
  }
  if (!facts.empty()) {
    if (!incident.members.empty()) all.push_back(alerts_in_one_line(incident));
    return all;
  }
  std::size_t more = incident.members.size() + incident.members_left_out;
  for (const Alike& alerts : alike(incident.members, kMembersListed)) {
    all.push_back(fact_of(incident, alerts));
    more -= alerts.count;
  }
  if (more > 0) {
    const std::string count = std::to_string(more);
    all.push_back(known(incident, {"ほかに " + count + " 件のアラートがあります", "And " + count + " more alerts"},
                        incident.changed_at, kIwakan, incident.changed_at));
  }
  if (all.empty()) all.push_back(known(incident, incident.title, incident.opened_at, kIwakan, incident.opened_at));
  return all;
}

// What somebody wrote down without a source. It stands apart, so that nobody takes it for known.
std::vector<KnownFact> not_confirmed(const Incident& incident) {
  std::vector<KnownFact> all;
  for (const Fact& fact : incident.facts) {
    if (!fact.stands() || !fact.source.empty()) continue;
    all.push_back(fact_of(incident, fact));
  }
  return all;
}

// --- what is not known

// A time that has passed stays as it was promised, and is said to have passed: iwakan cannot know when the
// checker will have the answer, and a promise moved in silence is one more broken. Only a person moves it.
OpenQuestion question_of(const Unknown& unknown, TimePoint now) {
  return {.what = unknown.what,
          .checker = unknown.checker,
          .due = unknown.due,
          .no_estimate = unknown.no_estimate,
          .overdue = !unknown.no_estimate && unknown.due <= now,
          .moved_from = unknown.moved_from,
          .moved_why = unknown.moved_why};
}

std::vector<OpenQuestion> open_questions(const Incident& incident, TimePoint now) {
  const bool told_of_impact = std::any_of(incident.facts.begin(), incident.facts.end(), [](const Fact& fact) {
    return fact.kind == FactKind::impact && fact.stands() && !fact.source.empty();
  });
  std::vector<OpenQuestion> questions;
  std::size_t first = 0;
  for (const Unknown& unknown : incident.unknowns) {
    if (!is_open(unknown, incident.impact)) continue;
    // What customers meet is the first thing to find out while nobody knows.
    const bool leads = unknown.until_impact_known && incident.impact == Impact::unknown && !told_of_impact;
    const auto place = questions.begin() + static_cast<std::ptrdiff_t>(leads ? first++ : questions.size());
    questions.insert(place, question_of(unknown, now));
  }
  // What nobody here can know is still not known, and no time is made up for it.
  if (questions.empty() && !incident.recovery) {
    questions.push_back({.what = {"解消の時刻", "When it will be over"},
                         .checker = {"対応の結果", "the outcome of the work"},
                         .due = {},
                         .no_estimate = true,
                         .overdue = false,
                         .moved_from = {},
                         .moved_why = {}});
  }
  return questions;
}

// --- the outcome

// Ordered by time: what the second report says of the course of things.
std::vector<Moment> course(const Incident& incident) {
  std::vector<Moment> moments{{{"発生", "began"}, incident.began_at}, {{"検知", "detected"}, incident.opened_at}};
  const auto add = [&moments](Sentence what, std::optional<TimePoint> at) {
    if (at) moments.push_back({std::move(what), *at});
  };
  std::optional<TimePoint> response;
  const auto earlier = [&response](TimePoint at) { response = response ? std::min(*response, at) : at; };
  for (const RoleHolder& holder : incident.roles) earlier(holder.since);
  for (const auto& [person, acknowledged] : incident.acknowledged) earlier(acknowledged.at);
  add({"対応開始", "response"}, response);
  add({"第一報（個別）", "first report to supervisors"}, incident.supervisors_told_at);
  add({"第一報（全体）", "first report to everyone"}, incident.everybody_told_at);
  for (const Fact& fact : incident.facts) {
    if (fact.stands() && fact.kind == FactKind::workaround && !fact.source.empty())
      add({"回避策", "workaround"}, fact.since.value_or(fact.at));
  }
  const auto reached = [&incident](IncidentStatus status) {
    const auto found = incident.reached.find(status);
    return found == incident.reached.end() ? std::nullopt : std::optional(found->second);
  };
  add({"原因の特定", "cause identified"}, reached(IncidentStatus::identified));
  add({"暫定対応", "interim fix"}, reached(IncidentStatus::mitigated));
  if (incident.recovery) add({"復旧の確認", "recovery confirmed"}, incident.recovery->declared_at);
  std::stable_sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) { return a.at < b.at; });
  return moments;
}

// What people wrote of it, and what is still to be done, by whom.
Sentence what_follows(const Incident& incident, const Sentence& stated, const Organisation& organisation) {
  std::vector<Sentence> parts;
  if (!stated.empty()) parts.push_back(stated);
  std::size_t more = 0;
  for (const FollowUp& follow_up : incident.follow_ups) {
    if (follow_up.done_at) continue;
    if (parts.size() >= kFollowUpsListed) {
      ++more;
      continue;
    }
    const Sentence owner = called(follow_up.owner, organisation);
    parts.push_back({follow_up.what.in("ja") + "（" + owner.in("ja") + "）",
                     follow_up.what.in("en") + " (" + owner.in("en") + ")"});
  }
  if (more > 0) parts.push_back({"ほか " + std::to_string(more) + " 件", std::to_string(more) + " more"});
  return joined(parts, "、", "; ");
}

Outcome outcome(const Incident& incident, const Organisation& organisation) {
  const auto stated = [&incident](SummaryField field) {
    const auto found = incident.summary.find(field);
    return found == incident.summary.end() ? Sentence{} : found->second.text;
  };
  Outcome outcome;
  outcome.what_happened = stated(SummaryField::what_happened);
  outcome.when = course(incident);
  outcome.impact = stated(SummaryField::impact);
  outcome.scope = stated(SummaryField::scope);
  outcome.recurrence = stated(SummaryField::recurrence);
  outcome.left = stated(SummaryField::left);
  outcome.follow_up = what_follows(incident, stated(SummaryField::follow_up), organisation);
  for (const Fact* fact : confirmed_facts(incident)) {
    if (fact->kind == FactKind::action) outcome.actions.push_back({fact->what, fact->at});
    // The latest that is known of the impact, until somebody sums it up.
    if (fact->kind == FactKind::impact && stated(SummaryField::impact).empty()) outcome.impact = fact->what;
  }
  outcome.recovered = incident.recovery.has_value();
  if (incident.recovery) {
    outcome.grounds = incident.recovery->grounds;
  } else if (const Sentence conditions = stated(SummaryField::conditions); !conditions.empty()) {
    outcome.conditions = {conditions};
  }
  return outcome;
}

// --- asks and people

// As the level has it, else as the department has.
Sentence usual_ask(const Department& department, const Incident& incident, const Organisation& organisation) {
  const std::map<std::string, Sentence>& of_level = procedure_of(organisation, incident.level).asks;
  const auto found = of_level.find(department.id);
  const Sentence& ask = found == of_level.end() ? department.ask : found->second;
  // What was asked during the incident is over with it.
  if (incident.recovery && !ask.empty())
    return {"これまでのお願いは終わりです。通常の対応にお戻りください",
            "what we asked before has ended; please return to the usual"};
  return ask;
}

std::vector<Ask> asks(const Incident& incident, const Organisation& organisation) {
  std::vector<Ask> wanted;
  for (const Department& department : organisation.departments) {
    const auto own = incident.asks.find(department.id);
    const Sentence ask = own == incident.asks.end() ? usual_ask(department, incident, organisation) : own->second;
    if (!ask.empty()) wanted.push_back({department.name, ask});
  }
  Sentence wait{"作業は不要です。次の報告をお待ちください", "nothing to do. Please wait for the next report"};
  if (!incident.next_report_at) wait = {"作業は不要です", "nothing to do"};
  wanted.push_back({wanted.empty() ? Sentence{"皆さま", "Everyone"} : Sentence{"その他の部署", "Everyone else"}, wait});
  return wanted;
}

// A role that the level needs and nobody has is named, so that nobody relies on it unseen.
void put_vacancies(const std::vector<Vacancy>& vacancies, std::vector<Assignment>& all) {
  const auto begin = static_cast<std::ptrdiff_t>(all.size());
  for (const Vacancy& vacancy : vacancies) {
    const Sentence role = word(vacancy.kind);
    const Sentence who = said_of(vacancy);
    const auto same =
        std::find_if(all.begin() + begin, all.end(), [&who](const Assignment& one) { return one.who == who; });
    if (same == all.end()) {
      all.push_back({who, role});
    } else {
      same->does = {same->does.ja + "・" + role.ja, same->does.en + ", " + role.en};
    }
  }
}

std::vector<Assignment> responders(const Incident& incident, const Organisation& organisation) {
  std::vector<Assignment> all;
  for (const RoleHolder& holder : incident.roles) {
    all.push_back({holder.name, holder.does.empty() ? word(holder.kind) : holder.does});
  }
  if (!all.empty() && is_live(incident.status)) {
    put_vacancies(vacancies(incident, procedure_of(organisation, incident.level)), all);
  }
  if (!all.empty()) return all;
  if (!organisation.responders.empty()) return organisation.responders;
  return {
      {{"確認中（次の報告でお知らせします）", "being confirmed, named in the next report"}, {"対応者", "Responders"}}};
}

Sentence contact(const Incident& incident, const Organisation& organisation) {
  const auto holder = std::find_if(incident.roles.begin(), incident.roles.end(),
                                   [](const RoleHolder& role) { return role.kind == RoleKind::contact; });
  const Sentence& place = organisation.contact;
  if (holder == incident.roles.end()) {
    return place.empty()
               ? Sentence{"窓口を確認中（次の報告でお知らせします）", "being confirmed, named in the next report"}
               : place;
  }
  if (place.empty()) return holder->name;
  // A place that names whoever holds the role says it already.
  if (place.in("ja").find(holder->name.in("ja")) != std::string::npos) return place;
  return {place.in("ja") + "（" + holder->name.in("ja") + "）", place.in("en") + " (" + holder->name.in("en") + ")"};
}

}  // namespace

Sentence alerts_by_state(const Incident& incident, std::optional<MemberState> but_not) {
  std::map<MemberState, std::size_t> counts;
  for (const Member& member : incident.members) {
    ++counts[member.state == MemberState::superseded ? MemberState::firing : member.state];
  }
  if (incident.members_left_out > 0) counts[MemberState::firing] += incident.members_left_out;
  if (but_not) counts.erase(*but_not);
  std::vector<Sentence> parts;
  parts.reserve(counts.size());
  for (const auto& [state, count] : counts) parts.push_back(counted(state, count));
  return joined(parts, "、", ", ");
}

Sentence said_of(Impact impact) {
  switch (impact) {
    case Impact::confirmed: return {"お客さまへの影響があります", "Customers are affected"};
    case Impact::possible: return {"お客さまへの影響の可能性があります", "Customers may be affected"};
    case Impact::none_confirmed:
      return {"お客さまへの影響がないことを確認しました", "Customers are confirmed not to be affected"};
    case Impact::unknown: break;
  }
  return {};
}

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

Sentence put_right(const Fact& wrong, const Fact* right) {
  if (right == nullptr) {
    return {"取り消します：「" + wrong.what.in("ja") + "」", "withdrawn: \"" + wrong.what.in("en") + "\""};
  }
  return {"誤：「" + wrong.what.in("ja") + "」→ 正：「" + right->what.in("ja") + "」",
          "not \"" + wrong.what.in("en") + "\" but \"" + right->what.in("en") + "\""};
}

Report write_report(const Incident& incident, const Organisation& organisation, ReportKind kind, TimePoint now) {
  Report report;
  report.incident = incident.id;
  report.number = std::max<std::uint32_t>(incident.reports_issued, 1);
  report.kind = kind;
  report.level = incident.level;
  report.issued_at = now;
  const auto title = incident.summary.find(SummaryField::title);
  report.title = title == incident.summary.end() ? incident.title : title->second.text;
  report.known = known_facts(incident);
  report.not_confirmed = not_confirmed(incident);
  report.unknown = open_questions(incident, now);
  report.asks = asks(incident, organisation);
  report.responders = responders(incident, organisation);
  report.contact = contact(incident, organisation);
  report.next_report_at = incident.next_report_at;
  report.drill = organisation.drill;
  if (kind == ReportKind::first) {
    for (KnownFact& fact : report.known) fact.fresh = false;
  } else if (incident.reported) {
    report.previous_at = incident.reported->at;
  }
  report.told = static_cast<std::uint32_t>(incident.told.size());
  report.not_reached = static_cast<std::uint32_t>(incident.not_reached.size());
  report.questions_open =
      static_cast<std::uint32_t>(std::count_if(incident.questions.begin(), incident.questions.end(), awaits_answer));
  const bool sums_up = incident.reported && incident.reported->kind == ReportKind::second;
  if (kind == ReportKind::second || (kind == ReportKind::correction && sums_up))
    report.outcome = outcome(incident, organisation);
  if (!organisation.url.empty()) report.url = organisation.url + std::string(kPagePath) + incident.id;
  return report;
}

Report department_edition(Report report, const Department& department) {
  report.audience = Audience::department;
  report.department = department.name;
  std::stable_partition(report.asks.begin(), report.asks.end(),
                        [&department](const Ask& ask) { return ask.of == department.name; });
  return report;
}

Report management_edition(Report report) {
  report.audience = Audience::management;
  return report;
}

// Customers are told what they meet and what they can do; never guesses, names or the inside of the house.
Report customers_draft(Report report) {
  report.audience = Audience::customers;
  std::erase_if(report.known, [](const KnownFact& fact) {
    return fact.kind != FactKind::impact && fact.kind != FactKind::workaround;
  });
  report.not_confirmed.clear();
  report.unknown.clear();
  report.asks.clear();
  report.responders.clear();
  return report;
}

std::optional<Report> edition_named(Report report, std::string_view edition, const Organisation& organisation) {
  if (edition.empty() || edition == "everybody") return report;
  if (edition == "management") return management_edition(std::move(report));
  if (edition == "customers") return customers_draft(std::move(report));
  for (const Department& department : organisation.departments) {
    if (edition == "department." + department.id) return department_edition(std::move(report), department);
  }
  return std::nullopt;
}

Report individual_edition(Report report, const Department& department, TimePoint everybody_at) {
  IndividualNote note;
  note.person = department.supervisor;
  note.addressee = addressee(department, department.supervisor_name);
  note.to_expect = department.to_expect;
  note.everybody_at = everybody_at;
  report.audience = Audience::supervisor;
  report.may_mention = false;
  report.department = department.name;
  report.individual = std::move(note);
  return report;
}

Sentence addressee(const Department& department, const Sentence& person) {
  return {department.name.in("ja") + " " + person.in("ja") + "さま", person.in("en") + ", " + department.name.in("en")};
}

std::vector<Sentence> unconfirmed_departments(const Incident& incident, const Organisation& organisation) {
  std::vector<Sentence> missing;
  for (const Department& department : organisation.departments) {
    if (!has_acknowledged(incident, department)) missing.push_back(department.name);
  }
  return missing;
}

}  // namespace iwakan::desk
