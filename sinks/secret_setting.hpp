// Where a secret of the configuration is kept, and reading it there. Secrets never stand in the
// configuration itself, and are read when a component starts, not when the configuration is checked.
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/secret.hpp"
#include "model/setting.hpp"

namespace iwakan::sinks {

struct SecretPlace {
  std::string file;        // a path, or
  std::string credential;  // the name of a systemd credential ($CREDENTIALS_DIRECTORY)

  bool empty() const { return file.empty() && credential.empty(); }
};

// {file: PATH} or {credential: NAME}.
SecretPlace parse_secret_place(const Setting& setting, Complaints& complaints);

// The secret without its last line end. Refuses what is missing, empty, larger than 64 KiB, or readable by
// everybody on this machine.
// `credentials`: the folder of the credentials; empty: there is none.
Result<Secret> read_secret(const SecretPlace& place, const std::string& credentials);

}  // namespace iwakan::sinks
