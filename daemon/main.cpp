// iwakand: flags and exit codes. Everything else is app.hpp.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "app.hpp"
#include "runtime/build_info.hpp"

int main(int argc, char** argv) {
  try {
    iwakan::app::Options options;
    bool check_config = false;
    bool check_store = false;
    CLI::App flags{
        "iwakand takes alerts, feels when something is off, and sends the first report: supervisors first, then "
        "everybody.\n\n"
        "  iwakand --config /etc/iwakan/iwakand.yaml                  run\n"
        "  iwakand --config /etc/iwakan/iwakand.yaml --check-config   say everything that is wrong with it, then end\n"
        "  iwakand --config /etc/iwakan/iwakand.yaml --check-store    verify what is stored, then end\n"
        "  iwakand --config /etc/iwakan/iwakand.yaml --drill FOLDER   practise: the same, and nobody outside is "
        "told\n\n"
        "SIGHUP reads the configuration anew; a bad one never replaces a good one. SIGTERM ends calmly."};
    flags.add_option("--config", options.config, "the configuration, YAML")->required();
    flags.add_option("--store", options.store, "keep the store in this folder, whatever the configuration says");
    CLI::Option* store = flags.get_option("--store");
    flags
        .add_option("--drill", options.drill,
                    "practise, with a store in this new folder: messages go to this terminal only, marked as a drill; "
                    "listens on 127.0.0.1:8129 (docs/drills.md)")
        ->excludes(store);
    flags.add_option("--port", options.port, "listen on this port, whatever the configuration says");
    flags.add_flag("--check-config", check_config, "check the configuration and end: 0 good, 1 not");
    flags.add_flag("--check-store", check_store,
                   "check the stored journal's chain, replay it, compare with what is stored, and end: 0 good, 1 not");
    flags.set_version_flag("--version", std::string("iwakand ") + std::string(iwakan::runtime::version()));
    try {
      flags.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      const int code = flags.exit(error);
      return code == 0 ? 0 : 2;
    }
    if (check_config) return iwakan::app::check_config(options);
    if (check_store) return iwakan::app::check_store(options);
    return iwakan::app::run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "<2>iwakand: %s\n", error.what());
    return 1;
  }
}
