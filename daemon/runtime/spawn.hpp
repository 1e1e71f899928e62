// spawn: starts a coroutine that nobody waits for. An exception that escapes it is a bug of ours: it
// is said on stderr, and the process ends, so that systemd starts it afresh from what is on disk.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace boost::asio {
class io_context;
}

namespace iwakan::runtime {

// `name` says which coroutine it was; a string literal. The coroutine begins within io.run().
void spawn(boost::asio::io_context& io, const char* name, boost::asio::awaitable<void> task);

}  // namespace iwakan::runtime
