#include "http/host_check.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "model/ascii.hpp"

namespace iwakan::http {
namespace {

bool is_port(std::string_view text) {  // ":8119", or nothing
  if (text.empty()) return true;
  return text.size() > 1 && text.size() <= 6 && text.front() == ':' &&
         text.substr(1).find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_address(int family, std::string_view text) {
  in6_addr address{};
  return inet_pton(family, std::string(text).c_str(), &address) == 1;
}

}  // namespace

HostCheck::HostCheck(bool on_loopback, std::vector<std::string> names) : any_(!on_loopback && names.empty()) {
  for (const std::string& name : names) names_.push_back(ascii_lower(name));
}

bool HostCheck::serves(std::string_view host) const {
  if (any_) return true;
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    return close != std::string_view::npos && is_port(host.substr(close + 1)) &&
           is_address(AF_INET6, host.substr(1, close - 1));
  }
  const std::string_view bare = host.substr(0, host.find(':'));
  if (!is_port(host.substr(bare.size()))) return false;
  const std::string name = ascii_lower(bare);
  return name == "localhost" || is_address(AF_INET, name) ||
         std::find(names_.begin(), names_.end(), name) != names_.end();
}

bool same_origin(std::string_view origin, std::string_view host) {
  if (origin.empty()) return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && same_in_any_case(origin.substr(scheme.size()), host)) return true;
  }
  return false;
}

bool may_change(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

}  // namespace iwakan::http
