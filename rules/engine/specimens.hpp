// Specimens: the labels of some alerts of each subject, of each name the newest. What a rule says while no alert is at
// hand (that one does not come, or goes on for too long) is held by them against silences, maintenance and what is only
// watched.
//
// Part of the engine's state, the engine's thread. Keys of its rows begin with "specimens/". Bounded: a few alerts of
// each subject, and of each alert no more text than people write into labels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/streams.hpp"
#include "model/alert.hpp"
#include "model/evidence.hpp"

namespace iwakan::engine {

class Specimens {
 public:
  void came(std::string_view subject, const Alert& alert, TimePoint at);

  // What `judge` says of an alert that this is about, where it says something of every one that is known; else nothing.
  // `judge`: from an Alert to an optional.
  template <class Judge>
  auto judged(const AboutAlert& about, const Judge& judge) -> decltype(judge(std::declval<const Alert&>())) {
    decltype(judge(std::declval<const Alert&>())) said;
    const Known* known = subjects_.find(about.subject);
    if (known == nullptr) return said;
    for (const Specimen* specimen : meant(*known, about)) {
      std::vector<Label> labels;
      said = judge(alert_of(*specimen, labels));
      if (!said) break;
    }
    return said;
  }

  void save(std::vector<Row>& rows, Rule::Extent extent) { subjects_.save(rows, extent); }
  bool restore(std::string_view key, std::string_view value) { return subjects_.restore(key, value); }
  static bool owns(std::string_view key) { return key.starts_with("specimens/"); }

 private:
  struct Specimen {
    Fingerprint fingerprint = 0;
    std::vector<std::pair<std::string, std::string>> labels;

    template <class Archive, class Value>
    friend void fields(Archive& archive, Value& v) requires std::same_as<Specimen, std::remove_cvref_t<Value>> {
      archive(v.fingerprint, v.labels);
    }
  };
  struct Known {
    std::vector<Specimen> specimens;  // the newest last

    template <class Archive, class Value>
    friend void fields(Archive& archive, Value& v) requires std::same_as<Known, std::remove_cvref_t<Value>> {
      archive(v.specimens);
    }
  };

  static void forget_one(std::vector<Specimen>& specimens, std::string_view name);
  static std::string_view name_of(const Specimen& specimen);
  static std::vector<const Specimen*> meant(const Known& known, const AboutAlert& about);
  static Alert alert_of(const Specimen& specimen, std::vector<Label>& labels);

  static constexpr std::size_t kSubjectsMost = 10'000;

  Streams<Known> subjects_{"specimens/", kSubjectsMost};
};

}  // namespace iwakan::engine
