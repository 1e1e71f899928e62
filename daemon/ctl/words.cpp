#include "ctl/words.hpp"

#include <curl/curl.h>

#include <memory>
#include <utility>

#include "ctl/local_time.hpp"
#include "model/incident.hpp"

namespace iwakan::ctl {

namespace json = boost::json;

std::string encoded(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> escaped(
      curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())), &curl_free);
  return escaped ? escaped.get() : "";
}

Inquiry get(std::string target, View view) {
  return Inquiry{{"GET", std::move(target), ""}, view};
}

void put(json::object& body, const char* key, const std::string& text) {
  if (!text.empty()) body[key] = text;
}

Inquiry post(std::string target, json::object body, const Words& words, View view) {
  put(body, "actor", words.actor);
  return Inquiry{{"POST", std::move(target), json::serialize(body)}, view};
}

std::string of_incident(const Words& words, const char* verb) {
  return "/api/v1/incidents/" + encoded(words.id) + "/" + verb;
}

void take_incident_from_typed(Words& words) {
  const auto is_id = [](std::string_view word) {
    return word.starts_with(kIncidentPrefix) && word.size() > kIncidentPrefix.size() &&
           word.substr(kIncidentPrefix.size()).find_first_not_of("0123456789") == std::string_view::npos;
  };
  std::size_t first = 0;
  if (words.typed.size() > 1 && is_id(words.typed.front())) words.id = words.typed[first++];
  for (; first < words.typed.size(); ++first) words.text += (words.text.empty() ? "" : " ") + words.typed[first];
}

CLI::App* add_verb(CLI::App& noun, const std::string& verb, const std::string& purpose, const std::string& example) {
  CLI::App* command = noun.add_subcommand(verb, purpose);
  command->footer("Example:\n  " + example);
  return command;
}

CLI::App* add_noun(CLI::App& app, const std::string& noun, const std::string& purpose) {
  CLI::App* command = app.add_subcommand(noun, purpose);
  command->require_subcommand(1);
  command->footer("`iwakanctl " + noun + " VERB --help` explains each, with an example.");
  return command;
}

namespace {

// Checked here, while the person still sees what they typed; goes on as RFC 3339.
template <class Read>
CLI::Validator time_by(Read read) {
  return {[read](std::string& typed) {
            const Result<TimePoint> time = read(typed);
            if (time) typed = format_time(*time);
            return time ? std::string() : time.error().detail;
          },
          "TIME"};
}

}  // namespace

CLI::Validator time_read_at(TimePoint now) {
  return time_by([now](std::string_view typed) { return time_typed(typed, now); });
}

CLI::Validator time_to_come(TimePoint now) {
  return time_by([now](std::string_view typed) {
    const Result<TimePoint> day = end_of_day(typed);
    return day ? day : time_typed(typed, now + std::chrono::hours(24));
  });
}

}  // namespace iwakan::ctl
