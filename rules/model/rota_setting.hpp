// The list `rota` of the configuration: weekly patterns, calendars, overrides.
#pragma once

#include <vector>

#include "model/person.hpp"
#include "model/rota.hpp"

namespace iwakan {

// `zone`: the name of the zone of those that name none.
std::vector<Rota> parse_rotas(Fields& root, const People& people, const std::string& zone,
                              const Surroundings& surroundings);

}  // namespace iwakan
