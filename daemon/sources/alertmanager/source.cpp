#include "sources/alertmanager/source.hpp"

#include "sources/alertmanager/decode.hpp"

namespace iwakan::sources::alertmanager {
namespace {

using namespace std::chrono_literals;

class Alertmanager final : public Source {
 public:
  explicit Alertmanager(Duration expire_after) : expire_after_(expire_after) {}

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
  // Alertmanager repeats a firing alert after four hours, unless told otherwise.
  const Duration expire_after = fields.duration("expire_after", 5h, 1min, 24h * 30);
  return [expire_after](const Surroundings&) { return std::make_unique<Alertmanager>(expire_after); };
}

}  // namespace iwakan::sources::alertmanager
