#include "sinks/file/sink.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>

#include "sinks/escape.hpp"
#include "sinks/report_json.hpp"

namespace iwakan::sinks::file {
namespace {

struct Params {
  std::string path;
  bool sync = true;
};

class File final : public Sink {
 public:
  File(Params params, const Layout& layout) : params_(std::move(params)), layout_(layout) {}
  ~File() override {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Result<void> start() override {
    descriptor_ = open(params_.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor_ >= 0) return {};
    return Failure{Reason::io, std::string("the file cannot be opened: ") + std::strerror(errno), params_.path};
  }

  // One write for each line, so that lines of several writers never mix.
  void deliver(const Parcel& parcel, Done done) override {
    const std::string line =
        (torn_ ? "\n" : "") +
        valid_utf8(boost::json::serialize(delivery_json(parcel.report, parcel.delivery, layout_))) + "\n";
    const ssize_t written = write(descriptor_, line.data(), line.size());
    if (written > 0) torn_ = line[static_cast<std::size_t>(written) - 1] != '\n';
    if (written == static_cast<ssize_t>(line.size()) && (!params_.sync || fdatasync(descriptor_) == 0)) return done({});
    done({.verdict = DeliveryVerdict::retry_later,
          .reason = DeliveryReason::server_error,
          .detail = written < 0 ? std::strerror(errno) : "the file took only a part",
          .retry_after = {},
          .outcome_unknown = written > 0});
  }

 private:
  Params params_;
  const Layout& layout_;
  int descriptor_ = -1;
  bool torn_ = false;  // a full disk took only a part of the last line: the next begins on a new one
};

}  // namespace

Make parse(Fields& fields) {
  Params params{fields.required_text("path"), fields.boolean("sync", true)};
  return [params = std::move(params)](const Surroundings& surroundings) {
    return std::make_unique<File>(params, surroundings.layout);
  };
}

}  // namespace iwakan::sinks::file
