// The body of a request in any of the formats that webhooks come in, as one JSON value. Pure.
//
// JSON is read as strictly as elsewhere (json.hpp). Forms, both kinds of them, become an object of strings;
// they are told by their Content-Type.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace iwakan::sources::generic {

// `path`: where the text stood, for failures.
Result<boost::json::value> read_json(std::string_view text, const std::string& path);

Result<boost::json::value> read_document(std::string_view body, std::string_view content_type);

}  // namespace iwakan::sources::generic
