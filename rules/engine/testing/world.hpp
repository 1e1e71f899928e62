// World: the engine among all that it has to bear: senders that repeat and lose, people, sinks that fail, a process
// that dies with the last batch not yet on disk. The shell in miniature, with a clock that the test turns; keeps what a
// store would keep, and notes what is wrong. Test code only.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/testing/houses.hpp"
#include "engine/testing/invariants.hpp"
#include "engine/testing/story.hpp"

namespace iwakan::engine::testing {

// What a sender says, to be said again.
struct AlertTold {
  AlertState state = AlertState::firing;
  Labels labels;
  TimePoint starts_at{};
  std::optional<TimePoint> ends_at;
  std::optional<TimePoint> expires_at;
};
struct Message {
  std::string source;
  std::vector<AlertTold> alerts;
  bool truncated = false;
};

// How a sink takes what is sent.
enum class Mood { well, busy, refusing, silent_and_taken, silent_and_lost };

// Where in a delivery the process dies.
enum class Dies { never, before_it_is_sent, before_it_is_recorded, before_the_record_is_written };

// A real one that a World may have beside its memory: what it gives back after a crash is what counts.
class Disk {
 public:
  struct Contents {
    Rows rows;
    std::vector<std::string> records;
  };

  virtual ~Disk() = default;
  virtual void write(const std::vector<std::string>& records, const std::vector<Row>& rows) = 0;
  virtual Contents come_back() = 0;  // the process died without a word, and another one opens what it left
};

class World {
 public:
  // Begins with the first of the configurations. `disk` outlives the world; null: memory is believed.
  World(Houses houses, TimePoint start, Disk* disk = nullptr);

  // --- what happens. Stepped at once, on disk with commit().
  const Effects& step(Event event);
  void tell(Message message);
  const Effects& act(Act what, std::string actor);
  void commit();
  void crash(Duration stopped, Duration set_back);  // what was not committed is lost; senders try again
  void reconfigure(std::size_t house);
  void advance(Duration by);  // waking the engine as it wishes
  void skip(Duration by);     // the clock jumps, and nobody was woken
  void wake();
  void deliver(const std::string& recipient, Mood mood, Dies dies);
  // The sinks are well, and time goes on until nothing is left to be done but promises.
  void settle();

  // --- looking
  TimePoint now() const { return now_; }
  const Engine& engine() const { return *engine_; }
  const Settings& settings() const { return *houses_[house_]; }
  std::vector<std::string> waiting() const;  // recipients to whom something is to be delivered

  // The invariants of the world as it stands.
  void look();
  void look_closely();  // replay and restart as well
  const Flaws& flaws() const { return flaws_; }

 private:
  struct Item {
    Delivery delivery;
    std::shared_ptr<const Report> report;
  };
  struct Kept {  // a record, and the configuration under which it came about
    std::string record;
    std::size_t house;
  };
  struct Stepped {
    Effects effects;
    bool resumes = false;  // its intents were told of before
    std::optional<Message> message;
    std::size_t house;
  };
  struct Arrival {
    std::size_t copies = 0;
  };

  void note(Flaws flaws);
  void flaw(std::string text);
  void begin();
  void read_the_disk();
  void recall();
  void release(Stepped stepped);
  void queue(const Intent& intent, bool known);
  void count_episodes(const std::string& bytes);
  void acknowledged_is_no_news();
  void everything_is_on_its_way();
  void replay_gives_the_same();

  Houses houses_;
  Disk* disk_;
  std::size_t house_ = 0;
  std::unique_ptr<Engine> engine_;
  TimePoint now_;
  bool heeded_ = false;  // the engine was woken at `now_`
  Rows rows_;            // as the engine has them
  Rows on_disk_;
  std::vector<Kept> journal_;  // on disk
  std::deque<Stepped> batch_;
  std::map<std::string, std::deque<Item>> lanes_;  // by recipient
  std::map<std::string, std::size_t> copies_;      // that arrived, by delivery
  std::set<std::string> sent_;                     // deliveries ever on disk
  std::set<std::tuple<std::string, std::string, std::string, std::uint32_t, std::uint32_t, std::string>> told_;
  std::map<std::string, Message> acknowledged_;  // the last word of each alert, by source and labels
  std::map<std::tuple<std::string, Fingerprint, TimePoint>, TimePoint> episodes_;
  Effects none_;
  Flaws flaws_;
};

}  // namespace iwakan::engine::testing
