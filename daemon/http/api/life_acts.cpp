// The life of an incident: felt, raised, merged, split, reopened, recovered, reported.
#include "http/api/acts.hpp"

namespace iwakan::http::api {
namespace {

using access::Role;

constexpr std::string_view kOrigins = "unknown, system, human, own, third_party, unforeseen";
constexpr std::string_view kKinds = "update, second, correction";

std::optional<ReportKind> kind_by_people(std::string_view text) {
  for (const ReportKind kind : {ReportKind::update, ReportKind::second, ReportKind::correction}) {
    if (name(kind) == text) return kind;
  }
  return std::nullopt;
}

}  // namespace

void add_life_acts(const Acts& acts, Router& router) {
  acts.add(router, "/api/v1/hunches", Role::respond, 201, [](Members& members, const std::string&) -> Act {
    return act::Hunch{members.required_text("subject"), members.text("text")};
  });
  const auto command = [&](const char* path, Acts::Make make) {
    acts.add(router, path, Role::command, 200, std::move(make));
  };
  command("/api/v1/incidents/{id}/level", [](Members& members, const std::string& id) -> Act {
    return act::SetLevel{id, members.required_integer("level", 1, 9), members.text("why")};
  });
  command("/api/v1/incidents/{id}/origin", [](Members& members, const std::string& id) -> Act {
    members.required_text("origin");
    return act::SetOrigin{id, members.named("origin", Origin::unknown, origin_named, kOrigins), members.text("why")};
  });
  command("/api/v1/incidents/{id}/merge", [](Members& members, const std::string& id) -> Act {
    return act::Merge{id, members.required_text("into"), members.text("why")};
  });
  command("/api/v1/incidents/{id}/split", [](Members& members, const std::string& id) -> Act {
    return act::Split{id, {members.required_text("subject")}, members.text("title"), members.text("why")};
  });
  command("/api/v1/incidents/{id}/reopen", [](Members& members, const std::string& id) -> Act {
    return act::Reopen{id, members.text("why")};
  });
  command("/api/v1/incidents/{id}/recovery", [](Members& members, const std::string& id) -> Act {
    return act::DeclareRecovery{id, members.text("although")};
  });
  command("/api/v1/incidents/{id}/report", [](Members& members, const std::string& id) -> Act {
    return act::IssueReport{id, members.named("kind", ReportKind::update, kind_by_people, kKinds),
                            members.text("corrects")};
  });
  command("/api/v1/incidents/{id}/approve",
          [](Members&, const std::string& id) -> Act { return act::ApproveReport{id}; });
}

}  // namespace iwakan::http::api
