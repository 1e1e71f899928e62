#include "sinks/console/sink.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "sinks/escape.hpp"
#include "sinks/layout/layout.hpp"

namespace iwakan::sinks::console {
namespace {

class Console final : public Sink {
 public:
  explicit Console(const Layout& layout) : layout_(layout) {}

  Result<void> start() override {
    coloured_ = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    return {};
  }

  void deliver(const Parcel& parcel, Done done) override {
    const Recipient& to = parcel.delivery.recipient;
    const std::string name = escape_terminal(to.address.empty() ? to.id : to.address);
    std::string text = rule("── " + name + " ──");
    for (const std::string& language : to.languages) {
      text += layout_.text(parcel.report, parcel.delivery, language, escape_terminal) + "\n";
    }
    DeliveryAnswer answer;
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (!written) {
      answer = {.verdict = DeliveryVerdict::retry_later,
                .reason = DeliveryReason::server_error,
                .detail = "stdout takes nothing",
                .retry_after = {},
                .outcome_unknown = true};
      std::clearerr(stdout);
    }
    done(std::move(answer));
  }

 private:
  std::string rule(const std::string& line) const {
    return coloured_ ? "\x1b[1;36m" + line + "\x1b[0m\n" : line + "\n";
  }

  const Layout& layout_;
  bool coloured_ = false;
};

}  // namespace

Make parse(Fields&) {
  return [](const Surroundings& surroundings) { return std::make_unique<Console>(surroundings.layout); };
}

}  // namespace iwakan::sinks::console
