// What comes to the question desk, and what its people do.
#include "http/api/acts.hpp"

namespace iwakan::http::api {
namespace {

constexpr int kNumberMost = 1'000'000;

std::uint32_t number(Members& members, std::string_view key) {
  return static_cast<std::uint32_t>(members.required_integer(key, 1, kNumberMost));
}

Act asked(Members& members, const std::string& id) {
  return act::AskQuestion{id, members.text("person"), members.required_text("text"),
                          members.boolean("of_a_person", false)};
}

}  // namespace

void add_question_acts(const Acts& acts, Router& router) {
  acts.add(router, "/api/v1/questions", access::Role::read, 201,
           [](Members& members, const std::string&) { return asked(members, ""); });
  acts.add(router, "/api/v1/incidents/{id}/questions", access::Role::read, 201, asked);
  acts.add(router, "/api/v1/incidents/{id}/questions/answer", access::Role::respond, 200,
           [](Members& members, const std::string& id) -> Act {
             return act::AnswerQuestion{id, number(members, "question"), members.required_text("text")};
           });
  acts.add(router, "/api/v1/incidents/{id}/questions/assign", access::Role::respond, 200,
           [](Members& members, const std::string& id) -> Act {
             return act::AssignQuestion{id, number(members, "question"), members.required_text("person")};
           });
  acts.add(router, "/api/v1/incidents/{id}/questions/merge", access::Role::respond, 200,
           [](Members& members, const std::string& id) -> Act {
             return act::MergeQuestion{id, number(members, "question"), number(members, "into")};
           });
}

}  // namespace iwakan::http::api
