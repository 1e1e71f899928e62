#include "desk/notices.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>

#include "desk/desk.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

// Of each person once, in the order given; by every way they can be reached.
class Reached {
 public:
  explicit Reached(const Organisation& organisation) : organisation_(organisation) {}

  void add(const std::string& id) {
    const Person* person = find_person(organisation_, id);
    if (person == nullptr || !seen_.insert(id).second) return;
    const std::vector<Recipient> more = recipients_of(*person, "person-" + person->id);
    recipients_.insert(recipients_.end(), more.begin(), more.end());
  }
  void add(const Incident& incident, std::initializer_list<RoleKind> kinds) {
    for (const RoleHolder& holder : incident.roles) {
      if (std::find(kinds.begin(), kinds.end(), holder.kind) != kinds.end()) add(holder.person);
    }
  }
  bool empty() const { return recipients_.empty(); }
  std::vector<Recipient> take() { return std::move(recipients_); }

 private:
  const Organisation& organisation_;
  std::set<std::string> seen_;
  std::vector<Recipient> recipients_;
};

Sentence word(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::report_due: return {"次の報告の時刻が近づいています", "The time of the next report is near"};
    case NoticeKind::approval: return {"報告の承認をお願いします", "A report waits for approval"};
    case NoticeKind::promise_missed:
      return {"約束した時刻までに報告がありませんでした", "There was no report by the time that was promised"};
    case NoticeKind::watch:
      return {"お客さまへの影響の有無を確認してください", "Please find out whether customers are affected"};
    case NoticeKind::watch_due:
      return {"影響の有無の答えがまだなく、期限が近づいています",
              "Whether customers are affected is still open, and the time is near"};
    case NoticeKind::questions:
      return {"窓口でお預かりした質問をまとめて渡します",
              "The questions that wait at the desk go to the responders, together"};
    case NoticeKind::answer: return {"質問への答え", "The answer to a question"};
    case NoticeKind::hand_over: return {"交代を考えてもよい頃です", "It may be time to hand over"};
  }
  return {};
}

// Each person once, as the organisation calls them.
Sentence names_of(const std::vector<Recipient>& recipients, const Organisation& organisation) {
  Sentence names;
  std::set<std::string> seen;
  for (const Recipient& recipient : recipients) {
    const Person* person = find_person(organisation, recipient.person);
    if (person == nullptr || !seen.insert(person->id).second) continue;
    names.ja += (names.ja.empty() ? "" : "、") + person->name.in("ja");
    names.en += (names.en.empty() ? "" : ", ") + person->name.in("en");
  }
  return names;
}

}  // namespace

std::vector<Recipient> those_who_report(const Incident& incident, const Organisation& organisation) {
  Reached reached(organisation);
  reached.add(incident, {RoleKind::command, RoleKind::deputy, RoleKind::scribe});
  if (reached.empty()) {
    for (const RoleHolder& holder : incident.roles) reached.add(holder.person);
  }
  return reached.take();
}

std::vector<Recipient> duty_leads(const Incident& incident, const Organisation& organisation, TimePoint now) {
  Reached reached(organisation);
  for (const Rota& rota : organisation.rotas) {
    if (rota.role != RoleKind::command) continue;
    for (const Shift& shift : on_duty(rota, now)) reached.add(shift.person);
  }
  if (reached.empty()) {
    for (const RoleHolder& holder : organisation.roles) {
      if (holder.kind == RoleKind::command) reached.add(holder.person);
    }
  }
  if (reached.empty()) reached.add(incident, {RoleKind::command, RoleKind::deputy});
  return reached.take();
}

std::vector<Recipient> those_who_approve(const Incident& incident, const Organisation& organisation, TimePoint now) {
  Reached reached(organisation);
  reached.add(incident, {RoleKind::command, RoleKind::deputy});
  return reached.empty() ? duty_leads(incident, organisation, now) : reached.take();
}

std::vector<Recipient> those_who_look(const Incident& incident, const Organisation& organisation) {
  Reached reached(organisation);
  reached.add(incident, {RoleKind::customers, RoleKind::hands_on, RoleKind::command, RoleKind::deputy});
  return reached.take();
}

std::vector<Recipient> those_who_answer(const Incident& incident, const Organisation& organisation) {
  Reached reached(organisation);
  reached.add(incident, {RoleKind::hands_on, RoleKind::customers, RoleKind::contact});
  return reached.take();
}

std::vector<Recipient> those_who_asked(const Question& question, const Organisation& organisation) {
  Reached reached(organisation);
  for (const Asker& asker : question.askers) reached.add(asker.person);
  return reached.take();
}

std::vector<Recipient> those_who_relieve(const Incident& incident, const Organisation& organisation,
                                         const std::string& person) {
  Reached reached(organisation);
  reached.add(person);
  reached.add(incident, {RoleKind::command, RoleKind::deputy});
  return reached.take();
}

// Goes once, by the outbox, so that it survives a restart; the timeline says who was asked, or that nobody could be.
void Desk::notify(Incident& incident, ReportKind about, Notice notice, const std::vector<Recipient>& recipients,
                  TimePoint now, Effects& effects) {
  Sentence what = word(notice.kind);
  if (recipients.empty()) {
    what = {what.ja + "（知らせる相手がいません。役割のある人の連絡先を設定してください）",
            what.en + " (nobody to tell: of those with a role, nobody can be reached)"};
    return say(incident, now, "notice", std::move(what), effects);
  }
  const Sentence names = names_of(recipients, *organisation_);
  say(incident, now, "notice", {what.ja + "（" + names.ja + " に知らせます）", what.en + " (told to " + names.en + ")"},
      effects);
  const std::string number = std::to_string(++incident.notices);
  Report report = write(incident, about, now, {});
  report.audience = Audience::responder;
  report.may_mention = false;
  report.notice = std::move(notice);
  const std::string edition = std::string(kNotice) + number;
  const Sending sending{edition, keep_report(incident, std::move(report), edition), 0, {}};
  for (const Recipient& recipient : recipients) {
    queue(incident, incident.id + ".n" + number + "." + recipient.id, sending, recipient, effects);
  }
}

}  // namespace iwakan::desk
