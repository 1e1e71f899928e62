#include "sources/alertmanager/source.hpp"

#include "sources/alertmanager/decode.hpp"

namespace iwakan::sources::alertmanager {
namespace {

using namespace std::chrono_literals;

class Alertmanager final : public Source {
 public:
  Alertmanager(Duration expire_after, std::unique_ptr<Dialect> dialect)
      : expire_after_(expire_after), decoder_(std::move(dialect)) {}

  void receive(const Request& request, Done done) override {
    Result<Webhook> webhook = decoder_.decode(request.body, request.at);
    if (!webhook) return done(webhook.error());
    Received received;
    received.batch = std::move(webhook->batch);
    received.truncated = webhook->truncated;
    done(std::move(received));
  }

  std::optional<Duration> expire_after() const override { return expire_after_; }

 private:
  Duration expire_after_;
  Decoder decoder_;
};

}  // namespace

Make parse(Fields& fields) {
  return parse_webhook(fields, [] { return std::unique_ptr<Dialect>(); });
}

Make parse_webhook(Fields& fields, const std::function<std::unique_ptr<Dialect>()>& make_dialect) {
  // A firing alert is repeated after four hours, unless Alertmanager or Grafana is told otherwise.
  const Duration expire_after = fields.duration("expire_after", 5h, 1min, 24h * 30);
  return [expire_after, make_dialect](const Surroundings&) {
    return std::make_unique<Alertmanager>(expire_after, make_dialect());
  };
}

}  // namespace iwakan::sources::alertmanager
