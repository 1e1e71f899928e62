// Tls: the server's side of TLS: its certificate, its key, and the authority whose client certificates it
// believes. Opened at the start and at each reload; what is open serves until a good one replaces it.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "access/caller.hpp"
#include "model/result.hpp"
#include "model/setting.hpp"
#include "model/time.hpp"
#include "sinks/secret_setting.hpp"

namespace iwakan::http {

struct TlsSettings {
  std::string certificate;  // file, PEM: the server's, then those between it and the root
  sinks::SecretPlace key;   // PEM
  std::string client_ca;    // file, PEM: who signs client certificates; empty: none is asked for
};

// `tls:`. Pure: no file is opened. Paths are relative to the configuration.
TlsSettings parse_tls(const Setting& setting, Complaints& complaints);

struct Tls {
  std::shared_ptr<boost::asio::ssl::context> context;
  TimePoint good_until{};  // of the certificate

  // TLS 1.2 at least. `credentials`: the folder of systemd's credentials; empty: there is none.
  static Result<Tls> open(const TlsSettings& settings, const std::string& credentials);
};

// The client's certificate, which the handshake verified; nothing: it showed none.
std::optional<access::Certificate> certificate_of(const SSL* connection);

}  // namespace iwakan::http
