#include "engine/clockwork.hpp"

#include <chrono>

namespace iwakan::engine {
namespace {

using namespace std::chrono_literals;

constexpr Duration kApart = 30min;  // what comes sooner is the same occasion
constexpr Duration kPunctual = 20min;
constexpr Duration kDay = 24h;
constexpr Duration kWeek = 7 * kDay;
constexpr double kRegular = 2.5;  // shape of the gaps: chance has 1

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

bool Clockwork::by_the_calendar(const Alert& alert, TimePoint at) {
  int days = 0;
  int weeks = 0;
  for (const TimePoint& time : alert.times) {
    if (time == TimePoint{}) continue;
    const Duration ago = at - time;
    const auto near = [ago](Duration period) {
      const Duration off = (ago + kPunctual) % period;
      return ago > kPunctual && off <= 2 * kPunctual;
    };
    if (ago <= kWeek + kPunctual && near(kDay)) ++days;
    if (ago <= 3 * kWeek + kPunctual && near(kWeek)) ++weeks;
  }
  return days >= 3 || weeks >= 2;
}

bool Clockwork::by_its_cadence(const Alert& alert, TimePoint at) {
  const double gap = seconds(at - alert.last_at);
  if (alert.cadence.shape() < kRegular || alert.cadence.gaps() < 6) return false;
  const double p = alert.cadence.longer_than(gap);
  return p > .001 && p < .999;
}

bool Clockwork::expects(const StreamKey& key, TimePoint at) {
  const auto [alert, is_new] = alerts_.touch(key, at);
  const bool expected = !is_new && (by_the_calendar(*alert, at) || by_its_cadence(*alert, at));
  if (!is_new && at > alert->last_at) alert->cadence.learn(seconds(at - alert->last_at));
  if (is_new || at - alert->last_at >= kApart) alert->times[alert->count++ % kTimes] = at;
  alert->last_at = at;
  return expected;
}

}  // namespace iwakan::engine
