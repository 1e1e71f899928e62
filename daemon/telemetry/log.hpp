// Log: structured lines (logfmt) on stderr, written before the call returns, so that nothing is lost
// when the process ends.
//
//   time=2026-09-01T00:05:01.250Z level=info msg="incident opened" incident=INC-1
//
// Under systemd (when stderr is the journal) the time is left out and the line begins with its
// priority, "<6>". On a terminal the level has a colour, unless NO_COLOR is set.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string_view>
#include <variant>

namespace iwakan::telemetry {

enum class Level { debug, info, warning, error };

// The key of a field. Keys come from the code only: anything else does not compile.
class Key {
 public:
  consteval Key(const char* name) : name_(name) {
    if (name_.empty()) throw "a key needs a name";
    for (const char c : name_) {
      if (!(c >= 'a' && c <= 'z') && c != '_') throw "keys are snake_case";
    }
  }
  std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

// A value. Text may hold anything; it is escaped (escape.hpp).
class Value {
 public:
  template <class T>
  requires std::convertible_to<const T&, std::string_view> Value(const T& text) : held_(std::string_view(text)) {}
  Value(bool truth) : held_(truth) {}
  Value(double number) : held_(number) {}
  Value(std::signed_integral auto number) : held_(static_cast<std::int64_t>(number)) {}
  Value(std::unsigned_integral auto number) : held_(static_cast<std::uint64_t>(number)) {}

  using Held = std::variant<std::string_view, bool, double, std::int64_t, std::uint64_t>;
  const Held& held() const { return held_; }

 private:
  Held held_;
};

struct Field {
  Key key;
  Value value;
};

// Owned by the app, outlives everything that logs. Any thread may write.
class Log {
 public:
  enum class Form { plain, coloured, journal };

  // To stderr, in the form that fits what stderr is.
  explicit Log(Level least);
  // To a stream, which outlives this.
  Log(Level least, Form form, std::ostream& stream);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool wants(Level level) const { return level >= least_; }

  // `message` is a plain sentence of ours; what comes from outside belongs into fields.
  void write(Level level, std::string_view message, std::initializer_list<Field> fields = {});

  // What stderr is: the journal ($JOURNAL_STREAM names its device and inode), a terminal, or neither.
  static Form form_of_stderr();

 private:
  struct Output;

  const Level least_;
  const Form form_;
  std::unique_ptr<Output> output_;
};

}  // namespace iwakan::telemetry
