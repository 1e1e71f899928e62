#include "telemetry/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "telemetry/escape.hpp"

namespace iwakan::telemetry {
namespace {

std::string_view name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view priority(Level level) {  // syslog(3)
  switch (level) {
    case Level::debug: return "<7>";
    case Level::info: return "<6>";
    case Level::warning: return "<4>";
    case Level::error: return "<3>";
  }
  return "<3>";
}

std::string_view colour(Level level) {
  switch (level) {
    case Level::debug: return "\x1b[90m";
    case Level::info: return "\x1b[32m";
    case Level::warning: return "\x1b[33m";
    case Level::error: return "\x1b[31m";
  }
  return "";
}

void append(std::string& line, const Value& value) {
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string_view>) {
          append_value(line, held);
        } else if constexpr (std::is_same_v<Held, bool>) {
          line += held ? "true" : "false";
        } else {
          line += fmt::format("{}", held);
        }
      },
      value.held());
}

std::string fields_text(Level level, std::string_view message, std::initializer_list<Field> fields, bool coloured) {
  std::string line = "level=";
  if (coloured) line += colour(level);
  line += name(level);
  if (coloured) line += "\x1b[0m";
  line += " msg=";
  append_value(line, message);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key.name();
    line += '=';
    append(line, field.value);
  }
  return line;
}

}  // namespace

struct Log::Output {
  explicit Output(spdlog::sink_ptr sink, Form form) : logger("iwakan", std::move(sink)) {
    logger.set_level(spdlog::level::trace);  // what is too fine was left out before
    logger.flush_on(spdlog::level::trace);
    const char* pattern = form == Form::journal ? "%v" : "time=%Y-%m-%dT%H:%M:%S.%eZ %v";
    logger.set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc, std::string("\n")));
    logger.set_error_handler([](const std::string&) {});  // whom could one tell that stderr is gone
  }

  spdlog::logger logger;
};

Log::Log(Level least)
    : least_(least),
      form_(form_of_stderr()),
      output_(std::make_unique<Output>(std::make_shared<spdlog::sinks::stderr_sink_mt>(), form_)) {}

Log::Log(Level least, Form form, std::ostream& stream)
    : least_(least),
      form_(form),
      output_(std::make_unique<Output>(std::make_shared<spdlog::sinks::ostream_sink_mt>(stream), form_)) {}

Log::~Log() = default;

void Log::write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  if (!wants(level)) return;
  std::string line = fields_text(level, message, fields, form_ == Form::coloured);
  if (form_ == Form::journal) line.insert(0, priority(level));
  output_->logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

Log::Form Log::form_of_stderr() {
  struct stat status {};
  const char* stream = std::getenv("JOURNAL_STREAM");
  if (stream != nullptr && fstat(STDERR_FILENO, &status) == 0 &&
      std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) == stream) {
    return Form::journal;
  }
  const char* no_colour = std::getenv("NO_COLOR");
  const bool colours_wanted = no_colour == nullptr || *no_colour == '\0';
  return colours_wanted && isatty(STDERR_FILENO) == 1 ? Form::coloured : Form::plain;
}

}  // namespace iwakan::telemetry
