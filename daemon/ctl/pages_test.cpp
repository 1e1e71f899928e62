// Goal: what the daemon answers becomes a page that reads well, in both languages, and nothing in it
// can act on the terminal.
// Method: answers in testdata/*.json, their pages beside them (IWAKAN_REWRITE=1 writes them anew); and
// the same answers with hostile text in the place of every string.

#include "ctl/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>

namespace iwakan::ctl {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

std::string path_of(const std::string& file) {
  const char* tree = std::getenv("IWAKAN_SOURCE_DIR");
  return std::string(tree ? tree : ".") + "/daemon/ctl/testdata/" + file;
}

std::string read(const std::string& file) {
  std::ifstream stream(path_of(file), std::ios::binary);
  EXPECT_TRUE(stream) << path_of(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void expect_golden(const std::string& file, const std::string& text) {
  if (std::getenv("IWAKAN_REWRITE") != nullptr) std::ofstream(path_of(file), std::ios::binary) << text;
  EXPECT_EQ(text, read(file)) << file;
}

struct Specimen {
  const char* name;
  View view;
};

constexpr Specimen kSpecimens[] = {
    {"incidents", View::incidents},
    {"no_incidents", View::incidents},
    {"incident", View::incident},
    {"deliveries", View::deliveries},
    {"no_deliveries", View::deliveries},
    {"alerts", View::alerts},
    {"no_alerts", View::alerts},
    {"suspicions", View::suspicions},
    {"no_suspicions", View::suspicions},
    {"why", View::why},
    {"no_why", View::why},
    {"declared", View::declared},
    {"done", View::done},
};

class Pages : public testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
  }
};

TEST_F(Pages, AreAsTheGoldenFiles) {
  for (const Specimen& specimen : kSpecimens) {
    const std::string file = specimen.name;
    const json::value answer = json::parse(read(file + ".json"));
    for (const char* language : {"ja", "en"}) {
      expect_golden(file + "." + language + ".txt", page(specimen.view, answer, {language, false}));
    }
    expect_golden(file + ".jsonl", json_lines(specimen.view, answer));
  }
}

TEST_F(Pages, DifferInColourOnly) {
  for (const Specimen& specimen : kSpecimens) {
    const json::value answer = json::parse(read(std::string(specimen.name) + ".json"));
    std::string coloured = page(specimen.view, answer, {"en", true});
    for (const char* code : {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"}) {
      for (std::size_t found = coloured.find(code); found != std::string::npos; found = coloured.find(code)) {
        coloured.erase(found, std::string(code).size());
      }
    }
    EXPECT_EQ(coloured, page(specimen.view, answer, {"en", false})) << specimen.name;
  }
}

// Every string below `value`, keys as well where they are not our own words, becomes `text`.
json::value poisoned(const json::value& value, const json::string& text) {
  if (value.is_string()) return text;
  if (const json::array* array = value.if_array()) {
    json::array result;
    for (const json::value& item : *array) result.push_back(poisoned(item, text));
    return result;
  }
  if (const json::object* object = value.if_object()) {
    json::object result;
    for (const auto& [key, item] : *object)
      result[key == "hasegawa" ? json::string_view(text) : key] = poisoned(item, text);
    return result;
  }
  return value;
}

bool harmless(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7F) return false;
  }
  for (const char* hidden : {"\u009b", "\u202e", "\u2066", "\u2028", "\u200f"}) {
    if (text.find(hidden) != std::string_view::npos) return false;
  }
  return true;
}

TEST_F(Pages, ShowHostileTextWithoutObeyingIt) {
  const json::string hostile("\x1b]0;owned\x07\x1b[2J\r\nINC-1 forged line\u009b31m\u202e\u2066\u2028\u200f\x7f\b\t");
  for (const Specimen& specimen : kSpecimens) {
    const json::value honest = json::parse(read(std::string(specimen.name) + ".json"));
    const json::value answer = poisoned(honest, hostile);
    for (const char* language : {"ja", "en"}) {
      const std::string text = page(specimen.view, answer, {language, false});
      EXPECT_TRUE(harmless(text)) << specimen.name;
      const std::string expected = page(specimen.view, poisoned(honest, "x"), {language, false});
      EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), std::count(expected.begin(), expected.end(), '\n'))
          << specimen.name << ": a line was forged";
    }
    const std::string lines = json_lines(specimen.view, answer);
    EXPECT_TRUE(harmless(lines)) << specimen.name;
  }
  const std::string refused =
      refusal(400, json::serialize(json::value{{"error", {{"detail", hostile}, {"path", hostile}}}}));
  EXPECT_TRUE(harmless(refused));
  EXPECT_EQ(refused.find('\n'), std::string::npos);
}

TEST_F(Pages, SpellHiddenCharactersInJsonSoThatTheyMeanTheSame) {
  const json::value value{{"a", "\u202eb\u009b\u3042\U0001F600\""}};
  const std::string line = json_line(value);
  EXPECT_EQ(line, "{\"a\":\"\\u202eb\\u009b\u3042\U0001F600\\\"\"}\n");
  EXPECT_EQ(json::parse(line), value);
}

TEST_F(Pages, SayWhyTheDaemonRefused) {
  EXPECT_EQ(refusal(404, R"({"error":{"reason":"not_found","path":"","detail":"there is no INC-9"}})"),
            "there is no INC-9 (404 not_found)");
  EXPECT_EQ(refusal(400, R"({"error":{"reason":"missing","path":"/text","detail":"is missing: say what happened"}})"),
            "/text: is missing: say what happened (400 missing)");
  for (const char* body : {"", "<html>", "{}", "[]", R"({"error":1})"}) {
    EXPECT_THAT(refusal(502, body), HasSubstr("the daemon answered 502")) << body;
  }
}

TEST_F(Pages, SuggestionsAreShownAndRefuseNothing) {
  const auto answer = boost::json::parse(
      R"({"incident":"INC-1","suggestions":[{"flaw":"blame","language":"en","words":"fault\u001b[31m",)"
      R"("instead":{"ja":"条件を書く","en":"name the condition"}}]})");
  EXPECT_EQ(page(View::told, answer, {"en", false}),
            "Recorded.\nKept as it was written. There are suggestions about its words:\n  \"fault\xEF\xBF\xBD[31m\": "
            "name the condition\n");
  EXPECT_EQ(page(View::told, boost::json::parse(R"({"incident":"INC-1"})"), {"ja", false}), "記録しました。\n");
}

}  // namespace
}  // namespace iwakan::ctl
