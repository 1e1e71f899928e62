#include <limits>

#include "http/api/acts.hpp"

namespace iwakan::http::api {
namespace {

constexpr std::string_view kKinds = "observation, impact, workaround, action";
constexpr std::string_view kFields = "title, what_happened, impact, scope, recurrence, conditions, left, follow_up";

std::uint32_t fact_number(Members& members) {
  return static_cast<std::uint32_t>(members.required_integer("fact", 1, std::numeric_limits<int>::max()));
}

}  // namespace

void add_knowledge_acts(const Acts& acts, Router& router) {
  using access::Role;
  const auto add = [&](const char* path, Role role, auto make) { acts.add(router, path, role, 200, make); };
  add("/api/v1/incidents/{id}/facts", Role::respond, [](Members& members, const std::string& id) -> Act {
    return act::AddFact{id,
                        members.named("kind", FactKind::observation, fact_kind_named, kKinds),
                        members.sentence("what"),
                        members.sentence("source"),
                        members.time("since"),
                        members.time("at")};
  });
  add("/api/v1/incidents/{id}/facts/correct", Role::respond, [](Members& members, const std::string& id) -> Act {
    return act::CorrectFact{id,
                            fact_number(members),
                            members.sentence("what"),
                            members.sentence("source"),
                            members.time("at"),
                            members.text("why")};
  });
  add("/api/v1/incidents/{id}/facts/withdraw", Role::respond, [](Members& members, const std::string& id) -> Act {
    return act::WithdrawFact{id, fact_number(members), members.text("why")};
  });
  add("/api/v1/incidents/{id}/unknowns", Role::respond, [](Members& members, const std::string& id) -> Act {
    return act::AddUnknown{id, members.sentence("what"), members.sentence("checker"), members.time("due")};
  });
  add("/api/v1/incidents/{id}/unknowns/answer", Role::respond, [](Members& members, const std::string& id) -> Act {
    return act::AnswerUnknown{id, members.required_text("unknown"), members.sentence("answer"),
                              members.sentence("source"), members.time("at")};
  });
  add("/api/v1/incidents/{id}/unknowns/move", Role::respond, [](Members& members, const std::string& id) -> Act {
    members.required_text("due");
    return act::MoveUnknown{id, members.required_text("unknown"), members.time("due").value_or(TimePoint{}),
                            members.text("why")};
  });
  add("/api/v1/incidents/{id}/stated", Role::command, [](Members& members, const std::string& id) -> Act {
    members.required_text("field");
    return act::State{id, members.named("field", SummaryField::what_happened, summary_field_named, kFields),
                      members.sentence("text")};
  });
  add("/api/v1/incidents/{id}/follow-ups", Role::respond, [](Members& members, const std::string& id) -> Act {
    return act::AddFollowUp{id, members.sentence("what"), members.text("owner"), members.time("due")};
  });
  add("/api/v1/incidents/{id}/follow-ups/done", Role::respond, [](Members& members, const std::string& id) -> Act {
    return act::FinishFollowUp{
        id, static_cast<std::uint32_t>(members.required_integer("follow_up", 1, std::numeric_limits<int>::max())),
        members.text("note")};
  });
  add("/api/v1/incidents/{id}/asks", Role::command, [](Members& members, const std::string& id) -> Act {
    return act::AskDepartment{id, members.required_text("department"), members.sentence("what")};
  });
}

}  // namespace iwakan::http::api
