// Recordings: requests as monitors once sent them, to be sent again. JSON lines, a request each:
// {"at": RFC 3339, "method", "path", "headers": {}, "body": any JSON or string}, and perhaps "verified".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::ctl {

struct Recorded {
  TimePoint at{};
  std::string method;
  std::string path;                                          // with its query
  std::vector<std::pair<std::string, std::string>> headers;  // without those the connection itself decides
  std::string body;                                          // as it goes over the wire
  bool verified = false;  // the daemon that recorded it has checked its signature (SNS)

  friend bool operator==(const Recorded&, const Recorded&) = default;
};

// A body that is a string is taken byte for byte; any other JSON loses its white space and nothing
// else (numbers and escapes stay as they are written). The path of a Failure is a JSON pointer.
Result<Recorded> parse_recorded(std::string_view line);

// All lines of a file; empty lines are passed over. The path of a Failure is "FILE:LINE: /pointer".
Result<std::vector<Recorded>> parse_recording(std::string_view text, const std::string& file);

// Several recordings as one, in the order of time; what was recorded at the same time keeps its order.
std::vector<Recorded> merged(std::vector<std::vector<Recorded>> recordings);

// When a recorded time happens in the playing: `begin` of the recording at `start`, the rest `speed`
// times as fast.
struct Pace {
  TimePoint begin{};
  TimePoint start{};
  double speed = 1;

  // A time that would leave the centuries iwakan knows stays as it was.
  TimePoint played(TimePoint recorded) const;
};

// The text with every RFC 3339 time in it (but for the zero time) moved as the pace says: the same
// time becomes the same time wherever it stands, so that episodes stay what they were.
std::string with_times_moved(std::string_view text, const Pace& pace);

// The body of a request with its times moved; as it was, when SNS signed it: it would be refused.
std::string body_moved(const Recorded& recorded, const Pace& pace);

// What the request says, for people: "2 firing: DiskFull, QueueGrowing". Not escaped.
std::string summary(const Recorded& recorded, std::string_view language);

}  // namespace iwakan::ctl
