// The kinds of rules, sorted by name. A rule is a folder here and a line in catalog.cpp.
#pragma once

#include <span>

#include "engine/rule.hpp"

namespace iwakan::kinds {

std::span<const engine::RuleKind> catalog();

}  // namespace iwakan::kinds
