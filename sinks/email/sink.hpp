// The sink `email`: sends reports by SMTP (README.md).
#pragma once

#include "sinks/sink.hpp"

namespace iwakan::sinks::email {

// {server: smtp://HOST:PORT, from: ADDRESS, from_name: …, tls: required, ca_file: PATH, username: …, password: {file:
// …}, timeout: 30s}
Make parse(Fields& fields);

}  // namespace iwakan::sinks::email
