#include "engine/settings.hpp"

#include <algorithm>
#include <charconv>

#include "kinds/catalog.hpp"

namespace iwakan::engine {
namespace {

constexpr double kBudgetMost = 10'000;

constexpr double kCorroborationShare = .04;

bool is_off(const Setting* setting) {
  return setting != nullptr && setting->kind == Setting::Kind::scalar && setting->scalar == "off";
}

void parse_rules(Fields& root, Settings& settings) {
  const Setting none;
  const Setting* section = root.child("rules");
  Fields rules(section == nullptr ? none : *section, root.complaints());
  double shares = 0;
  for (const RuleKind& kind : kinds::catalog()) {
    const Setting* own = rules.child(kind.name);
    if (is_off(own) || (own == nullptr && !kind.on_by_default)) continue;
    Fields fields(own == nullptr ? none : *own, root.complaints());
    const double share = kind.share > 0 ? fields.number("share", kind.share, 0, 1) : 0;
    settings.rules.push_back({std::string(kind.name), share, kind.parse(fields)});
    fields.finish();
    shares += share;
  }
  if (const Setting* own = rules.child("corroboration"); !is_off(own)) {
    Fields fields(own == nullptr ? none : *own, root.complaints());
    settings.corroboration_share = fields.number("share", kCorroborationShare, 0, 1);
    fields.finish();
    shares += settings.corroboration_share;
  }
  rules.finish();
  if (shares <= 0) return;
  for (ConfiguredRule& rule : settings.rules) rule.share /= shares;
  settings.corroboration_share /= shares;
}

}  // namespace

Result<double> parse_budget(std::string_view text) {
  const Failure bad{Reason::malformed,
                    "not a budget: \"" + std::string(text.substr(0, 64)) +
                        "\"; write for example 1 per week, 2 per day or "
                        "1 per month",
                    {}};
  double count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || !(count >= 0) || count > kBudgetMost) return bad;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit == " per week") return count;
  if (unit == " per day") return count * 7;
  if (unit == " per month") return count * 7 / 30;
  return bad;
}

Settings parse_settings(Fields& root, const Surroundings& surroundings) {
  Settings settings;
  settings.subject_labels = root.texts("subject", {"service", "job", "alertname"});
  if (settings.subject_labels.empty()) {
    complain(root.complaints(), *root.child("subject"), "names no label", "leave it out for service, job, alertname");
  }
  const std::string budget_text = root.text("budget", "1 per week");
  if (const auto budget = parse_budget(budget_text)) {
    settings.budget_per_week = *budget;
  } else {
    complain(root.complaints(), *root.child("budget"), budget.error().detail);
  }
  settings.alerts_max = static_cast<std::size_t>(root.integer("alerts_max", 1'000'000, 1'000, 10'000'000));
  parse_rules(root, settings);
  // Whether there is such a zone is checked where reports are laid out.
  const std::string zone = root.text("time_zone", "UTC");
  if (const auto offsets = surroundings.zone_named(zone)) settings.zone = *offsets;
  settings.maintenance = parse_maintenance(root, zone, surroundings);
  settings.organisation = parse_organisation(root, surroundings);
  settings.redaction = Redaction::parse(root);
  for (const std::string& label : settings.subject_labels) {
    if (!settings.redaction.removes(label)) continue;
    complain(root.complaints(), *root.child("redact"), "takes out the label \"" + label + "\", which names subjects",
             "name another label under subject:, or leave this one");
  }
  return settings;
}

}  // namespace iwakan::engine
