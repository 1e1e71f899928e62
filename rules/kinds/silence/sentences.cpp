#include "kinds/silence/sentences.hpp"

#include "kinds/words.hpp"

namespace iwakan::kinds::silence {

Sentence beat_missed(const std::string& subject, const std::string& alert_name, Duration silent, double usual) {
  const Sentence span = words::span(silent);
  const Sentence every = words::span_of_seconds(usual);
  return {subject + "：「" + alert_name + "」が " + span.ja + "届いていません（ふだんは約 " + every.ja + "ごと）",
          subject + ": \"" + alert_name + "\" has not come for " + span.en + "; it usually comes every " + every.en};
}

Sentence subject_silent(const std::string& subject, Duration silent) {
  const Sentence span = words::span(silent);
  return {subject + " から " + span.ja + "何のアラートも届いていません（この時間帯としては長い沈黙です）",
          "Nothing at all from " + subject + " for " + span.en + ", long for these hours"};
}

Sentence source_silent(const std::string& source, Duration silent) {
  const Sentence span = words::span(silent);
  return {"監視元 " + source + " から " + span.ja +
              "何も届いていません。監視が止まっている可能性があります（静かなだけとは考えにくい時間です）",
          "Nothing from the source " + source + " for " + span.en +
              ": its monitoring may have stopped; too long for a quiet time"};
}

Sentence not_met(const std::string& conditions, Duration silent, Duration every) {
  const Sentence span = words::span(silent);
  const Sentence agreed = words::span(every);
  return {"届くはずの " + conditions + " が " + span.ja + "届いていません（" + agreed.ja + "ごとの取り決め）",
          "Expected every " + agreed.en + " and not come for " + span.en + ": " + conditions};
}

}  // namespace iwakan::kinds::silence
