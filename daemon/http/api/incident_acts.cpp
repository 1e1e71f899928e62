#include "http/api/acts.hpp"

namespace iwakan::http::api {
namespace {

using access::Role;

constexpr std::string_view kStatuses = "open, identified, mitigated, recovered, closed, false_alarm";
constexpr std::string_view kJudgements = "confirmed, dismissed, none";
constexpr std::string_view kImpacts = "unknown, none_confirmed, possible, confirmed";

// People say what it was; that they acted on it shows by itself.
std::optional<Judgement> judgement_by_people(std::string_view text) {
  const auto judgement = judgement_named(text);
  return judgement == Judgement::acted_on ? std::nullopt : judgement;
}

}  // namespace

void add_incident_acts(const Acts& acts, Router& router) {
  acts.add(router, "/api/v1/incidents", Role::command, 201, [](Members& members, const std::string&) -> Act {
    return act::Declare{members.required_text("subject"), members.required_text("title"),
                        members.named("impact", Impact::possible, impact_named, kImpacts),
                        members.integer("level", 0, 0, 9)};
  });
  acts.add(router, "/api/v1/incidents/{id}/acknowledge", Role::respond, 200,
           [](Members& members, const std::string& id) -> Act {
             return act::Acknowledge{id, members.required_text("person")};
           });
  acts.add(router, "/api/v1/incidents/{id}/status", Role::command, 200,
           [](Members& members, const std::string& id) -> Act {
             members.required_text("status");
             return act::SetStatus{id, members.named("status", IncidentStatus::open, incident_status, kStatuses),
                                   members.text("why")};
           });
  acts.add(router, "/api/v1/incidents/{id}/impact", Role::command, 200,
           [](Members& members, const std::string& id) -> Act {
             members.required_text("impact");
             return act::SetImpact{id, members.named("impact", Impact::unknown, impact_named, kImpacts),
                                   members.text("what")};
           });
  acts.add(router, "/api/v1/incidents/{id}/judgement", Role::command, 200,
           [](Members& members, const std::string& id) -> Act {
             members.required_text("judgement");
             return act::Judge{id, members.named("judgement", Judgement::none, judgement_by_people, kJudgements),
                               members.text("why")};
           });
}

void add_delivery_acts(const Acts& acts, Router& router) {
  acts.add(router, "/api/v1/deliveries/{id}/redeliver", Role::command, 200,
           [](Members&, const std::string& id) -> Act { return act::Redeliver{id}; });
}

}  // namespace iwakan::http::api
