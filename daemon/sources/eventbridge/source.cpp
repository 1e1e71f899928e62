#include "sources/eventbridge/source.hpp"

#include "sources/eventbridge/event.hpp"

namespace iwakan::sources::eventbridge {
namespace {

class EventBridge final : public Source {
 public:
  void receive(const Request& request, Done done) override { done(parse_event(request.body, request.at)); }

  // It speaks on change only.
  std::optional<Duration> expire_after() const override { return std::nullopt; }
};

}  // namespace

Make parse(Fields&) {
  return [](const Surroundings&) { return std::make_unique<EventBridge>(); };
}

}  // namespace iwakan::sources::eventbridge
