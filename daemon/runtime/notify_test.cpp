// Goal: systemd hears what it expects, byte by byte, and nothing is sent when nobody asked. Method:
// a datagram socket of our own, with a path and abstract, plays systemd.
#include "runtime/notify.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace iwakan::runtime {
namespace {

using namespace std::chrono_literals;

class Systemd {
 public:
  explicit Systemd(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    if (path.front() == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), length), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~Systemd() {
    ::close(socket_);
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
  }
  Systemd(const Systemd&) = delete;
  Systemd& operator=(const Systemd&) = delete;

  std::string heard() const {  // empty when there is nothing
    std::array<char, 512> buffer{};
    const auto count = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return count < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(count));
  }

 private:
  int socket_;
};

std::string abstract_name() {
  return "@iwakan-notify-test-" + std::to_string(getpid());
}

TEST(Notify, SpeaksAsSystemdExpects) {
  const Systemd systemd(abstract_name());
  auto notify = Notify::from_environment();
  ASSERT_TRUE(notify) << notify.error().detail;
  notify->ready();
  EXPECT_EQ(systemd.heard(), "READY=1");
  notify->status("3 incidents\nREADY=1");
  EXPECT_EQ(systemd.heard(), "STATUS=3 incidents READY=1");
  notify->reloading(Moment(1500ms));
  EXPECT_EQ(systemd.heard(), "RELOADING=1\nMONOTONIC_USEC=1500000");
  notify->watchdog();
  EXPECT_EQ(systemd.heard(), "WATCHDOG=1");
  notify->stopping();
  EXPECT_EQ(systemd.heard(), "STOPPING=1");
}

TEST(Notify, FindsASocketWithAPath) {
  const auto folder = std::filesystem::temp_directory_path() / ("iwakan-notify-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  {
    const Systemd systemd((folder / "notify").string());
    auto notify = Notify::from_environment();
    ASSERT_TRUE(notify) << notify.error().detail;
    notify->ready();
    EXPECT_EQ(systemd.heard(), "READY=1");
  }
  std::filesystem::remove_all(folder);
}

TEST(Notify, NeverWaitsForADeafSystemd) {
  const Systemd systemd(abstract_name());
  auto notify = Notify::from_environment();
  ASSERT_TRUE(notify);
  for (int i = 0; i < 10'000; ++i) notify->watchdog();  // far more than the socket holds
  EXPECT_EQ(systemd.heard(), "WATCHDOG=1");
}

TEST(Notify, IsSilentOutsideSystemd) {
  unsetenv("NOTIFY_SOCKET");
  auto notify = Notify::from_environment();
  ASSERT_TRUE(notify);
  notify->ready();
  EXPECT_FALSE(notify->watchdog_every());
}

TEST(Notify, FeedsTheWatchdogTwiceAPeriod) {
  struct Row {
    const char* microseconds;
    std::string pid;
    std::optional<Duration> every;
  };
  for (const Row& row : {Row{"30000000", "", 15s}, Row{"30000000", std::to_string(getpid()), 15s},
                         Row{"30000000", "1", std::nullopt}, Row{"", "", std::nullopt}}) {
    const Systemd systemd(abstract_name());
    setenv("WATCHDOG_USEC", row.microseconds, 1);
    setenv("WATCHDOG_PID", row.pid.c_str(), 1);
    auto notify = Notify::from_environment();
    ASSERT_TRUE(notify);
    EXPECT_EQ(notify->watchdog_every(), row.every) << row.microseconds << " " << row.pid;
  }
}

TEST(Notify, NamesTheVariableThatMakesNoSense) {
  struct Row {
    const char* variable;
    const char* value;
  };
  for (const Row& row :
       {Row{"NOTIFY_SOCKET", "relative"}, Row{"NOTIFY_SOCKET", "/"}, Row{"NOTIFY_SOCKET", "@nobody-listens-here"},
        Row{"WATCHDOG_USEC", "soon"}, Row{"WATCHDOG_USEC", "0"}, Row{"WATCHDOG_PID", "me"}}) {
    const Systemd systemd(abstract_name());
    setenv("WATCHDOG_USEC", "1000000", 1);
    setenv(row.variable, row.value, 1);
    const auto notify = Notify::from_environment();
    ASSERT_FALSE(notify) << row.variable << "=" << row.value;
    EXPECT_EQ(notify.error().path, row.variable);
  }
}

}  // namespace
}  // namespace iwakan::runtime
