#include "sinks/layout/layout.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include "sinks/escape.hpp"
#include "sinks/layout/document.hpp"
#include "sinks/layout/html.hpp"
#include "sinks/layout/plain.hpp"
#include "sinks/layout/report_template.hpp"
#include "sinks/layout/specimen.hpp"
#include "sinks/layout/view.hpp"
#include "sinks/layout/zone.hpp"

namespace iwakan::sinks {

struct Layout::Parts {
  Parts(Zone of, Invite by) : zone(of), invite(std::move(by)) {}

  const Words& words_in(std::string_view language) const {
    const auto found = words.find(language);
    return found == words.end() ? Words::built_in(language) : found->second;
  }

  View view(const Report& report, const Delivery& delivery, std::string_view language, const Escape& escape) const {
    const Zone readers = zone_of(delivery.recipient);
    View view = view_of(report, delivery, {language, words_in(language), readers}, escape);
    if (invite) sinks::invite(view, escape(invite(report, delivery)));
    return view;
  }

  // The reader's own. A name was checked when the configuration was loaded; the database may have lost it since.
  Zone zone_of(const Recipient& recipient) const {
    if (recipient.time_zone.empty()) return zone;
    const Result<Zone> own = Zone::named(recipient.time_zone);
    return own ? *own : zone;
  }

  Zone zone;
  Invite invite;
  std::map<std::string, Words, std::less<>> words;
  std::map<std::string, ReportTemplate> templates;
  std::atomic<std::size_t> failures{0};
};

namespace {

// Which template lays the report out; empty: none does.
std::string template_name(const Report& report, std::string_view language) {
  if (report.audience == Audience::management || report.audience == Audience::customers || report.notice) return {};
  const std::string base = report.individual ? "individual" : std::string(name(report.kind)) + "_report";
  return base + "." + std::string(language);
}

constexpr std::array<std::string_view, 5> kTemplates{"individual", "first_report", "update_report", "second_report",
                                                     "correction_report"};

// The language of a template's name; nothing: no report uses a template of this name.
std::optional<std::string> language_of(std::string_view name, const std::vector<std::string>& languages) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const bool known = std::find(kTemplates.begin(), kTemplates.end(), name.substr(0, dot)) != kTemplates.end();
  const auto language = std::find(languages.begin(), languages.end(), name.substr(dot + 1));
  return known && language != languages.end() ? std::optional(*language) : std::nullopt;
}

}  // namespace

Result<Layout> Layout::make(const std::map<std::string, std::string>& templates, std::string_view zone_name,
                            Invite invite, const Catalogues& words) {
  const Result<Zone> zone = Zone::named(zone_name);
  if (!zone) return zone.error();
  auto parts = std::make_shared<Parts>(*zone, std::move(invite));
  for (const auto& [language, catalogue] : words) {
    Result<Words> own = Words::make(language, catalogue);
    if (!own) return Failure{own.error().reason, own.error().detail, "words/" + language + "/" + own.error().path};
    parts->words.emplace(language, *std::move(own));
  }
  const Layout layout(parts);
  const std::vector<std::string> languages = layout.languages();
  const auto as_it_is = [](std::string_view text) { return std::string(text); };
  for (const auto& [name, text] : templates) {
    const auto language = language_of(name, languages);
    if (!language) {
      return Failure{Reason::unknown_name,
                     "no report uses a template of this name; there are individual, first_report, update_report, "
                     "second_report and correction_report, each with .ja or .en",
                     name};
    }
    Result<ReportTemplate> parsed = ReportTemplate::parse(name, text);
    if (!parsed) return parsed.error();
    for (const Report& specimen : specimens()) {
      if (template_name(specimen, *language) != name) continue;
      if (!parsed->render(parts->view(specimen, specimen_delivery(), *language, as_it_is)))
        return Failure{Reason::malformed, "this template gives no text for a specimen report", name};
    }
    parts->templates.emplace(name, *std::move(parsed));
  }
  return layout;
}

std::vector<std::string> Layout::languages() const {
  std::vector<std::string> all{"ja", "en"};
  for (const auto& [language, words] : parts_->words) {
    if (language != "ja" && language != "en") all.push_back(language);
  }
  return all;
}

std::optional<Document> Layout::document(const Report& report, const Delivery& delivery, std::string_view language,
                                         const Escape& escape) const {
  if (parts_->templates.contains(template_name(report, language))) return std::nullopt;
  return document_of(parts_->view(report, delivery, language, escape));
}

std::string Layout::html(const Report& report, const Delivery& delivery) const {
  std::vector<Document> documents;
  for (const std::string& language : delivery.recipient.languages)
    documents.push_back(document_of(parts_->view(report, delivery, language, escape_html)));
  return html_of(documents);
}

// Newest first: whoever comes back looks for what is new.
std::string Layout::page(const Report& report, std::string_view language,
                         const std::vector<TimelineEntry>& course) const {
  // Whoever looks may not have read the one before: nothing is left out because it said so.
  Report whole = report;
  whole.previous_at.reset();
  whole.url.clear();
  const View view = parts_->view(whole, {}, language, escape_html);
  Document document = document_of(view);
  Part part{view.say("course"), {}, {}};
  std::for_each(course.rbegin(), course.rend(), [&](const TimelineEntry& entry) {
    if (entry.kind == "delivery") return;  // how many have been told stands above
    const bool today = parts_->zone.same_day(entry.occurred_at, report.issued_at);
    const std::string at = escape_html(clock(entry.occurred_at, language, !today));
    part.items.push_back(view.say(
        "entry", {{"at", at}, {"what", escape_html(entry.text.in(language))}, {"who", escape_html(entry.actor)}}));
  });
  document.parts.push_back(std::move(part));
  return html_of({document});
}

std::string Layout::text(const Report& report, const Delivery& delivery, std::string_view language,
                         const Escape& escape) const {
  const View view = parts_->view(report, delivery, language, escape);
  const auto found = parts_->templates.find(template_name(report, language));
  if (found == parts_->templates.end()) return plain_text(view);
  std::optional<std::string> text = found->second.render(view);
  if (!text) {
    ++parts_->failures;
    return plain_text(view);
  }
  if (!text->ends_with('\n')) *text += '\n';
  return *std::move(text);
}

std::string Layout::invitation(const Report& report, const Delivery& delivery) const {
  return parts_->invite ? parts_->invite(report, delivery) : std::string();
}

std::string Layout::headline(const Report& report, std::string_view language) const {
  return headline_of(report, language, parts_->words_in(language));
}

std::string Layout::clock(TimePoint time, std::string_view language, bool with_date) const {
  const std::string clock = parts_->zone.clock(time);
  return with_date ? day_of(time, parts_->words_in(language), parts_->zone) + clock : clock;
}

std::size_t Layout::template_failures() const {
  return parts_->failures;
}

}  // namespace iwakan::sinks
