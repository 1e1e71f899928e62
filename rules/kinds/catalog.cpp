#include "kinds/catalog.hpp"

#include <array>

#include "kinds/breadth/breadth.hpp"
#include "kinds/flapping/flapping.hpp"
#include "kinds/longer_than_usual/longer_than_usual.hpp"
#include "kinds/never_open_for/never_open_for.hpp"
#include "kinds/never_seen/never_seen.hpp"
#include "kinds/open_when/open_when.hpp"
#include "kinds/silence/silence.hpp"
#include "kinds/unusual_frequency/unusual_frequency.hpp"
#include "kinds/value_deviates/value_deviates.hpp"

namespace iwakan::kinds {
namespace {

// Shares of the budget by what a rule finds for it; statements spend none.
constexpr std::array kCatalog{
    engine::RuleKind{"breadth", true, .1, breadth::parse},
    engine::RuleKind{"flapping", true, .1, flapping::parse},
    engine::RuleKind{"longer_than_usual", true, .07, longer_than_usual::parse},
    engine::RuleKind{"never_open_for", true, 0, never_open_for::parse},
    engine::RuleKind{"never_seen", true, .1, never_seen::parse},
    engine::RuleKind{"open_when", true, 0, open_when::parse},
    engine::RuleKind{"silence", true, .12, silence::parse},
    engine::RuleKind{"unusual_frequency", true, .4, unusual_frequency::parse},
    engine::RuleKind{"value_deviates", true, .1, value_deviates::parse},
};

}  // namespace

std::span<const engine::RuleKind> catalog() {
  return kCatalog;
}

}  // namespace iwakan::kinds
