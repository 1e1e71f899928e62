// Goal: a slash command is read as it was typed, and nothing else is taken for one. Method: Slack's own example, and
// forms that are broken.
#include "http/slack_command/command.hpp"

#include <gtest/gtest.h>

namespace iwakan::http::slack_command {
namespace {

Typed typed(const std::string& text) {
  const auto read = parse_command("token=x&user_id=U2CERLKJA&user_name=road+runner&command=%2Fiwakan&text=" + text +
                                  "&response_url=https%3A%2F%2Fhooks.slack.com%2Fx");
  EXPECT_TRUE(read);
  return read ? *read : Typed{};
}

TEST(SlackCommand, IsReadAsItWasTyped) {
  const Typed asked = typed("ask+May+we+promise+refunds%3F");
  EXPECT_EQ(asked.user, "U2CERLKJA");
  EXPECT_EQ(asked.user_name, "road runner");
  EXPECT_EQ(asked.verb, Verb::ask);
  EXPECT_EQ(asked.incident, "");
  EXPECT_EQ(asked.text, "May we promise refunds?");
  const Typed one = typed("note++INC-17++restarted+%26+waiting");
  EXPECT_EQ(one.verb, Verb::note);
  EXPECT_EQ(one.incident, "INC-17");
  EXPECT_EQ(one.text, "restarted & waiting");
  EXPECT_EQ(typed("person+why").verb, Verb::ask_person);
  EXPECT_EQ(typed("ask+%E8%BF%94%E9%87%91").text, "返金");
}

TEST(SlackCommand, WhatSaysNothingAsksForHelp) {
  for (const char* text : {"", "help", "ask", "ask+", "ask+INC-17", "note+++", "delete+everything"}) {
    EXPECT_EQ(typed(text).verb, Verb::help) << text;
  }
}

TEST(SlackCommand, RefusesWhatIsNone) {
  for (const char* bad : {"", "text=ask+x", "user_id=&text=ask+x", "user_id=U1&text=%", "user_id=%zz&text=ask+x",
                          "{\"user_id\":\"U1\"}", "xuser_id=U1&text=ask+x"}) {
    EXPECT_FALSE(parse_command(bad)) << bad;
  }
}

}  // namespace
}  // namespace iwakan::http::slack_command
