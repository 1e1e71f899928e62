// What holds after every step, whatever happened: the invariants of reference trust, section 5, and the desk's own.
// Each is a function that names what is wrong; nothing: it holds. Test code only.
//
// I2 is supervisors_hear_first, I7 a_restart_gives_the_same and deadlines_lie_ahead. I1, I3, I4 and I5 are World's,
// which knows what was acknowledged, what arrived, and the journal; I6 of the journal and I8 are of store and shell
// (tests/integration).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace iwakan::engine::testing {

using Rows = std::map<std::pair<Table, std::string>, std::string>;
using Flaws = std::vector<std::string>;

// --- of the desk as it stands

// Every incident that people wait for has a time at which something happens; no time is over that was not heeded;
// the engine wants to be woken by the first of them. REQUIRES: TimeReached or Started was stepped at `now`.
Flaws deadlines_lie_ahead(const Engine& engine, TimePoint now);

// What is due belongs to what the incident is: a watch waits for its answer, a draft for approval, a wave for its turn.
Flaws what_is_due_is_wanted(const Engine& engine);

// A subject belongs to one live incident, and is found by it.
Flaws subjects_have_one_home(const Engine& engine);

// One commands, and who takes questions has no hands in it; unless they are alone, which is said.
Flaws roles_stand_apart(const Engine& engine);

// What is named by a number or an id within an incident is named by it alone.
Flaws names_are_unique(const Engine& engine);

// Recovered means that somebody declared it, on grounds; merged that it goes on where it says.
Flaws status_is_true(const Engine& engine);

// The last word of each delivery that was given up stands with the incident, and of no other (I8, of people).
Flaws knows_who_was_not_reached(const Engine& engine, const Rows& rows);

// Each timeline's chain holds, from its first line to the head that the incident keeps (I6).
Flaws timelines_are_chained(const Engine& engine, const Rows& rows);

// A question waits for its round, went to the responders, or has its answer; whoever asked is answered by one.
Flaws questions_have_their_way(const Engine& engine);

// An engine restored from the rows has the same desk, silences and suspicions (I7).
Flaws a_restart_gives_the_same(const Engine& engine, const Rows& rows, std::shared_ptr<const Settings> settings);

// --- of one step

struct Moment {
  const Engine& engine;
  const Event& event;
  const Effects& effects;
  const Rows& rows;                                 // before the step
  const std::map<std::uint64_t, Incident>& before;  // the incidents
  TimePoint now;
};

Flaws a_refusal_changes_nothing(const Moment& moment);

// Timeline and reports are written once; what was delivered stays delivered.
Flaws what_is_written_stays(const Moment& moment);

// Facts, unknowns, questions and alerts of an incident, and of the one that it was merged into.
Flaws nothing_known_is_lost(const Moment& moment);

// What a person changed stands in the timeline, with their name.
Flaws acts_stand_in_the_timeline(const Moment& moment);

// No wave goes before the supervisors', nor before its time unless they acknowledged.
Flaws supervisors_hear_first(const Moment& moment);

// A report that declares recovery goes to all who were told, and to no one else.
Flaws recovery_is_told_to_the_told(const Moment& moment);

// A report that waits for approval goes, or what it was to say waits on: the end of it, and what was put right.
Flaws drafts_are_kept(const Moment& moment);

// Those who were told of what turns out to be nothing hear so.
Flaws a_false_alarm_is_told_to_the_told(const Moment& moment);

// Each report that was written now, by the checks of practice section 3.
Flaws reports_are_sound(const Moment& moment);

}  // namespace iwakan::engine::testing
