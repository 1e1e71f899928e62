#include "access/register.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "model/ascii.hpp"
#include "sinks/base64.hpp"
#include "sinks/hmac.hpp"

namespace iwakan::access {
namespace {

namespace ip = boost::asio::ip;
using namespace std::chrono_literals;

constexpr std::size_t kTokenLengthMin = 16;
constexpr std::size_t kActorLengthMax = 64;
constexpr Duration kSignatureAge = 5min;
constexpr std::size_t kBodyWithTokenMax = std::size_t{512} * 1024;  // as PagerDuty's events

// The ways of presenting a token differ in what they digest, so that none stands for another.
Digest digest_of(std::string_view way, std::string_view secret) {
  std::string text(way);
  text.push_back('\0');
  text += secret;
  Digest digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.bytes.data(), &length, EVP_sha256(), nullptr);
  OPENSSL_cleanse(text.data(), text.size());
  return digest;
}

bool same(const Digest& left, const Digest& right) {
  return CRYPTO_memcmp(left.bytes.data(), right.bytes.data(), left.bytes.size()) == 0;
}

// The value of a header that may stand once. Nothing: it is absent.
Result<std::optional<std::string_view>> only(const Presented& presented, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [header, value] : presented.headers) {
    if (!same_in_any_case(header, name)) continue;
    if (found) return Failure{Reason::malformed, "stands twice, and only one of them can be meant", std::string(name)};
    found = value;
  }
  return found;
}

Failure unknown(std::string path) {
  return {Reason::unauthorized, "nobody is known by these credentials; compare them with access: of the configuration",
          std::move(path)};
}

bool contains(const Network& network, const ip::address& address) {
  const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  if (const auto* v4 = std::get_if<ip::network_v4>(&network)) {
    if (!address.is_v4() && !mapped) return false;
    const ip::address_v4 bare = mapped ? make_address_v4(ip::v4_mapped, address.to_v6()) : address.to_v4();
    return (bare.to_uint() & v4->netmask().to_uint()) == v4->network().to_uint();
  }
  if (!address.is_v6()) return false;
  const auto& v6 = std::get<ip::network_v6>(network);
  return ip::network_v6(address.to_v6(), v6.prefix_length()).canonical() == v6.canonical();
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// What a sender with this key would have sent as its signature.
std::string signature(const Secret& key, std::string_view prefix, std::string_view stamp, std::string_view body) {
  std::string text(stamp);
  if (!stamp.empty()) text += ":";
  text += body;
  return std::string(prefix) + sinks::hex(sinks::hmac_sha256(key, text));
}

std::string way_of_member(const std::string& member) {
  return "body " + member;
}

// A member of a body that is a JSON object; nothing: it is none, or has no such text.
std::optional<std::string> text_in(std::string_view body, const std::string& member) {
  if (body.size() > kBodyWithTokenMax) return std::nullopt;
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(body, error);
  if (error || !value.is_object()) return std::nullopt;
  const auto* text = value.get_object().if_contains(member);
  if (text == nullptr || !text->is_string()) return std::nullopt;
  return std::string(text->get_string());
}

bool may_send_to(const Caller& caller, std::string_view source) {
  return std::find(caller.sources.begin(), caller.sources.end(), source) != caller.sources.end();
}

bool is_fresh(std::string_view stamp, TimePoint now) {
  std::int64_t seconds = 0;
  const auto parsed = std::from_chars(stamp.data(), stamp.data() + stamp.size(), seconds);
  if (parsed.ec != std::errc{} || parsed.ptr != stamp.data() + stamp.size()) return false;
  const std::int64_t present = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::int64_t most = std::chrono::duration_cast<std::chrono::seconds>(kSignatureAge).count();
  return seconds >= present - most && seconds <= present + most;
}

Result<Secret> read(const sinks::SecretPlace& place, const std::string& credentials, const Caller& caller) {
  auto secret = sinks::read_secret(place, credentials);
  if (!secret) {
    Failure failure = secret.error();
    failure.path = "access: " + caller.name + (failure.path.empty() ? "" : ": " + failure.path);
    return failure;
  }
  if (secret->reveal().size() < kTokenLengthMin) {
    return Failure{Reason::out_of_range,
                   "the secret is shorter than 16 bytes and could be guessed; make one with `openssl rand -hex 32`",
                   "access: " + caller.name};
  }
  return secret;
}

}  // namespace

Result<Register> Register::open(const Settings& settings, const std::string& credentials) {
  Register opened;
  opened.proxy_ = settings.proxy;
  opened.budget_ = settings.budget;
  for (const Known& known : settings.known) {
    if (auto failure = opened.know(known, credentials)) return *failure;
  }
  return opened;
}

std::optional<Failure> Register::know(const Known& known, const std::string& credentials) {
  const auto caller = std::make_shared<const Caller>(known.caller);
  if (caller->role) people_.push_back(caller);
  for (const Proof& proof : known.proofs) {
    if (const auto* certificate = std::get_if<CertificateProof>(&proof)) {
      certificates_.push_back({*certificate, caller});
    } else if (const auto* hmac = std::get_if<HmacProof>(&proof)) {
      auto secret = read(hmac->secret, credentials, *caller);
      if (!secret) return secret.error();
      keys_.push_back({*std::move(secret), *hmac, caller});
    } else if (const auto* basic = std::get_if<BasicProof>(&proof)) {
      const auto secret = read(basic->password, credentials, *caller);
      if (!secret) return secret.error();
      if (auto failure = know_token(digest_of("basic", basic->username + ":" + secret->reveal()), caller))
        return failure;
    } else {
      const auto& token = std::get<TokenProof>(proof);
      const auto secret = read(token.token, credentials, *caller);
      if (!secret) return secret.error();
      if (!token.member.empty()) {
        if (auto failure = know_token(digest_of(way_of_member(token.member), secret->reveal()), caller)) return failure;
        members_.emplace_back(token.member, caller);
        continue;
      }
      const std::string header = ascii_lower(token.header);
      if (auto failure = know_token(digest_of(header.empty() ? "bearer" : header, secret->reveal()), caller)) {
        return failure;
      }
      if (header.empty()) tokens_.push_back({digest_of("basic", caller->name + ":" + secret->reveal()), caller});
      if (!header.empty() && std::find(headers_.begin(), headers_.end(), header) == headers_.end()) {
        headers_.push_back(header);
      }
    }
  }
  return std::nullopt;
}

std::optional<Failure> Register::know_token(const Digest& digest, const CallerPtr& caller) {
  if (const CallerPtr other = holder_of(digest)) {
    return Failure{Reason::duplicate,
                   "has the same secret as " + other->name + ", so that nobody could tell them apart",
                   "access: " + caller->name};
  }
  tokens_.push_back({digest, caller});
  return std::nullopt;
}

// Looks at all of them, whichever it is.
CallerPtr Register::holder_of(const Digest& digest) const {
  const Token* found = nullptr;
  for (const Token& token : tokens_) {
    if (same(token.digest, digest)) found = &token;
  }
  return found == nullptr ? nullptr : found->caller;
}

CallerPtr Register::holder_of(const Certificate& certificate) const {
  for (const Named& named : certificates_) {
    const auto& names = certificate.names;
    const bool by_san =
        !named.proof.san.empty() && std::find(names.begin(), names.end(), named.proof.san) != names.end();
    if (by_san || (!named.proof.subject.empty() && named.proof.subject == certificate.subject)) return named.caller;
  }
  return nullptr;
}

Result<CallerPtr> Register::recognise(const Presented& presented) const {
  if (auto vouched = vouched_for(presented); !vouched || *vouched) return vouched;
  const auto authorization = only(presented, "Authorization");
  if (!authorization) return authorization.error();
  if (*authorization) {
    const std::string_view value = **authorization;
    const std::string_view scheme = value.substr(0, value.find(' '));
    const std::string_view rest = trimmed(value.substr(scheme.size()));
    std::string way = ascii_lower(scheme);
    std::string secret(rest);
    if (way == "basic") secret = sinks::from_base64(rest).value_or(std::string());
    const CallerPtr caller = holder_of(digest_of(way == "basic" || way == "bearer" ? way : "none", secret));
    if (!caller) return unknown("Authorization");
    return caller;
  }
  for (const std::string& header : headers_) {
    const auto value = only(presented, header);
    if (!value) return value.error();
    if (!*value) continue;
    const CallerPtr caller = holder_of(digest_of(header, **value));
    if (!caller) return unknown(header);
    return caller;
  }
  if (presented.certificate != nullptr) {
    const CallerPtr caller = holder_of(*presented.certificate);
    if (!caller) {
      return Failure{Reason::unauthorized,
                     "the client certificate is good, but nobody is known by \"" + presented.certificate->subject +
                         "\"; add it to access: of the configuration",
                     {}};
    }
    return caller;
  }
  return CallerPtr();
}

// Whom the proxy names, if this comes from it.
Result<CallerPtr> Register::vouched_for(const Presented& presented) const {
  if (!proxy_) return CallerPtr();
  boost::system::error_code no_address;
  const auto remote = ip::make_address(presented.remote, no_address);
  const bool trusted = !no_address && std::any_of(proxy_->trusted.begin(), proxy_->trusted.end(),
                                                  [&](const Network& one) { return contains(one, remote); });
  if (!trusted) return CallerPtr();  // what anybody else says in that header is not believed
  const auto person = only(presented, proxy_->person_header);
  if (!person) return person.error();
  if (!*person || (*person)->empty()) return CallerPtr();
  const std::string name((*person)->substr(0, kActorLengthMax + 1));
  if (name.size() > kActorLengthMax || !is_plain(name)) {
    return Failure{Reason::malformed, "is no name: longer than 64 bytes, or with control characters",
                   proxy_->person_header};
  }
  for (const CallerPtr& known : people_) {
    if (known->name == name) return known;
  }
  std::optional<Role> role = proxy_->role;
  if (!proxy_->groups_header.empty()) {
    const auto groups = only(presented, proxy_->groups_header);
    if (!groups) return groups.error();
    std::string_view rest = groups->value_or("");
    while (!rest.empty()) {
      const std::string_view group = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(group.size() + 1, rest.size()));
      const auto found = proxy_->groups.find(std::string(trimmed(group)));
      if (found != proxy_->groups.end() && (!role || found->second > *role)) role = found->second;
    }
  }
  return std::make_shared<const Caller>(Caller{name, {}, role, budget_});
}

bool Register::awaits_body(const Presented& presented, std::string_view source) const {
  const bool in_body = std::any_of(members_.begin(), members_.end(),
                                   [source](const auto& one) { return may_send_to(*one.second, source); });
  return in_body || std::any_of(keys_.begin(), keys_.end(), [&](const Key& key) {
           const auto value = only(presented, key.proof.header);
           return may_send_to(*key.caller, source) && value && *value;
         });
}

Result<CallerPtr> Register::recognise_signature(const Presented& presented, std::string_view source,
                                                std::string_view body, TimePoint now) const {
  CallerPtr found;
  bool stale = false;
  for (const Key& key : keys_) {
    if (!may_send_to(*key.caller, source)) continue;
    const auto value = only(presented, key.proof.header);
    if (!value) return value.error();
    if (!*value) continue;
    std::string_view stamp;
    if (!key.proof.timestamp_header.empty()) {
      const auto stamped = only(presented, key.proof.timestamp_header);
      if (!stamped) return stamped.error();
      stamp = stamped->value_or("");
      if (stamp.empty()) continue;
    }
    const std::string expected = signature(key.secret, key.proof.prefix, stamp, body);
    if (!same(digest_of("signature", expected), digest_of("signature", **value))) continue;
    if (!key.proof.timestamp_header.empty() && !is_fresh(stamp, now)) {
      stale = true;
      continue;
    }
    found = key.caller;
  }
  bool looked_inside = false;
  for (const auto& [member, caller] : members_) {
    if (found || !may_send_to(*caller, source)) continue;
    looked_inside = true;
    if (const auto token = text_in(body, member)) found = holder_of(digest_of(way_of_member(member), *token));
  }
  if (found) return found;
  if (looked_inside) return unknown({});
  if (stale) {
    return Failure{
        Reason::unauthorized,
        "the signature is more than five minutes old or from the future; compare the clocks of both machines",
        {}};
  }
  return Failure{
      Reason::unauthorized,
      "the signature does not fit the body; compare the secret, and that nothing on the way changes the body",
      {}};
}

}  // namespace iwakan::access
