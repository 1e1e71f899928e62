#include "engine/testing/houses.hpp"

#include <gtest/gtest.h>

#include "engine/testing/story.hpp"

namespace iwakan::engine::testing {
namespace {

using namespace std::chrono_literals;
using Field = std::pair<std::string, Setting>;

Setting reach(const char* sink, const char* to) {
  return list({map({{"sink", scalar(sink)}, {"to", scalar(to)}})});
}

Setting person(const char* id) {
  return map({{"id", scalar(id)}, {"name", scalar(id)}, {"reach", reach("mail", id)}});
}

Setting department(const char* id, const char* supervisor, std::vector<Field> more = {}) {
  std::vector<Field> fields{{"id", scalar(id)}, {"name", scalar(id)}, {"supervisor", scalar(supervisor)}};
  fields.insert(fields.end(), more.begin(), more.end());
  return map(std::move(fields));
}

Setting statements() {
  const auto statement = [](const char* match, std::vector<Field> says) {
    says.emplace_back("match", scalar(match));
    return map(std::move(says));
  };
  return map({{"open_when",
               map({{"statements",
                     list({statement("severity=\"critical\"", {{"impact", scalar("possible")}, {"level", scalar("3")}}),
                           statement("severity=\"page\"", {{"level", scalar("1")}}),
                           statement("severity=\"major\"", {{"level", scalar("2")}})})}})},
              {"never_open_for", map({{"statements", list({map({{"match", scalar("severity=\"info\"")}})})}})}});
}

std::shared_ptr<const Settings> house(std::vector<Field> fields) {
  fields.emplace_back("rules", statements());
  fields.emplace_back("budget", scalar("2 per day"));
  const Setting root = map(std::move(fields));
  Complaints complaints;
  Fields reader(root, complaints);
  auto settings = std::make_shared<Settings>(parse_settings(reader, {.sinks = {"mail", "chat"}, .read_file = {}}));
  reader.finish();
  for (const Complaint& complaint : complaints) ADD_FAILURE() << to_string(complaint);
  settings->expire_after["alertmanager"] = 5h;
  settings->expire_after["prometheus"] = 15min;
  return settings;
}

const Setting& people() {
  static const Setting all =
      list({person("hasegawa"), person("sato"), person("mori"), person("kato"), person("fujii")});
  return all;
}

Setting everybody(std::vector<const char*> rooms) {
  std::vector<Setting> all;
  all.reserve(rooms.size());
  for (const char* room : rooms) all.push_back(map({{"sink", scalar("chat")}, {"to", scalar(room)}}));
  return list(std::move(all));
}

}  // namespace

Houses houses() {
  const Setting management = list({map({{"id", scalar("management")},
                                        {"name", scalar("management")},
                                        {"recipients", list({map({{"person", scalar("kato")}})})}})});
  const auto responder = [](const char* who, const char* role) {
    return map({{"person", scalar(who)}, {"role", scalar(role)}});
  };
  const Setting approval = map({{"2", map({{"approval_within", scalar("3m")}})}});
  const Setting by_hand = map({{"3", map({{"approval_within", scalar("2m")}, {"updates", scalar("by_hand")}})},
                               {"0", map({{"opens_at", scalar("2")}})}});
  return {house({{"people", people()},
                 {"departments", list({department("cs", "hasegawa"), department("dev", "sato",
                                                                                {{"deputies", list({scalar("mori")})},
                                                                                 {"deputies_after", scalar("5m")}})})},
                 {"groups", management},
                 {"everybody", everybody({"#all"})},
                 {"contact", scalar("#desk")},
                 {"responders", list({responder("fujii", "hands_on"), responder("mori", "contact")})}}),
          house({{"people", people()},
                 {"departments", list({department("cs", "hasegawa"), department("ops", "mori")})},
                 {"everybody", everybody({"#all", "#store"})},
                 {"groups", management},
                 {"levels", approval},
                 {"responders", list({responder("kato", "command"), responder("fujii", "hands_on")})}}),
          house({{"people", people()},
                 {"departments", list({department("cs", "hasegawa"), department("dev", "sato")})},
                 {"everybody", everybody({"#all"})},
                 {"levels", by_hand}}),
          house({})};
}

}  // namespace iwakan::engine::testing
