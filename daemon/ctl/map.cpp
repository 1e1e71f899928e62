#include "ctl/map.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "ctl/json.hpp"
#include "ctl/pages.hpp"
#include "settings/settings.hpp"
#include "sinks/no_network.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;
using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

json::object pairs(std::span<const Label> labels) {
  json::object object;
  for (const Label& label : labels) object[label.name] = label.value;
  return object;
}

void show_json(const Alert& alert, std::ostream& output) {
  json::object line{{"state", name(alert.state)},
                    {"fingerprint", format_fingerprint(alert.fingerprint)},
                    {"starts_at", nullptr},
                    {"ends_at", nullptr},
                    {"labels", pairs(alert.labels)},
                    {"annotations", pairs(alert.annotations)},
                    {"link", alert.link}};
  if (alert.starts_at != kZeroTime) line["starts_at"] = format_time(alert.starts_at);
  if (alert.ends_at) line["ends_at"] = format_time(*alert.ends_at);
  output << json_line(line);
}

void show(const Alert& alert, const Style& style, std::ostream& output) {
  output << name(alert.state) << "  " << plain(alert.label("alertname")) << "  "
         << format_fingerprint(alert.fingerprint) << "\n";
  if (alert.starts_at != kZeroTime) {
    output << "  " << style.words("開始：", "since: ") << format_time(alert.starts_at) << "\n";
  }
  if (alert.ends_at) output << "  " << style.words("終了：", "until: ") << format_time(*alert.ends_at) << "\n";
  const auto list = [&](std::string_view title, std::span<const Label> labels) {
    if (!labels.empty()) output << "  " << title << "\n";
    for (const Label& label : labels) output << "    " << plain(label.name) << " = " << plain(label.value) << "\n";
  };
  list(style.words("ラベル", "labels"), alert.labels);
  list(style.words("注釈", "annotations"), alert.annotations);
  if (!alert.link.empty()) output << "  " << style.words("リンク：", "link: ") << plain(alert.link) << "\n";
}

Result<std::string> read(const std::string& file, std::istream& input) {
  std::ostringstream text;
  if (file == "-") {
    text << input.rdbuf();
    return text.str();
  }
  std::ifstream stream(file, std::ios::binary);
  if (stream) text << stream.rdbuf();
  if (!stream) return Failure{Reason::io, std::string("cannot be read: ") + std::strerror(errno), file};
  return text.str();
}

std::optional<Headers> read_headers(const std::vector<std::string>& texts) {
  Headers headers;
  for (const std::string_view text : texts) {
    const std::size_t colon = text.find(": ");
    if (colon == std::string_view::npos) return std::nullopt;
    headers.emplace_back(text.substr(0, colon), text.substr(colon + 2));
  }
  return headers;
}

}  // namespace

int map(const Map& what, const Command& command, std::istream& input, std::ostream& output, std::ostream& errors) {
  const auto complain = [&errors](const std::string& problem, int code) {
    errors << "iwakanctl: " << plain(problem) << "\n";
    return code;
  };
  Complaints complaints;
  const auto settings = settings::load(what.config, complaints);
  for (const Complaint& complaint : complaints) complain(to_string(complaint), kUsage);
  if (!settings) return kUsage;
  std::vector<std::string_view> names;
  for (const settings::EnabledSource& enabled : settings->sources) names.emplace_back(enabled.name);
  const auto found = std::find(names.begin(), names.end(), what.sender);
  if (found == names.end()) {
    const std::string near = nearest(what.sender, names);
    return complain("no source \"" + what.sender + "\" in " + what.config +
                        (near.empty() ? "" : "; did you mean \"" + near + "\"?"),
                    kUsage);
  }
  const auto headers = read_headers(what.headers);
  if (!headers) return complain("a header is written \"Name: value\"", kUsage);
  const auto body = read(what.sample, input);
  if (!body) return complain(to_string(body.error()), kUsage);

  sinks::NoNetwork network;
  const settings::EnabledSource& enabled = settings->sources[static_cast<std::size_t>(found - names.begin())];
  const auto source = enabled.make({network, [](const std::function<void()>& then) { then(); }});
  Result<sources::Received> received = Failure{Reason::unavailable, "the source did not answer", {}};
  source->receive({.method = "POST",
                   .target = enabled.path,
                   .headers = *headers,
                   .body = *body,
                   .at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())},
                  [&received](Result<sources::Received> result) { received = std::move(result); });
  if (!received) return complain("it would be refused: " + to_string(received.error()), kRefused);
  const Style style{command.language, command.colour};
  for (const Alert& alert : received->batch.alerts()) {
    if (command.json) {
      show_json(alert, output);
    } else {
      show(alert, style, output);
    }
  }
  if (received->batch.size() == 0 && !command.json) {
    output << style.words("アラートの知らせではありません（受け付けますが、何も判断しません）\n",
                          "no news of an alert: it is taken, and nothing is concluded\n");
  }
  return kDone;
}

}  // namespace iwakan::ctl
