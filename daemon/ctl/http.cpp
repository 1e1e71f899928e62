#include "ctl/http.hpp"

#include <curl/curl.h>

#include <array>
#include <new>

namespace iwakan::ctl {
namespace {

constexpr long kConnectSeconds = 5;
constexpr long kExchangeSeconds = 60;
constexpr std::size_t kAnswerBytesMax = 256UL * 1024 * 1024;

std::size_t keep(char* data, std::size_t, std::size_t size, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size > kAnswerBytesMax) return 0;
  text.append(data, size);
  return size;
}

int status_of(CURL* curl) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

struct Listening {
  CURL* curl;
  const Connection::Take& take;
  Answer answer;
};

std::size_t hand_on(char* data, std::size_t, std::size_t size, void* to) {
  auto& listening = *static_cast<Listening*>(to);
  if (status_of(listening.curl) != 200) return keep(data, 1, size, &listening.answer.body);
  return listening.take({data, size}) ? size : 0;
}

class HeaderList {
 public:
  void add(const std::string& line) {
    curl_slist* longer = curl_slist_append(list_, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    list_ = longer;
  }
  ~HeaderList() { curl_slist_free_all(list_); }
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

void add_headers(const Headers& headers, const Secret& token, HeaderList& list) {
  list.add("Expect:");
  bool typed = false;
  bool proved = token.empty();
  for (const auto& [header, value] : headers) {
    // libcurl's spelling of a header without a value.
    list.add(value.empty() ? header + ";" : header + ": " + value);
    typed = typed || curl_strequal(header.c_str(), "content-type") != 0;
    proved = proved || curl_strequal(header.c_str(), "authorization") != 0;
  }
  if (!proved) list.add("Authorization: Bearer " + token.reveal());
  if (!typed) list.add("Content-Type:");  // rather none than libcurl's guess
}

}  // namespace

struct Connection::Handle {
  CURL* curl = curl_easy_init();
  std::array<char, CURL_ERROR_SIZE> error{};
};

Connection::Connection(Params params) : params_(std::move(params)), handle_(std::make_unique<Handle>()) {
  if (handle_->curl == nullptr) throw std::bad_alloc();
}

Connection::~Connection() {
  curl_easy_cleanup(handle_->curl);
}

void Connection::prepare(const std::string& target, void* header_lines) {
  CURL* curl = handle_->curl;
  handle_->error.front() = '\0';
  curl_easy_reset(curl);  // the connection stays open
  curl_easy_setopt(curl, CURLOPT_URL, (params_.url + target).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  if (!params_.ca.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, params_.ca.c_str());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, handle_->error.data());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, header_lines);
}

Failure Connection::failure(int code) const {
  const auto why = static_cast<CURLcode>(code);
  const char* known = handle_->error.front() != '\0' ? handle_->error.data() : curl_easy_strerror(why);
  const Reason reason = why == CURLE_OPERATION_TIMEDOUT ? Reason::timed_out
                        : why == CURLE_WRITE_ERROR      ? Reason::too_large
                                                        : Reason::unavailable;
  return Failure{reason, known, ""};
}

Result<Answer> Connection::exchange(const std::string& method, const std::string& target, const Headers& headers,
                                    const std::string& body) {
  CURL* curl = handle_->curl;
  HeaderList list;
  add_headers(headers, params_.token, list);
  Answer answer;
  prepare(target, list.get());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kExchangeSeconds);
  if (method != "GET" || !body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) return failure(code);
  answer.status = status_of(curl);
  return answer;
}

Result<Answer> Connection::listen(const std::string& target, const Headers& headers, const Take& take) {
  HeaderList list;
  add_headers(headers, params_.token, list);
  Listening listening{handle_->curl, take, {}};
  prepare(target, list.get());
  // Something comes every 15 seconds: after a minute without, nobody is there any more.
  curl_easy_setopt(handle_->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle_->curl, CURLOPT_LOW_SPEED_TIME, 60L);
  curl_easy_setopt(handle_->curl, CURLOPT_WRITEFUNCTION, hand_on);
  curl_easy_setopt(handle_->curl, CURLOPT_WRITEDATA, &listening);
  const CURLcode code = curl_easy_perform(handle_->curl);
  listening.answer.status = status_of(handle_->curl);
  if (code != CURLE_OK && listening.answer.status != 200) return failure(code);
  return listening.answer;
}

}  // namespace iwakan::ctl
