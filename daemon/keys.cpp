#include "keys.hpp"

#include "runtime/chance.hpp"

namespace iwakan::app {
namespace {

constexpr std::size_t kLinkKeyBytes = 32;

}  // namespace

Result<Keys> read_keys(const settings::Settings& settings, store::RocksStore& store, const std::string& credentials) {
  Keys keys;
  if (!settings.slack_signing_secret.empty()) {
    auto read = sinks::read_secret(settings.slack_signing_secret, credentials);
    if (!read) return read.error();
    keys.slack = *std::move(read);
  }
  auto key = settings.link_secret.empty()
                 ? store.secret("acknowledge", [] { return runtime::unguessable(kLinkKeyBytes); })
                 : sinks::read_secret(settings.link_secret, credentials);
  if (!key) return key.error();
  keys.links = *std::move(key);
  return keys;
}

}  // namespace iwakan::app
