#include "ctl/rule_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ctl/pages.hpp"
#include "ruletest/rule_test.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

std::string xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default:
        escaped += static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' ? "\xEF\xBF\xBD" : std::string(1, c);
    }
  }
  return escaped;
}

Result<std::vector<ruletest::RuleTest>> load(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream) return Failure{Reason::io, std::string("cannot be read: ") + std::strerror(errno), file};
  Complaints complaints;
  auto tests =
      ruletest::parse_rule_tests(text.str(), file, std::filesystem::path(file).parent_path().string(), complaints);
  if (complaints.empty()) return tests;
  std::string all;
  for (const Complaint& complaint : complaints) all += (all.empty() ? "" : "\n") + to_string(complaint);
  return Failure{Reason::malformed, all, {}};
}

Outcome run(const ruletest::RuleTest& test, const std::string& file) {
  const auto began = std::chrono::steady_clock::now();
  Outcome outcome{file, test.name, 0, ruletest::run_rule_test(test)};
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return outcome;
}

void show(const Outcome& outcome, const Command& command, std::ostream& output) {
  const Style style{command.language, command.colour};
  const bool passed = outcome.differences.empty();
  if (command.json) {
    json::object line{{"file", outcome.file}, {"test", outcome.name}, {"passed", passed}, {"seconds", outcome.seconds}};
    line["differences"] = json::array(outcome.differences.begin(), outcome.differences.end());
    output << json_line(line);
    return;
  }
  output << painted(passed ? style.words("合格", "passed") : style.words("不合格", "FAILED"),
                    passed ? Colour::green : Colour::red, style)
         << "  " << plain(outcome.name)
         << painted(fmt::format("  ({:.0f} ms)", outcome.seconds * 1000), Colour::dim, style) << "\n";
  for (const std::string& difference : outcome.differences) output << "        " << plain(difference) << "\n";
}

}  // namespace

std::string junit(const std::vector<Outcome>& outcomes) {
  const auto failed =
      std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome& one) { return !one.differences.empty(); });
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  text += fmt::format("<testsuite name=\"iwakanctl test\" tests=\"{}\" failures=\"{}\">\n", outcomes.size(), failed);
  for (const Outcome& outcome : outcomes) {
    text += fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", xml(outcome.file),
                        xml(outcome.name), outcome.seconds);
    if (outcome.differences.empty()) {
      text += "/>\n";
      continue;
    }
    std::string all;
    for (const std::string& difference : outcome.differences) all += xml(difference) + "\n";
    text +=
        ">\n    <failure message=\"" + xml(outcome.differences.front()) + "\">" + all + "</failure>\n  </testcase>\n";
  }
  return text + "</testsuite>\n";
}

int rule_tests(const RuleTests& what, const Command& command, std::ostream& output, std::ostream& errors) {
  const auto wrong = [&errors](const std::string& problem) {
    errors << "iwakanctl: " << problem << "\n";
    return kUsage;
  };
  std::vector<Outcome> outcomes;
  for (const std::string& file : what.files) {
    const auto tests = load(file);
    if (!tests) return wrong(to_string(tests.error()));
    for (const ruletest::RuleTest& test : *tests) {
      outcomes.push_back(run(test, file));
      show(outcomes.back(), command, output);
    }
  }
  const auto failed =
      std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome& one) { return !one.differences.empty(); });
  if (!command.json) {
    const Style style{command.language, command.colour};
    output << fmt::format(fmt::runtime(style.words("{} 件中 {} 件が合格\n", "{1} of {0} passed\n")), outcomes.size(),
                          outcomes.size() - static_cast<std::size_t>(failed));
  }
  if (!what.junit.empty()) {
    std::ofstream file(what.junit, std::ios::binary);
    file << junit(outcomes);
    if (!file.flush()) return wrong(plain(what.junit) + ": cannot be written: " + std::strerror(errno));
  }
  return failed == 0 ? kDone : kRefused;
}

}  // namespace iwakan::ctl
