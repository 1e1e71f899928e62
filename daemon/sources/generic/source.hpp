// The source `generic`: any sender, by a mapping of its requests (README.md).
#pragma once

#include "sources/source.hpp"

namespace iwakan::sources::generic {

// One sender: {mapping: FILE or the mapping itself, expire_after: none}
Make parse(Fields& fields);

}  // namespace iwakan::sources::generic
