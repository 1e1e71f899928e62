#include "desk/recovery.hpp"

#include <algorithm>

#include "desk/acting.hpp"
#include "desk/desk.hpp"
#include "desk/reporter.hpp"

namespace iwakan::desk {
namespace {

using engine::Effects;

constexpr std::size_t kAlertsNamed = 10;  // beyond, they are counted

std::string minutes(Duration duration) {
  return std::to_string(std::chrono::floor<std::chrono::minutes>(duration).count());
}

Sentence still_missing(const Member& member) {
  const std::string& alert = member.alert_name;
  switch (member.state) {
    case MemberState::firing:
      return {"アラート「" + alert + "」が解消すること（発生中）", "the alert " + alert + " resolves (it is firing)"};
    case MemberState::resolved: break;
    case MemberState::expired:
      return {"アラート「" + alert + "」の解消が確認できること（続報がないだけで、解消とは確認していません）",
              "the alert " + alert + " is confirmed to have ended (it is merely no longer reported)"};
    case MemberState::source_lost:
      return {"アラート「" + alert + "」の監視元と連絡が戻り、解消が確認できること（状態は不明）",
              "the monitoring of the alert " + alert + " speaks again and says that it ended (its state is not known)"};
    case MemberState::silenced:
      return {"アラート「" + alert + "」が解消すること（お知らせを抑止中で、発生は続いています）",
              "the alert " + alert + " resolves (it is held back, and still fires)"};
    case MemberState::superseded:
      return {"アラート「" + alert + "」が解消すること（再び発生）",
              "the alert " + alert + " resolves (it fired anew)"};
  }
  return {};
}

void look_at_members(const Incident& incident, RecoveryGate& gate) {
  std::size_t resolved = 0;
  std::size_t unnamed = 0;
  for (const Member& member : incident.members) {
    if (member.state == MemberState::resolved) {
      ++resolved;
    } else if (gate.missing.size() < kAlertsNamed) {
      gate.missing.push_back(still_missing(member));
    } else {
      ++unnamed;
    }
  }
  unnamed += incident.members_left_out;
  if (unnamed > 0) {
    const std::string count = std::to_string(unnamed);
    gate.missing.push_back({"ほかの " + count + " 件のアラートの解消が確認できること（ここでは追跡していません）",
                            count + " more alerts, which are not followed here, are confirmed to have ended"});
  }
  if (!gate.missing.empty()) {
    const Sentence states = alerts_by_state(incident, MemberState::resolved);
    gate.told.push_back({"監視のアラートがすべて解消したと確認できること（今は" + states.ja + "）",
                         "every alert of the monitoring is confirmed to have resolved (" + states.en + " now)"});
  }
  if (incident.members.empty()) {
    gate.grounds.push_back({"この件に属するアラートはありません", "No alert belongs to this"});
  } else if (resolved > 0) {
    const std::string count = std::to_string(resolved);
    gate.grounds.push_back({"アラート " + count + " 件の解消を監視が知らせています",
                            resolved == 1 ? "Monitoring says that the alert has resolved"
                                          : "Monitoring says that " + count + " alerts have resolved"});
  }
}

void look_for_quiet(const Incident& incident, Duration wanted, TimePoint now, RecoveryGate& gate) {
  TimePoint last = incident.members.empty() ? now - wanted : TimePoint::min();
  for (const Member& member : incident.members) last = std::max(last, member.changed_at);
  const Duration quiet = std::max(Duration{}, now - last);
  if (quiet >= wanted) {
    if (incident.members.empty()) return;
    gate.grounds.push_back({"アラートに動きのない状態が " + minutes(quiet) + " 分続いています",
                            "No alert has changed for " + minutes(quiet) + " min"});
  } else {
    gate.missing.push_back(
        {"アラートの動きのない状態が " + minutes(wanted) + " 分続くこと（今は " + minutes(quiet) + " 分）",
         "no alert changes for " + minutes(wanted) + " min (" + minutes(quiet) + " min so far)"});
    gate.told.push_back(gate.missing.back());
  }
}

std::string listed(const std::vector<Sentence>& sentences) {
  std::string all;
  for (const Sentence& sentence : sentences) all += (all.empty() ? "" : "; ") + sentence.en;
  return all;
}

}  // namespace

RecoveryGate recovery_gate(const Incident& incident, const LevelProcedure& level, TimePoint now) {
  RecoveryGate gate;
  look_at_members(incident, gate);
  look_for_quiet(incident, level.quiet_for, now, gate);
  return gate;
}

// A reason overrides the gate: an alert that was taken out of service never resolves. What was missing then stands
// among the grounds, with the reason.
void Desk::act_on(const PersonActed& acted, const act::DeclareRecovery& what, Effects& effects) {
  Incident* incident = incident_or_refuse(what.incident, effects);
  if (incident == nullptr || refused_move(*incident, IncidentStatus::recovered, effects)) return;
  if (acted.actor.empty() || acted.actor == kNobody) {
    effects.refusal = needed("actor", "recovery is declared by a named person: say who (actor, or --actor)");
    return;
  }
  if (incident->reports_issued == 0) {
    effects.refusal = at_odds("the first report waits for approval: approve it before recovery is declared");
    return;
  }
  RecoveryGate gate = recovery_gate(*incident, level_of(*incident), acted.at);
  if (!gate.holds() && what.although.empty()) {
    effects.refusal = at_odds("recovery cannot be declared yet. Still missing: " + listed(gate.missing) +
                              ". To declare it all the same, give a reason");
    return;
  }
  for (const Sentence& missing : gate.told) {
    gate.grounds.push_back(with_reason(
        {"未確認のまま宣言した条件：" + missing.ja, "Declared without this condition: " + missing.en}, what.although));
  }
  const std::string by = cut(acted.actor, kPersonBytesMax);
  const Sentence who = called(acted.actor, *organisation_);
  gate.grounds.push_back({"判断：" + who.in("ja"), "Decided by " + who.in("en")});
  incident->recovery = Recovery{acted.at, by, gate.grounds};
  enter(*incident, IncidentStatus::recovered, acted.at);
  act_upon(*incident);
  incident->due[Due::settled] = acted.at + level_of(*incident).reopens_within;
  say(*incident, acted.at, "recovery", with_reason({"復旧を宣言しました", "Recovery declared"}, what.although), effects,
      acted.actor);
  for (const Sentence& ground : gate.grounds) say(*incident, acted.at, "recovery", ground, effects, acted.actor);
  report(*incident, ReportKind::second, acted.at, effects, by);
}

}  // namespace iwakan::desk
