#include "sources/prometheus/source.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "sources/prometheus/decode.hpp"

namespace iwakan::sources::prometheus {
namespace {

using namespace std::chrono_literals;

class Prometheus final : public Source {
 public:
  explicit Prometheus(Duration resolve_timeout) : resolve_timeout_(resolve_timeout) {}

  void receive(const Request& request, Done done) override {
    const std::string_view type = request.header("content-type");
    if (!type.starts_with("application/json")) {
      return done(Failure{Reason::unsupported, "send the alerts as Content-Type: application/json", {}});
    }
    Result<Posted> posted = decoder_.decode(request.body, request.at, resolve_timeout_);
    if (!posted) return done(posted.error());
    Received received;
    received.batch = std::move(posted->batch);
    if (!posted->refused.empty()) {
      // Alertmanager answers with a JSON string.
      received.answer = boost::json::serialize(boost::json::string(posted->refused));
      received.refused = Failure{Reason::out_of_range, std::move(posted->refused), {}};
    }
    done(std::move(received));
  }

  std::optional<Duration> expire_after() const override { return resolve_timeout_; }

 private:
  Duration resolve_timeout_;
  Decoder decoder_;
};

}  // namespace

Make parse(Fields& fields) {
  // Alertmanager's default, and four times Prometheus's resend delay of a minute, and a little.
  const Duration resolve_timeout = fields.duration("resolve_timeout", 5min, 10s, 24h);
  return [resolve_timeout](const Surroundings&) { return std::make_unique<Prometheus>(resolve_timeout); };
}

}  // namespace iwakan::sources::prometheus
