// Silences: who said of which alerts that they are known, until when. The rules of setting and changing one are
// Alertmanager's (its package silence), so that its clients find what they expect.
//
// Part of the engine's state: deterministic, the engine's thread. What changes leaves as rows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/matcher.hpp"
#include "model/alert.hpp"
#include "model/event.hpp"
#include "model/result.hpp"
#include "model/row.hpp"
#include "model/silence.hpp"

namespace iwakan::engine {

class Silences {
 public:
  // The silence as it stands now. A Failure says what is wrong with it; nothing has changed then. An active one keeps
  // its id where only its end, its author or its comment change; else it ends, and the new one gets `fresh_id`.
  Result<const Silence*> set(const act::SetSilence& what, TimePoint at);

  // The silence ends now. One that is over stays as it was. A Failure: there is none of this id.
  Result<const Silence*> expire(std::string_view id, TimePoint at);

  // The active one that matches, of several the one that ends last; null: none.
  const Silence* covering(const Alert& alert, TimePoint at) const;

  // The same for a subject, where nothing is known but its name: by silences that speak of no other label than those
  // that name subjects.
  const Silence* covering(std::string_view subject, const std::vector<std::string>& subject_labels, TimePoint at) const;

  // Each active one that ends soon, once: an hour before, or within its last tenth.
  std::vector<const Silence*> take_ending(TimePoint now);

  // When next one begins, ends soon, ends, or is forgotten.
  std::optional<TimePoint> next_boundary(TimePoint after) const;

  void forget_old(TimePoint now);

  bool empty() const { return entries_.empty(); }
  const Silence* find(std::string_view id) const;
  std::vector<const Silence*> all() const;  // by id

  void take_rows(std::vector<Row>& rows);
  // False: the row does not decode.
  bool restore(std::string_view value);

 private:
  struct Entry {
    Silence silence;
    std::vector<Matcher> matchers;
  };

  void keep(const Silence& silence);
  const Silence* insert(Silence silence, std::vector<Matcher> matchers);

  std::map<std::string, Entry, std::less<>> entries_;
  std::vector<Row> rows_;
};

}  // namespace iwakan::engine
