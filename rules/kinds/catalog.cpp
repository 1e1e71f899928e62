#include "kinds/catalog.hpp"

#include <array>

#include "kinds/never_seen/never_seen.hpp"
#include "kinds/open_when/open_when.hpp"
#include "kinds/unusual_frequency/unusual_frequency.hpp"

namespace iwakan::kinds {
namespace {

// Shares as in reference detection, section 6, of the rules that spend the budget; statements spend none.
constexpr std::array kCatalog{
    engine::RuleKind{"never_seen", true, 0.1, never_seen::parse},
    engine::RuleKind{"open_when", true, 0, open_when::parse},
    engine::RuleKind{"unusual_frequency", true, 0.25, unusual_frequency::parse},
};

}  // namespace

std::span<const engine::RuleKind> catalog() {
  return kCatalog;
}

}  // namespace iwakan::kinds
