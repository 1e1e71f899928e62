// Alertmanager's webhook, version 4 (reference wire-formats A1), to alerts. Pure, and on the hot path:
// one pass over the text, which is copied once.
//
// Owned by its source; one thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "model/alert.hpp"
#include "model/result.hpp"
#include "model/time.hpp"
#include "sources/alert_json.hpp"

namespace iwakan::sources::alertmanager {

struct Webhook {
  AlertBatch batch;
  bool truncated = false;
};

// What a sender that posts in this format adds to it.
class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name() const = 0;  // "Grafana's webhook"

  virtual void begin() = 0;  // an alert

  // One of its members; those that Alertmanager has as well were read already.
  virtual std::optional<Failure> member(std::string_view key, simdjson::ondemand::value value,
                                        const AlertPlace& place) = 0;

  // The alert is complete, but for what was kept of its further members.
  virtual void finish(Alert& alert, AlertBatch& batch) = 0;
};

class Decoder {
 public:
  explicit Decoder(std::unique_ptr<Dialect> dialect = nullptr);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Unknown members are ignored, those that old senders leave out are not missed. A Failure names what
  // is wrong by JSON pointer; nothing of the request is taken then. `at`: the end of resolved ones without one.
  Result<Webhook> decode(std::string_view body, TimePoint at);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace iwakan::sources::alertmanager
