// CurlClient: the HttpClient of the daemon, on libcurl's multi interface, with two threads of its own: one
// for HTTP, one for mail. libcurl lets go of its thread while it waits for an HTTP answer, but not while it
// waits for the reply to a mail's final dot; a silent mail server must hold up nothing else.
//
// HTTP connections are kept and used again; each mail has its own, so that a late reply is never taken for
// the reply to the next. Redirects are never followed, certificates always verified; a proxy is taken from
// the environment as curl does. At most kPendingMax exchanges of each sort wait at a time.
#pragma once

#include <cstddef>
#include <memory>

#include "sinks/http_client.hpp"

namespace iwakan::sinks {

class CurlClient : public HttpClient {
 public:
  static constexpr std::size_t kPendingMax = 1'000;

  CurlClient();
  // Ends what is under way; every `done` was called before this returns.
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  void send(HttpRequest request, Done done) override;
  void send(MailRequest request, Done done) override;

 private:
  struct Exchange;
  class Loop;

  std::unique_ptr<Loop> web_;
  std::unique_ptr<Loop> mail_;
};

}  // namespace iwakan::sinks
