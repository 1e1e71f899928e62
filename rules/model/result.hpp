// Result<T>: a value, or a Failure that says what is wrong, where, and what to do.
//
// For everything that comes from outside (configuration, requests, peers, files). What must hold
// whatever the outside does is an IWAKAN_ASSERT (assert.hpp) instead.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace iwakan {

// Why something failed. Closed: it is the label of logs and metrics.
enum class Reason {
  malformed,     // does not parse as what it claims to be
  missing,       // a required member is absent
  wrong_type,    // present, but not of the type the format demands
  out_of_range,  // parsed, but outside the stated bounds
  unknown_name,  // names something that does not exist here
  duplicate,     // stands twice where it may stand once
  too_large,     // beyond a stated size, depth or count
  unauthorized,  // nobody knows who this is
  forbidden,     // known, and not allowed
  not_found,     // the thing asked for does not exist
  conflict,      // at odds with the present state
  unsupported,   // understood, but not something iwakan does
  unavailable,   // overload or own fault: try again later
  timed_out,     // no answer within the stated time
  corrupted,     // our own stored data is not what was written
  io,            // the operating system said no
};

std::string_view name(Reason reason);

struct Failure {
  Reason reason = Reason::malformed;
  std::string detail;  // one plain sentence: the problem and the remedy. Never holds a secret
  std::string path;    // where: a JSON pointer, a configuration path, a file; empty when the whole
};

// "path: detail", or just the detail. For logs and people; the text may hold untrusted input.
std::string to_string(const Failure& failure);

// Called by boost::system::result when value() is asked of a failure: a bug of ours.
[[noreturn]] void throw_exception_from_error(const Failure& failure, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Failure>;

}  // namespace iwakan
