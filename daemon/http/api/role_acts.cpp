#include "http/api/acts.hpp"

namespace iwakan::http::api {
namespace {

using access::Role;

constexpr std::string_view kRoles = "command, deputy, scribe, hands_on, contact, customers, public_word";

RoleKind role_of(Members& members) {
  members.required_text("role");
  return members.named("role", RoleKind::hands_on, role_named, kRoles);
}

}  // namespace

void add_role_acts(const Acts& acts, Router& router) {
  acts.add(router, "/api/v1/incidents/{id}/roles", Role::respond, 200,
           [](Members& members, const std::string& id) -> Act {
             return act::AssignRole{id, role_of(members), members.required_text("person"), members.text("does")};
           });
  acts.add(router, "/api/v1/incidents/{id}/roles/release", Role::respond, 200,
           [](Members& members, const std::string& id) -> Act {
             return act::ReleaseRole{id, role_of(members), members.required_text("person")};
           });
  acts.add(router, "/api/v1/incidents/{id}/handover", Role::respond, 200,
           [](Members& members, const std::string& id) -> Act {
             return act::HandOver{id, members.required_text("to")};
           });
}

}  // namespace iwakan::http::api
