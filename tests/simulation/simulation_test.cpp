// Goal: whatever happens in whatever order, the invariants hold: alerts that repeat and are lost, everything that
// people can do, sensible or not, clocks that jump, a process that dies, sinks that fail. Method: plots from seeds,
// played in a World; the invariants are looked at after every step. A plot that fails is cut down to the steps that it
// takes.
//
// A few of them are played on a real store as well, which is left without a word at each crash.
//
//   IWAKAN_SEEDS=17        plays one seed
//   IWAKAN_SEEDS=1-5000    plays many (a soak)
//   IWAKAN_STEPS=200       of each plot
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "engine/testing/houses.hpp"
#include "engine/testing/plot.hpp"
#include "model/assert.hpp"
#include "store/rocks_store.hpp"

namespace iwakan::engine::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSeeds = 100;
constexpr std::uint64_t kSeedsOnDisk = 20;
constexpr std::size_t kSteps = 80;
constexpr int kRetellings = 400;  // to cut a plot down

// What a plot came to: each step that was played, and what was wrong; nothing: all held.
struct Ending {
  std::string steps;
  std::string flaws;
};

const TimePoint kBegin = *parse_time("2031-05-14T01:00:00Z");

// A crash is a copy of the files as they stand while the store is open: what a process that is gone leaves behind.
// Every other time half a record more, as a power cut leaves it.
class StoreOnDisk : public Disk {
 public:
  explicit StoreOnDisk(fs::path folder) : folder_(std::move(folder)) { open(); }

  void write(const std::vector<std::string>& records, const std::vector<Row>& rows) override {
    IWAKAN_ASSERT(store_->commit({records, rows}));
  }

  Contents come_back() override {
    const fs::path before = path();
    ++crashes_;
    while (!copied(before)) fs::remove_all(path());
    store_.reset();  // a process has one store: what it writes from here on is of no moment
    if (crashes_ % 2 == 0) tear();
    open();
    fs::remove_all(before);
    Contents left;
    for (const Table table : kTables) {
      IWAKAN_ASSERT(store_->read(table, {}, [&](std::string_view key, std::string_view value) {
        left.rows[{table, std::string(key)}] = value;
        return true;
      }));
    }
    IWAKAN_ASSERT(store_->read_journal(1, [&left](std::uint64_t, std::string_view record) {
      left.records.emplace_back(record);
      return true;
    }));
    return left;
  }

 private:
  fs::path path() const { return folder_ / std::to_string(crashes_); }

  // RocksDB tidies up behind what was written; a copy taken meanwhile is of no moment.
  bool copied(const fs::path& from) const {
    const auto listed = [&from] {
      std::map<fs::path, std::uintmax_t> files;
      std::error_code gone;
      for (const auto& file : fs::directory_iterator(from)) files[file.path()] = file.file_size(gone);
      return files;
    };
    const auto files = listed();
    std::error_code gone;
    fs::copy(from, path(), fs::copy_options::recursive, gone);
    return !gone && files == listed();
  }

  void open() {
    store::RocksStore::Params params;
    params.path = path().string();
    auto opened = store::RocksStore::open(std::move(params));
    if (!opened) throw std::runtime_error(to_string(opened.error()));
    store_ = *std::move(opened);
  }

  void tear() const {
    fs::path newest;
    for (const auto& file : fs::directory_iterator(path())) {
      if (file.path().extension() == ".log" && file.path() > newest) newest = file.path();
    }
    std::ofstream(newest, std::ios::app | std::ios::binary) << "\x12\x34\x56\x78\x09";
  }

  fs::path folder_;
  int crashes_ = 0;
  std::unique_ptr<store::RocksStore> store_;
};

// Plays in a process of its own, so that a broken assertion is a finding like others. `folder`: for a store; empty:
// none.
void play(const Plot& plot, int out, const fs::path& folder) {
  const auto tell = [out](const std::string& line) { return ::write(out, line.data(), line.size()) > 0; };
  const auto disk = folder.empty() ? nullptr : std::make_unique<StoreOnDisk>(folder);
  World world(houses(), kBegin, disk.get());
  Player player(world);
  std::size_t count = 0;
  const auto found = [&] {
    for (const std::string& flaw : world.flaws()) tell("!" + flaw + "\n");
    return !world.flaws().empty();
  };
  for (const PlotStep& step : plot) {
    tell("(" + std::to_string(static_cast<int>(step.deed)) + ")");
    tell(player.play(step) + "\n");
    world.look();
    if (++count % 20 == 0) world.look_closely();
    if (found()) return;
  }
  if (disk) world.crash({}, {});
  world.settle();
  found();
}

Ending ending_of(const Plot& plot, bool on_disk) {
  std::string folder;
  if (on_disk) {
    // In memory, where there is such a place: nothing here wants to survive the machine.
    const fs::path memory = "/dev/shm";
    folder = ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "iwakan-simulation-XXXXXX").string();
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
  }
  // A file in memory, for a pipe would have the two processes take turns at each line.
  const int said_in = ::memfd_create("ending", MFD_CLOEXEC);
  EXPECT_GE(said_in, 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(said_in, STDERR_FILENO);
    try {
      play(plot, said_in, folder);
    } catch (const std::exception& thrown) {
      const std::string line = "\n!thrown: " + std::string(thrown.what()) + "\n";
      static_cast<void>(::write(said_in, line.data(), line.size()));
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ::lseek(said_in, 0, SEEK_SET);
  std::string said;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = ::read(said_in, buffer.data(), buffer.size())) > 0;) {
    said.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(said_in);
  if (on_disk) fs::remove_all(folder);
  Ending ending;
  for (std::size_t from = 0; from < said.size();) {
    const std::size_t to = std::min(said.find('\n', from), said.size());
    const std::string line = said.substr(from, to - from);
    (line.starts_with('!') ? ending.flaws : ending.steps) += line + "\n";
    from = to + 1;
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ending.flaws += "!the process died\n";
  return ending;
}

// What is wrong first, without the numbers, which change when steps go.
std::string kind_of(const std::string& flaws) {
  std::string kind = flaws.substr(0, flaws.find('\n'));
  std::erase_if(kind, [](char c) { return c >= '0' && c <= '9'; });
  return kind;
}

// Drops what is not needed for it to fail: halves first, single steps at last.
Plot cut_down(Plot plot, bool on_disk) {
  const std::string wrong = kind_of(ending_of(plot, on_disk).flaws);
  int left = kRetellings;
  for (std::size_t size = plot.size() / 2; size > 0 && left > 0; size = size == 1 ? 0 : (size + 1) / 2) {
    for (std::size_t from = 0; from < plot.size() && left > 0;) {
      Plot shorter = plot;
      const auto begin = shorter.begin() + static_cast<std::ptrdiff_t>(from);
      shorter.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, plot.size() - from)));
      --left;
      if (kind_of(ending_of(shorter, on_disk).flaws) != wrong) {
        from += size;
      } else {
        plot = std::move(shorter);
      }
    }
  }
  return plot;
}

std::size_t number_in(const char* variable, std::size_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void play_all(std::uint64_t seeds, bool on_disk) {
  const char* asked = std::getenv("IWAKAN_SEEDS");
  const std::string range = asked == nullptr ? "1-" + std::to_string(seeds) : asked;
  const std::size_t dash = range.find('-');
  const std::uint64_t first = std::stoull(range);
  const std::uint64_t last = dash == std::string::npos ? first : std::stoull(range.substr(dash + 1));
  const std::size_t steps = number_in("IWAKAN_STEPS", kSteps);
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const Plot plot = plot_of(seed, steps);
    const std::string flaws = ending_of(plot, on_disk).flaws;
    if (flaws.empty()) continue;
    const Ending ending = ending_of(cut_down(plot, on_disk), on_disk);
    ADD_FAILURE() << "seed " << seed << " (IWAKAN_SEEDS=" << seed << " IWAKAN_STEPS=" << steps << " plays it again)\n"
                  << flaws << "in short:\n"
                  << ending.steps << ending.flaws;
  }
}

TEST(Simulation, TheInvariantsHoldWhateverHappens) {
  play_all(kSeeds, false);
}

TEST(Simulation, TheInvariantsHoldOnARealStore) {
  play_all(kSeedsOnDisk, true);
}

}  // namespace
}  // namespace iwakan::engine::testing
