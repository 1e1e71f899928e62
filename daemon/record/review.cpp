#include "record/review.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "model/digest.hpp"

namespace iwakan::record {
namespace {

// Alerts and people speak for themselves; that a delivery arrived stands in the table of reports, and how
// words were chosen is of the moment.
bool is_told(const TimelineEntry& entry) {
  return entry.kind != "delivery" && entry.kind != "import" && entry.kind != "wording";
}

Section headed(std::string heading) {
  Section section;
  section.heading = std::move(heading);
  return section;
}

class Writer {
 public:
  Writer(const Record& record, const Names& names, const sinks::Zone& zone, std::string_view language, TimePoint now)
      : record_(record), incident_(record.incident), names_(names), zone_(zone), language_(language), now_(now) {}

  Document document() const {
    Document document;
    document.language = std::string(language_);
    document.title = words("障害報告書（案）：", "Post-incident review (draft): ") + text(title());
    document.subtitle = words("記録から作成した案です。人が確かめ、「記入欄」に書き足してください",
                              "A draft made from the record. People check it and write where it asks them to");
    document.facts = front();
    add(document, summary());
    add(document, times());
    add(document, impact());
    add(document, actions());
    add(document, facts());
    add(document, unknowns());
    add(document, questions());
    add(document, reports());
    add(document, went_well());
    add(document, conditions());
    add(document, afterwards());
    add(document, follow_ups());
    add(document, timeline());
    document.foot = foot();
    return document;
  }

 private:
  std::string words(std::string_view ja, std::string_view en) const { return std::string(language_ == "ja" ? ja : en); }
  std::string words(const Sentence& sentence) const { return sentence.in(language_); }
  std::string text(const Sentence& sentence) const { return names_.in_text(sentence.in(language_), language_); }
  std::string text(const std::string& untrusted) const { return names_.in_text(untrusted, language_); }
  std::string person(const std::string& name) const { return words(names_.person(name)); }
  std::string checking() const { return words("確認中", "being confirmed"); }

  // The day is said once; afterwards only when it is another.
  std::string moment(TimePoint time) const {
    std::string clock = zone_.clock(time);
    if (zone_.same_day(time, incident_.opened_at)) return clock;
    return zone_.date(time) + " " + clock;
  }
  std::string moment(const std::optional<TimePoint>& time) const {
    return time ? moment(*time) : words("まだ", "not yet");
  }
  std::string minutes(Duration between) const {
    const auto count = std::chrono::round<std::chrono::minutes>(between).count();
    return std::to_string(count) + words(" 分", " min");
  }

  static void add(Document& document, Section section) {
    const bool empty =
        section.paragraphs.empty() && section.items.empty() && section.rows.empty() && section.prompts.empty();
    if (!empty) document.sections.push_back(std::move(section));
  }

  const Stated* stated(SummaryField field) const {
    const auto found = incident_.summary.find(field);
    return found == incident_.summary.end() || found->second.text.empty() ? nullptr : &found->second;
  }
  std::string stated_or_checking(SummaryField field) const {
    const Stated* found = stated(field);
    return found == nullptr ? checking() : text(found->text);
  }
  Sentence title() const {
    const Stated* found = stated(SummaryField::title);
    return found == nullptr ? incident_.title : found->text;
  }

  std::optional<TimePoint> reached(IncidentStatus status) const {
    const auto found = incident_.reached.find(status);
    return found == incident_.reached.end() ? std::nullopt : std::optional(found->second);
  }

  std::string status_word() const {
    switch (incident_.status) {
      case IncidentStatus::open: return words("対応中", "being worked on");
      case IncidentStatus::identified: return words("原因を特定", "cause identified");
      case IncidentStatus::mitigated: return words("暫定対応済み", "mitigated");
      case IncidentStatus::recovered: return words("復旧", "recovered");
      case IncidentStatus::closed: return words("終了", "closed");
      case IncidentStatus::false_alarm: return words("インシデントではなかった", "no incident after all");
      case IncidentStatus::watch: return words("見守り中", "being watched");
      case IncidentStatus::merged: return words("ほかのインシデントに統合：", "merged into ") + incident_.merged_into;
    }
    return {};
  }

  std::string impact_word() const {
    switch (incident_.impact) {
      case Impact::unknown: return checking();
      case Impact::none_confirmed: return words("ないことを確認", "none, confirmed");
      case Impact::possible: return words("ありうる", "possible");
      case Impact::confirmed: return words("あり", "confirmed");
    }
    return {};
  }

  std::string origin_word() const {
    switch (incident_.origin) {
      case Origin::unknown: return checking();
      case Origin::system: return words("システム", "a system");
      case Origin::human: return words("作業の条件", "the conditions of a task");
      case Origin::own: return words("自社", "our own");
      case Origin::third_party: return words("社外のサービス", "a service of others");
      case Origin::unforeseen: return words("予見できない事象", "unforeseen");
    }
    return {};
  }

  std::string subjects() const {
    std::string list;
    for (const std::string& subject : incident_.subjects) list += (list.empty() ? "" : ", ") + subject;
    return list;
  }

  std::vector<std::pair<std::string, std::string>> front() const {
    return {
        {words("番号", "Number"), incident_.id},
        {words("日付", "Day"), zone_.date(incident_.opened_at) + " (" + zone_.abbreviation(incident_.opened_at) + ")"},
        {words("レベル", "Level"), std::to_string(incident_.level)},
        {words("状態", "Status"), status_word()},
        {words("お客さまへの影響", "Customer impact"), impact_word()},
        {words("対象", "Concerns"), subjects()},
        {words("発生元", "Origin"), origin_word()}};
  }

  Section summary() const {
    Section section = headed(words("概要", "Summary"));
    section.paragraphs = {text(title()),
                          words("起きたこと：", "What happened: ") + stated_or_checking(SummaryField::what_happened)};
    return section;
  }

  Section times() const {
    Section section = headed(words("日時", "Times"));
    section.columns = {words("時刻", "Time"), words("できごと", "What")};
    const auto row = [&](const std::optional<TimePoint>& at, std::string_view ja, std::string_view en) {
      section.rows.push_back({moment(at), words(ja, en)});
    };
    row(incident_.began_at, "発生（分かっている限り）", "began, as far as known");
    row(incident_.opened_at, "検知（インシデントとして扱い始めた）", "detected: taken as an incident");
    row(incident_.supervisors_told_at, "第一報：部署の監督者へ個別に", "first report: supervisors, one by one");
    row(incident_.everybody_told_at, "第一報：全体へ", "first report: everybody");
    row(reached(IncidentStatus::identified), "原因を特定", "cause identified");
    row(reached(IncidentStatus::mitigated), "暫定対応", "interim fix");
    row(incident_.recovery ? std::optional(incident_.recovery->declared_at) : reached(IncidentStatus::recovered),
        "復旧宣言", "recovery declared");
    row(reached(IncidentStatus::closed), "終了", "closed");
    return section;
  }

  Section impact() const {
    Section section = headed(words("お客さまへの影響と対象範囲", "Customer impact and scope"));
    section.items = {words("影響：", "Impact: ") + stated_or_checking(SummaryField::impact),
                     words("対象範囲：", "Scope: ") + stated_or_checking(SummaryField::scope)};
    for (const Fact& fact : incident_.facts) {
      if (fact.kind == FactKind::workaround && fact.stands()) {
        section.items.push_back(words("回避策：", "Workaround: ") + text(fact.what));
      }
    }
    return section;
  }

  Section actions() const {
    Section section = headed(words("実施した対応", "Actions"));
    for (const Fact& fact : incident_.facts) {
      if (fact.kind == FactKind::action && fact.stands()) {
        section.items.push_back(moment(fact.at) + " " + text(fact.what));
      }
    }
    if (section.items.empty()) section.paragraphs = {checking()};
    return section;
  }

  Section facts() const {
    Section section = headed(words("分かったこと（出どころつき）", "Known, with its source"));
    section.columns = {words("時点", "As of"), words("内容", "What"), words("出どころ", "Source")};
    for (const Fact& fact : incident_.facts) {
      if (!fact.stands()) continue;
      const std::string source = fact.source.empty() ? words("未確認", "not confirmed") : text(fact.source);
      section.rows.push_back({moment(fact.at), text(fact.what), source});
    }
    return section;
  }

  Section unknowns() const {
    Section section = headed(words("分かっていなかったこと", "What was not known"));
    section.columns = {words("内容", "What"), words("確認した人", "Who checked"), words("期限", "Due"),
                       words("分かった時刻", "Answered")};
    for (const Unknown& unknown : incident_.unknowns) {
      section.rows.push_back({text(unknown.what), text(unknown.checker),
                              unknown.no_estimate ? words("見込みなし", "no estimate") : moment(unknown.due),
                              moment(unknown.answered_at)});
    }
    return section;
  }

  Section questions() const {
    Section section = headed(words("問い合わせ窓口に届いた質問", "Questions to the desk"));
    section.columns = {words("質問", "Question"), words("尋ねた人数", "Asked by"), words("回答", "Answer")};
    for (const Question& question : incident_.questions) {
      if (question.state == QuestionState::merged) continue;
      std::string answer;
      for (const Answer& one : question.answers) answer += (answer.empty() ? "" : " / ") + text(one.text);
      if (question.relayed_at) {
        answer += (answer.empty() ? "" : " ") + words("（対応者へ渡した）", "(relayed to the responders)");
      }
      section.rows.push_back({text(question.text), std::to_string(question.askers.size()), answer});
    }
    return section;
  }

  static std::string kind_word(ReportKind kind, bool ja) {
    switch (kind) {
      case ReportKind::first: return ja ? "第一報" : "first report";
      case ReportKind::update: return ja ? "続報" : "update";
      case ReportKind::second: return ja ? "第二報" : "second report";
      case ReportKind::correction: return ja ? "訂正" : "correction";
    }
    return {};
  }

  // One edition of each: the times are the same.
  std::vector<const Report*> everybodys() const {
    std::map<std::tuple<std::uint32_t, std::uint32_t, ReportKind>, const Report*> found;
    for (const Report& report : record_.reports) {
      const Report*& kept = found[{report.number, report.version, report.kind}];
      if (kept == nullptr || (kept->individual && !report.individual)) kept = &report;
    }
    std::vector<const Report*> list;
    list.reserve(found.size());
    for (const auto& [number, report] : found) list.push_back(report);
    std::stable_sort(list.begin(), list.end(),
                     [](const Report* a, const Report* b) { return a->issued_at < b->issued_at; });
    return list;
  }

  // The promise of the report before was kept by this one.
  static bool kept(const Report& before, const Report& after) {
    return !before.next_report_at || after.issued_at <= *before.next_report_at + std::chrono::minutes(1);
  }

  Section reports() const {
    Section section = headed(words("発行した報告", "Reports issued"));
    section.columns = {words("時刻", "Time"), words("報告", "Report"), words("約束した次の報告", "Next one promised"),
                       words("守れたか", "Kept")};
    const std::vector<const Report*> list = everybodys();
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Report& report = *list[i];
      std::string was_kept = "—";
      if (i + 1 < list.size()) was_kept = kept(report, *list[i + 1]) ? words("はい", "yes") : words("いいえ", "no");
      section.rows.push_back({moment(report.issued_at),
                              kind_word(report.kind, language_ == "ja") + words("　第", ", version ") +
                                  std::to_string(report.version) + words("版", ""),
                              report.next_report_at ? moment(*report.next_report_at) : "—", was_kept});
    }
    return section;
  }

  Section went_well() const {
    Section section = headed(words("うまくいったこと", "What went well"));
    if (incident_.supervisors_told_at) {
      section.items.push_back(words("検知から監督者への第一報まで ", "From detection to the supervisors: ") +
                              minutes(*incident_.supervisors_told_at - incident_.opened_at));
    }
    if (incident_.supervisors_told_at && incident_.everybody_told_at) {
      section.items.push_back(
          words("監督者は全体より早く知ることができた：", "Supervisors heard before everybody, by ") +
          minutes(*incident_.everybody_told_at - *incident_.supervisors_told_at));
    }
    const auto answered = std::count_if(incident_.questions.begin(), incident_.questions.end(), [](const Question& q) {
      return q.state == QuestionState::answered && !q.relayed_at;
    });
    if (answered > 0) {
      section.items.push_back(words("対応者の手を止めずに答えた質問：", "Questions answered without the responders: ") +
                              std::to_string(answered));
    }
    section.prompts = {
        words("ほかに助けになったこと（備え、声かけ、仕組み）", "What else helped: preparation, a word, a tool")};
    return section;
  }

  Section conditions() const {
    Section section = headed(words("見直したい条件（人ではなく、仕組みと状況）",
                                   "Conditions to look at: how things were arranged, not who"));
    const Duration unnoticed = incident_.opened_at - incident_.began_at;
    if (unnoticed > std::chrono::minutes(5)) {
      section.items.push_back(words("発生から検知まで ", "From the beginning to detection: ") + minutes(unnoticed));
    }
    for (const Unknown& unknown : incident_.unknowns) {
      const TimePoint end = unknown.answered_at.value_or(now_);
      if (unknown.no_estimate || end <= unknown.due || unknown.until_impact_known) continue;
      section.items.push_back(words("期限までに分からなかったこと：", "Not known by its time: ") + text(unknown.what));
    }
    const std::vector<const Report*> list = everybodys();
    for (std::size_t i = 1; i < list.size(); ++i) {
      if (!kept(*list[i - 1], *list[i])) {
        section.items.push_back(words("約束の時刻を過ぎた報告：", "Later than promised: the report of ") +
                                moment(list[i]->issued_at));
      }
    }
    const auto relayed = std::count_if(incident_.questions.begin(), incident_.questions.end(),
                                       [](const Question& q) { return q.relayed_at.has_value(); });
    if (relayed > 0) {
      section.items.push_back(words("対応者に届いた質問：", "Questions that reached the responders: ") +
                              std::to_string(relayed));
    }
    for (const auto& [recipient, at] : incident_.not_reached) {
      section.items.push_back(words("届かなかった連絡があった：", "A report did not arrive: ") + moment(at));
    }
    section.prompts = {
        words("どの条件が重なって起きたか。変更、負荷、手順、監視のうち、次も同じになりうるもの",
              "Which conditions came together: changes, load, procedures, monitoring. Which could be so again?"),
        words("どの時点で、何が分かっていれば、もっと早く動けたか",
              "What, known at which time, would have let us act earlier?"),
        words("次に同じことが起きても影響を小さくできる仕掛け",
              "What would make the effect smaller if it came again?")};
    return section;
  }

  Section afterwards() const {
    Section section = headed(words("再発の可能性と残っていること", "Recurrence, and what is left"));
    section.items = {words("再発の可能性：", "Chance of recurrence: ") + stated_or_checking(SummaryField::recurrence),
                     words("残っていること：", "Left to do: ") + stated_or_checking(SummaryField::left)};
    if (const Stated* follow_up = stated(SummaryField::follow_up)) {
      section.items.push_back(words("今後：", "Next: ") + text(follow_up->text));
    }
    if (incident_.recovery) {
      for (const Sentence& ground : incident_.recovery->grounds) {
        section.items.push_back(words("復旧の根拠：", "Grounds for recovery: ") + text(ground));
      }
    }
    section.prompts = {
        words("恒久対応：何を、どの部署が、いつまでに", "Lasting fixes: what, which department, by when")};
    return section;
  }

  Section follow_ups() const {
    Section section = headed(words("今後の対応", "To be done"));
    section.columns = {words("内容", "What"), words("担当", "Who"), words("期限", "Due"),
                       words("終わった時刻", "Done")};
    for (const FollowUp& follow_up : incident_.follow_ups) {
      section.rows.push_back({text(follow_up.what), person(follow_up.owner),
                              follow_up.due ? moment(*follow_up.due) : words("未定", "not set"),
                              moment(follow_up.done_at)});
    }
    return section;
  }

  Section timeline() const {
    Section section = headed(words("経緯", "Timeline"));
    section.columns = {words("時刻", "Time"), words("番号", "No."), words("だれが", "Who"), words("できごと", "What")};
    std::map<std::uint32_t, std::uint32_t> corrected_by;
    std::vector<const TimelineEntry*> entries;
    for (const TimelineEntry& entry : record_.timeline) {
      if (entry.corrects != 0) corrected_by[entry.corrects] = entry.number;
      if (is_told(entry)) entries.push_back(&entry);
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const TimelineEntry* a, const TimelineEntry* b) { return a->occurred_at < b->occurred_at; });
    for (const TimelineEntry* entry : entries) {
      std::string what = text(entry->text);
      if (entry->corrects != 0) {
        what += words("（", " (corrects ") + std::to_string(entry->corrects) + words(" の訂正）", ")");
      }
      if (const auto by = corrected_by.find(entry->number); by != corrected_by.end()) {
        what += words("（", " (corrected by ") + std::to_string(by->second) + words(" で訂正）", ")");
      }
      const std::string who = entry->kind == "alert" ? entry->actor : person(entry->actor);
      section.rows.push_back({moment(entry->occurred_at), std::to_string(entry->number), who, std::move(what)});
    }
    return section;
  }

  std::vector<std::string> foot() const {
    return {words("作成：", "Made: ") + zone_.date(now_) + " " + zone_.clock(now_) + " " + zone_.abbreviation(now_),
            words("記録：", "Record: ") + std::to_string(incident_.timeline_length) +
                words(" 件、SHA-256 ", " entries, SHA-256 ") + hex(incident_.timeline_head),
            words("記録は書き換えられません。この値と照合できます：iwakanctl verify ",
                  "Entries are never edited. Check this value with: iwakanctl verify ") +
                incident_.id};
  }

  const Record& record_;
  const Incident& incident_;
  const Names& names_;
  const sinks::Zone& zone_;
  std::string_view language_;
  TimePoint now_;
};

}  // namespace

void know(Names& names, const Record& record, const Organisation& organisation) {
  names.know(record.incident, organisation);
  for (const TimelineEntry& entry : record.timeline) {
    if (entry.kind != "alert") names.know_actor(entry.actor);
  }
}

Document review_of(const Record& record, const Names& names, const sinks::Zone& zone, std::string_view language,
                   TimePoint now) {
  return Writer(record, names, zone, language, now).document();
}

}  // namespace iwakan::record
