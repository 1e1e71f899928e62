// May: who may use a route. Every route says so when it is added (http/router.hpp), so that none is
// left open by forgetting. Role: what a person may do. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace iwakan::access {

// Each may do what those before it may.
enum class Role : std::uint8_t {
  metrics,  // read /metrics
  read,     // look at incidents, alerts, deliveries
  respond,  // acknowledge, note
  command,  // declare, set status and impact, judge, send again
  admin,    // reload, and send alerts in the place of a sender
};
std::string_view name(Role role);
std::optional<Role> role_named(std::string_view text);

struct May {
  enum class Who : std::uint8_t {
    anyone,  // whoever reaches the port: it tells nothing and changes nothing
    signer,  // whoever can sign as the source demands: the source checks that itself (SNS)
    sender,  // a sender that may send to the source
    person,  // a person, or a program, with the role
  };

  static May anyone() { return {Who::anyone, {}, Role::metrics}; }
  static May signer_of(std::string source) { return {Who::signer, std::move(source), Role::metrics}; }
  static May sender_of(std::string source) { return {Who::sender, std::move(source), Role::metrics}; }
  static May person(Role role) { return {Who::person, {}, role}; }

  Who who = Who::person;
  std::string source;         // of signer and sender
  Role role = Role::metrics;  // of person
};

}  // namespace iwakan::access
