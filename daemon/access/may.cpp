#include "access/may.hpp"

#include <array>

namespace iwakan::access {
namespace {

constexpr std::array kRoles{Role::metrics, Role::read, Role::respond, Role::command, Role::admin};

}  // namespace

std::string_view name(Role role) {
  switch (role) {
    case Role::metrics: return "metrics";
    case Role::read: return "read";
    case Role::respond: return "respond";
    case Role::command: return "command";
    case Role::admin: return "admin";
  }
  return "metrics";
}

std::optional<Role> role_named(std::string_view text) {
  for (const Role role : kRoles) {
    if (name(role) == text) return role;
  }
  return std::nullopt;
}

}  // namespace iwakan::access
