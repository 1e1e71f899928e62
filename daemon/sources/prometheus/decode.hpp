// What is posted to Alertmanager's API, version 2 (reference wire-formats A2), to alerts: by Prometheus, its
// kin (Thanos, Mimir, Loki, vmalert), Grafana's contact point "Alertmanager", amtool. Pure, one pass.
//
// Owned by its source; one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/alert.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::sources::prometheus {

struct Posted {
  AlertBatch batch;     // what is right of it, for it is taken whatever stands beside it
  std::string refused;  // a line for each alert that is not: "/3/labels: …"; empty: all are right
};

class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // As Alertmanager reads it: an end up to `at` is a resolve, a later one is until when the sender vouches for
  // the alert, no end means until `at` and resolve_timeout. Unknown members are ignored. A Failure is about the
  // body as a whole (no JSON, no list, too many): nothing of it is taken then.
  Result<Posted> decode(std::string_view body, TimePoint at, Duration resolve_timeout);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace iwakan::sources::prometheus
