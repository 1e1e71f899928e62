// never_seen: an alert name that never fired before, or never on this subject.
//
// How surprising is news? By Good and Turing: the chance that the next episode is of a kind not seen
// yet is about (kinds seen exactly once) / (episodes seen). A subject that is new itself is one piece of
// news; what else it brings in its first day is not. Source: reference detection, section 3.4.
#pragma once

#include "engine/rule.hpp"

namespace iwakan::kinds::never_seen {

// {learn_for: 7d, kinds_max: 20000}
engine::MakeRule parse(Fields& fields);

}  // namespace iwakan::kinds::never_seen
