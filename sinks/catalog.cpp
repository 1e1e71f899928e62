#include "sinks/catalog.hpp"

#include <algorithm>
#include <array>

#include "sinks/console/sink.hpp"
#include "sinks/email/sink.hpp"
#include "sinks/file/sink.hpp"
#include "sinks/slack/sink.hpp"
#include "sinks/webhook/sink.hpp"

namespace iwakan::sinks {
namespace {

std::string all_of(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

constexpr std::array kCatalog{
    Kind{"console", console::parse}, Kind{"email", email::parse},     Kind{"file", file::parse},
    Kind{"slack", slack::parse},     Kind{"webhook", webhook::parse},
};

}  // namespace

std::span<const Kind> catalog() {
  return kCatalog;
}

std::map<std::string, Make> parse_sinks(const Setting* section, Complaints& complaints) {
  std::map<std::string, Make> sinks;
  if (section == nullptr || section->kind == Setting::Kind::null) return sinks;
  if (section->kind != Setting::Kind::map) {
    complain(complaints, *section, "names and their sinks are expected here",
             "write for example mail: {kind: email, …}");
    return sinks;
  }
  std::vector<std::string_view> names;
  names.reserve(kCatalog.size());
  for (const Kind& kind : kCatalog) names.push_back(kind.name);
  for (const auto& [name, setting] : section->fields) {
    Fields fields(setting, complaints);
    const std::string wanted = fields.required_text("kind");
    const auto kind =
        std::find_if(kCatalog.begin(), kCatalog.end(), [&](const Kind& one) { return one.name == wanted; });
    if (kind != kCatalog.end()) {
      sinks[name] = kind->parse(fields);
      fields.finish();
    } else {
      sinks[name] = {};  // known by name all the same, so that one slip gives one complaint
      if (wanted.empty()) continue;
      const std::string near = nearest(wanted, names);
      complain(complaints, *fields.child("kind"), "there is no kind of sink \"" + wanted.substr(0, 64) + "\"",
               near.empty() ? "there are: " + all_of(names) : "did you mean \"" + near + "\"?");
    }
  }
  return sinks;
}

}  // namespace iwakan::sinks
