// Goal: what YAML makes treacherous is refused with its place; what is plain is read with its place.
// Method: tables, among them the vectors of reference trust, section 2 (yaml-cpp).
#include "settings/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwakan::settings {
namespace {

using ::testing::HasSubstr;

TEST(Yaml, KnowsPlacesAndPaths) {
  Complaints complaints;
  const auto tree = parse_yaml("a:\n  - b: 1\n    c: \"2\"\n  - ~\n名前: 値\n", "f.yaml", complaints);
  ASSERT_TRUE(tree);
  const Setting* a = tree->find("a");
  ASSERT_NE(a, nullptr);
  ASSERT_EQ(a->items.size(), 2U);
  const Setting* c = a->items[0].find("c");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->path, "a[0].c");
  EXPECT_EQ(c->place.line, 3);
  EXPECT_EQ(c->place.column, 8);
  EXPECT_TRUE(c->quoted);
  EXPECT_FALSE(a->items[0].find("b")->quoted);
  EXPECT_EQ(a->items[1].kind, Setting::Kind::null);
  EXPECT_EQ(tree->find("名前")->scalar, "値");
}

TEST(Yaml, ReadsJson) {
  Complaints complaints;
  const auto tree = parse_yaml(R"({"a": {"b": ["x", 5, true, null]}})", "f.yaml", complaints);
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->find("a")->find("b")->items.size(), 4U);
}

TEST(Yaml, AnEmptyFileIsAnEmptyConfiguration) {
  Complaints complaints;
  for (const char* text : {"", "\n", "# only a comment\n", "---\n"}) {
    const auto tree = parse_yaml(text, "f.yaml", complaints);
    ASSERT_TRUE(tree) << text;
    EXPECT_EQ(tree->kind, Setting::Kind::null);
  }
}

TEST(Yaml, RefusesWhatIsTreacherous) {
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "- ";
  std::string many = "a:\n";
  for (int i = 0; i < 100'001; ++i) many += " - 1\n";
  const struct {
    std::string text;
    const char* says;
    int line;
  } cases[] = {
      {"a: &x 1\nb: 2\n", "anchors", 1},
      {"a: 1\nb: *x\n", "", 2},
      {"a: &a [*a]\n", "anchors", 1},
      {"a: 1\nb: 2\na: 3\n", "stands here twice", 3},
      {"a: {x: 1, x: 2}\n", "stands here twice", 1},
      {"base: 1\nc:\n  <<: {d: 1}\n", "merge keys", 3},
      {"a: !!binary aGVsbG8=\n", "tags", 1},
      {"a: !x 1\n", "tags", 1},
      {"a: !x [1]\n", "tags", 1},
      {"a: !x {b: 1}\n", "tags", 1},
      {"? [a, b]\n: 1\n", "plain text", 1},
      {"a: 1\n---\nb: 2\n", "more than one document", 0},
      {"a: [1, 2\n", "not valid YAML", 0},
      {"a: b: c\n", "not valid YAML", 1},
      {"\tb: 1\n", "not valid YAML", 1},
      {deep, "levels deep", 1},
      {many, "100000", 0},
      {std::string("a: \0", 4), "control character", 1},
      {"a: 1\nb: \x1b[31m\n", "control character", 2},
      {"a: \xff\n", "not UTF-8", 1},
      {std::string(std::size_t{1024} * 1024 + 1, ' '), "1 MiB", 0},
  };
  for (const auto& one : cases) {
    Complaints complaints;
    EXPECT_FALSE(parse_yaml(one.text, "f.yaml", complaints)) << one.text.substr(0, 60);
    ASSERT_EQ(complaints.size(), 1U) << one.text.substr(0, 60);
    EXPECT_THAT(to_string(complaints[0]), HasSubstr(one.says)) << one.text.substr(0, 60);
    if (one.line != 0) {
      EXPECT_EQ(complaints[0].place.line, one.line) << one.text.substr(0, 60);
    }
  }
}

}  // namespace
}  // namespace iwakan::settings
