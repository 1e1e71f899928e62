// Recorder: keeps requests as they came, in files of a folder that iwakanctl replay and iwakanctl send read, the oldest
// forgotten so that they never take more than they may. It never holds up or refuses a request: what cannot be written
// is counted and logged, and lost.
//
// Owned by the daemon; record() is called on the io thread, files are written on a thread of its own.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "recorder/line.hpp"
#include "recorder/settings.hpp"
#include "runtime/clock.hpp"
#include "telemetry/telemetry.hpp"

namespace iwakan::recorder {

// Makes the folder. A Failure: nothing can be written there.
Result<void> prepare(const Settings& settings);

class Recorder {
 public:
  // Everything referred to outlives this.
  struct Params {
    Settings settings;
    Secrets secrets;
    telemetry::Telemetry& telemetry;
    const runtime::Clock& clock;
  };

  explicit Recorder(Params params);
  ~Recorder();  // writes what is waiting
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Prepares the folder, mends what a crash left, and forgets what is too much. A Failure: nothing can be written
  // there.
  Result<void> open();

  void record(const Request& request);

 private:
  struct Kept {
    std::filesystem::path path;
    std::uint64_t bytes = 0;
  };

  void write(const std::string& line, TimePoint at);
  bool begin_file(TimePoint at);
  void end_file();
  void forget(TimePoint now);
  std::vector<Kept> kept() const;
  void fail(const std::string& what);

  Params params_;
  std::atomic<std::uint64_t> waiting_bytes_{0};
  int file_ = -1;
  std::filesystem::path path_;
  std::uint64_t file_bytes_ = 0;
  TimePoint file_began_{};
  boost::asio::thread_pool writer_{1};
};

}  // namespace iwakan::recorder
