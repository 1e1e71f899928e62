#include "runtime/spawn.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace iwakan::runtime {
namespace {

struct Ended {
  const char* name;

  void operator()(const std::exception_ptr& escaped) const {
    if (escaped == nullptr) return;
    try {
      std::rethrow_exception(escaped);
    } catch (const std::exception& exception) {
      std::fprintf(stderr, "<2>iwakan: an exception escaped from %s: %s\n", name, exception.what());
    } catch (...) {
      std::fprintf(stderr, "<2>iwakan: an exception of unknown type escaped from %s\n", name);
    }
    std::abort();
  }
};

}  // namespace

void spawn(boost::asio::io_context& io, const char* name, boost::asio::awaitable<void> task) {
  boost::asio::co_spawn(io, std::move(task), Ended{name});
}

}  // namespace iwakan::runtime
