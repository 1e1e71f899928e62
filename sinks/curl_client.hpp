// CurlClient: the HttpClient of the daemon, on libcurl's multi interface, with one thread of its own.
//
// Connections are kept and used again. Redirects are never followed, certificates always verified; a
// proxy is taken from the environment as curl does. At most kPendingMax exchanges wait at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

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
  struct Multi;

  void enqueue(std::unique_ptr<Exchange> exchange);
  void run();

  std::unique_ptr<Multi> multi_;
  std::mutex mutex_;
  std::deque<std::unique_ptr<Exchange>> queue_;  // protected by mutex_
  std::size_t pending_ = 0;                      // protected by mutex_
  bool stopping_ = false;                        // protected by mutex_
  std::thread thread_;
};

}  // namespace iwakan::sinks
