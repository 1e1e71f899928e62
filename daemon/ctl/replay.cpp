#include "ctl/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "backtest/backtest.hpp"
#include "ctl/json.hpp"
#include "ctl/local_time.hpp"
#include "ctl/pages.hpp"
#include "ctl/recording.hpp"
#include "store/rocks_store.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using backtest::Backtest;
using backtest::Label;

constexpr std::size_t kRefusalsShown = 5;

// Where the run talks to the person who waits for it.
struct Desk {
  std::ostream& output;
  std::ostream& errors;
  Style style;
  bool as_json;
  bool progress;
};

// A line that says how far it is, rewritten in place, about twice a second.
class Progress {
 public:
  explicit Progress(const Desk& desk) : desk_(desk) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::uint64_t requests, TimePoint time) {
    if (!desk_.progress || requests % 256 != 0) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < 500ms) return;
    shown_ = now;
    desk_.errors << "\r\033[K" << desk_.style.words("再生中：", "replaying: ") << requests
                 << desk_.style.words(" 件、", " requests, ") << format_time(time).substr(0, 16) << std::flush;
    visible_ = true;
  }

  void clear() {
    if (visible_) desk_.errors << "\r\033[K" << std::flush;
    visible_ = false;
  }

 private:
  const Desk& desk_;
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
  bool visible_ = false;
};

Result<std::unique_ptr<settings::Settings>> load(const std::string& file) {
  Complaints complaints;
  auto settings = settings::load(file, complaints);
  if (settings) return settings;
  std::string all = "the configuration is wrong:";
  for (const Complaint& complaint : complaints) all += "\n  " + to_string(complaint);
  return Failure{Reason::malformed, all, {}};
}

Result<std::optional<std::vector<Label>>> load_labels(const std::string& file) {
  if (file.empty()) return std::optional<std::vector<Label>>();
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream) return Failure{Reason::io, std::string("cannot be read: ") + std::strerror(errno), file};
  Result<std::vector<Label>> labels = backtest::parse_labels(text.str(), file);
  if (!labels) return labels.error();
  return std::optional(*std::move(labels));
}

// --- feeding

class Refusals {
 public:
  explicit Refusals(const Desk& desk) : desk_(desk) {}

  void add(const Failure& failure, const std::string& where) {
    if (++count_ <= kRefusalsShown) desk_.errors << "iwakanctl: " << where << ": " << plain(to_string(failure)) << "\n";
  }
  std::uint64_t count() const { return count_; }

 private:
  const Desk& desk_;
  std::uint64_t count_ = 0;
};

Result<void> feed_lines(std::istream& stream, const std::string& file, Backtest& backtest, const Desk& desk,
                        Refusals& refusals) {
  Progress progress(desk);
  std::string line;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  TimePoint last{};
  for (std::uint64_t number = 1; std::getline(stream, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = file + ":" + std::to_string(number);
    const Result<Recorded> recorded = parse_recorded(line);
    if (!recorded) {
      Failure failure = recorded.error();
      failure.path = where + (failure.path.empty() ? "" : ": " + failure.path);
      return failure;
    }
    headers.assign(recorded->headers.begin(), recorded->headers.end());
    last = std::max(last, recorded->at);  // a recording that was written out of order goes on from where it was
    const auto taken = backtest.request({.at = last,
                                         .method = recorded->method,
                                         .path = recorded->path,
                                         .headers = headers,
                                         .body = recorded->body,
                                         .verified = recorded->verified});
    if (!taken) refusals.add(taken.error(), where);
    progress.at(number, last);
  }
  return {};
}

Result<void> feed_journal(const std::string& folder, Backtest& backtest, const Desk& desk) {
  store::RocksStore::Params params;
  params.path = folder;
  auto store = store::RocksStore::open(std::move(params));
  if (!store) return store.error();
  Progress progress(desk);
  Result<void> fed;
  const auto read =
      (*store)->read_journal((*store)->first_sequence(), [&](std::uint64_t sequence, std::string_view record) {
        fed = backtest.record(record);
        progress.at(sequence, backtest.tally().last_at);
        return fed.has_value();
      });
  return read ? fed : read;
}

Result<void> feed(const std::string& recording, Backtest& backtest, const Desk& desk, Refusals& refusals) {
  std::error_code ignored;
  if (std::filesystem::is_directory(recording, ignored)) return feed_journal(recording, backtest, desk);
  if (recording == "-") return feed_lines(std::cin, "standard input", backtest, desk, refusals);
  std::ifstream stream(recording, std::ios::binary);
  if (!stream) return Failure{Reason::io, std::string("cannot be read: ") + std::strerror(errno), recording};
  return feed_lines(stream, recording, backtest, desk, refusals);
}

// --- telling

std::vector<const Evidence*> grounds(const Decision& decision) {
  std::vector<const Evidence*> all;
  for (const Evidence& evidence : decision.evidence) all.push_back(&evidence);
  // What opened it comes first.
  std::stable_sort(all.begin(), all.end(), [](const Evidence* a, const Evidence* b) {
    const auto spent = [](const Evidence& one) {
      return one.statement ? 1e9 : one.weight ? one.weight->score - one.weight->needed : -1e9;
    };
    return spent(*a) > spent(*b);
  });
  return all;
}

void show_miss(const Decision& decision, const Desk& desk) {
  const auto all = grounds(decision);
  if (!desk.as_json) {
    for (const Evidence* evidence : all) {
      desk.output << "  " << date_and_clock(decision.at) << "  ("
                  << plain(desk.style.words(evidence->sentence.ja, evidence->sentence.en)) << ")\n";
    }
    return;
  }
  json::array evidence;
  for (const Evidence* one : all) {
    json::object object{{"rule", one->rule},
                        {"p_value", one->p_value},
                        {"sentence", desk.style.words(one->sentence.ja, one->sentence.en)}};
    json::object numbers;
    for (const auto& [number_name, value] : one->numbers) numbers[number_name] = value;
    object["numbers"] = std::move(numbers);
    if (one->weight) {
      object["score"] = one->weight->score;
      object["needed"] = one->weight->needed;
    }
    evidence.push_back(std::move(object));
  }
  desk.output << json_line(json::object{{"near_miss", decision.subject},
                                        {"at", format_time(decision.at)},
                                        {"reason", name(decision.reason)},
                                        {"evidence", std::move(evidence)}});
}

json::object incident_json(const Incident& incident, const Style& style) {
  json::array why;
  json::array rules;
  for (const Evidence* evidence : grounds(incident.decision)) {
    why.emplace_back(style.words(evidence->sentence.ja, evidence->sentence.en));
    rules.emplace_back(evidence->rule);
  }
  return {{"id", incident.id},
          {"opened_at", format_time(incident.opened_at)},
          {"subjects", json::array(incident.subjects.begin(), incident.subjects.end())},
          {"level", incident.level},
          {"reason", name(incident.decision.reason)},
          {"rules", std::move(rules)},
          {"judgement", name(incident.judgement)},
          {"why", std::move(why)}};
}

void show(const Incident& incident, const Desk& desk, std::string_view mark) {
  const Style& style = desk.style;
  desk.output << mark << painted(incident.id, Colour::bold, style) << "  " << date_and_clock(incident.opened_at) << "  "
              << plain(style.words(incident.title.ja, incident.title.en)) << "\n";
  for (const Evidence* evidence : grounds(incident.decision)) {
    desk.output << mark << "  - " << plain(style.words(evidence->sentence.ja, evidence->sentence.en)) << "\n";
  }
}

// By the labels: what was found of them, how late, and what was in vain.
struct Score {
  std::size_t labels = 0;
  std::size_t found = 0;
  std::size_t in_vain = 0;
  std::vector<double> delays;  // minutes, sorted
};

Score score_of(const Backtest& backtest) {
  Score score;
  const auto& incidents = backtest.engine().desk().incidents();
  for (const Label& label : backtest.labels()) {
    ++score.labels;
    for (const auto& [number, incident] : incidents) {
      if (incident.judgement != Judgement::confirmed || incident.opened_at > label.to + 15min) continue;
      if (incident.opened_at < label.from - 30min || !label.concerns(incident.subjects)) continue;
      ++score.found;
      const double late = std::chrono::duration<double, std::ratio<60>>(incident.opened_at - label.from).count();
      score.delays.push_back(std::max(0., late));
      break;
    }
  }
  for (const auto& [number, incident] : incidents)
    score.in_vain += incident.judgement == Judgement::dismissed ? 1U : 0U;
  std::sort(score.delays.begin(), score.delays.end());
  return score;
}

double weeks_of(const backtest::Tally& tally) {
  if (!tally.first_at) return 0;
  return std::chrono::duration<double, std::ratio<604'800>>(tally.last_at - *tally.first_at).count();
}

std::map<std::string, std::size_t> opened_by_rule(const Backtest& backtest) {
  std::map<std::string, std::size_t> opened;
  for (const auto& [number, incident] : backtest.engine().desk().incidents()) {
    if (const auto all = grounds(incident.decision); !all.empty()) ++opened[all.front()->rule];
  }
  return opened;
}

json::object summary_json(const Backtest& backtest) {
  const backtest::Tally& tally = backtest.tally();
  const double weeks = weeks_of(tally);
  json::object rules;
  for (const auto& [rule, count] : opened_by_rule(backtest))
    rules[rule] = static_cast<double>(count) / std::max(weeks, 1e-9);
  json::object summary{{"requests", tally.requests},
                       {"transitions", tally.transitions},
                       {"weeks", weeks},
                       {"incidents", backtest.engine().desk().incidents().size()},
                       {"near_misses", tally.near_misses},
                       {"reports_per_week_by_rule", std::move(rules)}};
  if (backtest.labelled()) {
    const Score score = score_of(backtest);
    summary["labels"] = score.labels;
    summary["found"] = score.found;
    summary["recall"] = score.labels == 0
                            ? json::value(nullptr)
                            : json::value(static_cast<double>(score.found) / static_cast<double>(score.labels));
    summary["median_delay_minutes"] =
        score.delays.empty() ? json::value(nullptr) : json::value(score.delays[score.delays.size() / 2]);
    summary["false_reports_per_week"] = static_cast<double>(score.in_vain) / std::max(weeks, 1e-9);
  }
  return summary;
}

// How long a recording is, in what a person would count it in.
std::string span_of(double weeks, const Style& style) {
  const auto say = [](double amount, std::string_view unit) { return fmt::format("{:.1f} {}", amount, unit); };
  if (weeks * 7 < 1) return say(weeks * 7 * 24, style.words("時間", "hours"));
  if (weeks < 2) return say(weeks * 7, style.words("日", "days"));
  return say(weeks, style.words("週間", "weeks"));
}

// Of less than a week no rate is worth saying.
std::string rate_of(std::size_t count, double weeks, const Style& style) {
  if (weeks < 1) return fmt::format(fmt::runtime(style.words("{} 件", "{}")), count);
  return fmt::format(fmt::runtime(style.words("{:.2f} 件/週", "{:.2f} a week")), static_cast<double>(count) / weeks);
}

void show_summary(const Backtest& backtest, std::uint64_t refused, const Desk& desk) {
  const Style& style = desk.style;
  const backtest::Tally& tally = backtest.tally();
  const double weeks = weeks_of(tally);
  const auto incidents = backtest.engine().desk().incidents().size();
  desk.output << "\n"
              << fmt::format(fmt::runtime(style.words("{} 件のリクエスト、{}：インシデント {} 件、見送り {} 件\n",
                                                      "{} requests, {}: {} incidents, {} near misses\n")),
                             tally.requests, span_of(weeks, style), incidents, tally.near_misses);
  for (const auto& [rule, count] : opened_by_rule(backtest)) {
    desk.output << fmt::format(fmt::runtime(style.words("  {}：{}\n", "  {}: {}\n")), rule,
                               rate_of(count, weeks, style));
  }
  if (refused > 0) {
    desk.output << fmt::format(
        fmt::runtime(style.words("  受け付けられなかったリクエスト：{} 件\n", "  requests refused: {}\n")), refused);
  }
  if (!backtest.labelled()) return;
  const Score score = score_of(backtest);
  desk.output << fmt::format(fmt::runtime(style.words("  ラベル {} 件のうち {} 件を検知、空振り {}",
                                                      "  {} labels, {} of them found; false reports: {}")),
                             score.labels, score.found, rate_of(score.in_vain, weeks, style));
  if (!score.delays.empty()) {
    desk.output << fmt::format(fmt::runtime(style.words("、遅れの中央値 {:.0f} 分", "; median delay {:.0f} minutes")),
                               score.delays[score.delays.size() / 2]);
  }
  desk.output << "\n";
}

// --- two configurations

bool same_incident(const Incident& a, const Incident& b) {
  const auto apart = a.opened_at > b.opened_at ? a.opened_at - b.opened_at : b.opened_at - a.opened_at;
  return apart <= 6h && std::any_of(a.subjects.begin(), a.subjects.end(), [&b](const std::string& subject) {
           return std::find(b.subjects.begin(), b.subjects.end(), subject) != b.subjects.end();
         });
}

void show_missing(const Backtest& from, const Backtest& in, const Desk& desk, std::string_view mark,
                  std::string_view side) {
  for (const auto& item : from.engine().desk().incidents()) {
    const Incident& incident = item.second;
    const auto& others = in.engine().desk().incidents();
    const bool both = std::any_of(others.begin(), others.end(),
                                  [&](const auto& other) { return same_incident(incident, other.second); });
    if (both) continue;
    if (desk.as_json) {
      json::object line = incident_json(incident, desk.style);
      line["only_in"] = side;
      desk.output << json_line(line);
    } else {
      show(incident, desk, mark);
    }
  }
}

int compare(const Backtest& base, const Backtest& other, const Replay& what, const Desk& desk) {
  if (!desk.as_json) {
    desk.output << desk.style.words("「-」は ", "\"-\": only with ") << what.config
                << desk.style.words(" だけ、「+」は ", ", \"+\": only with ") << what.compare
                << desk.style.words(" だけで開いたもの\n\n", "\n\n");
  }
  show_missing(base, other, desk, "- ", what.config);
  show_missing(other, base, desk, "+ ", what.compare);
  for (const auto& [one, config] : {std::pair{&base, &what.config}, std::pair{&other, &what.compare}}) {
    if (desk.as_json) {
      json::object summary = summary_json(*one);
      summary["config"] = *config;
      desk.errors << json_line(summary);
    } else {
      desk.output << "\n" << *config << ":";
      show_summary(*one, 0, desk);
    }
  }
  return kDone;
}

}  // namespace

int replay(const Replay& what, const Command& command, std::ostream& output, std::ostream& errors) {
  const Desk desk{output, errors, {command.language, command.colour}, command.json, command.progress && !command.json};
  const auto give_up = [&errors](const Failure& failure) {
    errors << "iwakanctl: " << plain(to_string(failure)) << "\n";
    return kUsage;
  };
  auto labels = load_labels(what.labels);
  if (!labels) return give_up(labels.error());
  std::vector<std::unique_ptr<settings::Settings>> settings;
  std::vector<std::unique_ptr<Backtest>> runs;
  Refusals refusals(desk);
  Backtest::Missed missed;
  if (what.misses) missed = [&desk](const Decision& decision) { show_miss(decision, desk); };
  for (const std::string& config : {what.config, what.compare}) {
    if (config.empty()) continue;
    auto loaded = load(config);
    if (!loaded) return give_up(loaded.error());
    runs.push_back(std::make_unique<Backtest>(**loaded, *labels, missed));
    settings.push_back(*std::move(loaded));
    if (auto fed = feed(what.recording, *runs.back(), desk, refusals); !fed) return give_up(fed.error());
    runs.back()->finish();
  }
  if (runs.size() == 2) return compare(*runs[0], *runs[1], what, desk);
  for (const auto& [number, incident] : runs[0]->engine().desk().incidents()) {
    if (desk.as_json) {
      output << json_line(incident_json(incident, desk.style));
    } else {
      show(incident, desk, "");
    }
  }
  if (desk.as_json) {
    errors << json_line(summary_json(*runs[0]));
  } else {
    show_summary(*runs[0], refusals.count(), desk);
  }
  // What was refused is told above; the rest was replayed all the same.
  const bool nothing_taken = refusals.count() > 0 && runs[0]->tally().transitions == 0;
  return nothing_taken ? kRefused : kDone;
}

}  // namespace iwakan::ctl
