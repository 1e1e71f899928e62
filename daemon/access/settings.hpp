// Settings of access: who is known, and by what. Pure: secrets are named here and read by
// Register::open, not when the configuration is checked.
#pragma once

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "access/caller.hpp"
#include "model/setting.hpp"
#include "sinks/secret_setting.hpp"

namespace iwakan::access {

// `Authorization: Bearer TOKEN`, `Authorization: Basic NAME:TOKEN`, `HEADER: TOKEN`, or {"MEMBER": "TOKEN"} as the
// body.
struct TokenProof {
  sinks::SecretPlace token;
  std::string header;    // empty: Authorization
  std::string member{};  // of a body that is a JSON object; empty: it is in a header
};

struct BasicProof {
  std::string username;
  sinks::SecretPlace password;
};

// HMAC-SHA256 over the raw body, or over "TIMESTAMP:" and the raw body; in hexadecimal behind `prefix`.
struct HmacProof {
  sinks::SecretPlace secret;
  std::string header;
  std::string timestamp_header;  // Unix seconds; empty: the sender has none
  std::string prefix;
};

// A client certificate with this subject, or this alternative name.
struct CertificateProof {
  std::string subject;
  std::string san;
};

using Proof = std::variant<TokenProof, BasicProof, HmacProof, CertificateProof>;

struct Known {
  Caller caller;
  std::vector<Proof> proofs;
};

using Network = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;

// A reverse proxy that says in a header who the person is, after it made sure (oauth2-proxy).
struct Proxy {
  std::vector<Network> trusted;  // only what comes from there is believed
  std::string person_header;
  std::string groups_header;           // a list with commas; empty: none
  std::map<std::string, Role> groups;  // what members may
  std::optional<Role> role;            // of whoever is in no such group and not under people
};

struct Settings {
  bool on = false;  // false: there is no `access:`, and whoever reaches the port may do everything
  std::vector<Known> known;
  std::optional<Proxy> proxy;
  Budget budget;  // of people whom the proxy vouches for

  bool uses_certificates() const;

  // In small letters: headers by which somebody is known, beside Authorization.
  std::vector<std::string> secret_headers() const;
  // Members of bodies by which somebody is known.
  std::vector<std::string> secret_members() const;
};

// `access:`; null: absent. `sources`: those that are enabled and do not verify their senders themselves.
Settings parse_access(const Setting* setting, std::span<const std::string> sources, Complaints& complaints);

}  // namespace iwakan::access
