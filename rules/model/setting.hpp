// Setting: a node of the configuration tree, freed from YAML, that knows where it stood. Fields: the
// strict reader by which each rule, sink and source reads its own part and complains about the rest.
//
// The tree is made by daemon/settings; parsing from it is pure, so that --check-config is the whole
// truth.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

struct Place {
  std::string file;
  int line = 0;    // from 1; 0 when unknown
  int column = 0;  // from 1
};

class Setting {
 public:
  enum class Kind { null, scalar, list, map };

  // Defined where Setting is complete: its fields hold Settings.
  Setting();
  Setting(const Setting&);
  Setting(Setting&&) noexcept;
  Setting& operator=(const Setting&);
  Setting& operator=(Setting&&) noexcept;
  ~Setting();

  Kind kind = Kind::null;
  std::string scalar;                                   // text of a scalar, as written
  bool quoted = false;                                  // "5" in quotes is text, not a number
  std::vector<Setting> items;                           // of a list
  std::vector<std::pair<std::string, Setting>> fields;  // of a map, in the order written
  Place place;
  std::string path;  // "sinks.mail.port", "departments[2].name"

  const Setting* find(std::string_view key) const;  // null when absent or when this is no map
};

// One thing wrong with the configuration: what, where, and what to do about it.
struct Complaint {
  Place place;
  std::string path;
  std::string problem;
  std::string remedy;  // may be empty
};

// "FILE:12:5: sinks.mail.prot: unknown key; did you mean \"port\"?"
std::string to_string(const Complaint& complaint);

using Complaints = std::vector<Complaint>;

void complain(Complaints& complaints, const Setting& at, std::string problem, std::string remedy = {});

// The candidate nearest to `word` by edit distance, if near enough to be a slip; else empty.
std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

// Reads a map strictly: every getter names a key; finish() complains about all keys not named. All
// problems are collected, none stops the reading; a getter that complained returns its default.
class Fields {
 public:
  // Complains when `setting` is no map (null counts as an empty one). Both must outlive this.
  Fields(const Setting& setting, Complaints& complaints);

  bool has(std::string_view key);
  const Setting* child(std::string_view key);           // null when absent
  const Setting* required_child(std::string_view key);  // complains when absent
  std::string text(std::string_view key, std::string fallback = {});
  std::string required_text(std::string_view key);  // absent or empty: complaint
  bool boolean(std::string_view key, bool fallback);
  long integer(std::string_view key, long fallback, long least, long most);
  double number(std::string_view key, double fallback, double least, double most);
  Duration duration(std::string_view key, Duration fallback, Duration least, Duration most);
  std::string one_of(std::string_view key, std::string fallback, std::initializer_list<std::string_view> choices);
  std::vector<std::string> texts(std::string_view key,
                                 std::vector<std::string> fallback = {});  // a scalar counts as one
  // {ja: …, en: …}, or one text for both.
  Sentence sentence(std::string_view key, Sentence fallback = {});
  Sentence required_sentence(std::string_view key);
  // The items of a list; empty when absent.
  std::span<const Setting> list(std::string_view key);

  void finish();

  const Setting& setting() const { return setting_; }
  Complaints& complaints() { return complaints_; }

 private:
  const Setting* scalar(std::string_view key);

  const Setting& setting_;
  Complaints& complaints_;
  std::vector<std::string_view> known_;
};

}  // namespace iwakan
