// The members of each noun in the order in which they are written down (see codec.hpp).
#pragma once

#include "model/codec.hpp"
#include "model/delivery.hpp"
#include "model/evidence.hpp"
#include "model/incident.hpp"
#include "model/report.hpp"
#include "model/sentence.hpp"
#include "model/silence.hpp"

// The functions stand in the namespace of their nouns, where argument-dependent lookup finds them.
namespace iwakan {

template <class Noun, class Value>
concept Of = std::same_as<std::remove_cvref_t<Value>, Noun>;

template <class Archive, class Value>
requires Of<Sentence, Value>
void fields(Archive& archive, Value& v) {
  archive(v.ja, v.en);
}

template <class Archive, class Value>
requires Of<Statement, Value>
void fields(Archive& archive, Value& v) {
  archive(v.impact, v.level, v.withholds);
}

template <class Archive, class Value>
requires Of<Weight, Value>
void fields(Archive& archive, Value& v) {
  archive(v.noise_per_week, v.allowed_per_week, v.score, v.needed, v.weeks, v.by_model);
}

template <class Archive, class Value>
requires Of<Evidence, Value>
void fields(Archive& archive, Value& v) {
  archive(v.rule, v.part, v.part_share, v.subject, v.also, v.at, v.since, v.p_value, v.learning, v.statement,
          v.sentence, v.source, v.numbers, v.weight);
}

template <class Archive, class Value>
requires Of<Decision, Value>
void fields(Archive& archive, Value& v) {
  archive(v.reason, v.subject, v.incident, v.at, v.evidence);
}

template <class Archive, class Value>
requires Of<Member, Value>
void fields(Archive& archive, Value& v) {
  archive(v.source, v.fingerprint, v.subject, v.starts_at, v.state, v.changed_at, v.alert_name, v.summary, v.link);
}

template <class Archive, class Value>
requires Of<TimelineEntry, Value>
void fields(Archive& archive, Value& v) {
  archive(v.number, v.occurred_at, v.recorded_at, v.actor, v.kind, v.text, v.corrects, v.source_id, v.chain);
}

template <class Archive, class Value>
requires Of<Wave, Value>
void fields(Archive& archive, Value& v) {
  archive(v.audience, v.state, v.deadline, v.sent_at);
}

template <class Archive, class Value>
requires Of<Draft, Value>
void fields(Archive& archive, Value& v) {
  archive(v.kind, v.corrects, v.asked_at, v.by);
}

template <class Archive, class Value>
requires Of<Acknowledgement, Value>
void fields(Archive& archive, Value& v) {
  archive(v.at, v.actor);
}

template <class Archive, class Value>
requires Of<Served, Value>
void fields(Archive& archive, Value& v) {
  archive(v.person, v.from, v.to);
}

template <class Archive, class Value>
requires Of<RoleHolder, Value>
void fields(Archive& archive, Value& v) {
  archive(v.kind, v.person, v.name, v.does, v.since, v.by);
}

template <class Archive, class Value>
requires Of<Fact, Value>
void fields(Archive& archive, Value& v) {
  archive(v.number, v.kind, v.what, v.since, v.at, v.source, v.by, v.recorded_at, v.withdrawn_at, v.withdrawn_why,
          v.replaces);
}

template <class Archive, class Value>
requires Of<Unknown, Value>
void fields(Archive& archive, Value& v) {
  archive(v.id, v.what, v.checker, v.due, v.no_estimate, v.moved_from, v.moved_why, v.until_impact_known, v.asked_at,
          v.answered_at, v.answered_by);
}

template <class Archive, class Value>
requires Of<Asker, Value>
void fields(Archive& archive, Value& v) {
  archive(v.person, v.at);
}

template <class Archive, class Value>
requires Of<Answer, Value>
void fields(Archive& archive, Value& v) {
  archive(v.ground, v.text, v.at, v.who);
}

template <class Archive, class Value>
requires Of<Question, Value>
void fields(Archive& archive, Value& v) {
  archive(v.number, v.text, v.askers, v.state, v.merged_into, v.assignee, v.relayed_at, v.answers);
}

template <class Archive, class Value>
requires Of<FollowUp, Value>
void fields(Archive& archive, Value& v) {
  archive(v.number, v.what, v.owner, v.due, v.at, v.by, v.done_at, v.done_by);
}

template <class Archive, class Value>
requires Of<Stated, Value>
void fields(Archive& archive, Value& v) {
  archive(v.text, v.at, v.by);
}

template <class Archive, class Value>
requires Of<Recovery, Value>
void fields(Archive& archive, Value& v) {
  archive(v.declared_at, v.by, v.grounds);
}

template <class Archive, class Value>
requires Of<Told, Value>
void fields(Archive& archive, Value& v) {
  archive(v.recipient, v.report, v.version);
}

template <class Archive, class Value>
requires Of<Reported, Value>
void fields(Archive& archive, Value& v) {
  archive(v.number, v.kind, v.at);
}

template <class Archive, class Value>
requires Of<Incident, Value>
void fields(Archive& archive, Value& v) {
  archive(v.id, v.number, v.level, v.status, v.impact, v.impact_at, v.title, v.subjects, v.began_at, v.opened_at,
          v.changed_at, v.members, v.members_left_out, v.decision, v.evidence, v.timeline_length, v.timeline_head,
          v.reports_issued, v.report_version, v.issued_at, v.notices, v.told_until, v.waves, v.due, v.draft,
          v.next_report_at, v.acknowledged, v.judgement, v.origin, v.roles, v.served, v.paged, v.offered_rest, v.facts,
          v.unknowns, v.questions, v.summary, v.follow_ups, v.asks, v.reached, v.told, v.not_reached, v.reported,
          v.supervisors_told_at, v.everybody_told_at, v.recovery, v.merged_into, v.split_from, v.missed_for,
          v.promises_kept, v.promises_missed, v.missed_in_a_row, v.touched_at);
}

template <class Archive, class Value>
requires Of<OpenQuestion, Value>
void fields(Archive& archive, Value& v) {
  archive(v.what, v.checker, v.due, v.no_estimate, v.overdue, v.moved_from, v.moved_why);
}

template <class Archive, class Value>
requires Of<KnownFact, Value>
void fields(Archive& archive, Value& v) {
  archive(v.what, v.kind, v.since, v.at, v.source, v.fresh);
}

template <class Archive, class Value>
requires Of<Ask, Value>
void fields(Archive& archive, Value& v) {
  archive(v.of, v.what);
}

template <class Archive, class Value>
requires Of<Assignment, Value>
void fields(Archive& archive, Value& v) {
  archive(v.who, v.does);
}

template <class Archive, class Value>
requires Of<IndividualNote, Value>
void fields(Archive& archive, Value& v) {
  archive(v.person, v.addressee, v.stands_in, v.to_expect, v.everybody_at);
}

template <class Archive, class Value>
requires Of<Notice, Value>
void fields(Archive& archive, Value& v) {
  archive(v.kind, v.at, v.lines);
}

template <class Archive, class Value>
requires Of<Moment, Value>
void fields(Archive& archive, Value& v) {
  archive(v.what, v.at);
}

template <class Archive, class Value>
requires Of<Outcome, Value>
void fields(Archive& archive, Value& v) {
  archive(v.what_happened, v.when, v.impact, v.scope, v.actions, v.recurrence, v.recovered, v.grounds, v.conditions,
          v.left, v.follow_up);
}

template <class Archive, class Value>
requires Of<Report, Value>
void fields(Archive& archive, Value& v) {
  archive(v.incident, v.number, v.version, v.kind, v.level, v.drill, v.issued_at, v.title, v.audience, v.individual,
          v.notice, v.department, v.known, v.not_confirmed, v.unknown, v.asks, v.responders, v.contact,
          v.next_report_at, v.unconfirmed, v.url, v.outcome, v.corrects, v.previous_at, v.missed_for, v.may_mention,
          v.told, v.not_reached, v.questions_open);
}

template <class Archive, class Value>
requires Of<Recipient, Value>
void fields(Archive& archive, Value& v) {
  archive(v.id, v.person, v.sink, v.address, v.languages, v.time_zone, v.edition);
}

template <class Archive, class Value>
requires Of<DeliveryAnswer, Value>
void fields(Archive& archive, Value& v) {
  archive(v.verdict, v.reason, v.detail, v.retry_after, v.outcome_unknown);
}

template <class Archive, class Value>
requires Of<Delivery, Value>
void fields(Archive& archive, Value& v) {
  archive(v.id, v.incident, v.report, v.version, v.edition, v.why, v.wave, v.recipient, v.state, v.attempts,
          v.maybe_sent, v.queued_at, v.answered_at, v.reason, v.detail);
}

template <class Archive, class Value>
requires Of<LabelCondition, Value>
void fields(Archive& archive, Value& v) {
  archive(v.label, v.value, v.is_expression, v.negated);
}

template <class Archive, class Value>
requires Of<Silence, Value>
void fields(Archive& archive, Value& v) {
  archive(v.id, v.conditions, v.starts_at, v.ends_at, v.updated_at, v.created_by, v.comment, v.reminded);
}

}  // namespace iwakan
