// The address of a sink: in the configuration when it is no secret, in a file when it is. Pure to parse.
#pragma once

#include <string>

#include "model/result.hpp"
#include "model/secret.hpp"
#include "model/setting.hpp"
#include "sinks/secret_setting.hpp"

namespace iwakan::sinks {

struct UrlPlace {
  std::string text;
  SecretPlace secret;  // when text is empty
};

// `key: URL`, or `key: {file: PATH}`. Complains of what is no http or https URL with a host.
UrlPlace parse_url(Fields& fields, std::string_view key);

// A Failure never quotes the URL.
Result<Secret> read_url(const UrlPlace& place, const std::string& credentials);

}  // namespace iwakan::sinks
