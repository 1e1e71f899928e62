// Houses: configurations in which plots are played. Test code only.
#pragma once

#include <memory>
#include <vector>

#include "engine/settings.hpp"

namespace iwakan::engine::testing {

using Houses = std::vector<std::shared_ptr<const Settings>>;

// An organisation with groups, deputies and all roles; others, with approval at level 2, and at level 3; nobody.
Houses houses();

}  // namespace iwakan::engine::testing
