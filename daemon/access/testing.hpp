// What the tests of this room share: settings from YAML-like trees, secrets in files, requests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "access/caller.hpp"
#include "access/settings.hpp"

namespace iwakan::access::testing {

// A folder with files that only their owner may read; gone with this.
class Secrets {
 public:
  Secrets() {
    std::string pattern = (std::filesystem::temp_directory_path() / "iwakan-access-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Secrets() { std::filesystem::remove_all(folder_); }
  Secrets(const Secrets&) = delete;
  Secrets& operator=(const Secrets&) = delete;

  sinks::SecretPlace keep(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return {path, {}};
  }

 private:
  std::string folder_;
};

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

inline Presented from(const Headers& headers, std::string_view remote = "192.0.2.7") {
  return {headers, remote, nullptr};
}

inline Known sender(std::string name, std::vector<std::string> sources, std::vector<Proof> proofs) {
  return {{std::move(name), std::move(sources), std::nullopt, {}}, std::move(proofs)};
}

inline Known person(std::string name, Role role, std::vector<Proof> proofs) {
  return {{std::move(name), {}, role, {}}, std::move(proofs)};
}

}  // namespace iwakan::access::testing
