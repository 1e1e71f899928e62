// Client: a plain blocking TCP client of the tests, which says exactly the bytes it is told to.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace iwakan::http {

struct Answered {
  int status = 0;                              // 0: the connection ended without an answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class Client {
 public:
  explicit Client(std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // False: the server has closed.
  bool send(std::string_view bytes);

  // The next answer, whole. Waits up to ten seconds for each piece. `head`: the answer to a HEAD.
  Answered answer(bool head = false);

  // True once the server has closed; false if it says anything instead, or nothing within ten seconds.
  bool closed();

  // Whether something can be read, or the server has closed, within `within`.
  bool readable(std::chrono::milliseconds within);

  void shut_sending();

 private:
  bool receive();

  int socket_;
  std::string received_;
};

}  // namespace iwakan::http
