// The kinds of sources, sorted by name. A source is a folder here and a line in catalog.cpp.
#pragma once

#include <span>

#include "sources/source.hpp"

namespace iwakan::sources {

std::span<const Kind> catalog();

}  // namespace iwakan::sources
