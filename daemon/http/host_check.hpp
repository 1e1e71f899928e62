// HostCheck: the defences against web pages that speak to iwakan through a browser behind its owner's
// back: DNS rebinding (a page's own name made to point here) and requests across origins. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace iwakan::http {

// Which Host headers are served. A page that was rebound to this server still names its own host.
//
// On a loopback address an IP literal, "localhost" and the configured names are served: whoever
// speaks to the loopback by another name is a rebound page, or a proxy whose name belongs into the
// configuration. On any other address senders use whatever name the site gave this machine, which
// iwakan cannot know; there the check holds only once names are configured.
class HostCheck {
 public:
  // `names` without ports, in any case.
  HostCheck(bool on_loopback, std::vector<std::string> names);

  // `host` as in the Host header, with or without a port.
  bool serves(std::string_view host) const;

 private:
  bool any_ = false;
  std::vector<std::string> names_;  // in lower case
};

// Whether a request with this Origin header may change something: it is absent, or names the very
// host that was asked.
bool same_origin(std::string_view origin, std::string_view host);

// Whether a request of this method may change something.
bool may_change(std::string_view method);

}  // namespace iwakan::http
