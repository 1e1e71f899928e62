#include "record/score.hpp"

#include <algorithm>
#include <array>

#include "desk/reporter.hpp"
#include "desk/roles.hpp"

namespace iwakan::record {
namespace {

Sentence number(std::size_t count) {
  return same_in_all(std::to_string(count));
}

Sentence joined(std::initializer_list<Sentence> parts) {
  Sentence all;
  for (const Sentence& part : parts) {
    all.ja += part.ja;
    all.en += part.en;
  }
  return all;
}

Sentence of_all(std::size_t met, std::size_t all) {
  return {std::to_string(all) + " のうち " + std::to_string(met), std::to_string(met) + " of " + std::to_string(all)};
}

Sentence minutes(Duration duration) {
  const std::string count = std::to_string(std::chrono::ceil<std::chrono::minutes>(duration).count());
  return {count + " 分", count + " min"};
}

class Scorer {
 public:
  Scorer(const Record& record, const Organisation& organisation)
      : record_(record),
        incident_(record.incident),
        organisation_(organisation),
        level_(procedure_of(organisation, incident_.level)) {}

  std::vector<Point> points() {
    told_in_time();
    acknowledged();
    promises();
    impact_is_known();
    facts_have_sources();
    unknowns_are_looked_after();
    roles_are_held();
    written_down_as_it_happened();
    questions_are_answered();
    second_report_is_whole();
    recovery_is_declared();
    return std::move(points_);
  }

 private:
  void add(Sentence what, Sentence found, bool met) { points_.push_back({std::move(what), std::move(found), met}); }

  void told(const Sentence& whom, const std::optional<TimePoint>& at, Duration within) {
    const Sentence what =
        joined({{"第一報：", "First report: "}, whom, {"（", " (within "}, minutes(within), {" 以内）", ")"}});
    if (!at) return add(what, {"まだ送られていません", "not sent"}, false);
    add(what, minutes(*at - incident_.opened_at), *at - incident_.opened_at <= within);
  }

  void told_in_time() {
    if (!organisation_.departments.empty()) {
      told({"監督者へ個別に", "supervisors, one by one"}, incident_.supervisors_told_at, level_.within(kSupervisors));
    }
    told({"全体へ", "everybody"}, incident_.everybody_told_at, level_.within(kEverybody));
  }

  void acknowledged() {
    const auto& departments = organisation_.departments;
    if (departments.empty()) return;
    const std::size_t met = departments.size() - desk::unconfirmed_departments(incident_, organisation_).size();
    add({"監督者か代行が受け取りを知らせた", "Supervisors, or their deputies, said that they have it"},
        of_all(met, departments.size()), met == departments.size());
  }

  void promises() {
    const std::size_t all = incident_.promises_kept + incident_.promises_missed;
    if (all == 0) return;
    add({"約束した時刻までに次の報告を出した", "The next report came by the time that was promised"},
        of_all(incident_.promises_kept, all), incident_.promises_missed == 0);
  }

  void impact_is_known() {
    const bool known = incident_.impact == Impact::none_confirmed || incident_.impact == Impact::confirmed;
    add({"お客さまへの影響の有無を確かめた", "Whether customers are affected was found out"},
        known ? Sentence{"確かめました", "found out"} : Sentence{"まだ分かりません", "still open"}, known);
  }

  void facts_have_sources() {
    std::size_t all = 0;
    std::size_t met = 0;
    for (const Fact& fact : incident_.facts) {
      if (!fact.stands()) continue;
      ++all;
      met += fact.source.empty() ? 0U : 1U;
    }
    add({"分かったことに出どころがある", "What is known has a source"}, of_all(met, all), all > 0 && met == all);
  }

  void unknowns_are_looked_after() {
    const TimePoint end = record_.timeline.empty() ? incident_.changed_at : record_.timeline.back().recorded_at;
    std::size_t met = 0;
    for (const Unknown& unknown : incident_.unknowns) {
      met += unknown.no_estimate || unknown.answered_at.value_or(end) <= unknown.due ? 1U : 0U;
    }
    const std::size_t all = incident_.unknowns.size();
    add({"分からないことに、期限までに答えるか、新しい時刻を伝えた",
         "What was not known was answered in time, or given another time"},
        of_all(met, all), met == all);
  }

  void roles_are_held() {
    const std::size_t vacant = desk::vacancies(incident_, level_).size();
    add({"このレベルに要る役割に人がいる", "The roles that this level needs are held"},
        of_all(level_.roles.size() - vacant, level_.roles.size()), vacant == 0);
  }

  // By people, and within a few minutes of what they tell of.
  void written_down_as_it_happened() {
    constexpr auto kAtOnce = std::chrono::minutes(5);
    std::size_t all = 0;
    std::size_t met = 0;
    for (const TimelineEntry& entry : record_.timeline) {
      if (entry.kind != "note") continue;
      ++all;
      met += entry.recorded_at - entry.occurred_at <= kAtOnce ? 1U : 0U;
    }
    add({"起きたことをその場で書き留めた（5 分以内）", "What happened was noted as it happened (within 5 min)"},
        all == 0 ? Sentence{"書き留めたものがありません", "there are no notes"} : of_all(met, all),
        all > 0 && met == all);
  }

  void questions_are_answered() {
    std::size_t all = 0;
    std::size_t met = 0;
    std::size_t reached = 0;
    for (const Question& question : incident_.questions) {
      if (question.state == QuestionState::merged) continue;
      ++all;
      met += question.state == QuestionState::answered ? 1U : 0U;
      reached += question.relayed_at ? 1U : 0U;
    }
    if (all == 0) return;
    add({"質問に答えた", "Questions were answered"},
        joined(
            {of_all(met, all), {"（対応者に届いたもの ", " (reached the responders: "}, number(reached), {"）", ")"}}),
        met == all);
  }

  void second_report_is_whole() {
    constexpr std::array kFields{SummaryField::what_happened, SummaryField::impact, SummaryField::scope,
                                 SummaryField::recurrence, SummaryField::left};
    const auto stated = [&](SummaryField field) {
      const auto found = incident_.summary.find(field);
      return found != incident_.summary.end() && !found->second.text.empty();
    };
    auto met = static_cast<std::size_t>(std::count_if(kFields.begin(), kFields.end(), stated));
    met += std::any_of(incident_.facts.begin(), incident_.facts.end(),
                       [](const Fact& fact) { return fact.kind == FactKind::action && fact.stands(); })
               ? 1U
               : 0U;
    add({"第二報の 6 項目（起きたこと・影響・範囲・対応・再発・残り）",
         "The six fields of the second report: what happened, impact, scope, actions, recurrence, what is left"},
        of_all(met, kFields.size() + 1), met == kFields.size() + 1);
  }

  void recovery_is_declared() {
    const bool declared = incident_.recovery.has_value();
    add({"復旧を人が宣言し、根拠を示した", "Recovery was declared by a person, with its grounds"},
        declared ? joined({{"根拠 ", "grounds: "}, number(incident_.recovery->grounds.size())})
                 : Sentence{"宣言されていません", "not declared"},
        declared && !incident_.recovery->grounds.empty());
  }

  const Record& record_;
  const Incident& incident_;
  const Organisation& organisation_;
  const LevelProcedure& level_;
  std::vector<Point> points_;
};

}  // namespace

std::vector<Point> score_of(const Record& record, const Organisation& organisation) {
  return Scorer(record, organisation).points();
}

}  // namespace iwakan::record
