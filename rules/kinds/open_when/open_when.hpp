// open_when: the plain statements people want to make. An alert that fires and matches opens an
// incident at once, whatever the budget says; so does one whose label or annotation says that customers
// are, or may be, affected.
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::open_when {

// {impact_label: NAME, statements: [{match: [matcher…], impact: possible, level: 3, says: {ja: …, en: …}}]}
engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::open_when
