// Pages of what is held back.
#include <boost/json.hpp>

#include "ctl/grid.hpp"
#include "ctl/json.hpp"
#include "ctl/local_time.hpp"
#include "ctl/pages.hpp"
#include "engine/matcher.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

std::string moment(const json::value& value, std::string_view key) {
  const auto time = time_at(value, key);
  return time ? date_and_clock(*time) : "";
}

std::string matchers_of(const json::value& silence) {
  std::string text;
  for (const json::value& item : items_at(silence, "matchers")) {
    const auto matcher = engine::Matcher::make({std::string(text_at(item, "name")), std::string(text_at(item, "value")),
                                                true_at(item, "isRegex"), !true_at(item, "isEqual")});
    if (matcher) text += (text.empty() ? "" : ", ") + matcher->text();
  }
  return plain(text);
}

Colour colour_of(std::string_view state) {
  return state == "active" ? Colour::yellow : Colour::none;
}

}  // namespace

std::string silences_page(const json::value& answer, const Style& style) {
  const json::array* silences = answer.if_array();
  if (silences == nullptr || silences->empty()) {
    return std::string(style.words("静音はありません。\n", "Nothing is silenced.\n"));
  }
  Grid grid(style);
  grid.head({"ID", "STATE", "FROM", "UNTIL", "BY", "ALERTS", "COMMENT"});
  for (const json::value& silence : *silences) {
    const std::string_view state = text_at(member(silence, "status"), "state");
    grid.row({{plain(text_at(silence, "id")), Colour::bold},
              {plain(state), colour_of(state)},
              {moment(silence, "startsAt")},
              {moment(silence, "endsAt")},
              {plain(text_at(silence, "createdBy"))},
              {matchers_of(silence)},
              {plain(text_at(silence, "comment"))}});
  }
  return grid.text();
}

std::string silence_set_page(const json::value& answer, const Style& style) {
  const std::string id = plain(text_at(answer, "silenceID"));
  return std::string(style.words("静音しました：", "Silenced: ")) + id + "\n" +
         std::string(style.words("  早く終えるには：", "  To end it early: ")) + "iwakanctl silence expire " + id +
         "\n";
}

std::string maintenance_page(const json::value& answer, const Style& style) {
  const json::array& windows = items_at(answer, "maintenance");
  if (windows.empty()) {
    return std::string(style.words("保守の予定は設定にありません（maintenance:）。\n",
                                   "The configuration announces no maintenance (maintenance:).\n"));
  }
  Grid grid(style);
  grid.head({"NAME", "NOW", "FROM", "UNTIL", "SCHEDULE", "ALERTS", "WHY"});
  for (const json::value& window : windows) {
    const json::value& running = member(window, "running");
    const bool now = running.is_object();
    const json::value& shown = now ? running : member(window, "next");
    std::string match;
    for (const json::value& text : items_at(window, "match")) {
      if (const auto* one = text.if_string()) match += (match.empty() ? "" : ", ") + plain(*one);
    }
    if (match.empty()) match = style.words("すべて", "all");
    grid.row({{plain(text_at(window, "name")), Colour::bold},
              {std::string(now ? style.words("作業中", "running") : style.words("次回", "next")),
               now ? Colour::yellow : Colour::none},
              {moment(shown, "from")},
              {moment(shown, "to")},
              {plain(text_at(window, "schedule"))},
              {match},
              {plain(said(member(window, "says"), style.language))}});
  }
  return grid.text();
}

}  // namespace iwakan::ctl
