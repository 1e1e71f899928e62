// Register: everybody who is known, with the digests of what proves who they are. Opened from the
// settings at the start and at each reload, constant after that; any thread may ask.
//
// Secrets are kept as SHA-256 digests, and a digest that was presented is compared with every one that
// is known, in constant time: how long an answer takes says nothing of how near a guess came, nor of
// which names exist. (The keys of HMACs are kept as they are; their signatures are compared likewise.)
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.hpp"
#include "access/settings.hpp"
#include "model/result.hpp"
#include "model/secret.hpp"
#include "model/time.hpp"

namespace iwakan::access {

// SHA-256 of what proves who somebody is. How long a comparison takes would tell how near a guess came, so there is
// none but the register's own, which takes as long for every pair.
struct Digest {
  std::array<unsigned char, 32> bytes{};

  friend bool operator==(const Digest&, const Digest&) = delete;
};

class Register {
 public:
  // Reads the secrets. `credentials`: the folder of systemd's credentials; empty: there is none.
  static Result<Register> open(const Settings& settings, const std::string& credentials);

  // Who a request comes from, by its head. Null: nothing was presented. A Failure: what was presented
  // proves nothing (unauthorized), or can be read in two ways (malformed).
  Result<CallerPtr> recognise(const Presented& presented) const;

  // Whether `source` has a sender whose signature the request carries: then only its body tells.
  bool awaits_body(const Presented& presented, std::string_view source) const;

  // Who signed the body; like recognise().
  Result<CallerPtr> recognise_signature(const Presented& presented, std::string_view source, std::string_view body,
                                        TimePoint now) const;

 private:
  struct Token {
    Digest digest;
    CallerPtr caller;
  };
  struct Key {
    Secret secret;
    HmacProof proof;
    CallerPtr caller;
  };
  struct Named {
    CertificateProof proof;
    CallerPtr caller;
  };

  std::optional<Failure> know(const Known& known, const std::string& credentials);
  std::optional<Failure> know_token(const Digest& digest, const CallerPtr& caller);
  CallerPtr holder_of(const Digest& digest) const;
  CallerPtr holder_of(const Certificate& certificate) const;
  Result<CallerPtr> vouched_for(const Presented& presented) const;

  std::vector<Token> tokens_;
  std::vector<std::string> headers_;  // beside Authorization, those that hold a token; lower case
  std::vector<Key> keys_;
  std::vector<std::pair<std::string, CallerPtr>> members_;  // of bodies, that hold a token
  std::vector<Named> certificates_;
  std::vector<CallerPtr> people_;  // those whom the proxy may vouch for
  std::optional<Proxy> proxy_;
  Budget budget_;
};

}  // namespace iwakan::access
