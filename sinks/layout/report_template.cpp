#include "sinks/layout/report_template.hpp"

#include <kainjow/mustache.hpp>

#include <algorithm>
#include <exception>

#include "model/setting.hpp"

namespace iwakan::sinks {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::size_t kTemplateBytesMax = std::size_t{64} * 1024;
constexpr std::size_t kTagsMax = 500;
constexpr std::size_t kDepthMax = 8;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

// Looks at every tag before mustache does: it would take an unknown name for an empty text.
std::optional<std::string> problem_of_tags(std::string_view text) {
  static const std::vector<std::string> all = names_of_views();
  static const std::vector<std::string_view> names(all.begin(), all.end());
  std::size_t tags = 0;
  std::size_t depth = 0;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
    const bool triple = text.substr(at).starts_with("{{{");
    const std::string_view closing = triple ? "}}}" : "}}";
    const std::size_t first = at + closing.size();
    const std::size_t end = text.find(closing, first);
    if (end == std::string_view::npos) return "a tag is not closed: " + std::string(text.substr(at, 32));
    if (++tags > kTagsMax) return "more than 500 tags";
    std::string_view tag = trim(text.substr(first, end - first));
    at = end + closing.size();
    const char sign = tag.empty() ? ' ' : tag.front();
    if (sign == '!') continue;
    if (sign == '>' || sign == '=')
      return "partials and other delimiters are not read here: " + std::string(tag.substr(0, 32));
    if (sign == '#' || sign == '^') ++depth;
    if (sign == '/' && depth > 0) --depth;
    if (depth > kDepthMax) return "sections are nested too deeply";
    if (sign == '#' || sign == '^' || sign == '/' || sign == '&') tag = trim(tag.substr(1));
    if (std::find(names.begin(), names.end(), tag) != names.end()) continue;
    const std::string near = nearest(tag, names);
    return "there is no {{" + std::string(tag.substr(0, 64)) + "}}" +
           (near.empty() ? "" : "; did you mean {{" + near + "}}?");
  }
  return std::nullopt;
}

mustache::data data_of(const View& view) {
  mustache::data data;
  for (const auto& [name, text] : view.texts) data.set(name, text);
  for (const auto& [name, flag] : view.flags) data.set(name, flag);
  for (const auto& [name, list] : view.lists) {
    mustache::data items{mustache::data::type::list};
    for (const Texts& item : list) {
      mustache::data fields;
      for (const auto& [field, text] : item) fields.set(field, text);
      items.push_back(fields);
    }
    data.set(name, items);
  }
  return data;
}

}  // namespace

struct ReportTemplate::Compiled {
  explicit Compiled(const std::string& text) : mustache(text) {}
  mustache::mustache mustache;
};

Result<ReportTemplate> ReportTemplate::parse(std::string_view name, const std::string& text) {
  const auto wrong = [&](std::string why) {
    return Failure{Reason::malformed, "this template cannot be used: " + std::move(why), std::string(name)};
  };
  if (text.size() > kTemplateBytesMax) return wrong("larger than 64 KiB");
  if (auto problem = problem_of_tags(text)) return wrong(*std::move(problem));
  try {
    ReportTemplate made;
    made.compiled_ = std::make_shared<Compiled>(text);
    if (!made.compiled_->mustache.is_valid()) return wrong(made.compiled_->mustache.error_message());
    made.compiled_->mustache.set_custom_escape([](const std::string& value) { return value; });
    return made;
  } catch (const std::exception& error) {
    return wrong(error.what());
  }
}

std::optional<std::string> ReportTemplate::render(const View& view) const {
  try {
    std::string text = compiled_->mustache.render(data_of(view));
    if (!compiled_->mustache.is_valid() || trim(text).empty()) return std::nullopt;
    // A section that is left out at either end of the template leaves its line end behind.
    const std::size_t first = text.find_first_not_of('\n');
    return text.substr(first, text.find_last_not_of('\n') + 1 - first);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace iwakan::sinks
