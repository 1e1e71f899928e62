#include "sinks/curl_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "model/ascii.hpp"
#include "sinks/escape.hpp"

namespace iwakan::sinks {
namespace {

constexpr int kPollMilliseconds = 1000;
constexpr long kConnectionsKept = 32;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

DeliveryReason reason_of(CURLcode code) {
  switch (code) {
    case CURLE_OK: return DeliveryReason::accepted;
    case CURLE_OPERATION_TIMEDOUT: return DeliveryReason::timed_out;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_SSL_CACERT_BADFILE: return DeliveryReason::misconfigured;
    case CURLE_LOGIN_DENIED: return DeliveryReason::unauthorized;
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR: return DeliveryReason::tls;
    default: return DeliveryReason::unreachable;
  }
}

}  // namespace

// One exchange: the easy handle and everything it points to while it runs.
struct CurlClient::Exchange {
  explicit Exchange(Done when_done) : done(std::move(when_done)), easy(curl_easy_init()) {
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_WRITEFUNCTION, &Exchange::take_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Exchange::take_header);
    set(CURLOPT_HEADERDATA, this);
  }
  ~Exchange() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(list);
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy, option, value);
  }
  void set_timeout(Duration timeout) {
    set(CURLOPT_TIMEOUT_MS, long{std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count()});
  }

  void prepare(HttpRequest request);
  void prepare(MailRequest request);
  void finish(CURLcode code);
  void refuse(DeliveryReason reason, std::string detail) {
    outcome.reason = reason;
    outcome.detail = std::move(detail);
    done(std::move(outcome));
  }

  static std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::size_t room = exchange.response_bytes_max - exchange.outcome.body.size();
    exchange.outcome.body.append(bytes, std::min(room, size * count));
    exchange.cut_off = size * count > room;
    return exchange.cut_off ? 0 : size * count;
  }
  static std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::string_view line(bytes, size * count);
    exchange.header_bytes += line.size();
    exchange.cut_off = exchange.header_bytes > exchange.response_bytes_max;
    if (exchange.cut_off) return 0;
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
      exchange.outcome.headers.emplace_back(ascii_lower(trim(line.substr(0, colon))),
                                            std::string(trim(line.substr(colon + 1))));
    }
    return line.size();
  }
  static int look_for_end(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::atomic<bool>*>(stopping)->load() ? 1 : 0;
  }
  static std::size_t give_body(char* room, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::size_t length = std::min(size * count, exchange.body.size() - exchange.sent);
    exchange.body.copy(room, length, exchange.sent);
    exchange.sent += length;
    return length;
  }

  Done done;
  CURL* easy;
  curl_slist* list = nullptr;
  std::string body;
  std::size_t sent = 0;
  std::size_t response_bytes_max = std::size_t{64} * 1024;
  std::size_t header_bytes = 0;
  bool cut_off = false;
  HttpOutcome outcome;
  std::string problem;  // known before it was sent
  bool crowded = false;
};

void CurlClient::Exchange::prepare(HttpRequest request) {
  for (const auto& [name, value] : request.headers) {
    if (!is_header_safe(name) || !is_header_safe(value)) problem = "a header holds a line break";
    list = curl_slist_append(list, (name + ": " + value).c_str());
  }
  list = curl_slist_append(list, "Expect:");
  body = std::move(request.body);
  response_bytes_max = request.response_bytes_max;
  set(CURLOPT_PROTOCOLS_STR, request.https_only ? "https" : "http,https");
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_HTTPHEADER, list);
  set(CURLOPT_USERAGENT, "iwakan");
  set_timeout(request.timeout);
  if (request.method == "GET") {
    set(CURLOPT_HTTPGET, 1L);
    return;
  }
  set(CURLOPT_POST, 1L);
  set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(CURLOPT_POSTFIELDS, body.data());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
}

void CurlClient::Exchange::prepare(MailRequest request) {
  if (!is_header_safe(request.from)) problem = "the sender holds a line break";
  for (const std::string& to : request.to) {
    if (!is_header_safe(to)) problem = "a recipient holds a line break";
    list = curl_slist_append(list, ("<" + to + ">").c_str());
  }
  body = std::move(request.message);
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_URL, request.server.c_str());
  set(CURLOPT_USE_SSL, static_cast<long>(request.starttls_required ? CURLUSESSL_ALL
                                         : request.starttls_never  ? CURLUSESSL_NONE
                                                                   : CURLUSESSL_TRY));
  if (!request.ca_file.empty()) set(CURLOPT_CAINFO, request.ca_file.c_str());
  if (!request.username.empty()) {
    set(CURLOPT_USERNAME, request.username.c_str());
    set(CURLOPT_PASSWORD, request.password.c_str());
  }
  set(CURLOPT_MAIL_FROM, ("<" + request.from + ">").c_str());
  set(CURLOPT_MAIL_RCPT, list);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &Exchange::give_body);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body.size()));
  set_timeout(request.timeout);
  set(CURLOPT_FRESH_CONNECT, 1L);
  set(CURLOPT_FORBID_REUSE, 1L);
  // Also of the QUIT after a timeout, to which the whole exchange's timeout no longer applies.
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, long{std::chrono::ceil<std::chrono::seconds>(request.timeout).count()});
}

void CurlClient::Exchange::finish(CURLcode code) {
  long status = 0;
  long request_bytes = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_bytes);
  outcome.status = static_cast<int>(status);
  // The answer was too long to be read to its end, but its status is an answer.
  if (code == CURLE_WRITE_ERROR && cut_off) code = CURLE_OK;
  outcome.reason = reason_of(code);
  if (code != CURLE_OK) {
    outcome.detail = curl_easy_strerror(code);
    const bool mail_left = !body.empty() && sent == body.size();
    // 354 asks for the message; the reply that counts comes after its end.
    const bool answered = status >= 300 && !(mail_left && status == 354);
    // An unsupported protocol after a request was sent: the answer was no HTTP.
    const bool no_answer = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
                           code == CURLE_PARTIAL_FILE || code == CURLE_ABORTED_BY_CALLBACK ||
                           code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL;
    outcome.outcome_unknown = no_answer && !answered && (request_bytes > 0 || mail_left);
    if (outcome.outcome_unknown && code != CURLE_OPERATION_TIMEDOUT) outcome.reason = DeliveryReason::unreachable;
  }
  done(std::move(outcome));
}

// One thread, and what it runs.
class CurlClient::Loop {
 public:
  Loop() : multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kConnectionsKept);
    thread_ = std::thread([this] { run(); });
  }
  ~Loop() {
    stopping_ = true;
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void enqueue(std::unique_ptr<Exchange> exchange);

 private:
  void run();
  std::size_t begin(std::deque<std::unique_ptr<Exchange>> fresh);  // returns how many were refused
  std::size_t collect();                                           // returns how many are finished
  void end();

  CURLM* multi_;
  std::map<CURL*, std::unique_ptr<Exchange>> running_;
  std::mutex mutex_;
  std::deque<std::unique_ptr<Exchange>> queue_;  // protected by mutex_
  std::size_t pending_ = 0;                      // protected by mutex_
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

void CurlClient::Loop::enqueue(std::unique_ptr<Exchange> exchange) {
  exchange->set(CURLOPT_NOPROGRESS, 0L);
  exchange->set(CURLOPT_XFERINFOFUNCTION, &Exchange::look_for_end);
  exchange->set(CURLOPT_XFERINFODATA, &stopping_);
  {
    const std::lock_guard lock(mutex_);
    if (pending_ >= kPendingMax) exchange->crowded = true;
    ++pending_;
    queue_.push_back(std::move(exchange));
  }
  curl_multi_wakeup(multi_);
}

void CurlClient::Loop::run() {
  while (!stopping_) {
    std::deque<std::unique_ptr<Exchange>> fresh;
    {
      const std::lock_guard lock(mutex_);
      fresh.swap(queue_);
    }
    std::size_t finished = begin(std::move(fresh));
    int running = 0;
    curl_multi_perform(multi_, &running);
    finished += collect();
    {
      const std::lock_guard lock(mutex_);
      pending_ -= finished;
    }
    if (finished == 0) curl_multi_poll(multi_, nullptr, 0, kPollMilliseconds, nullptr);
  }
  end();
}

std::size_t CurlClient::Loop::begin(std::deque<std::unique_ptr<Exchange>> fresh) {
  std::size_t refused = 0;
  for (std::unique_ptr<Exchange>& exchange : fresh) {
    if (!exchange->problem.empty()) {
      exchange->refuse(DeliveryReason::misconfigured, exchange->problem);
      ++refused;
    } else if (exchange->crowded) {
      exchange->refuse(DeliveryReason::unreachable, "too many exchanges are waiting");
      ++refused;
    } else {
      CURL* easy = exchange->easy;
      running_[easy] = std::move(exchange);
      curl_multi_add_handle(multi_, easy);
    }
  }
  return refused;
}

std::size_t CurlClient::Loop::collect() {
  std::size_t finished = 0;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    const auto found = running_.find(message->easy_handle);
    const std::unique_ptr<Exchange> exchange = std::move(found->second);
    running_.erase(found);
    curl_multi_remove_handle(multi_, exchange->easy);
    exchange->finish(code);
    ++finished;
  }
  return finished;
}

// What is under way may have arrived, what waits has not left.
void CurlClient::Loop::end() {
  for (auto& [easy, exchange] : running_) {
    curl_multi_remove_handle(multi_, easy);
    exchange->outcome.outcome_unknown = true;
    exchange->refuse(DeliveryReason::unreachable, "iwakan is stopping");
  }
  running_.clear();
  const std::lock_guard lock(mutex_);
  for (const auto& exchange : queue_) exchange->refuse(DeliveryReason::unreachable, "iwakan is stopping");
  queue_.clear();
}

CurlClient::CurlClient() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
  web_ = std::make_unique<Loop>();
  mail_ = std::make_unique<Loop>();
}

CurlClient::~CurlClient() = default;

void CurlClient::send(HttpRequest request, Done done) {
  auto exchange = std::make_unique<Exchange>(std::move(done));
  exchange->prepare(std::move(request));
  web_->enqueue(std::move(exchange));
}

void CurlClient::send(MailRequest request, Done done) {
  auto exchange = std::make_unique<Exchange>(std::move(done));
  exchange->prepare(std::move(request));
  mail_->enqueue(std::move(exchange));
}

}  // namespace iwakan::sinks
