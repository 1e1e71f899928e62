// Goal: what holds of every sink: no text becomes a mention or a header, no secret is ever seen, slips name
// their place, and checking a configuration touches nothing. Method: the catalogue, with hostile texts in
// every field of a report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/catalog.hpp"
#include "sinks/testing.hpp"

namespace iwakan::sinks {
namespace {

using namespace sinks::testing;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kCanary = "c2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2Fu";

// A working configuration of each kind.
Setting settings_of(std::string_view kind, const Folder& folder) {
  const Setting secret =
      map({{"file", scalar(folder.write("secret-" + std::string(kind), std::string("whsec_") + kCanary))}});
  if (kind == "webhook")
    return map({{"kind", scalar("webhook")}, {"url", scalar("https://h.example")}, {"secrets", list({secret})}});
  if (kind == "slack") return map({{"kind", scalar("slack")}, {"token", secret}});
  if (kind == "email") {
    return map({{"kind", scalar("email")},
                {"server", scalar("smtp://m.example:587")},
                {"from", scalar("i@b.example")},
                {"username", scalar("u")},
                {"password", secret}});
  }
  if (kind == "file") return map({{"kind", scalar("file")}, {"path", scalar(folder.path("out.jsonl"))}});
  return map({{"kind", scalar(std::string(kind))}});
}

TEST(Sinks, AreSortedAndDocumented) {
  const fs::path source = fs::path(std::getenv("IWAKAN_SOURCE_DIR")) / "sinks";
  for (std::size_t i = 0; i < catalog().size(); ++i) {
    if (i > 0) {
      EXPECT_LT(catalog()[i - 1].name, catalog()[i].name);
    }
    EXPECT_TRUE(fs::exists(source / catalog()[i].name / "README.md")) << catalog()[i].name;
  }
}

TEST(Sinks, CheckingTouchesNothing) {
  for (const Kind& kind : catalog()) {
    const Folder folder;
    Setting setting = settings_of(kind.name, folder);
    if (kind.name == "file") setting.fields[1].second.scalar = "/nowhere/out.jsonl";
    const Setting section = map({{"s", setting}});
    Complaints complaints;
    const auto sinks = parse_sinks(&section, complaints);
    EXPECT_TRUE(complaints.empty()) << kind.name << ": " << to_string(complaints.empty() ? Complaint{} : complaints[0]);
    EXPECT_FALSE(fs::exists(folder.path("out.jsonl")));
  }
}

TEST(Sinks, NoTextOfAReportGetsOutOfItsPlace) {
  const std::vector<std::string> hostile{"<!channel>",    "<!here|x>",      "<@U123>",
                                         "@everyone",     "``` <!channel>", "a\r\nBcc: x@y",
                                         "\x1b[31m",      "\xe2\x80\xae",   std::string(5'000, 'A') + "<!channel>",
                                         "😀😀😀<!everyone>"};
  for (const Kind& kind : catalog()) {
    const Folder folder;
    const Setting section = map({{"s", settings_of(kind.name, folder)}});
    Complaints complaints;
    RememberingClient client;
    client.answer.status = 200;
    client.answer.body = R"({"ok":true})";
    const Layout layout = plain_layout();
    const auto sink = parse_sinks(&section, complaints).at("s")({client, layout, {}});
    ASSERT_TRUE(sink->start()) << kind.name;
    for (const std::string& value : hostile) {
      ::testing::internal::CaptureStdout();
      const DeliveryAnswer answer = deliver(*sink, hostile_report(value), specimen_delivery());
      const std::string out = ::testing::internal::GetCapturedStdout();
      EXPECT_EQ(answer.verdict, DeliveryVerdict::delivered) << kind.name;
      EXPECT_EQ(out.find('\x1b'), std::string::npos);
      for (const HttpRequest& request : client.requests) {
        if (kind.name == "slack") {
          EXPECT_THAT(request.body, Not(HasSubstr("<!")));
          EXPECT_THAT(request.body, Not(HasSubstr("<@")));
        }
        EXPECT_THAT(request.body, Not(HasSubstr(kCanary)));
        EXPECT_THAT(request.body, Not(HasSubstr("\n")));
      }
      for (const MailRequest& mail : client.mails) {
        EXPECT_THAT(mail.message.substr(0, mail.message.find("\r\n\r\n")), Not(HasSubstr("\r\nBcc")));
        EXPECT_THAT(mail.message, Not(HasSubstr(kCanary)));
      }
      client.requests.clear();
      client.mails.clear();
    }
  }
}

TEST(Sinks, NoAnswerShowsASecretOrAnAddress) {
  for (const Kind& kind : catalog()) {
    const Folder folder;
    const Setting section = map({{"s", settings_of(kind.name, folder)}});
    Complaints complaints;
    RememberingClient client;
    const Layout layout = plain_layout();
    const auto sink = parse_sinks(&section, complaints).at("s")({client, layout, {}});
    ASSERT_TRUE(sink->start());
    for (const int status : {0, 200, 302, 400, 401, 404, 429, 451, 500, 535, 550}) {
      client.answer.status = status;
      client.answer.reason = status == 0 ? DeliveryReason::unreachable : DeliveryReason::accepted;
      client.answer.body = "rubbish";
      ::testing::internal::CaptureStdout();
      const DeliveryAnswer answer = deliver(*sink, specimen_first_report(), specimen_delivery());
      ::testing::internal::GetCapturedStdout();
      EXPECT_THAT(answer.detail, Not(HasSubstr(kCanary)));
      EXPECT_THAT(answer.detail, Not(HasSubstr("h.example")));
    }
  }
}

}  // namespace
}  // namespace iwakan::sinks
