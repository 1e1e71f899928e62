// Delivery: one report on its way to one recipient through one sink; DeliveryAnswer: what the way
// answered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/sentence.hpp"
#include "model/time.hpp"

namespace iwakan {

// Where and how one recipient is reached. From the configuration, never from alerts.
struct Recipient {
  std::string id;                      // stable: "supervisor/hasegawa", "everybody/slack-all"
  std::string person;                  // id of the person who can acknowledge; empty for rooms and lists
  std::string sink;                    // name of the configured sink
  std::string address;                 // what `to` means to that sink: a mail address, a channel; may be empty
  std::vector<std::string> languages;  // in this order; never empty
  std::string time_zone;               // IANA name of the reader's; empty: the one of all reports
  std::string edition;                 // theirs: "management", "customers", "department.cs"; empty: everybody's

  friend bool operator==(const Recipient&, const Recipient&) = default;
};

// Closed: the label of the delivery metrics.
enum class DeliveryReason : std::uint8_t {
  accepted,       // the sink took it
  timed_out,      // no answer in time: outcome unknown
  unreachable,    // refused, reset, no route, no such name
  rate_limited,   // asked to slow down
  server_error,   // the other side's own fault
  unauthorized,   // credentials missing or refused
  rejected,       // understood and refused: the same again would be refused again
  tls,            // no trustworthy connection
  misconfigured,  // the sink cannot work as configured (no such address, file not writable)
  gone,           // the target no longer exists
};

std::string_view name(DeliveryReason reason);

enum class DeliveryVerdict : std::uint8_t {
  delivered,
  retry_later,  // worth trying again
  give_up,      // never worth trying again: becomes a dead letter
};

std::string_view name(DeliveryVerdict verdict);

struct DeliveryAnswer {
  DeliveryVerdict verdict = DeliveryVerdict::delivered;
  DeliveryReason reason = DeliveryReason::accepted;
  std::string detail;                   // one line, no secret, may quote the peer: escape it when shown
  std::optional<Duration> retry_after;  // as the peer asked
  bool outcome_unknown = false;         // it may have arrived all the same

  friend bool operator==(const DeliveryAnswer&, const DeliveryAnswer&) = default;
};

enum class DeliveryState : std::uint8_t { pending, delivered, dead };

std::string_view name(DeliveryState state);

struct Delivery {
  // Stable over retries and restarts: the idempotency key. "INC-17.1.supervisor-hasegawa": made of
  // incident, report number (a correction adds its version: "INC-17.3v2.…"; a notice has a number of its own:
  // "INC-17.n3.…") and recipient; [A-Za-z0-9_-.] only, since it travels in headers.
  std::string id;
  std::string incident;
  std::uint32_t report = 1;   // number of the report
  std::uint32_t version = 1;  // of the report
  // "everybody", a group's id, the id of a department (its supervisor's), "cs.mori" (a deputy's), "notice.3";
  // "everybody.management" …: what became of it for a recipient who gets an edition of their own.
  std::string edition;
  Sentence why;  // it comes to this recipient out of turn; empty: it is theirs
  std::uint32_t wave = 0;
  Recipient recipient;
  DeliveryState state = DeliveryState::pending;
  std::uint32_t attempts = 0;  // started, each recorded before the first byte leaves
  bool maybe_sent = false;     // an earlier attempt may have arrived: say so in the message
  TimePoint queued_at{};
  std::optional<TimePoint> answered_at;              // last answer
  DeliveryReason reason = DeliveryReason::accepted;  // of the last answer
  std::string detail;

  friend bool operator==(const Delivery&, const Delivery&) = default;
};

}  // namespace iwakan
