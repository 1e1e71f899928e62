// Alertmanager's webhook, version 4 (reference wire-formats A1), to alerts. Pure, and on the hot path:
// one pass over the text, which is copied once.
//
// Owned by its source; one thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace iwakan::sources::alertmanager {

struct Webhook {
  AlertBatch batch;
  bool truncated = false;
};

class Decoder {
 public:
  Decoder();
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
