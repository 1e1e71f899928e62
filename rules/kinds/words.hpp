// Words that the sentences of several rules share.
#pragma once

#include <chrono>
#include <cmath>
#include <string>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan::kinds::words {

inline double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// A length of time as a person says it: "8 minutes", "3 hours", "2 days". At least a minute.
inline Sentence span(Duration duration) {
  const double minutes = std::max(1., std::ceil(seconds(duration) / 60));
  const auto say = [](double amount, const char* ja, const char* en) {
    const long whole = std::lround(amount);
    const std::string count = std::to_string(whole);
    return Sentence{count + " " + ja, count + " " + en + (whole == 1 ? "" : "s")};
  };
  if (minutes < 120) return say(minutes, "分", "minute");
  if (minutes < 2880) return say(minutes / 60, "時間", "hour");
  return say(minutes / 1440, "日", "day");
}

inline Sentence span_of_seconds(double amount) {
  return span(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(amount)));
}

// "0" or "0 to 3".
inline Sentence range(std::uint64_t most) {
  if (most == 0) return {"0", "0"};
  return {"0〜" + std::to_string(most), "0 to " + std::to_string(most)};
}

}  // namespace iwakan::kinds::words
