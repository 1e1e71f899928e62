// Sink: a way to reach people or machines. Kind: what the catalogue knows of one.
//
// A sink renders and sends; it decides nothing. It never sees the engine. Retries, order and
// bookkeeping are the dispatcher's (daemon/delivery).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "model/delivery.hpp"
#include "model/report.hpp"
#include "model/result.hpp"
#include "model/setting.hpp"

namespace iwakan::sinks {

class HttpClient;  // sinks/http_client.hpp
class Layout;      // sinks/layout/layout.hpp

// What is to be sent: both must outlive the call of deliver() only.
struct Parcel {
  const Report& report;
  const Delivery& delivery;
  TimePoint now{};  // of this attempt, for signatures and Date headers
};

class Sink {
 public:
  using Done = std::function<void(DeliveryAnswer)>;

  virtual ~Sink() = default;

  // Opens files, checks that directories are writable. Called once, on the io thread, before the
  // first delivery; pure parsing has happened before.
  virtual Result<void> start() = 0;

  // Renders and sends one report to one recipient. Called on the io thread and returns at once;
  // `done` is called exactly once, on any thread, possibly before this returns. Never throws.
  virtual void deliver(const Parcel& parcel, Done done) = 0;
};

// What all sinks share. Owned by the daemon, outlives every sink.
struct Surroundings {
  HttpClient& http;
  const Layout& layout;
  std::string credentials;  // systemd's $CREDENTIALS_DIRECTORY; empty: there are none
};

// One kind of sink, a line of the catalogue. `parse` reads the kind's own part of the configuration
// (all keys but `kind`), complains about the rest, and gives a maker that opens nothing.
using Make = std::function<std::unique_ptr<Sink>(const Surroundings&)>;

struct Kind {
  std::string_view name;
  Make (*parse)(Fields& fields);
};

}  // namespace iwakan::sinks
