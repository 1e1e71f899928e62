#include "drill.hpp"

#include <filesystem>

#include "sinks/console/sink.hpp"

namespace iwakan::app {

Result<void> check_drill_folder(const std::string& folder) {
  std::error_code error;
  const bool used = std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error);
  if (!used && !error) return {};
  const std::string why = error ? "cannot be looked at: " + error.message() : "is not empty";
  return Failure{Reason::conflict, "the folder of the drill " + why + "; name one that is not there yet", folder};
}

void make_drill(settings::Settings& settings, const std::string& folder) {
  const Setting nothing;
  Complaints none;
  Fields fields(nothing, none);
  for (auto& [name, make] : settings.sinks) make = sinks::console::parse(fields);
  settings.store_path = folder + "/store";
  settings.address = "127.0.0.1";
  settings.port = kDrillPort;
  settings.slack_signing_secret = {};
  settings.record.reset();
  engine::Settings& engine = *settings.engine;
  engine.organisation.drill = true;
  engine.organisation.url.clear();
}

}  // namespace iwakan::app
