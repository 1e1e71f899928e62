// iwakanctl: how people talk to iwakand.

#include <curl/curl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <iostream>
#include <string>
#include <vector>

#include "ctl/command_line.hpp"
#include "ctl/run.hpp"

namespace {

std::string first_set(std::initializer_list<const char*> variables) {
  for (const char* variable : variables) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

iwakan::ctl::Environment environment() {
  return {.url = first_set({"IWAKAN_URL"}),
          .token_file = first_set({"IWAKAN_TOKEN_FILE"}),
          .ca = first_set({"IWAKAN_CA"}),
          .language = first_set({"LC_ALL", "LC_MESSAGES", "LANG"}),
          .user = first_set({"USER", "LOGNAME"}),
          .colour = isatty(STDOUT_FILENO) == 1 && first_set({"NO_COLOR"}).empty(),
          .progress = isatty(STDERR_FILENO) == 1,
          .now = std::chrono::time_point_cast<iwakan::Duration>(std::chrono::system_clock::now())};
}

int run(const std::vector<std::string>& arguments) {
  const auto read = iwakan::ctl::read_command_line(arguments, environment());
  if (const auto* leave = std::get_if<iwakan::ctl::Leave>(&read)) {
    std::cout << leave->output;
    std::cerr << leave->error;
    return leave->code;
  }
  return iwakan::ctl::run(std::get<iwakan::ctl::Command>(read), std::cout, std::cerr);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int code = run({argv + 1, argv + argc});
    curl_global_cleanup();
    return code;
  } catch (const std::exception& error) {
    std::cerr << "iwakanctl: " << error.what() << "\n";
    return iwakan::ctl::kRefused;
  }
}
