// Watch: shows what is written into the timelines as it happens, and comes back by itself after a break.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "ctl/command.hpp"
#include "ctl/http.hpp"

namespace iwakan::ctl {

// Server-sent events from text as it comes in, in pieces of any size. Pure.
class EventReader {
 public:
  struct Event {
    std::string id;  // of the last event that had one
    std::string type;
    std::string data;
  };

  explicit EventReader(std::function<void(const Event&)> take) : take_(std::move(take)) {}

  void feed(std::string_view piece);

 private:
  void line(std::string_view text);

  std::function<void(const Event&)> take_;
  std::string unfinished_;
  Event event_;
};

// Returns the exit code, when the daemon refuses, was never there, or all that was asked for was shown.
int watch(const Watch& asked, Connection& connection, const Command& command, std::ostream& output,
          std::ostream& errors);

}  // namespace iwakan::ctl
