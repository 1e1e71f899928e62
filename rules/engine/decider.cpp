#include "engine/decider.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/fields.hpp"
#include "model/codec.hpp"

namespace iwakan::engine {

template <class Archive, class Value>
requires Of<Suspicion, Value>
void fields(Archive& archive, Value& v) {
  archive(v.subject, v.first_at, v.last_at, v.noted_at, v.decision);
}

namespace {

using namespace std::chrono_literals;

constexpr Duration kSuspicionLasts = 24h;
constexpr std::size_t kSuspicionsMax = 1'000;
constexpr Duration kNearMissCalm = 30min;  // a later one is a near miss of its own
constexpr Duration kDecisionsKept = 24h * 90;
constexpr std::size_t kDecisionsMax = 20'000;
constexpr Duration kTogether = 30min;  // evidence of several rules that counts together
constexpr Duration kReaches = 15min;   // an incident so young grows with the breadth of what broke
constexpr std::size_t kMembersAtOnce = 50;
constexpr double kTrusted = 10;  // -log10 p: beyond, a model knows the order of things and not their size
constexpr std::string_view kCorroboration = "corroboration";
constexpr std::string_view kMany = "*";       // the stream of what concerns many subjects at once
constexpr double kFiredMemory = 14 * 86400.;  // seconds: two weeks
constexpr double kFiredPerWeekLeast = 100;    // the budget is never spread over fewer tests
constexpr std::string_view kCountersKey = "engine";
constexpr std::string_view kBudgetPrefix = "budget/";

bool is_wide(const Decision& decision) {
  return !decision.evidence.empty() && !decision.evidence.front().also.empty();
}

// Among what a piece of evidence is ranked.
std::string pool_of(const Evidence& evidence) {
  return evidence.part.empty() ? evidence.rule : evidence.rule + ":" + evidence.part;
}

Weight weight_of(const statistics::Standing& standing) {
  return {standing.noise_per_week, standing.allowed_per_week, standing.score, standing.needed,
          standing.weeks,          standing.by_model};
}

statistics::Fate fate_of(const Incident& incident) {
  switch (incident.judgement) {
    case Judgement::none: return statistics::Fate::waiting;
    case Judgement::acted_on:
    case Judgement::confirmed: return statistics::Fate::real;
    case Judgement::dismissed: return statistics::Fate::noise;
  }
  return statistics::Fate::waiting;
}

// The evidence that opened it, the budget being what it is; null: a statement did.
const Evidence* opener_of(const Decision& decision) {
  const Evidence* opener = nullptr;
  if (decision.reason != DecisionReason::opened_by_evidence) return opener;
  const auto over = [](const Evidence& one) { return one.weight->score - one.weight->needed; };
  for (const Evidence& one : decision.evidence) {
    if (one.weight && (opener == nullptr || over(one) > over(*opener))) opener = &one;
  }
  return opener;
}

double score_of(double p_value) {
  const double score = -std::log10(std::max(p_value, 1e-300));
  return score <= kTrusted ? score : kTrusted * (1 + .5 * std::log10(score / kTrusted));
}

// How near a miss was: the largest of its scores.
double score_of(const Decision& decision) {
  double least = 1;
  for (const Evidence& one : decision.evidence) least = std::min(least, one.p_value);
  return score_of(least);
}

// When the decision was noted, as the last eight bytes of its row's key say.
TimePoint noted_at(std::string_view key) {
  return TimePoint{Duration{static_cast<Duration::rep>(number_of(key))}};
}

bool is_held(DecisionReason reason) {
  return reason == DecisionReason::silenced || reason == DecisionReason::maintenance;
}

double seconds_between(TimePoint from, TimePoint to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

void Decider::count_fired(TimePoint at) {
  if (!fired_since_) fired_since_ = at;
  budget_.begin(at);
  if (fired_at_) fired_ *= std::exp(-std::max(0.0, seconds_between(*fired_at_, at)) / kFiredMemory);
  fired_ += 1;
  fired_at_ = at;
  counters_changed_ = true;
}

double Decider::fired_per_week(TimePoint now) const {
  if (!fired_since_) return kFiredPerWeekLeast;
  // What a steady rate of one a second would have left by now.
  const double age = std::max(seconds_between(*fired_since_, now), 3600.0);
  const double weight = kFiredMemory * (1 - std::exp(-age / kFiredMemory));
  return std::max(kFiredPerWeekLeast, fired_ / weight * 7 * 86400);
}

// What a rule may spend. Every episode that begins is one test of it, as far as the model knows.
statistics::Budget::Allowance Decider::allowance(std::string_view rule, TimePoint at) const {
  double share = 0;
  for (const ConfiguredRule& configured : settings_->rules) {
    if (configured.name == rule) share = configured.share;
  }
  if (rule == kCorroboration) share = settings_->corroboration_share;
  return {settings_->budget_per_week * share, settings_->budget_per_week, fired_per_week(at)};
}

// Each subject's evidence is a case of its own; so is what concerns many subjects at once.
void Decider::consider(std::vector<Evidence> evidence, TimePoint at, const Transition* transition, Effects& effects) {
  std::vector<Decision> cases;
  for (Evidence& one : evidence) {
    const bool wide = !one.also.empty();
    const auto same = [&](const Decision& other) { return !wide && !is_wide(other) && other.subject == one.subject; };
    auto found = std::find_if(cases.begin(), cases.end(), same);
    if (found == cases.end()) {
      Decision fresh;
      fresh.subject = one.subject;
      fresh.at = at;
      found = cases.insert(cases.end(), std::move(fresh));
    }
    found->evidence.push_back(std::move(one));
  }
  for (Decision& decision : cases) {
    const bool of_it = transition != nullptr && decision.subject == transition->subject && !is_wide(decision);
    decide(std::move(decision), of_it ? transition : nullptr, effects);
  }
}

// Weighs each probability against the budget; true when one of them is beyond what it allows for.
bool Decider::weigh(Decision& decision) {
  bool opens = false;
  for (Evidence& one : decision.evidence) {
    if (one.statement) continue;
    if (one.learning) {
      decision.reason = DecisionReason::learning;
      continue;
    }
    statistics::Budget::Allowance allowed = allowance(one.rule, one.at);
    allowed.per_week *= one.part_share;
    const statistics::Standing standing = budget_.weigh(pool_of(one), is_wide(decision) ? kMany : decision.subject,
                                                        one.at, one.since, score_of(one.p_value), allowed);
    one.weight = weight_of(standing);
    opens = opens || standing.admitted;
  }
  return opens;
}

std::optional<Weight> Decider::weight_now(const Evidence& evidence, TimePoint now) const {
  if (evidence.statement) return std::nullopt;
  statistics::Budget::Allowance allowed = allowance(evidence.rule, now);
  allowed.per_week *= evidence.part_share;
  const std::string_view stream = evidence.also.empty() ? std::string_view(evidence.subject) : kMany;
  return weight_of(budget_.stand(pool_of(evidence), stream, now, score_of(evidence.p_value), allowed));
}

// Several rules that notice the same subject within half an hour say more than each of them. How much more is
// learned as for a rule of its own: their ranks among their own noise are combined as Fisher combined
// p-values, and what that is worth is again a matter of its rank.
bool Decider::weigh_together(Decision& decision) {
  const auto running = budget_.running(decision.subject, decision.at - kTogether);
  std::map<std::string_view, double> ranks;  // the parts of a rule are one voice
  TimePoint since = decision.at;
  for (const auto& [pool, episode] : running) {
    const std::string_view rule = pool.substr(0, pool.find(':'));
    if (rule == kCorroboration) continue;
    double& rank = ranks.try_emplace(rule, 1.).first->second;
    rank = std::min(rank, budget_.rank(pool, episode->score));
    since = std::min(since, episode->first_at);
  }
  const std::size_t rules = ranks.size();
  if (rules < 2) return false;
  double sum = 0;
  for (const auto& [rule, rank] : ranks) sum -= std::log(rank);
  double term = 1;
  double tail = 1;
  for (std::size_t i = 1; i < rules; ++i) {
    term *= sum / static_cast<double>(i);
    tail += term;
  }
  Evidence together;
  together.rule = kCorroboration;
  together.subject = decision.subject;
  together.at = decision.at;
  together.since = since;
  together.p_value = std::min(1., std::exp(-sum) * tail);
  const std::string count = std::to_string(rules);
  together.sentence = {decision.subject + "：" + count + " つの見方がそろって、いつもと違うと示しています",
                       decision.subject + ": " + count + " different signs agree that something is off"};
  together.numbers = {{"rules", static_cast<double>(rules)}};
  const statistics::Standing standing =
      budget_.weigh(kCorroboration, decision.subject, decision.at, since, score_of(together.p_value),
                    allowance(kCorroboration, decision.at));
  together.weight = weight_of(standing);
  decision.evidence.push_back(std::move(together));
  return standing.admitted;
}

void Decider::withhold(std::vector<Evidence> evidence, DecisionReason reason, TimePoint at, Effects& effects) {
  Decision decision;
  decision.reason = reason;
  decision.subject = evidence.front().subject;
  decision.at = at;
  decision.evidence = std::move(evidence);
  effects.decisions.push_back(decision);
  remember_miss(std::move(decision));
}

const Incident* Decider::incident_for(const Decision& decision) const {
  if (!is_wide(decision)) return desk_.live_incident(decision.subject);
  const Evidence& wide = decision.evidence.front();
  const Incident* found = nullptr;
  const auto look = [&](const std::string& subject) {
    const Incident* incident = desk_.live_incident(subject);
    const bool young = incident != nullptr && incident->status != IncidentStatus::watch &&
                       incident->opened_at + kReaches >= wide.since;
    if (young && (found == nullptr || incident->number < found->number)) found = incident;
  };
  look(wide.subject);
  for (const std::string& subject : wide.also) look(subject);
  return found;
}

void Decider::decide(Decision decision, const Transition* transition, Effects& effects) {
  const bool withheld = std::any_of(decision.evidence.begin(), decision.evidence.end(),
                                    [](const Evidence& one) { return one.statement && one.statement->withholds; });
  const Incident* incident = incident_for(decision);
  if (withheld && incident == nullptr) {
    decision.reason = DecisionReason::withheld;
    effects.decisions.push_back(decision);
    return remember_miss(std::move(decision));
  }
  bool opens = weigh(decision);
  if (opens) decision.reason = DecisionReason::opened_by_evidence;
  if (!is_wide(decision) && weigh_together(decision) && !opens) {
    opens = true;
    decision.reason = DecisionReason::opened_by_evidence;
  }
  const bool watched = incident != nullptr && incident->status == IncidentStatus::watch;
  if (incident != nullptr && !watched) {
    const std::uint64_t number = incident->number;
    if (!is_wide(decision)) {
      desk_.join(*incident, decision.at, nullptr, decision.evidence, effects);
    } else if (opens || budget_.has_admitted(pool_of(decision.evidence.front()), kMany)) {
      desk_.extend(*incident, decision.evidence.front(), firing_of(decision), effects);
    }
    return budget_.attribute(is_wide(decision) ? kMany : decision.subject, number,
                             fate_of(desk_.incidents().at(number)));
  }
  for (const Evidence& one : decision.evidence) {
    if (!one.statement) continue;
    const bool by_impact = one.statement->impact == Impact::possible || one.statement->impact == Impact::confirmed;
    opens = true;
    if (by_impact) {
      decision.reason = DecisionReason::opened_by_impact;
    } else if (decision.reason != DecisionReason::opened_by_impact) {
      decision.reason = DecisionReason::opened_by_statement;
    }
  }
  if (opens) return open(std::move(decision), transition, effects);
  if (watched) desk_.join(*incident, decision.at, nullptr, decision.evidence, effects);
  effects.decisions.push_back(decision);
  remember_miss(std::move(decision));
}

void Decider::open(Decision decision, const Transition* transition, Effects& effects) {
  // A breadth of subjects of which one has an old incident: the new one begins with one that has none.
  if (is_wide(decision) && !settle_subject(decision)) return;
  if (!is_wide(decision) && reopen(decision, transition, effects)) return;
  desk::Desk::Opening opening;
  opening.level = settings_->organisation.level_default;
  int stated = 0;
  opening.began_at = decision.at;
  for (const Evidence& one : decision.evidence) {
    opening.began_at = std::min(opening.began_at, one.rule == kCorroboration ? one.at : one.since);
    if (!one.statement) continue;
    opening.impact = std::max(opening.impact, one.statement->impact);
    stated = std::max(stated, one.statement->level);
  }
  if (stated > 0) opening.level = stated;
  std::vector<Transition> members = firing_of(decision);
  if (transition != nullptr) {
    std::erase_if(members, [&](const Transition& other) {
      return other.fingerprint == transition->fingerprint && other.source == transition->source;
    });
    members.push_back(*transition);
    opening.began_at = std::min(opening.began_at, transition->starts_at);
  }
  opening.members = members;
  const Incident& incident = desk_.open(decision, opening, effects);
  const std::string_view stream = is_wide(decision) ? kMany : decision.subject;
  budget_.attribute(stream, incident.number, fate_of(incident));
  if (const Evidence* opener = opener_of(decision)) budget_.open(pool_of(*opener), stream);
  for (const std::string& subject : incident.subjects) {
    budget_.attribute(subject, incident.number, fate_of(incident));
    if (const auto found = suspicions_.find(subject); found != suspicions_.end()) {
      rows_.push_back({Table::suspicions, found->first, std::nullopt});
      suspicions_.erase(found);
    }
  }
  keep_decision(decision, decision.at);
  effects.decisions.push_back(std::move(decision));
}

// What would open an incident of a subject whose incident has just been over says that it was not over.
bool Decider::reopen(const Decision& decision, const Transition* transition, Effects& effects) {
  const Incident* over = desk_.recently_over(decision.subject, decision.at);
  if (over == nullptr || desk_.live_incident(decision.subject) != nullptr) return false;
  const std::uint64_t number = over->number;
  desk_.reopen(*over, decision.at, decision.evidence.front().sentence, effects);
  const Incident& incident = desk_.incidents().at(number);
  desk_.join(incident, decision.at, transition, decision.evidence, effects);
  budget_.attribute(decision.subject, number, fate_of(incident));
  return true;
}

// The first subject that no live incident holds becomes the decision's; false when there is none.
bool Decider::settle_subject(Decision& decision) const {
  Evidence& wide = decision.evidence.front();
  std::vector<std::string> all{wide.subject};
  all.insert(all.end(), wide.also.begin(), wide.also.end());
  std::erase_if(all, [this](const std::string& subject) { return desk_.live_incident(subject) != nullptr; });
  if (all.empty()) return false;
  decision.subject = wide.subject = all.front();
  wide.also.assign(all.begin() + 1, all.end());
  return true;
}

desk::Around Decider::around(std::string_view subject) const {
  desk::Around around{firing_since(TimePoint::min(), {subject}), {}};
  if (const auto found = suspicions_.find(subject); found != suspicions_.end()) {
    around.noticed = found->second.decision.evidence;
  }
  return around;
}

// The alerts of the decision's subjects that fire, and began with what is odd.
std::vector<Transition> Decider::firing_of(const Decision& decision) const {
  std::set<std::string_view> subjects{decision.subject};
  TimePoint since = decision.at;
  for (const Evidence& one : decision.evidence) {
    since = std::min(since, one.since);
    subjects.insert(one.also.begin(), one.also.end());
  }
  return firing_since(since, subjects);
}

// Oldest first.
std::vector<Transition> Decider::firing_since(TimePoint since, const std::set<std::string_view>& subjects) const {
  std::vector<Transition> firing;
  for (const AlertEntry& entry : alerts_.entries()) {
    if (entry.state != MemberState::firing || entry.changed_at < since) continue;
    if (!subjects.contains(alerts_.subject(entry))) continue;
    firing.push_back({.kind = TransitionKind::fired,
                      .at = entry.changed_at,
                      .source = alerts_.source_name(entry.source),
                      .fingerprint = entry.fingerprint,
                      .starts_at = entry.starts_at,
                      .ended_at = {},
                      .subject = alerts_.subject(entry),
                      .alert_name = alerts_.alert_name(entry),
                      .alert = nullptr,
                      .expected = false,
                      .rest = {}});
  }
  std::sort(firing.begin(), firing.end(), [](const Transition& a, const Transition& b) {
    return std::tie(a.starts_at, a.source, a.fingerprint) < std::tie(b.starts_at, b.source, b.fingerprint);
  });
  if (firing.size() > kMembersAtOnce) firing.resize(kMembersAtOnce);
  return firing;
}

// People said what the incident was: its episodes are noise, or are not.
void Decider::heed(const Incident& incident) {
  budget_.judge(incident.number, fate_of(incident));
}

// Decisions stay for those who ask why. A near miss overwrites itself while it grows.
void Decider::keep_decision(const Decision& decision, TimePoint as_of) {
  std::string key =
      decision_prefix(decision.subject) + ordered_key(static_cast<std::uint64_t>(as_of.time_since_epoch().count()));
  if (keeps_rows_) rows_.push_back({Table::decisions, key, encode(decision)});
  decisions_.emplace(as_of, std::move(key));
  if (decisions_.size() > kDecisionsMax) forget_decision();
}

void Decider::forget_decision() {
  rows_.push_back({Table::decisions, decisions_.begin()->second, std::nullopt});
  decisions_.erase(decisions_.begin());
}

// Keeps the nearest miss of a subject: the most surprising evidence of its last day, and of each half hour.
void Decider::remember_miss(Decision decision) {
  auto found = suspicions_.find(decision.subject);
  if (found == suspicions_.end()) {
    if (suspicions_.size() >= kSuspicionsMax) return;
    Suspicion fresh{decision.subject, decision.at, decision.at, decision.at, decision};
    found = suspicions_.emplace(decision.subject, std::move(fresh)).first;
    keep_decision(decision, decision.at);
  } else {
    Suspicion& suspicion = found->second;
    // What was held back stands beside what was weighed, whichever was nearer.
    const bool other = decision.reason != suspicion.decision.reason &&
                       (is_held(decision.reason) || is_held(suspicion.decision.reason));
    const bool fresh = other || decision.at - suspicion.last_at > kNearMissCalm;
    if (fresh) suspicion.noted_at = decision.at;
    suspicion.last_at = decision.at;
    const bool nearest = other || score_of(decision) >= score_of(suspicion.decision);
    if (fresh || nearest) keep_decision(decision, suspicion.noted_at);
    if (nearest) suspicion.decision = std::move(decision);
  }
  if (keeps_rows_) rows_.push_back({Table::suspicions, found->first, encode(found->second)});
}

// --- time

void Decider::time_reached(TimePoint now) {
  budget_.time_reached(now);
}

bool Decider::has_old(TimePoint now) const {
  return std::any_of(suspicions_.begin(), suspicions_.end(),
                     [now](const auto& item) { return item.second.last_at + kSuspicionLasts <= now; });
}

void Decider::forget_old(TimePoint now) {
  while (!decisions_.empty() && decisions_.begin()->first + kDecisionsKept <= now) forget_decision();
  std::erase_if(suspicions_, [&](const auto& item) {
    const bool gone = item.second.last_at + kSuspicionLasts <= now;
    if (gone) rows_.push_back({Table::suspicions, item.first, std::nullopt});
    return gone;
  });
}

// --- rows

std::string Decider::decision_prefix(std::string_view subject) {
  std::string prefix(subject);
  prefix.push_back('\0');
  return prefix;
}

void Decider::save(std::vector<Row>& rows) {
  if (keeps_rows_) {
    std::move(rows_.begin(), rows_.end(), std::back_inserter(rows));
    if (counters_changed_) {
      Encoder counters;
      counters(fired_, fired_at_, fired_since_);
      rows.push_back({Table::meta, std::string(kCountersKey), counters.take()});
    }
  }
  rows_.clear();
  counters_changed_ = false;
  budget_.save(rows, keeps_rows_);
}

std::optional<bool> Decider::restore(Table table, std::string_view key, std::string_view value) {
  if (table == Table::meta && key == kCountersKey) {
    Decoder decoder(value);
    decoder(fired_, fired_at_, fired_since_);
    return decoder.done();
  }
  if (table == Table::rules && key.starts_with(kBudgetPrefix)) return budget_.restore(key, value);
  if (table == Table::decisions) {
    decisions_.emplace(noted_at(key), std::string(key));
    return decode<Decision>(value).has_value();
  }
  if (table != Table::suspicions) return std::nullopt;
  auto suspicion = decode<Suspicion>(value);
  if (!suspicion) return false;
  const std::string subject = suspicion->subject;
  suspicions_[subject] = *std::move(suspicion);
  return true;
}

}  // namespace iwakan::engine
