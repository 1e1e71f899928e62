#include "access/settings.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "model/ascii.hpp"

namespace iwakan::access {
namespace {

using namespace std::chrono_literals;
namespace ip = boost::asio::ip;

constexpr std::size_t kNameLengthMax = 64;  // what the timeline keeps of an actor

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_header_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
                              std::string_view::npos;
}

std::string header_name(Fields& fields, std::string_view key, std::string fallback = {}) {
  std::string name = fields.text(key, std::move(fallback));
  if (!name.empty() && !is_header_name(name)) {
    complain(fields.complaints(), *fields.child(key), "is not the name of a header", "write for example X-Api-Key");
  }
  return name;
}

Budget parse_budget(Fields& fields, const Budget& fallback) {
  const Setting* section = fields.child("budget");
  if (section == nullptr) return fallback;
  Fields part(*section, fields.complaints());
  Budget budget;
  budget.requests = part.number("requests", fallback.requests, 0.01, 1e6);
  budget.bytes = part.number("bytes", fallback.bytes, 1024, 1e11);
  budget.burst = part.duration("burst", fallback.burst, 1s, 10min);
  part.finish();
  return budget;
}

std::string parse_name(Fields& fields) {
  std::string name = fields.required_text("name");
  if (name.size() > kNameLengthMax || !is_plain(name)) {
    complain(fields.complaints(), *fields.child("name"), "is longer than 64 bytes, or holds control characters");
  }
  return name;
}

HmacProof parse_hmac(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  HmacProof proof;
  if (const Setting* secret = fields.required_child("secret")) {
    proof.secret = sinks::parse_secret_place(*secret, complaints);
  }
  proof.header = header_name(fields, "header");
  proof.timestamp_header = header_name(fields, "timestamp_header");
  proof.prefix = fields.text("prefix");
  if (proof.header.empty()) {
    complain(complaints, setting, "does not say which header holds the signature",
             "add header:, for Grafana X-Grafana-Alerting-Signature");
  }
  fields.finish();
  return proof;
}

CertificateProof parse_certificate(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  CertificateProof proof{fields.text("subject"), fields.text("san")};
  fields.finish();
  if (proof.subject.empty() == proof.san.empty()) {
    complain(complaints, setting, "does not say which certificate",
             "write either {san: am.example.com} or {subject: \"CN=am,O=Books\"}");
  }
  return proof;
}

std::vector<Proof> parse_proofs(Fields& fields) {
  Complaints& complaints = fields.complaints();
  std::vector<Proof> proofs;
  const std::string header = header_name(fields, "header");
  const std::string member = fields.text("body_member");
  if (!member.empty() && (!header.empty() || fields.child("token") == nullptr)) {
    complain(complaints, *fields.child("body_member"), "says where a token is that is there only once",
             "write token: and body_member:, without header:");
  }
  if (const Setting* token = fields.child("token")) {
    proofs.emplace_back(TokenProof{sinks::parse_secret_place(*token, complaints), header, member});
  } else if (!header.empty()) {
    complain(complaints, *fields.child("header"), "names a header for a token, and there is no token", "add token:");
  }
  if (const Setting* basic = fields.child("basic")) {
    Fields part(*basic, complaints);
    BasicProof proof{part.required_text("username"), {}};
    if (const Setting* password = part.required_child("password")) {
      proof.password = sinks::parse_secret_place(*password, complaints);
    }
    if (proof.username.find(':') != std::string::npos) {
      complain(complaints, *part.child("username"), "holds a colon, which basic authentication cannot say");
    }
    part.finish();
    proofs.emplace_back(std::move(proof));
  }
  if (const Setting* certificate = fields.child("certificate")) {
    proofs.emplace_back(parse_certificate(*certificate, complaints));
  }
  return proofs;
}

void parse_sender(const Setting& item, std::span<const std::string> sources, const Budget& budget, Settings& settings,
                  Complaints& complaints) {
  Fields fields(item, complaints);
  Known known;
  known.caller.name = parse_name(fields);
  known.caller.sources = fields.texts("sources");
  known.caller.budget = parse_budget(fields, budget);
  known.proofs = parse_proofs(fields);
  if (const Setting* hmac = fields.child("hmac")) known.proofs.emplace_back(parse_hmac(*hmac, complaints));
  fields.finish();
  const std::vector<std::string_view> names(sources.begin(), sources.end());
  for (const std::string& source : known.caller.sources) {
    if (std::find(names.begin(), names.end(), source) != names.end()) continue;
    const std::string near = nearest(source, names);
    complain(complaints, *fields.child("sources"), "there is no source \"" + source.substr(0, kNameLengthMax) + "\"",
             near.empty() ? "name one that stands under sources:" : "did you mean \"" + near + "\"?");
  }
  if (known.caller.sources.empty()) {
    complain(complaints, item, "may send to nothing", "add sources: with what it sends to, for example [alertmanager]");
  }
  if (known.proofs.empty()) {
    complain(complaints, item, "cannot prove who it is", "add token, basic, hmac or certificate");
  }
  settings.known.push_back(std::move(known));
}

Role parse_role(Fields& fields) {
  return role_named(fields.one_of("role", "read", {"metrics", "read", "respond", "command", "admin"}))
      .value_or(Role::read);
}

void parse_person(const Setting& item, const Budget& budget, Settings& settings, Complaints& complaints) {
  Fields fields(item, complaints);
  Known known;
  known.caller.name = parse_name(fields);
  if (!fields.has("role")) {
    complain(complaints, item, "has no role", "add role: metrics, read, respond, command or admin");
  }
  known.caller.role = parse_role(fields);
  known.caller.budget = budget;
  known.proofs = parse_proofs(fields);
  fields.finish();
  if (known.proofs.empty() && !settings.proxy) {
    complain(complaints, item, "cannot prove who it is",
             "add token, basic or certificate, or access.proxy if a reverse proxy says who it is");
  }
  settings.known.push_back(std::move(known));
}

std::optional<Network> network(const std::string& text) {
  boost::system::error_code error;
  const bool has_length = text.find('/') != std::string::npos;
  const bool is_v6 = text.find(':') != std::string::npos;
  if (is_v6) {
    const auto v6 = ip::make_network_v6(has_length ? text : text + "/128", error);
    return error ? std::nullopt : std::optional<Network>(v6);
  }
  const auto v4 = ip::make_network_v4(has_length ? text : text + "/32", error);
  return error ? std::nullopt : std::optional<Network>(v4);
}

std::optional<Proxy> parse_proxy(const Setting* section, Complaints& complaints) {
  if (section == nullptr) return std::nullopt;
  Fields fields(*section, complaints);
  Proxy proxy;
  for (const std::string& text : fields.texts("trusted")) {
    if (const auto parsed = network(text)) {
      proxy.trusted.push_back(*parsed);
    } else {
      complain(complaints, *fields.child("trusted"),
               "\"" + text.substr(0, kNameLengthMax) + "\" is neither an address nor a network",
               "write for example 127.0.0.1 or 10.1.0.0/16");
    }
  }
  if (proxy.trusted.empty()) {
    complain(complaints, *section, "trusts no address, so nobody could say who a person is",
             "add trusted: with the address of the proxy, for example [127.0.0.1]");
  }
  proxy.person_header = header_name(fields, "person_header");
  if (proxy.person_header.empty()) {
    complain(complaints, *section, "does not say which header names the person",
             "add person_header:, for oauth2-proxy X-Forwarded-Email or X-Auth-Request-Email");
  }
  proxy.groups_header = header_name(fields, "groups_header");
  if (const Setting* groups = fields.child("groups")) {
    Fields part(*groups, complaints);
    for (const auto& [group, role] : groups->fields) {
      const std::string word = part.one_of(group, "read", {"metrics", "read", "respond", "command", "admin"});
      proxy.groups[group] = role_named(word).value_or(Role::read);
    }
    part.finish();
  }
  if (fields.has("role")) proxy.role = parse_role(fields);
  fields.finish();
  return proxy;
}

void check_names(const Setting& setting, const Settings& settings, Complaints& complaints) {
  std::vector<std::string_view> seen;
  for (const Known& known : settings.known) {
    if (std::find(seen.begin(), seen.end(), known.caller.name) != seen.end()) {
      complain(complaints, setting, "\"" + known.caller.name + "\" stands here twice",
               "give everybody one entry; its name is who acted in the timeline");
    }
    seen.push_back(known.caller.name);
  }
}

}  // namespace

bool Settings::uses_certificates() const {
  return std::any_of(known.begin(), known.end(), [](const Known& one) {
    return std::any_of(one.proofs.begin(), one.proofs.end(),
                       [](const Proof& proof) { return std::holds_alternative<CertificateProof>(proof); });
  });
}

std::vector<std::string> Settings::secret_headers() const {
  std::vector<std::string> headers;
  const auto add = [&headers](std::string_view header) {
    if (!header.empty()) headers.push_back(ascii_lower(header));
  };
  for (const Known& one : known) {
    for (const Proof& proof : one.proofs) {
      if (const auto* token = std::get_if<TokenProof>(&proof)) add(token->header);
      if (const auto* hmac = std::get_if<HmacProof>(&proof)) add(hmac->header);
    }
  }
  if (proxy) add(proxy->person_header);
  if (proxy) add(proxy->groups_header);
  return headers;
}

std::vector<std::string> Settings::secret_members() const {
  std::vector<std::string> members;
  for (const Known& one : known) {
    for (const Proof& proof : one.proofs) {
      const auto* token = std::get_if<TokenProof>(&proof);
      if (token != nullptr && !token->member.empty()) members.push_back(token->member);
    }
  }
  return members;
}

Settings parse_access(const Setting* setting, std::span<const std::string> sources, Complaints& complaints) {
  Settings settings;
  if (setting == nullptr) return settings;
  settings.on = true;
  Fields fields(*setting, complaints);
  settings.budget = parse_budget(fields, {});
  settings.proxy = parse_proxy(fields.child("proxy"), complaints);
  for (const Setting& item : fields.list("senders")) parse_sender(item, sources, settings.budget, settings, complaints);
  for (const Setting& item : fields.list("people")) parse_person(item, settings.budget, settings, complaints);
  fields.finish();
  check_names(*setting, settings, complaints);
  for (const std::string& source : sources) {
    const auto sends = [&](const Known& known) {
      return std::find(known.caller.sources.begin(), known.caller.sources.end(), source) != known.caller.sources.end();
    };
    if (std::any_of(settings.known.begin(), settings.known.end(), sends)) continue;
    complain(complaints, *setting, "nobody may send to the source \"" + source + "\"",
             "add a sender with sources: [" + source + "] under access.senders, or take the source away");
  }
  return settings;
}

}  // namespace iwakan::access
