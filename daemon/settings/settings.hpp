// Settings: the whole configuration, parsed and checked. Parsing opens nothing but the configuration's
// own files (the YAML, the templates and the calendars), so that --check-config is the whole truth.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "access/settings.hpp"
#include "engine/settings.hpp"
#include "http/limits.hpp"
#include "http/tls.hpp"
#include "model/result.hpp"
#include "model/setting.hpp"
#include "recorder/settings.hpp"
#include "sinks/layout/words.hpp"
#include "sinks/secret_setting.hpp"
#include "sinks/sink.hpp"
#include "sources/source.hpp"
#include "telemetry/log.hpp"

namespace iwakan::settings {

struct EnabledSource {
  const sources::Kind* kind = nullptr;
  std::string name;  // in the identity of its alerts: "alertmanager"
  std::string path;  // where it listens: "/v1/alertmanager"
  sources::Make make;
  std::string also_at;  // a further path, which its senders cannot change; mostly empty
};

struct Settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8119;
  bool behind_proxy = false;       // something in front of it provides TLS
  std::vector<std::string> hosts;  // further names the server goes by
  access::Settings access;
  std::optional<http::TlsSettings> tls;
  http::Limits limits;
  telemetry::Level log_level = telemetry::Level::info;
  std::string store_path;
  Duration journal_kept{};                   // how long records of the journal are kept
  std::optional<recorder::Settings> record;  // nothing: requests are not kept
  std::string time_zone;
  Duration link_valid_for{};                     // by which a report is acknowledged
  sinks::SecretPlace link_secret;                // empty: the store's own
  sinks::SecretPlace slack_signing_secret;       // empty: no button in Slack acknowledges
  bool export_names_people = false;              // incidents leave the house with names, not with roles only
  std::map<std::string, std::string> templates;  // by name, "first_report.ja"
  sinks::Catalogues words;                       // by language
  std::map<std::string, sinks::Make> sinks;      // by configured name
  std::vector<EnabledSource> sources;
  std::shared_ptr<engine::Settings> engine;  // expire_after still to be filled in from the sources
  std::string digest;                        // SHA-256 of the YAML, hex
  // What is taken into use at the start only, by key, as text: whether it is another one now.
  std::map<std::string, std::string> at_start;
};

// The keys under which `fresh` says what takes a restart.
std::vector<std::string> waiting_for_restart(const Settings& in_use, const Settings& fresh);

// Reads the file and all that it names. Null: the complaints say everything that is wrong.
std::unique_ptr<Settings> load(const std::string& file, Complaints& complaints);

// The same from text. `folder`: to which relative paths of templates refer.
std::unique_ptr<Settings> parse(std::string_view yaml, const std::string& file, const std::string& folder,
                                Complaints& complaints);

}  // namespace iwakan::settings
