#include "settings/settings.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <filesystem>

#include "runtime/read_file.hpp"
#include "settings/yaml.hpp"
#include "sinks/base64.hpp"
#include "sinks/catalog.hpp"
#include "sinks/layout/layout.hpp"
#include "sinks/layout/zone.hpp"
#include "sources/catalog.hpp"

namespace iwakan::settings {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::size_t kFileBytesMax = std::size_t{1024} * 1024;

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, 32> hash{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &length, EVP_sha256(), nullptr);
  return sinks::hex({reinterpret_cast<const char*>(hash.data()), length});
}

void parse_listen(Fields& root, Settings& settings) {
  const std::string text = root.text("listen", "127.0.0.1:8119");
  const std::size_t colon = text.rfind(':');
  const Setting* at = root.child("listen");
  unsigned port = 0;
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end) port = 0;
  }
  std::string address = text.substr(0, std::min(colon, text.size()));
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  boost::system::error_code error;
  static_cast<void>(boost::asio::ip::make_address(address, error));
  if (error || port == 0 || port > 65535) {
    return complain(root.complaints(), *at, "\"" + text.substr(0, 64) + "\" is not an address and a port",
                    "write for example 127.0.0.1:8119 or [::1]:8119");
  }
  settings.address = address;
  settings.port = static_cast<std::uint16_t>(port);
}

// Who may, and whether anybody may listen in on the way: what must be settled before it listens beyond this machine.
void parse_access(Fields& root, Settings& settings) {
  settings.behind_proxy = root.boolean("behind_proxy", false);
  std::vector<std::string> sources;
  for (const EnabledSource& enabled : settings.sources) {
    if (!enabled.kind->verifies) sources.push_back(enabled.name);
  }
  settings.access = access::parse_access(root.child("access"), sources, root.complaints());
  if (const Setting* tls = root.child("tls")) settings.tls = http::parse_tls(*tls, root.complaints());
  if (settings.access.uses_certificates() && (!settings.tls || settings.tls->client_ca.empty())) {
    complain(root.complaints(), *root.child("access"), "knows somebody by a client certificate, and nobody signs any",
             "add tls: with client_ca: FILE");
  }
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(settings.address, no_address);
  if (no_address || address.is_loopback()) return;
  const Setting& at = *root.child("listen");
  if (!settings.access.on) {
    complain(root.complaints(), at,
             "this address is reachable from other machines, and nothing says who may send and act",
             "add access: with senders and people (docs/security.md), or listen on 127.0.0.1");
  }
  if (!settings.tls && !settings.behind_proxy) {
    complain(root.complaints(), at,
             "this address is reachable from other machines, and what is sent there could be read on the way",
             "add tls: with certificate and key, or put a proxy that provides TLS in front of it and say behind_proxy: "
             "true");
  }
}

void parse_limits(Fields& root, http::Limits& limits) {
  const Setting none;
  const Setting* section = root.child("limits");
  Fields fields(section == nullptr ? none : *section, root.complaints());
  const auto size = [&fields](std::string_view key, std::size_t& value, long least, long most) {
    value = static_cast<std::size_t>(fields.integer(key, static_cast<long>(value), least, most));
  };
  size("header_bytes_max", limits.header_bytes_max, 1024, 1024L * 1024);
  size("body_bytes_max", limits.body_bytes_max, 64L * 1024, 256L * 1024 * 1024);
  size("bodies_bytes_max", limits.bodies_bytes_max, 1024L * 1024, 64L * 1024 * 1024 * 1024);
  size("connections_max", limits.connections_max, 8, 100'000);
  size("connections_per_address_max", limits.connections_per_address_max, 1, 100'000);
  limits.header_time_max = fields.duration("header_time_max", limits.header_time_max, 100ms, 10min);
  limits.body_time_max = fields.duration("body_time_max", limits.body_time_max, 100ms, 10min);
  limits.idle_time_max = fields.duration("idle_time_max", limits.idle_time_max, 100ms, 1h);
  limits.retry_after = fields.duration("retry_after", limits.retry_after, 1s, 1h);
  fields.finish();
}

void parse_store(Fields& root, Settings& settings) {
  const Setting none;
  const Setting* section = root.child("store");
  Fields fields(section == nullptr ? none : *section, root.complaints());
  settings.store_path = fields.text("path", "/var/lib/iwakan");
  settings.journal_kept = fields.duration("journal_kept", 24h * 90, 24h, 24h * 3660);
  fields.finish();
}

void parse_acknowledge(Fields& root, Settings& settings) {
  const Setting none;
  const Setting* section = root.child("acknowledge");
  Fields fields(section == nullptr ? none : *section, root.complaints());
  settings.link_valid_for = fields.duration("link_valid_for", 24h * 3, 10min, 24h * 90);
  const auto secret = [&fields](std::string_view key) {
    const Setting* place = fields.child(key);
    return place == nullptr ? sinks::SecretPlace{} : sinks::parse_secret_place(*place, fields.complaints());
  };
  settings.link_secret = secret("link_secret");
  settings.slack_signing_secret = secret("slack_signing_secret");
  fields.finish();
}

void parse_export(Fields& root, Settings& settings) {
  const Setting none;
  const Setting* section = root.child("export");
  Fields fields(section == nullptr ? none : *section, root.complaints());
  settings.export_names_people = fields.boolean("name_people", false);
  fields.finish();
}

// The templates of a folder, by their names without ".mustache".
void read_templates(Fields& root, const std::string& folder, Settings& settings) {
  const std::string named = root.text("templates");
  if (named.empty()) return;
  const fs::path path = fs::path(folder) / named;
  std::error_code error;
  fs::directory_iterator entries(path, error);
  if (error) {
    return complain(root.complaints(), *root.child("templates"),
                    "the folder " + path.string() + " cannot be read: " + error.message(),
                    "name a folder of templates, relative to this file, or leave templates: out");
  }
  for (const auto& entry : entries) {
    if (entry.path().extension() != ".mustache") continue;
    if (auto text = runtime::read_file(entry.path().string(), kFileBytesMax)) {
      settings.templates[entry.path().stem().string()] = *std::move(text);
    } else {
      complain(root.complaints(), *root.child("templates"), to_string(text.error()));
    }
  }
}

// The word catalogues of a folder, by their language: ja.yaml, fr.yaml.
void read_words(Fields& root, const std::string& folder, Settings& settings) {
  const std::string named = root.text("words");
  if (named.empty()) return;
  const fs::path path = fs::path(folder) / named;
  std::error_code error;
  fs::directory_iterator entries(path, error);
  if (error) {
    return complain(root.complaints(), *root.child("words"),
                    "the folder " + path.string() + " cannot be read: " + error.message(),
                    "name a folder of word catalogues, relative to this file, or leave words: out");
  }
  for (const auto& entry : entries) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string language = entry.path().stem().string();
    const bool good = !language.empty() && language.size() <= 16 &&
                      std::all_of(language.begin(), language.end(),
                                  [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; });
    if (!good) {
      complain(root.complaints(), *root.child("words"),
               "\"" + language.substr(0, 64) + "\" is not the name of a language",
               "call the file after its language, for example fr.yaml or zh-Hant.yaml");
      continue;
    }
    const auto text = runtime::read_file(entry.path().string(), kFileBytesMax);
    if (!text) {
      complain(root.complaints(), *root.child("words"), to_string(text.error()));
      continue;
    }
    const std::optional<Setting> tree = parse_yaml(*text, entry.path().string(), root.complaints());
    if (!tree) continue;
    sinks::Catalogue& catalogue = settings.words[language];
    Fields fields(*tree, root.complaints());
    for (const auto& [key, value] : tree->fields) catalogue[key] = fields.text(key);
    fields.finish();
  }
}

bool is_sender_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// The senders of a kind that has several. Each is a source of its own, so none may go by another's name.
void parse_senders(const sources::Kind& kind, const Setting& section, Settings& settings, Complaints& complaints) {
  if (section.kind != Setting::Kind::map) {
    return complain(complaints, section, "names and their senders are expected here",
                    "write for example zabbix: {mapping: mappings/zabbix.yaml}");
  }
  for (const auto& [name, sender] : section.fields) {
    const bool taken = name == "http" || std::any_of(sources::catalog().begin(), sources::catalog().end(),
                                                     [&name = name](const auto& other) { return other.name == name; });
    if (!is_sender_name(name) || taken) {
      complain(complaints, sender,
               "\"" + name.substr(0, 64) + "\" cannot name a sender" + (taken ? ": a source has that name" : ""),
               "use a name of its own, of small letters, digits, - and _");
    }
    Fields part(sender, complaints);
    const std::string also_at = part.one_of("also_at", "", {"", "/v2/enqueue"});
    const bool twice = !also_at.empty() && std::any_of(settings.sources.begin(), settings.sources.end(),
                                                       [&](const auto& other) { return other.also_at == also_at; });
    if (twice) complain(complaints, *part.child("also_at"), "another sender has this address", "leave one of them out");
    settings.sources.push_back({&kind, name, std::string(kind.path) + "/" + name, kind.parse(part), also_at});
    part.finish();
  }
}

void parse_sources(Fields& root, Settings& settings) {
  const Setting none;
  const Setting* section = root.child("sources");
  Fields fields(section == nullptr ? none : *section, root.complaints());
  for (const sources::Kind& kind : sources::catalog()) {
    const Setting* own = fields.child(kind.name);
    // Alertmanager and Prometheus need no setting, so they are listened to unless other sources are named instead.
    const bool by_default = section == nullptr && (kind.name == "alertmanager" || kind.name == "prometheus");
    if (own == nullptr && !by_default) continue;
    if (kind.is_many) {
      parse_senders(kind, *own, settings, root.complaints());
      continue;
    }
    Fields part(own == nullptr ? none : *own, root.complaints());
    settings.sources.push_back({&kind, std::string(kind.name), std::string(kind.path), kind.parse(part), {}});
    part.finish();
  }
  fields.finish();
}

telemetry::Level level_named(const std::string& text) {
  if (text == "debug") return telemetry::Level::debug;
  if (text == "warning") return telemetry::Level::warning;
  if (text == "error") return telemetry::Level::error;
  return telemetry::Level::info;
}

// What only shows when the parts are put together: templates and time zone.
void check_layout(Fields& root, const Settings& settings) {
  const auto layout = sinks::Layout::make(settings.templates, settings.time_zone, {}, settings.words);
  if (layout) return;
  const std::string& path = layout.error().path;
  const Setting* at = root.child(path == "time_zone"          ? "time_zone"
                                 : path.starts_with("words/") ? "words"
                                                              : "templates");
  complain(root.complaints(), at == nullptr ? root.setting() : *at, to_string(layout.error()));
}

// The same text for the same meaning, wherever it stands and however it is laid out.
void spell(const Setting& setting, std::string& text) {
  const auto put = [&text](std::string_view word) { text += std::to_string(word.size()) + ":" + std::string(word); };
  put(setting.scalar);
  text += "[";
  for (const Setting& item : setting.items) spell(item, text);
  text += "]{";
  for (const auto& [key, value] : setting.fields) {
    put(key);
    spell(value, text);
  }
  text += "}";
}

std::map<std::string, std::string> taken_at_start(const Setting& root) {
  std::map<std::string, std::string> taken;
  for (const char* key : {"behind_proxy", "hosts", "limits", "listen", "log_level", "sources"}) {
    std::string& text = taken[key];
    if (const Setting* section = root.find(key)) spell(*section, text);
  }
  const Setting* store = root.find("store");
  const Setting* path = store == nullptr ? nullptr : store->find("path");
  taken["store.path"] = path == nullptr ? "" : path->scalar;
  return taken;
}

Result<Offsets> offsets_of(std::string_view name) {
  const auto zone = sinks::Zone::named(name);
  if (!zone) return zone.error();
  return zone->offsets();
}

}  // namespace

std::unique_ptr<Settings> parse(std::string_view yaml, const std::string& file, const std::string& folder,
                                Complaints& complaints) {
  const std::optional<Setting> tree = parse_yaml(yaml, file, complaints);
  if (!tree) return nullptr;
  auto settings = std::make_unique<Settings>();
  Fields root(*tree, complaints);
  parse_listen(root, *settings);
  settings->hosts = root.texts("hosts");
  parse_limits(root, settings->limits);
  settings->log_level = level_named(root.one_of("log_level", "info", {"debug", "info", "warning", "error"}));
  parse_store(root, *settings);
  settings->record = recorder::parse_record(root.child("record"), complaints);
  parse_acknowledge(root, *settings);
  settings->time_zone = root.text("time_zone", "UTC");
  parse_export(root, *settings);
  read_templates(root, folder, *settings);
  read_words(root, folder, *settings);
  check_layout(root, *settings);
  settings->sinks = sinks::parse_sinks(root.child("sinks"), complaints);
  parse_sources(root, *settings);
  parse_access(root, *settings);
  std::vector<std::string> sink_names;
  for (const auto& [name, make] : settings->sinks) sink_names.push_back(name);
  std::vector<std::string> languages{"ja", "en"};
  for (const auto& [language, words] : settings->words) languages.push_back(language);
  const Surroundings surroundings{.sinks = std::move(sink_names),
                                  .languages = std::move(languages),
                                  .zone_named = offsets_of,
                                  .read_file = [&folder](const std::string& name) {
                                    return runtime::read_file((fs::path(folder) / name).string(), kFileBytesMax);
                                  }};
  settings->engine = std::make_shared<engine::Settings>(engine::parse_settings(root, surroundings));
  root.finish();
  settings->digest = sha256_hex(yaml);
  settings->at_start = taken_at_start(*tree);
  if (!complaints.empty()) return nullptr;
  return settings;
}

std::vector<std::string> waiting_for_restart(const Settings& in_use, const Settings& fresh) {
  std::vector<std::string> waiting;
  for (const auto& [key, text] : fresh.at_start) {
    if (in_use.at_start.at(key) != text) waiting.push_back(key);
  }
  return waiting;
}

std::unique_ptr<Settings> load(const std::string& file, Complaints& complaints) {
  const auto text = runtime::read_file(file, kFileBytesMax);
  if (!text) {
    complaints.push_back({{file, 0, 0}, {}, text.error().detail, "give the path of a readable file with --config"});
    return nullptr;
  }
  return parse(*text, file, fs::path(file).parent_path().string(), complaints);
}

}  // namespace iwakan::settings
