// Goal: every role may do exactly what it may; nobody sends in the place of another; who asks for more
// than their share is told to come back, and nobody else notices. Method: the matrix of callers and
// routes; a clock moved by hand.
#include "access/gate.hpp"

#include <gmock/gmock.h>

#include <array>

#include "access/testing.hpp"

namespace iwakan::access {
namespace {

using namespace std::chrono_literals;
using access::testing::from;
using access::testing::Headers;
using access::testing::person;
using access::testing::Secrets;
using access::testing::sender;
using ::testing::HasSubstr;

constexpr std::array kRoles{Role::metrics, Role::read, Role::respond, Role::command, Role::admin};

std::string token_of(std::string_view name) {
  return "secret-token-of-" + std::string(name);
}

struct GateTest : ::testing::Test {
  GateTest() {
    settings.on = true;
    for (const Role role : kRoles) {
      const std::string name(access::name(role));
      settings.known.push_back(person(name, role, {TokenProof{secrets.keep(name, token_of(name)), {}}}));
    }
    settings.known.push_back(sender("am", {"alertmanager"}, {TokenProof{secrets.keep("am", token_of("am")), {}}}));
    settings.known.push_back(sender("mad", {"alertmanager"}, {TokenProof{secrets.keep("mad", token_of("mad")), {}}}));
    settings.known.back().caller.budget = {.requests = 10, .bytes = 1000, .burst = 2s};
    settings.known.push_back(
        sender("grafana", {"grafana"}, {HmacProof{secrets.keep("grafana", "grafana-test-secret"), "X-Sig", {}, {}}}));
    use();
  }

  void use() { gate.use(std::make_shared<const Register>(*Register::open(settings, {}))); }

  Verdict ask(const May& may, std::string_view who, std::uint64_t bytes = 0) {
    const std::string bearer = "Bearer " + token_of(who);
    const Headers headers = who.empty() ? Headers{} : Headers{{"Authorization", bearer}};
    return gate.judge(may, from(headers), bytes);
  }

  // "name", "401" and the like.
  std::string outcome(const May& may, std::string_view who) {
    const Verdict verdict = ask(may, who);
    if (verdict.what == Verdict::What::refused) return std::string(name(verdict.failure.reason));
    return verdict.caller ? verdict.caller->name : "anybody";
  }

  Secrets secrets;
  Settings settings;
  runtime::ManualClock clock;
  Gate gate{clock};
};

TEST_F(GateTest, EveryRoleMayWhatItMayAndNoMore) {
  for (const Role has : kRoles) {
    for (const Role needs : kRoles) {
      EXPECT_EQ(outcome(May::person(needs), name(has)), has >= needs ? name(has) : "forbidden")
          << name(has) << " asks for " << name(needs);
    }
    EXPECT_EQ(outcome(May::sender_of("alertmanager"), name(has)), has == Role::admin ? "admin" : "forbidden");
  }
  const Verdict refused = ask(May::person(Role::admin), "respond");
  EXPECT_EQ(refused.failure.detail, "respond has the role respond; this needs admin");
}

TEST_F(GateTest, ASenderSendsToItsSourcesAndDoesNothingElse) {
  EXPECT_EQ(outcome(May::sender_of("alertmanager"), "am"), "am");
  EXPECT_EQ(outcome(May::sender_of("grafana"), "am"), "forbidden");
  for (const Role needs : kRoles) EXPECT_EQ(outcome(May::person(needs), "am"), "forbidden");
}

TEST_F(GateTest, AStrangerMayWhatAnyoneMay) {
  EXPECT_EQ(outcome(May::anyone(), ""), "anybody");
  EXPECT_EQ(outcome(May::signer_of("cloudwatch"), ""), "anybody");
  EXPECT_EQ(outcome(May::anyone(), "stranger"), "anybody");
  for (const char* who : {"", "stranger"}) {
    EXPECT_EQ(outcome(May::sender_of("alertmanager"), who), "unauthorized");
    EXPECT_EQ(outcome(May::sender_of("grafana"), who), "unauthorized");
    for (const Role needs : kRoles) EXPECT_EQ(outcome(May::person(needs), who), "unauthorized");
  }
}

TEST_F(GateTest, WhoSignsIsKnownByTheBody) {
  const Headers headers{{"X-Sig", "d74f73fe7d26cd1a9cccd83a709d107d2dd8e874febfe87c0406edacc531150a"}};
  const std::string body = R"({"version":"1","status":"firing","alerts":[]})";
  EXPECT_EQ(gate.judge(May::sender_of("grafana"), from(headers), 0).what, Verdict::What::after_body);
  EXPECT_EQ(gate.judge_body(May::sender_of("grafana"), from(headers), body).caller->name, "grafana");
  EXPECT_EQ(gate.judge_body(May::sender_of("grafana"), from(headers), body + " ").what, Verdict::What::refused);
  EXPECT_EQ(gate.judge(May::sender_of("alertmanager"), from(headers), 0).failure.reason, Reason::unauthorized);
  EXPECT_EQ(gate.judge(May::person(Role::read), from(headers), 0).failure.reason, Reason::unauthorized);
}

TEST_F(GateTest, WithoutARegisterEverybodyMay) {
  gate.use(nullptr);
  EXPECT_EQ(outcome(May::person(Role::admin), ""), "anybody");
  EXPECT_EQ(outcome(May::sender_of("alertmanager"), ""), "anybody");
}

TEST_F(GateTest, AReloadTakesATokenAway) {
  EXPECT_EQ(outcome(May::person(Role::read), "command"), "command");
  std::erase_if(settings.known, [](const Known& known) { return known.caller.name == "command"; });
  use();
  EXPECT_EQ(outcome(May::person(Role::read), "command"), "unauthorized");
}

TEST_F(GateTest, AMadSenderIsToldToComeBackAndOthersDoNotNotice) {
  const May may = May::sender_of("alertmanager");
  int taken = 0;
  for (int i = 0; i < 100; ++i) {
    if (ask(may, "mad").what == Verdict::What::admitted) ++taken;
  }
  EXPECT_EQ(taken, 20);  // two seconds of ten
  const Verdict refused = ask(may, "mad");
  EXPECT_EQ(refused.failure.reason, Reason::unavailable);
  EXPECT_THAT(refused.failure.detail, HasSubstr("mad asks for more than its budget"));
  EXPECT_EQ(ask(may, "am").what, Verdict::What::admitted);
  clock.advance(100ms);
  EXPECT_EQ(ask(may, "mad").what, Verdict::What::admitted);
  EXPECT_EQ(ask(may, "mad").what, Verdict::What::refused);
  clock.advance(1h);
  taken = 0;
  while (ask(may, "mad").what == Verdict::What::admitted) ++taken;
  EXPECT_EQ(taken, 20);  // rest is not saved up
}

TEST_F(GateTest, BytesAreCountedToo) {
  const May may = May::sender_of("alertmanager");
  EXPECT_EQ(ask(may, "mad", 3000).what, Verdict::What::admitted);  // larger than what is left, but not refused for ever
  EXPECT_EQ(ask(may, "mad", 1).what, Verdict::What::refused);
  clock.advance(1s);
  EXPECT_EQ(ask(may, "mad", 1).what, Verdict::What::refused);
  clock.advance(10ms);
  const Verdict chunked = ask(may, "mad");
  EXPECT_EQ(chunked.what, Verdict::What::admitted);
  gate.charge(chunked.caller, 5000);
  EXPECT_EQ(ask(may, "mad").what, Verdict::What::refused);
}

}  // namespace
}  // namespace iwakan::access
