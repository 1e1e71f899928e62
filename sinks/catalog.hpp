// The kinds of sinks, sorted by name. A sink is a folder here and a line in catalog.cpp.
#pragma once

#include <map>
#include <span>
#include <string>

#include "sinks/sink.hpp"

namespace iwakan::sinks {

std::span<const Kind> catalog();

// The section `sinks:`: {NAME: {kind: KIND, …}}. Null: there is none.
std::map<std::string, Make> parse_sinks(const Setting* section, Complaints& complaints);

}  // namespace iwakan::sinks
