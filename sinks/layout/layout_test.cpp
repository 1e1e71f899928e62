// Goal: reports read as well as the specimens of reference practice, and stay whole whatever their values
// and templates hold. Method: golden files (IWAKAN_REWRITE=1 rewrites them) and hostile values in every
// field, in the plain layout and in the templates that we ship.
#include "sinks/layout/layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "sinks/escape.hpp"
#include "sinks/layout/specimen.hpp"

namespace iwakan::sinks {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsSubsetOf;
using ::testing::Not;

const fs::path kSource = std::getenv("IWAKAN_SOURCE_DIR");

std::string as_it_is(std::string_view text) {
  return std::string(text);
}

std::string read(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void expect_golden(const std::string& name, const std::string& text) {
  const fs::path path = kSource / "sinks/layout/testdata" / name;
  if (std::getenv("IWAKAN_REWRITE") != nullptr) std::ofstream(path) << text;
  EXPECT_EQ(text, read(path)) << path;
}

std::map<std::string, std::string> shipped_templates() {
  std::map<std::string, std::string> templates;
  for (const auto& entry : fs::directory_iterator(kSource / "config/templates")) {
    templates[entry.path().stem().string()] = read(entry.path());
  }
  return templates;
}

Layout layout_with(const std::map<std::string, std::string>& templates) {
  auto layout = Layout::make(templates, "Asia/Tokyo");
  if (!layout) ADD_FAILURE() << to_string(layout.error());
  return *std::move(layout);
}

TEST(Layout, TimesAreThoseOfTheReadersZone) {
  const auto layout = Layout::make({}, "Asia/Tokyo");
  ASSERT_TRUE(layout);
  Delivery delivery = specimen_delivery();
  EXPECT_THAT(layout->text(specimen_first_report(), delivery, "en", as_it_is), HasSubstr(" JST"));
  delivery.recipient.time_zone = "Europe/Paris";
  const std::string there = layout->text(specimen_first_report(), delivery, "en", as_it_is);
  EXPECT_THAT(there, HasSubstr(" CEST"));
  EXPECT_THAT(there, Not(HasSubstr(" JST")));
  delivery.recipient.time_zone = "Gone/Zone";
  EXPECT_THAT(layout->text(specimen_first_report(), delivery, "en", as_it_is), HasSubstr(" JST"));
}

TEST(Layout, APageHasAllThatIsKnownAndTheCourseNewestFirst) {
  Report update = specimen_update();
  for (KnownFact& fact : update.known) fact.fresh = false;
  TimelineEntry entry;
  entry.occurred_at = update.issued_at - std::chrono::minutes(2);
  entry.actor = "mizuno";
  entry.text = same_in_all("restarted <b>pay-api</b>");
  TimelineEntry later = entry;
  later.text = same_in_all("looks well");
  TimelineEntry delivered = later;
  delivered.kind = "delivery";
  delivered.text = same_in_all("Delivered: everybody-1");
  const std::string page = layout_with({}).page(update, "en", {entry, later, delivered});
  EXPECT_THAT(page, HasSubstr("<h2>KNOWN</h2>"));
  EXPECT_THAT(page, Not(HasSubstr("Nothing new is known")));
  EXPECT_THAT(page, HasSubstr("restarted &lt;b&gt;pay-api&lt;/b&gt; (mizuno)"));
  EXPECT_LT(page.find("looks well"), page.find("restarted"));
  EXPECT_THAT(page, Not(HasSubstr("<a ")));
  EXPECT_THAT(page, Not(HasSubstr("Delivered")));
}

TEST(Layout, ReadsAsTheSpecimensDo) {
  const Layout plain = layout_with({});
  const Layout shipped = layout_with(shipped_templates());
  for (const std::string language : {"ja", "en"}) {
    const Delivery delivery = specimen_delivery();
    expect_golden("plain_first." + language + ".txt",
                  plain.text(specimen_first_report(), delivery, language, as_it_is));
    expect_golden("plain_individual." + language + ".txt",
                  plain.text(specimen_individual(), delivery, language, as_it_is));
    expect_golden("shipped_first." + language + ".txt",
                  shipped.text(specimen_first_report(), delivery, language, as_it_is));
    expect_golden("shipped_individual." + language + ".txt",
                  shipped.text(specimen_individual(), delivery, language, as_it_is));
  }
  EXPECT_EQ(plain.template_failures(), 0U);
}

TEST(Layout, SaysWhatMustNotBeMissed) {
  for (const Layout& layout : {layout_with({}), layout_with(shipped_templates())}) {
    Report report = specimen_first_report();
    Delivery delivery = specimen_delivery();
    delivery.maybe_sent = true;
    report.unconfirmed = {{"広報", "PR"}, {"開発", "Engineering"}};
    report.drill = true;
    const std::string ja = layout.text(report, delivery, "ja", as_it_is);
    EXPECT_THAT(ja, HasSubstr("再送の可能性があります"));
    EXPECT_THAT(ja, HasSubstr("受け取りを確認できていない部署　広報、開発"));
    EXPECT_THAT(ja, HasSubstr("【訓練】【第一報"));
    EXPECT_THAT(ja, Not(HasSubstr("訓練ではありません")));
    const std::string en = layout.text(report, delivery, "en", as_it_is);
    EXPECT_THAT(en, HasSubstr("This may be a repeat"));
    EXPECT_THAT(en, HasSubstr("NOT YET CONFIRMED BY  PR, Engineering"));
    EXPECT_THAT(en, HasSubstr("[DRILL] [First report"));
  }
}

// Golden files of every kind of report, in the plain layout and as HTML.
TEST(Layout, EveryKindOfReportReadsWell) {
  const Layout plain = layout_with({});
  const Layout shipped = layout_with(shipped_templates());
  Report management = specimen_update();
  management.audience = Audience::management;
  Report draft = specimen_first_report();
  draft.audience = Audience::customers;
  Report quiet = specimen_update();
  quiet.known.pop_back();
  quiet.not_confirmed.clear();
  const std::pair<const char*, Report> all[] = {{"update", specimen_update()},
                                                {"quiet_update", quiet},
                                                {"second", specimen_second()},
                                                {"not_recovered", specimens()[4]},
                                                {"correction", specimen_correction()},
                                                {"department", specimens()[6]},
                                                {"deputy", specimens()[7]},
                                                {"late", specimens()[8]},
                                                {"notice", specimen_notice()},
                                                {"management", management},
                                                {"customers", draft}};
  for (const auto& [name, report] : all) {
    std::string text;
    for (const std::string language : {"ja", "en"}) {
      text += plain.text(report, specimen_delivery(), language, as_it_is) + "\n";
      const std::string by_template = shipped.text(report, specimen_delivery(), language, as_it_is);
      EXPECT_THAT(by_template, HasSubstr(report.title.in(language)));
    }
    expect_golden("plain_" + std::string(name) + ".txt", text);
  }
  EXPECT_EQ(shipped.template_failures(), 0U);
  Delivery delivery = specimen_delivery();
  expect_golden("individual.html", plain.html(specimen_individual(), delivery));
  expect_golden("second.html", plain.html(specimen_second(), delivery));
}

std::set<std::string> tags_of(const std::string& html) {
  std::set<std::string> tags;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t begin = at + (html[at + 1] == '/' ? 2 : 1);
    tags.insert(html.substr(begin, html.find_first_of(" >", begin) - begin));
  }
  return tags;
}

TEST(Layout, HtmlLoadsNothingAndRunsNothing) {
  const Layout layout = layout_with({});
  for (const Report& specimen : specimens()) {
    Report report = specimen;
    const Sentence hostile = same_in_all("<script>alert(1)</script><img src=x onerror=1>\"'&{{x}}");
    report.title = report.contact = report.known[0].what = report.known[0].source = hostile;
    report.corrects = report.department = hostile;
    report.url = "javascript:alert(1)";
    if (report.individual) report.individual->to_expect = {hostile};
    if (report.outcome) report.outcome->what_happened = hostile;
    const std::string html = layout.html(report, specimen_delivery());
    for (const char* never : {"href=\"javascript", "@import", "url("}) EXPECT_THAT(html, Not(HasSubstr(never)));
    EXPECT_THAT(tags_of(html), IsSubsetOf({"!DOCTYPE", "html", "head", "meta", "style", "title", "body", "main",
                                           "article", "div", "p", "h1", "h2", "ul", "li", "a"}));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
  }
}

TEST(Layout, AThirdLanguageIsACatalogue) {
  const Catalogues words{{"fr",
                          {{"known", "CE QUE NOUS SAVONS"},
                           {"kind_first", "Premier rapport"},
                           {"next_line", "avant {next}, même sans nouvelles."},
                           {"weekdays", "dim lun mar mer jeu ven sam"}}},
                         {"en", {{"contact", "WHOM TO ASK"}}}};
  const auto layout = Layout::make({{"update_report.fr", "{{title}}: {{next}}"}}, "Asia/Tokyo", {}, words);
  ASSERT_TRUE(layout);
  EXPECT_THAT(layout->languages(), ::testing::ElementsAre("ja", "en", "fr"));
  const std::string text = layout->text(specimen_first_report(), specimen_delivery(), "fr", as_it_is);
  EXPECT_THAT(text, HasSubstr("[Premier rapport | Level 3 | INC-2031] Some customers cannot complete card payments"));
  EXPECT_THAT(text, HasSubstr("mer 2031-05-14 10:26"));
  EXPECT_THAT(text, HasSubstr("CE QUE NOUS SAVONS"));
  EXPECT_THAT(text, HasSubstr("avant 10:50, même sans nouvelles."));
  EXPECT_THAT(text, HasSubstr("NOT YET KNOWN"));  // what is not translated is said in English
  EXPECT_THAT(layout->text(specimen_first_report(), specimen_delivery(), "en", as_it_is), HasSubstr("WHOM TO ASK"));
  EXPECT_EQ(layout->text(specimen_update(), specimen_delivery(), "fr", as_it_is),
            "Some customers cannot complete card payments: 11:10\n");
}

TEST(Layout, ACatalogueThatCannotWorkIsRefused) {
  const struct {
    const char* key;
    const char* text;
    const char* says;
  } cases[] = {{"nknown", "x", "did you mean"},
               {"next_line", "by {nxt}", "there is no {nxt} here"},
               {"weekdays", "lun mar", "seven days"},
               {"known", "a\nb", "one line"}};
  for (const auto& one : cases) {
    const auto layout = Layout::make({}, "UTC", {}, {{"fr", {{one.key, one.text}}}});
    ASSERT_FALSE(layout) << one.key;
    EXPECT_THAT(layout.error().detail, HasSubstr(one.says));
    EXPECT_EQ(layout.error().path, std::string("words/fr/") + one.key);
  }
}

TEST(Layout, TimesOfAnotherDayCarryIt) {
  Report report = specimen_first_report();
  report.known[0].since = *report.known[0].since - std::chrono::hours(24);
  EXPECT_THAT(layout_with({}).text(report, specimen_delivery(), "ja", as_it_is),
              HasSubstr("。2031-05-13（火）10:12〜10:20、監視 pay-api）"));
}

std::size_t headings(const std::string& text) {
  std::size_t count = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    for (const char* heading :
         {"■", "KNOWN", "NOT YET KNOWN", "WHAT WE ASK", "WHO IS ON IT", "CONTACT", "NEXT REPORT", "【", "[First"}) {
      if (line.starts_with(heading)) ++count;
    }
  }
  return count;
}

TEST(Layout, NoValueForgesALineOrIsEvaluated) {
  const std::vector<std::string> hostile{"a\n■ 次の報告　なし",
                                         "a\r\nNEXT REPORT  never",
                                         "{{#known}}x{{/known}}",
                                         "{{{url}}}",
                                         std::string(10'000, 'A'),
                                         "\xff\xfe",
                                         "\x1b[31m"};
  for (const Layout& layout : {layout_with({}), layout_with(shipped_templates())}) {
    for (const std::string language : {"ja", "en"}) {
      for (const Report& specimen : {specimen_first_report(), specimen_individual()}) {
        const std::size_t wanted = headings(layout.text(specimen, specimen_delivery(), language, as_it_is));
        for (const std::string& value : hostile) {
          Report report = specimen;
          const Sentence said = same_in_all(value);
          report.title = report.contact = said;
          report.known[0].what = report.known[0].source = said;
          report.unknown[0].what = report.unknown[0].checker = said;
          report.asks[0] = {said, said};
          report.responders[0] = {said, said};
          const std::string text = layout.text(report, specimen_delivery(), language, as_it_is);
          EXPECT_EQ(headings(text), wanted) << value.substr(0, 40) << "\n" << text;
          EXPECT_LT(text.size(), 60'000U);
        }
      }
    }
  }
}

TEST(Layout, EveryValueGoesThroughTheEscape) {
  const auto starred = [](std::string_view text) { return std::string(text.size(), '*'); };
  for (const Layout& layout :
       {layout_with({}), layout_with({{"first_report.en", "{{title}} {{{title}}} {{&title}}"}})}) {
    EXPECT_THAT(layout.text(specimen_first_report(), specimen_delivery(), "en", starred), Not(HasSubstr("payments")));
  }
}

TEST(Layout, RefusesATemplateThatCannotWork) {
  const struct {
    const char* name;
    const char* text;
    const char* says;
  } cases[] = {{"first_report.ja", "{{titel}}", "did you mean {{title}}?"},
               {"first_report.ja", "{{#known}}{{what}}", "this template"},
               {"first_report.ja", "{{title", "not closed"},
               {"first_report.ja", "{{> other}}", "partials"},
               {"first_report.ja", "{{=<% %>=}}", "delimiters"},
               {"first_report.ja", "   ", "no text"},
               {"frist_report.ja", "{{title}}", "no report uses"}};
  for (const auto& one : cases) {
    const auto layout = Layout::make({{one.name, one.text}}, "UTC");
    ASSERT_FALSE(layout) << one.text;
    EXPECT_THAT(to_string(layout.error()), HasSubstr(one.says));
    EXPECT_EQ(layout.error().path, one.name);
  }
  const auto zone = Layout::make({}, "Asia/Tokio");
  ASSERT_FALSE(zone);
  EXPECT_EQ(zone.error().path, "time_zone");
}

TEST(Layout, AFailingTemplateFallsBackToThePlainLayoutAndIsCounted) {
  // Gives text for the specimens, and none for a report without a next time.
  const Layout layout = layout_with({{"first_report.en", "{{#has_next}}{{title}}{{/has_next}}"}});
  Report report = specimen_first_report();
  report.next_report_at.reset();
  const std::string text = layout.text(report, specimen_delivery(), "en", as_it_is);
  EXPECT_THAT(text, HasSubstr("NOT YET KNOWN"));
  EXPECT_EQ(layout.template_failures(), 1U);
}

}  // namespace
}  // namespace iwakan::sinks
