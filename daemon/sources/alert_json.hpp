// What Alertmanager's webhook and its API spell in the same way: texts, pairs of labels, times. And the body
// itself, with the room behind it that simdjson wants.
//
// One thread; owned by a source's decoder.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::sources {

// Where an alert stands in the request: the list ("/alerts", or empty for the whole), and its number in it.
// Spelled out only when something is wrong there.
struct AlertPlace {
  std::string_view list;
  std::size_t index = 0;

  std::string path(std::string_view member = {}) const;
};

// One body after another, in memory that is kept between them.
class JsonBody {
 public:
  // `document` looks into this, until the next call.
  std::optional<Failure> begin(std::string_view body, simdjson::ondemand::document& document);
  // Complains when something stands behind what was read.
  static std::optional<Failure> end(simdjson::ondemand::document& document);

 private:
  static constexpr std::size_t kParserBytesMax = std::size_t{256} << 20U;

  simdjson::ondemand::parser parser_{kParserBytesMax};
  std::string padded_;
};

// Reads an alert's members.
class AlertReader {
 public:
  // A member that both spell alike: labels (empty values are left out, a name twice is refused), annotations,
  // startsAt, endsAt, generatorURL. Others are passed over.
  std::optional<Failure> member(std::string_view key, simdjson::ondemand::value value, const AlertPlace& place,
                                AlertBatch& batch, Alert& alert, TimePoint& ends_at);

  static std::optional<Failure> text(simdjson::ondemand::value value, std::string_view& text, const AlertPlace& place,
                                     std::string_view member);

 private:
  std::optional<Failure> pairs(simdjson::ondemand::value value, AlertBatch& batch, std::span<const Label>& kept,
                               const AlertPlace& place, std::string_view member);
  static std::optional<Failure> time(simdjson::ondemand::value value, TimePoint& time, const AlertPlace& place,
                                     std::string_view member);

  std::vector<Label> labels_;
};

}  // namespace iwakan::sources
