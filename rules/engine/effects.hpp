// Effects: what must happen because of an event, in the order in which it must happen. The shell
// carries them out; the engine only says.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/delivery.hpp"
#include "model/evidence.hpp"
#include "model/incident.hpp"
#include "model/report.hpp"
#include "model/result.hpp"
#include "model/row.hpp"
#include "model/suggestion.hpp"
#include "model/time.hpp"

namespace iwakan::engine {

// A delivery that is to be made, with the report as it was issued.
struct Intent {
  Delivery delivery;
  std::shared_ptr<const Report> report;
};

// Something the operators of the daemon see in the log: an incident's opening, a wave, a change by a
// person.
struct Happened {
  std::string incident;
  std::string kind;  // as in the timeline
  Sentence text;     // may hold untrusted text
};

struct Effects {
  // 1. Written in one synced batch, before anything else is seen by anybody.
  std::vector<std::string> records;  // of the journal
  std::vector<Row> rows;

  // 2. Then told.
  std::vector<Decision> decisions;
  std::vector<Happened> happened;
  std::optional<Failure> refusal;             // of what a person asked for; nothing changed then
  std::string incident;                       // declared or acted on, for the answer
  std::vector<Suggestion> suggestions;        // about the words that a person wrote for reports
  std::string silence;                        // set or expired, for the answer
  std::optional<Question> question;           // asked or acted on, as it stands then, for the answer
  std::optional<std::size_t> lines_imported;  // of a chat, that were not known before
  std::size_t transitions = 0;
  std::size_t refreshes = 0;

  // A silence or maintenance began or ended: the alerts that fire are wanted with their labels (AlertsRecalled).
  bool recall = false;

  // 3. Then sent.
  std::vector<Intent> intents;

  bool writes() const { return !records.empty() || !rows.empty(); }

  // The ids of the incidents to which something happened.
  std::set<std::string> touched() const {
    std::set<std::string> ids;
    for (const Happened& one : happened) ids.insert(one.incident);
    if (!incident.empty()) ids.insert(incident);
    return ids;
  }
};

}  // namespace iwakan::engine
