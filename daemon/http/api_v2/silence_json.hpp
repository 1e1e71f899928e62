// Silences as Alertmanager's API spells them (reference wire-formats A2). Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "model/result.hpp"
#include "model/silence.hpp"

namespace iwakan::http::api_v2 {

boost::json::object silence_json(const Silence& silence, TimePoint now);

// What a client wants to be silenced. Unknown members are ignored; a Failure says what is missing or wrong.
Result<Silence> parse_silence(std::string_view body);

}  // namespace iwakan::http::api_v2
