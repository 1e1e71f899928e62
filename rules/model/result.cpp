#include "model/result.hpp"

namespace iwakan {

std::string_view name(Reason reason) {
  switch (reason) {
    case Reason::malformed: return "malformed";
    case Reason::missing: return "missing";
    case Reason::wrong_type: return "wrong_type";
    case Reason::out_of_range: return "out_of_range";
    case Reason::unknown_name: return "unknown_name";
    case Reason::duplicate: return "duplicate";
    case Reason::too_large: return "too_large";
    case Reason::unauthorized: return "unauthorized";
    case Reason::forbidden: return "forbidden";
    case Reason::not_found: return "not_found";
    case Reason::conflict: return "conflict";
    case Reason::unsupported: return "unsupported";
    case Reason::unavailable: return "unavailable";
    case Reason::timed_out: return "timed_out";
    case Reason::corrupted: return "corrupted";
    case Reason::io: return "io";
  }
  return "malformed";
}

std::string to_string(const Failure& failure) {
  return failure.path.empty() ? failure.detail : failure.path + ": " + failure.detail;
}

void throw_exception_from_error(const Failure& failure, const boost::source_location& where) {
  throw std::logic_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) +
                         ": value of a failed result: " + to_string(failure));
}

}  // namespace iwakan
