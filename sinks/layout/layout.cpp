#include "sinks/layout/layout.hpp"

#include <atomic>

#include "sinks/layout/plain.hpp"
#include "sinks/layout/report_template.hpp"
#include "sinks/layout/specimen.hpp"
#include "sinks/layout/view.hpp"
#include "sinks/layout/zone.hpp"

namespace iwakan::sinks {

struct Layout::Parts {
  explicit Parts(Zone of) : zone(of) {}

  // The reader's own. A name was checked when the configuration was loaded; the database may have lost it since.
  Zone zone_of(const Recipient& recipient) const {
    if (recipient.time_zone.empty()) return zone;
    const Result<Zone> own = Zone::named(recipient.time_zone);
    return own ? *own : zone;
  }

  Zone zone;
  std::map<std::string, ReportTemplate> templates;
  std::atomic<std::size_t> failures{0};
};

namespace {

// Which template lays the report out.
std::string template_name(const Report& report, std::string_view language) {
  const std::string base = report.individual ? "individual" : std::string(name(report.kind)) + "_report";
  return base + "." + std::string(language);
}

bool is_template_name(std::string_view name) {
  for (const char* language : {".ja", ".en"}) {
    if (!name.ends_with(language)) continue;
    const std::string_view base = name.substr(0, name.size() - 3);
    for (const char* known : {"individual", "first_report", "update_report", "second_report", "correction_report"}) {
      if (base == known) return true;
    }
  }
  return false;
}

}  // namespace

Result<Layout> Layout::make(const std::map<std::string, std::string>& templates, std::string_view zone_name) {
  const Result<Zone> zone = Zone::named(zone_name);
  if (!zone) return zone.error();
  auto parts = std::make_shared<Parts>(*zone);
  const auto as_it_is = [](std::string_view text) { return std::string(text); };
  for (const auto& [name, text] : templates) {
    if (!is_template_name(name)) {
      return Failure{Reason::unknown_name,
                     "no report uses a template of this name; there are individual, first_report, update_report, "
                     "second_report and correction_report, each with .ja or .en",
                     name};
    }
    Result<ReportTemplate> parsed = ReportTemplate::parse(name, text);
    if (!parsed) return parsed.error();
    const std::string_view language = std::string_view(name).substr(name.size() - 2);
    for (const Report& specimen : {specimen_individual(), specimen_first_report()}) {
      if (!parsed->render(view_of(specimen, specimen_delivery(), language, *zone, as_it_is))) {
        return Failure{Reason::malformed, "this template gives no text for a specimen report", name};
      }
    }
    parts->templates.emplace(name, *std::move(parsed));
  }
  return Layout(std::move(parts));
}

std::string Layout::text(const Report& report, const Delivery& delivery, std::string_view language,
                         const Escape& escape) const {
  const View view = view_of(report, delivery, language, parts_->zone_of(delivery.recipient), escape);
  const auto found = parts_->templates.find(template_name(report, language));
  if (found == parts_->templates.end()) return plain_text(view, language);
  std::optional<std::string> text = found->second.render(view);
  if (!text) {
    ++parts_->failures;
    return plain_text(view, language);
  }
  if (!text->ends_with('\n')) *text += '\n';
  return *std::move(text);
}

std::string Layout::headline(const Report& report, std::string_view language) const {
  return headline_of(report, language);
}

std::string Layout::clock(TimePoint time, std::string_view language, bool with_date) const {
  const std::string clock = parts_->zone.clock(time);
  return with_date ? parts_->zone.day(time, language) + " " + clock : clock;
}

std::size_t Layout::template_failures() const {
  return parts_->failures;
}

}  // namespace iwakan::sinks
