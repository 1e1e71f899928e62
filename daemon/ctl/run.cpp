#include "ctl/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <sstream>
#include <thread>

#include "ctl/chat.hpp"
#include "ctl/http.hpp"
#include "ctl/json.hpp"
#include "ctl/local_time.hpp"
#include "ctl/map.hpp"
#include "ctl/pages.hpp"
#include "ctl/recording.hpp"
#include "ctl/replay.hpp"
#include "ctl/rule_tests.hpp"
#include "ctl/series.hpp"
#include "ctl/verify.hpp"
#include "ctl/watch.hpp"
#include "runtime/read_file.hpp"
#include "sinks/secret_setting.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

TimePoint present() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

struct Terminal {
  std::ostream& output;
  std::ostream& errors;
  Style style;
  bool as_json;
};

int complain(const Terminal& terminal, const std::string& what, int code) {
  terminal.errors << "iwakanctl: " << what << "\n";
  return code;
}

int nobody_there(const Terminal& terminal, const Connection& connection, const Failure& failure) {
  const std::string where = "no answer from " + plain(connection.url()) + " (" + plain(failure.detail) + ").";
  return complain(terminal,
                  where +
                      "\nIs iwakand running? `systemctl start iwakand` or `scripts/run.sh` starts it. If it listens "
                      "elsewhere,\nsay so: --url http://HOST:PORT, or IWAKAN_URL.",
                  kUnreachable);
}

int inquire(const Inquiry& inquiry, Connection& connection, const Terminal& terminal) {
  Headers headers{{"Accept", "application/json"}};
  if (!inquiry.call.body.empty()) headers.emplace_back("Content-Type", "application/json");
  const Result<Answer> answer =
      connection.exchange(inquiry.call.method, inquiry.call.target, headers, inquiry.call.body);
  if (!answer) return nobody_there(terminal, connection, answer.error());
  if (answer->status == 401) {
    return complain(terminal,
                    refusal(answer->status, answer->body) +
                        "\nYour token goes into a file: --token-file FILE, or IWAKAN_TOKEN_FILE.",
                    kRefused);
  }
  if (answer->status / 100 != 2) return complain(terminal, refusal(answer->status, answer->body), kRefused);
  if (inquiry.view == View::document) {
    terminal.output << answer->body;
    return kDone;
  }
  json::error_code error;
  const json::value value = json::parse(answer->body.empty() ? "{}" : json::string_view(answer->body), error);
  if (error)
    return complain(terminal, "the answer is no JSON: is this iwakand at " + plain(connection.url()) + "?", kRefused);
  terminal.output << (terminal.as_json ? json_lines(inquiry.view, value) : page(inquiry.view, value, terminal.style));
  return kDone;
}

// --- what was said in a chat

constexpr std::size_t kFileBytesMax = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kLinesAtOnce = 500;

Result<ChatLines> read_chat_file(const ChatImport& chat) {
  std::map<std::string, std::string> users;
  if (!chat.users.empty()) {
    const Result<std::string> text = runtime::read_file(chat.users, kFileBytesMax);
    if (!text) return text.error();
    auto read = read_slack_users(*text);
    if (!read) return Failure{read.error().reason, read.error().detail, chat.users};
    users = *std::move(read);
  }
  std::string text;
  if (chat.file == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin.rdbuf()), {});
  } else {
    Result<std::string> read = runtime::read_file(chat.file, kFileBytesMax);
    if (!read) return read.error();
    text = *std::move(read);
  }
  TimePoint until = present();
  if (!chat.day.empty()) {
    const Result<TimePoint> end = end_of_day(chat.day);
    if (!end) return end.error();
    until = *end;
  }
  Result<ChatLines> lines = read_chat(text, users, until);
  if (lines) return lines;
  const std::string& where = lines.error().path;
  return Failure{lines.error().reason, lines.error().detail, chat.file + (where.empty() ? "" : ": " + where)};
}

json::object body_of(std::span<const act::ChatLine> lines, const std::string& actor) {
  json::array list;
  for (const act::ChatLine& line : lines) {
    list.emplace_back(json::object{{"source_id", line.source_id},
                                   {"occurred_at", format_time(line.occurred_at)},
                                   {"author", line.author},
                                   {"text", line.text}});
  }
  json::object body{{"lines", std::move(list)}};
  if (!actor.empty()) body["actor"] = actor;
  return body;
}

int import_chat(const ChatImport& chat, Connection& connection, const Terminal& terminal) {
  const Result<ChatLines> lines = read_chat_file(chat);
  if (!lines) return complain(terminal, plain(to_string(lines.error())), kUsage);
  std::size_t added = 0;
  for (std::size_t from = 0; from < lines->size(); from += kLinesAtOnce) {
    const auto part = std::span(*lines).subspan(from, std::min(kLinesAtOnce, lines->size() - from));
    const Result<Answer> answer = connection.exchange("POST", chat.target, {{"Content-Type", "application/json"}},
                                                      json::serialize(body_of(part, chat.actor)));
    if (!answer) return nobody_there(terminal, connection, answer.error());
    if (answer->status / 100 != 2) return complain(terminal, refusal(answer->status, answer->body), kRefused);
    json::error_code error;
    const json::value value = json::parse(answer->body, error);
    added += static_cast<std::size_t>(integer_at(value, "imported").value_or(0));
  }
  if (terminal.as_json) {
    terminal.output << json_line(json::object{{"imported", added}, {"known", lines->size() - added}});
  } else {
    terminal.output << fmt::format(fmt::runtime(terminal.style.words("{} 件を取り込みました（{} 件は取り込み済み）\n",
                                                                     "{} lines taken, {} were there already\n")),
                                   added, lines->size() - added);
  }
  return kDone;
}

// --- playing recordings

Result<std::vector<Recorded>> read_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream) return Failure{Reason::io, std::string("cannot be read: ") + std::strerror(errno), file};
  return parse_recording(text.str(), file);
}

Result<std::vector<Recorded>> read_files(const std::vector<std::string>& files) {
  std::vector<std::vector<Recorded>> recordings;
  for (const std::string& file : files) {
    Result<std::vector<Recorded>> recording = read_file(file);
    if (!recording) return recording.error();
    recordings.push_back(std::move(*recording));
  }
  return merged(std::move(recordings));
}

// Without pauses there is no time for the recording to happen in: it ends now. Else it begins now.
Pace pace_of(const Play& play, const std::vector<Recorded>& all) {
  if (play.fast) return {all.back().at, present(), 1};
  return {all.front().at, present(), play.speed};
}

void show_sent(const Recorded& recorded, TimePoint at, const Answer& answer, const Terminal& terminal) {
  const Style& style = terminal.style;
  const std::string what = summary(recorded, style.language);
  const bool taken = answer.status / 100 == 2;
  if (terminal.as_json) {
    json::object line{{"at", format_time(at)},
                      {"method", recorded.method},
                      {"path", recorded.path},
                      {"what", what},
                      {"status", answer.status}};
    if (!taken) line["detail"] = refusal(answer.status, answer.body);
    terminal.output << json_line(line) << std::flush;
    return;
  }
  terminal.output << painted(clock(at), Colour::dim, style) << "  " << plain(recorded.path) << "  " << plain(what)
                  << "  " << painted(std::to_string(answer.status), taken ? Colour::green : Colour::red, style) << "\n";
  if (!taken) terminal.output << "          " << refusal(answer.status, answer.body) << "\n";
  terminal.output << std::flush;
}

int play(const Play& play, Connection& connection, const Terminal& terminal) {
  const Result<std::vector<Recorded>> read = read_files(play.recordings);
  if (!read) return complain(terminal, plain(to_string(read.error())), kUsage);
  const std::vector<Recorded>& all = *read;
  if (all.empty()) return complain(terminal, "the recording holds no request: each line of it is one, as JSON", kUsage);
  const Pace pace = pace_of(play, all);
  const auto began = std::chrono::steady_clock::now();
  int code = kDone;
  for (const Recorded& recorded : all) {
    const TimePoint moved = pace.played(recorded.at);
    if (!play.fast) std::this_thread::sleep_until(began + (moved - pace.start));
    const std::string body = play.now ? body_moved(recorded, pace) : recorded.body;
    const Result<Answer> answer = connection.exchange(recorded.method, recorded.path, recorded.headers, body);
    if (!answer) return nobody_there(terminal, connection, answer.error());
    if (answer->status / 100 != 2) code = kRefused;
    show_sent(recorded, play.now ? moved : recorded.at, *answer, terminal);
  }
  return code;
}

// A daemon that is no drill is sent nothing. That the rules opened the case's incident by themselves is fine: the line
// that declares it is refused then.
int drill(const Drill& drill, Connection& connection, const Terminal& terminal) {
  const Result<Answer> answer = connection.exchange("GET", "/api/v1/drill", {{"Accept", "application/json"}}, "");
  if (!answer) return nobody_there(terminal, connection, answer.error());
  json::error_code error;
  const json::value value = json::parse(answer->body, error);
  if (error || !true_at(value, "drill")) {
    return complain(terminal,
                    "the daemon at " + plain(connection.url()) +
                        " is no drill, and was sent nothing.\nStart one with `iwakand --config F --drill FOLDER`, and "
                        "name it: --url http://127.0.0.1:8129",
                    kRefused);
  }
  const Play what{.recordings = {drill.recording}, .speed = drill.speed, .fast = drill.fast, .now = true};
  const int code = play(what, connection, terminal);
  if (code != kDone && code != kRefused) return code;
  if (!terminal.as_json) {
    terminal.output << terminal.style.words(
        "\n訓練の状況は始まりました。いつものように動いてください：iwakanctl incident list\n"
        "終わったら、振り返りに：iwakanctl drill score INC-1\n",
        "\nThe case has been played. Do what you would do: iwakanctl incident list\n"
        "Afterwards, for the talk about it: iwakanctl drill score INC-1\n");
  }
  return kDone;
}

}  // namespace

int run(const Command& command, std::ostream& output, std::ostream& errors) {
  const Terminal terminal{output, errors, {command.language, command.colour}, command.json};
  if (const auto* offline = std::get_if<Replay>(&command.what)) return replay(*offline, command, output, errors);
  if (const auto* tests = std::get_if<RuleTests>(&command.what)) return rule_tests(*tests, command, output, errors);
  if (const auto* sample = std::get_if<Map>(&command.what)) return map(*sample, command, std::cin, output, errors);
  if (const auto* values = std::get_if<Series>(&command.what)) return series(*values, std::cin, output, errors);
  Secret token;
  if (!command.token_file.empty()) {
    auto read = sinks::read_secret({command.token_file, {}}, {});
    if (!read) return complain(terminal, plain(to_string(read.error())), kUsage);
    token = *std::move(read);
  }
  Connection connection({command.url, std::move(token), command.ca});
  if (const auto* asked = std::get_if<Verify>(&command.what))
    return verify(*asked, connection, command, output, errors);
  if (const auto* chat = std::get_if<ChatImport>(&command.what)) return import_chat(*chat, connection, terminal);
  if (const auto* asked = std::get_if<Watch>(&command.what)) return watch(*asked, connection, command, output, errors);
  if (const auto* inquiry = std::get_if<Inquiry>(&command.what)) return inquire(*inquiry, connection, terminal);
  if (const auto* practice = std::get_if<Drill>(&command.what)) return drill(*practice, connection, terminal);
  return play(std::get<Play>(command.what), connection, terminal);
}

}  // namespace iwakan::ctl
