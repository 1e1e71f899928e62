// Goal: what holds of every sink: no text becomes a mention or a header, no secret is ever seen, slips name
// their place, and checking a configuration touches nothing. Method: the catalogue, with hostile texts in
// every field of a report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "sinks/catalog.hpp"
#include "sinks/testing/stage.hpp"

namespace iwakan::sinks {
namespace {

using namespace sinks::testing;
using ::testing::HasSubstr;
using ::testing::Not;

// Paths as the reader of YAML gives them.
void name_paths(Setting& setting, const std::string& path) {
  setting.path = path;
  for (auto& [key, value] : setting.fields) name_paths(value, path + "." + key);
  for (std::size_t i = 0; i < setting.items.size(); ++i) {
    name_paths(setting.items[i], path + "[" + std::to_string(i) + "]");
  }
}

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

TEST(Sinks, SlipsAreNamedWhereTheyStand) {
  const Setting secret = map({{"file", scalar("secret")}});
  const auto mail = [&](std::vector<std::pair<std::string, Setting>> more) {
    std::vector<std::pair<std::string, Setting>> fields{
        {"kind", scalar("email")}, {"server", scalar("smtp://m.example:587")}, {"from", scalar("i@b.example")}};
    for (auto& one : more) {
      std::erase_if(fields, [&one](const auto& field) { return field.first == one.first; });
      fields.push_back(std::move(one));
    }
    return map(std::move(fields));
  };
  const struct {
    Setting sink;
    const char* path;
    const char* says;
  } cases[] = {
      {map({{"kind", scalar("slak")}}), "sinks.s.kind", "did you mean \"slack\"?"},
      {map({{"kind", scalar("pigeon")}}), "sinks.s.kind", "console, email, file, slack, webhook"},
      {map({}), "sinks.s", "kind"},
      {map({{"kind", scalar("console")}, {"colour", scalar("no")}}), "sinks.s.colour", "unknown key"},
      {map({{"kind", scalar("file")}}), "sinks.s", "path"},
      {map({{"kind", scalar("webhook")}, {"url", scalar("ftp://h/")}, {"secrets", list({secret})}}), "sinks.s.url",
       "http"},
      {map({{"kind", scalar("webhook")}, {"url", scalar("https://h/")}}), "sinks.s", "secrets"},
      {map({{"kind", scalar("webhook")}, {"url", scalar("https://h/")}, {"secrets", list({scalar(kCanary)})}}),
       "sinks.s.secrets[0]", "{file: PATH}"},
      {map({{"kind", scalar("slack")}}), "sinks.s", "webhook_url"},
      {map({{"kind", scalar("slack")}, {"webhook_url", scalar(kCanary)}}), "sinks.s.webhook_url", "{file: PATH}"},
      {map({{"kind", scalar("slack")}, {"webhook_url", secret}, {"token", secret}}), "sinks.s.webhook_url", "either"},
      {map({{"kind", scalar("slack")}, {"token", secret}, {"api_url", secret}}), "sinks.s.api_url", "text"},
      {mail({{"server", scalar("m.example")}}), "sinks.s.server", "smtp://"},
      {mail({{"server", scalar("smtp://u:" + std::string(kCanary) + "@m.example")}}), "sinks.s.server", "smtp://"},
      {mail({{"from", scalar("a b")}}), "sinks.s.from", "iwakan@example.com"},
      {mail({{"username", scalar("u")}}), "sinks.s", "together"},
      {mail({{"tls", scalar("maybe")}}), "sinks.s.tls", "required"},
      {mail({{"tls", scalar("none")}, {"username", scalar("u")}, {"password", secret}}), "sinks.s.tls", "clear text"}};
  for (const auto& one : cases) {
    Setting section = map({{"s", one.sink}});
    name_paths(section, "sinks");
    Complaints complaints;
    parse_sinks(&section, complaints);
    ASSERT_FALSE(complaints.empty()) << one.path;
    EXPECT_EQ(complaints[0].path, one.path);
    EXPECT_THAT(to_string(complaints[0]), HasSubstr(one.says));
    EXPECT_THAT(to_string(complaints[0]), Not(HasSubstr(kCanary)));
  }
}

TEST(Sinks, NoTextOfAReportGetsOutOfItsPlace) {
  const std::vector<std::string> hostile{
      "<!channel>",    "<!here|x>", "<@U123>",          "@everyone",    "``` <!channel>",
      "a\r\nBcc: x@y", "\x1b[31m",  "\xff\xed\xa0\x80", "\xe2\x80\xae", std::string(5'000, 'A') + "<!channel>",
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
        boost::json::error_code error;
        boost::json::parse(request.body, error);
        EXPECT_FALSE(error) << kind.name << ": " << value;
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
