// Command: what the person at the terminal asked for, read and checked, before anything happens.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace iwakan::ctl {

inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;      // the daemon said no, or something in its answer is wrong
inline constexpr int kUsage = 2;        // the command line or a file it names is wrong; nothing was sent
inline constexpr int kUnreachable = 3;  // no daemon where we looked

// One request to the interface for people (docs/api.md).
struct Call {
  std::string method = "GET";
  std::string target;  // path and query, encoded
  std::string body;    // JSON; empty: none

  friend bool operator==(const Call&, const Call&) = default;
};

// How the answer to a call is shown.
enum class View {
  incidents,
  incident,
  deliveries,
  alerts,
  suspicions,
  why,
  declared,
  silences,
  silence_set,
  maintenance,
  told,      // recorded, with suggestions about its words
  document,  // as it came
  question,
  questions,
  load,
  verified,
  score,     // of a drill
  exported,  // a document in the language of the terminal
  done
};

struct Inquiry {
  Call call;
  View view = View::done;
};

// Takes what was said in a chat into a timeline.
struct ChatImport {
  std::string target;  // of the daemon's interface, encoded
  std::string file;    // "-" for standard input
  std::string users;   // users.json of a Slack export; empty: none
  std::string day;     // of the last line; empty: the last 24 hours
  std::string actor;
};

// Checks that what was written down is as it was written.
struct Verify {
  std::string incident;  // empty: all
  std::string store;     // folder of a store, offline; empty: asks the daemon
  std::string against;   // an export as JSON, whose head must be met; empty: none
};

// Plays recordings into the daemon.
struct Play {
  std::vector<std::string> recordings;
  double speed = 1;   // times as fast as recorded
  bool fast = false;  // without pauses
  bool now = false;   // with the times in the requests moved to the present
};

// Plays a case into a daemon that was started for a drill.
struct Drill {
  std::string recording;
  double speed = 1;
  bool fast = false;
};

// Runs a recording, or the journal of a store, through the engine offline.
struct Replay {
  std::string recording;  // a file of JSON lines, "-" for standard input, or the folder of a store
  std::string config;
  std::string compare;  // a second configuration; empty: none
  std::string labels;   // what really were incidents; empty: nobody acts
  bool misses = false;  // show near misses too
};

// Scores a numeric series.
struct Series {
  std::string file;  // CSV, or "-" for standard input
};

// Shows which alerts a sample of a sender becomes, offline.
struct Map {
  std::string config;
  std::string sender;                // a source's name, as in sources: or sources.generic:
  std::string sample;                // a file with the body of a request, "-" for standard input
  std::vector<std::string> headers;  // "Name: value"
};

// Runs rule tests.
struct RuleTests {
  std::vector<std::string> files;
  std::string junit;  // where to write the results as XML; empty: nowhere
};

// Shows what happens, as it happens.
struct Watch {
  std::string incident;  // only that one; empty: all
  std::string since;     // the id of the event after which to begin; empty: now
  int count = 0;         // ends after so many entries; 0: never
};

using What = std::variant<Inquiry, ChatImport, Verify, Play, Drill, Replay, Series, RuleTests, Map, Watch>;

struct Command {
  std::string url;         // of the daemon, without a trailing slash
  std::string token_file;  // holds what proves who asks; empty: nothing does
  std::string ca;          // PEM: whose certificates are believed; empty: those that this machine believes
  std::string language;    // "ja" or "en"
  bool json = false;
  bool colour = false;
  bool progress = false;  // standard error is a terminal
  What what;
};

}  // namespace iwakan::ctl
