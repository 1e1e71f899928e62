// Goal: every row of wire-formats A1's delivery semantics (repeats, twins, order, flapping) and A4's
// order of states comes out as the transition it is, or as none. Method: a table; times in minutes.
#include "engine/transition.hpp"

#include <gtest/gtest.h>

namespace iwakan::engine {
namespace {

constexpr TimePoint minute(int number) {
  return TimePoint{std::chrono::minutes(number)};
}

struct Known {
  MemberState state;
  int starts, ended, heard;
};

struct Case {
  const char* what;
  std::optional<Known> known;
  AlertState says;
  int starts, ends, at;
  std::optional<TransitionKind> wanted;
  bool repeats = true;
};

constexpr auto kFiring = AlertState::firing;
constexpr auto kResolved = AlertState::resolved;
constexpr auto kNoData = AlertState::no_data;

const Case kCases[] = {
    {"first heard", std::nullopt, kFiring, 10, 0, 11, TransitionKind::fired},
    {"ended unheard", std::nullopt, kResolved, 10, 12, 13, TransitionKind::unseen},
    {"no data of the unknown", std::nullopt, kNoData, 10, 0, 11, std::nullopt},
    {"repeat", Known{MemberState::firing, 10, 0, 11}, kFiring, 10, 0, 250, std::nullopt},
    {"twin that began later", Known{MemberState::firing, 10, 0, 12}, kFiring, 11, 0, 13, std::nullopt},
    {"twin that began earlier", Known{MemberState::firing, 10, 0, 12}, kFiring, 9, 0, 13, std::nullopt},
    {"began anew, end unheard", Known{MemberState::firing, 10, 0, 12}, kFiring, 20, 0, 21, TransitionKind::superseded},
    {"resolved", Known{MemberState::firing, 10, 0, 12}, kResolved, 10, 15, 16, TransitionKind::resolved},
    {"resolved by the twin", Known{MemberState::firing, 10, 0, 12}, kResolved, 11, 15, 16, TransitionKind::resolved},
    {"end of an older episode", Known{MemberState::firing, 10, 0, 12}, kResolved, 5, 8, 16, std::nullopt},
    {"cannot tell any more", Known{MemberState::firing, 10, 0, 12}, kNoData, 14, 0, 14, TransitionKind::source_lost},
    {"could not tell before it fired", Known{MemberState::firing, 10, 0, 12}, kNoData, 8, 0, 14, std::nullopt},
    {"resolved again", Known{MemberState::resolved, 10, 15, 12}, kResolved, 10, 15, 18, std::nullopt},
    {"an end that overtook its beginning", Known{MemberState::resolved, 10, 15, 12}, kResolved, 20, 22, 23,
     TransitionKind::unseen},
    {"overtaken copy", Known{MemberState::resolved, 10, 15, 12}, kFiring, 10, 0, 17, std::nullopt},
    {"twin still firing within the lag", Known{MemberState::resolved, 10, 15, 12}, kFiring, 11, 0, 25, std::nullopt},
    {"twin insists beyond the lag", Known{MemberState::resolved, 10, 15, 12}, kFiring, 11, 0, 40,
     TransitionKind::returned},
    {"older copy beyond the lag", Known{MemberState::resolved, 10, 15, 12}, kFiring, 9, 0, 40, std::nullopt},
    {"fires again", Known{MemberState::resolved, 10, 15, 12}, kFiring, 16, 0, 16, TransitionKind::fired},
    {"expired, spoken of again", Known{MemberState::expired, 10, 12, 12}, kFiring, 10, 0, 400,
     TransitionKind::returned},
    {"expired, then a new episode", Known{MemberState::expired, 10, 12, 12}, kFiring, 390, 0, 400,
     TransitionKind::fired},
    {"lost, then resolved", Known{MemberState::source_lost, 10, 12, 12}, kResolved, 10, 300, 400,
     TransitionKind::resolved},
    {"late copy of one who speaks on change", Known{MemberState::resolved, 10, 15, 12}, kFiring, 10, 0, 400,
     std::nullopt, false},
    {"late copy after no data", Known{MemberState::source_lost, 10, 12, 12}, kFiring, 10, 0, 400, std::nullopt, false},
    {"fires again, said on change", Known{MemberState::resolved, 10, 15, 12}, kFiring, 16, 0, 16, TransitionKind::fired,
     false},
};

TEST(Classify, TellsTransitionsFromDeliveries) {
  for (const Case& one : kCases) {
    AlertEntry entry;
    if (one.known) {
      entry.state = one.known->state;
      entry.starts_at = minute(one.known->starts);
      entry.ended_at = minute(one.known->ended);
      entry.heard_at = minute(one.known->heard);
      entry.changed_at = minute(one.known->state == MemberState::firing ? one.known->starts : one.known->ended);
    }
    Alert alert;
    alert.state = one.says;
    alert.starts_at = minute(one.starts);
    if (one.ends != 0) alert.ends_at = minute(one.ends);
    EXPECT_EQ(classify(one.known ? &entry : nullptr, alert, minute(one.at), one.repeats), one.wanted) << one.what;
  }
}

}  // namespace
}  // namespace iwakan::engine
