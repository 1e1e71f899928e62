#include "http/api/incident_json.hpp"

#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "desk/facts.hpp"
#include "model/digest.hpp"

namespace iwakan::http::api {
namespace {

namespace json = boost::json;

json::object sentence_json(const Sentence& sentence) {
  return {{"ja", sentence.ja}, {"en", sentence.en}};
}

json::value time_json(const std::optional<TimePoint>& time) {
  if (!time) return nullptr;
  return json::string(format_time(*time));
}

template <class Items, class ToJson>
json::array array_of(const Items& items, ToJson to_json) {
  json::array array;
  for (const auto& item : items) array.emplace_back(to_json(item));
  return array;
}

json::object member_json(const Member& member) {
  return {{"source", member.source},
          {"fingerprint", format_fingerprint(member.fingerprint)},
          {"alert_name", member.alert_name},
          {"state", name(member.state)},
          {"starts_at", format_time(member.starts_at)},
          {"changed_at", format_time(member.changed_at)},
          {"summary", member.summary},
          {"link", member.link}};
}

json::object wave_json(const Wave& wave) {
  return {{"audience", wave.audience},
          {"state", wave.state == WaveState::sent ? "sent" : "waiting"},
          {"deadline", format_time(wave.deadline)},
          {"sent_at", time_json(wave.sent_at)}};
}

json::object role_json(const RoleHolder& holder) {
  return {{"role", name(holder.kind)},
          {"person", holder.person},
          {"name", sentence_json(holder.name)},
          {"does", sentence_json(holder.does.empty() ? word(holder.kind) : holder.does)},
          {"since", format_time(holder.since)},
          {"by", holder.by}};
}

}  // namespace

json::object summary_json(const Incident& incident) {
  json::object acknowledged;
  for (const auto& [person, acknowledgement] : incident.acknowledged) {
    acknowledged[person] = json::object{{"at", format_time(acknowledgement.at)}, {"actor", acknowledgement.actor}};
  }
  std::size_t firing = 0;
  for (const Member& member : incident.members) firing += member.state == MemberState::firing ? 1U : 0U;
  return {{"id", incident.id},
          {"status", name(incident.status)},
          {"judgement", name(incident.judgement)},
          {"level", incident.level},
          {"impact", name(incident.impact)},
          {"origin", name(incident.origin)},
          {"title", sentence_json(incident.title)},
          {"subjects", array_of(incident.subjects, [](const std::string& subject) { return json::string(subject); })},
          {"began_at", format_time(incident.began_at)},
          {"opened_at", format_time(incident.opened_at)},
          {"changed_at", format_time(incident.changed_at)},
          {"firing", firing},
          {"members_total", incident.members.size() + incident.members_left_out},
          {"next_report_at", time_json(incident.next_report_at)},
          {"waves", array_of(incident.waves, wave_json)},
          {"roles", array_of(incident.roles, role_json)},
          {"acknowledged", std::move(acknowledged)}};
}

json::object knowledge_json(const Incident& incident) {
  const auto fact_json = [](const Fact& fact) {
    return json::object{{"number", fact.number},
                        {"kind", name(fact.kind)},
                        {"what", sentence_json(fact.what)},
                        {"since", time_json(fact.since)},
                        {"at", format_time(fact.at)},
                        {"source", sentence_json(fact.source)},
                        {"by", fact.by},
                        {"recorded_at", format_time(fact.recorded_at)},
                        {"withdrawn", !fact.stands()},
                        {"withdrawn_at", time_json(fact.withdrawn_at)},
                        {"withdrawn_why", fact.withdrawn_why},
                        {"replaces", fact.replaces}};
  };
  json::array unknowns;
  for (const Unknown& unknown : incident.unknowns) {
    if (!desk::is_open(unknown, incident.impact)) continue;
    unknowns.emplace_back(
        json::object{{"id", unknown.id},
                     {"what", sentence_json(unknown.what)},
                     {"checker", sentence_json(unknown.checker)},
                     {"due", unknown.no_estimate ? json::value(nullptr) : json::value(format_time(unknown.due))},
                     {"moved_from", time_json(unknown.moved_from)},
                     {"moved_why", unknown.moved_why}});
  }
  const auto follow_up_json = [](const FollowUp& follow_up) {
    return json::object{{"number", follow_up.number},
                        {"what", sentence_json(follow_up.what)},
                        {"owner", follow_up.owner},
                        {"due", time_json(follow_up.due)},
                        {"at", format_time(follow_up.at)},
                        {"by", follow_up.by},
                        {"done_at", time_json(follow_up.done_at)},
                        {"done_by", follow_up.done_by}};
  };
  json::object stated;
  for (const auto& [field, said] : incident.summary) {
    stated[name(field)] = {{"text", sentence_json(said.text)}, {"at", format_time(said.at)}, {"by", said.by}};
  }
  json::object asks;
  for (const auto& [department, ask] : incident.asks) asks[department] = sentence_json(ask);
  return {{"facts", array_of(incident.facts, fact_json)},
          {"unknowns", std::move(unknowns)},
          {"stated", std::move(stated)},
          {"follow_ups", array_of(incident.follow_ups, follow_up_json)},
          {"asks", std::move(asks)}};
}

json::object life_json(const Incident& incident) {
  json::object reached;
  for (const auto& [status, at] : incident.reached) reached[name(status)] = format_time(at);
  json::object due;
  for (const auto& [kind, at] : incident.due) due[name(kind)] = format_time(at);
  json::object not_reached;
  for (const auto& [recipient, at] : incident.not_reached) not_reached[recipient] = format_time(at);
  json::array told;
  for (const auto& [recipient, one] : incident.told) {
    told.emplace_back(json::object{
        {"recipient", recipient}, {"person", one.recipient.person}, {"report", one.report}, {"version", one.version}});
  }
  json::value draft = nullptr;
  if (incident.draft) {
    draft = json::object{{"kind", name(incident.draft->kind)},
                         {"corrects", sentence_json(incident.draft->corrects)},
                         {"asked_at", format_time(incident.draft->asked_at)},
                         {"by", incident.draft->by},
                         {"goes_at", time_json(due_at(incident, Due::approval))}};
  }
  json::value recovery = nullptr;
  if (incident.recovery) {
    recovery = json::object{{"declared_at", format_time(incident.recovery->declared_at)},
                            {"by", incident.recovery->by},
                            {"grounds", array_of(incident.recovery->grounds, sentence_json)}};
  }
  return {{"reached", std::move(reached)},
          {"due", std::move(due)},
          {"draft", std::move(draft)},
          {"recovery", std::move(recovery)},
          {"told", std::move(told)},
          {"not_reached", std::move(not_reached)},
          {"supervisors_told_at", time_json(incident.supervisors_told_at)},
          {"everybody_told_at", time_json(incident.everybody_told_at)},
          {"reports_issued", incident.reports_issued},
          {"report_version", incident.report_version},
          {"promises", json::object{{"kept", incident.promises_kept}, {"missed", incident.promises_missed}}},
          {"merged_into", incident.merged_into},
          {"split_from", incident.split_from}};
}

json::object load_json(const Person& person, const desk::Load& load) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(load.at_work).count();
  return {{"person", person.id},
          {"name", sentence_json(person.name)},
          {"at_work_since", time_json(load.at_work_since)},
          {"at_work_minutes", minutes},
          {"nights", load.nights},
          {"pages", load.pages},
          {"reasons", array_of(load.reasons, sentence_json)}};
}

json::array suggestions_json(const std::vector<Suggestion>& suggestions) {
  return array_of(suggestions, [](const Suggestion& suggestion) {
    return json::object{{"flaw", name(suggestion.flaw)},
                        {"language", suggestion.language},
                        {"words", suggestion.words},
                        {"instead", sentence_json(suggestion.instead)}};
  });
}

json::object members_and_why_json(const Incident& incident) {
  return {{"questions", array_of(incident.questions, question_json)},
          {"questions_due", time_json(due_at(incident, Due::questions))},
          {"members", array_of(incident.members, member_json)},
          {"why", decision_json(incident.decision)},
          {"evidence", array_of(incident.evidence, evidence_json)}};
}

json::object weight_json(const Weight& weight) {
  // JSON has no infinity: a score that nothing reaches is null.
  return {{"noise_per_week", weight.noise_per_week},
          {"allowed_per_week", weight.allowed_per_week},
          {"score", weight.score},
          {"needed", std::isfinite(weight.needed) ? json::value(weight.needed) : json::value(nullptr)},
          {"weeks", weight.weeks},
          {"by_model", weight.by_model}};
}

json::object evidence_json(const Evidence& evidence) {
  json::object numbers;
  for (const auto& [number_name, value] : evidence.numbers) numbers[number_name] = value;
  json::object object{{"rule", evidence.rule},
                      {"subject", evidence.subject},
                      {"at", format_time(evidence.at)},
                      {"sentence", sentence_json(evidence.sentence)},
                      {"numbers", std::move(numbers)}};
  if (evidence.statement) {
    object["impact"] = name(evidence.statement->impact);
  } else {
    object["p_value"] = evidence.p_value;
    object["learning"] = evidence.learning;
  }
  if (!evidence.also.empty()) object["also"] = json::array(evidence.also.begin(), evidence.also.end());
  if (evidence.weight) object["budget"] = weight_json(*evidence.weight);
  return object;
}

json::object decision_json(const Decision& decision) {
  return {{"reason", name(decision.reason)},
          {"at", format_time(decision.at)},
          {"evidence", array_of(decision.evidence, evidence_json)}};
}

json::object timeline_json(const TimelineEntry& entry) {
  json::object object{{"number", entry.number},
                      {"occurred_at", format_time(entry.occurred_at)},
                      {"recorded_at", format_time(entry.recorded_at)},
                      {"actor", entry.actor},
                      {"kind", entry.kind},
                      {"text", sentence_json(entry.text)},
                      {"chain", hex(entry.chain)}};
  if (entry.corrects != 0) object["corrects"] = entry.corrects;
  if (!entry.source_id.empty()) object["source_id"] = entry.source_id;
  return object;
}

json::object question_json(const Question& question) {
  const auto asker_json = [](const Asker& asker) {
    return json::object{{"person", asker.person}, {"at", format_time(asker.at)}};
  };
  const auto answer_json = [](const Answer& answer) {
    return json::object{{"ground", name(answer.ground)},
                        {"text", sentence_json(answer.text)},
                        {"at", answer.at == kZeroTime ? json::value(nullptr) : json::value(format_time(answer.at))},
                        {"who", sentence_json(answer.who)}};
  };
  return {{"number", question.number},
          {"text", question.text},
          {"state", name(question.state)},
          {"askers", array_of(question.askers, asker_json)},
          {"assignee", question.assignee},
          {"relayed_at", time_json(question.relayed_at)},
          {"merged_into", question.merged_into == 0 ? json::value(nullptr) : json::value(question.merged_into)},
          {"answers", array_of(question.answers, answer_json)}};
}

json::object delivery_json(const Delivery& delivery) {
  return {{"id", delivery.id},
          {"incident", delivery.incident},
          {"report", delivery.report},
          {"edition", delivery.edition},
          {"why", sentence_json(delivery.why)},
          {"wave", delivery.wave},
          {"recipient", delivery.recipient.id},
          {"person", delivery.recipient.person},
          {"sink", delivery.recipient.sink},
          {"state", name(delivery.state)},
          {"attempts", delivery.attempts},
          {"maybe_sent", delivery.maybe_sent},
          {"queued_at", format_time(delivery.queued_at)},
          {"answered_at", time_json(delivery.answered_at)},
          {"reason", delivery.answered_at ? json::value(name(delivery.reason)) : json::value(nullptr)},
          {"detail", delivery.detail}};
}

json::object suspicion_json(const engine::Suspicion& suspicion) {
  return {{"subject", suspicion.subject},
          {"first_at", format_time(suspicion.first_at)},
          {"last_at", format_time(suspicion.last_at)},
          {"why", decision_json(suspicion.decision)}};
}

json::object maintenance_json(const engine::MaintenanceWindow& window, TimePoint now) {
  const auto occurrence = [](const std::optional<engine::Occurrence>& one) -> json::value {
    if (!one) return nullptr;
    return json::object{{"from", format_time(one->from)}, {"to", format_time(one->to)}};
  };
  return {
      {"name", window.name},
      {"says", sentence_json(window.says)},
      {"match", array_of(window.match, [](const engine::Matcher& matcher) { return json::string(matcher.text()); })},
      {"schedule", schedule_of(window)},
      {"running", occurrence(occurrence_at(window, now))},
      {"next", occurrence(next_occurrence(window, now))}};
}

json::object failure_json(const Failure& failure) {
  return {
      {"error", json::object{{"reason", name(failure.reason)}, {"path", failure.path}, {"detail", failure.detail}}}};
}

}  // namespace iwakan::http::api
