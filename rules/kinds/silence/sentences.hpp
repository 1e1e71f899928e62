// What the rule says of a silence, to a manager. Names are untrusted text.
#pragma once

#include <string>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan::kinds::silence {

// `usual`: seconds between two beats.
Sentence beat_missed(const std::string& subject, const std::string& alert_name, Duration silent, double usual);

Sentence subject_silent(const std::string& subject, Duration silent);
Sentence source_silent(const std::string& source, Duration silent);

// `conditions`: of what people expect `every` so often.
Sentence not_met(const std::string& conditions, Duration silent, Duration every);

}  // namespace iwakan::kinds::silence
