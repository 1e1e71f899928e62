#include "sinks/secret_setting.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace iwakan::sinks {
namespace {

constexpr off_t kBytesMax = off_t{64} * 1024;

}  // namespace

SecretPlace parse_secret_place(const Setting& setting, Complaints& complaints) {
  if (setting.kind == Setting::Kind::scalar) {
    complain(complaints, setting, "a secret does not stand in the configuration",
             "put it into a file that only iwakand can read, and write {file: PATH} or {credential: NAME}");
    return {};
  }
  Fields fields(setting, complaints);
  SecretPlace place{fields.text("file"), fields.text("credential")};
  fields.finish();
  if (place.file.empty() == place.credential.empty()) {
    complain(complaints, setting, "says where a secret is kept", "write either {file: PATH} or {credential: NAME}");
  }
  if (place.credential.find('/') != std::string::npos) {
    complain(complaints, setting, "a credential is a name, not a path", "use {file: PATH} for a path");
  }
  return place;
}

Result<Secret> read_secret(const SecretPlace& place, const std::string& credentials) {
  std::string path = place.file;
  if (!place.credential.empty()) {
    if (credentials.empty()) {
      return Failure{
          Reason::not_found,
          "there are no systemd credentials here; run under systemd with LoadCredential=, or use {file: PATH}",
          place.credential};
    }
    path = credentials + "/" + place.credential;
  }
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return Failure{Reason::io, std::string("the secret cannot be read: ") + std::strerror(errno), path};
  }
  if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    return Failure{Reason::forbidden, "everybody on this machine can read this secret; chmod 600 it", path};
  }
  if (status.st_size > kBytesMax) return Failure{Reason::too_large, "the secret is larger than 64 KiB", path};
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  std::string text = bytes.str();
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (!stream || text.empty()) return Failure{Reason::missing, "the secret is empty or cannot be read", path};
  return Secret(std::move(text));
}

}  // namespace iwakan::sinks
