// Goal: whoever proves who they are is known by their name, and nobody else is: not by a secret that is
// nearly right, presented another way, signed too long ago, or vouched for by a stranger.
// Method: a register with everything in it, and tables of requests.
#include "access/register.hpp"

#include <gmock/gmock.h>

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

const std::string kToken = "token-of-alertmanager-0123456789";
const std::string kKey = "grafana-test-secret";
const std::string kBody = R"({"version":"1","status":"firing","alerts":[]})";
// Vectors of Grafana's own scheme for that secret and body.
const std::string kSigned = "d74f73fe7d26cd1a9cccd83a709d107d2dd8e874febfe87c0406edacc531150a";
const std::string kStamped = "512b866da33fc265184944a0111ce02e3c2b542dbe8078305145010d44c75544";
const TimePoint kStampedAt{1790000000s};

struct RegisterTest : ::testing::Test {
  RegisterTest() {
    settings.on = true;
    settings.known = {
        sender("am", {"alertmanager"}, {TokenProof{secrets.keep("am", kToken), {}}}),
        sender("zabbix", {"events"}, {BasicProof{"zbx", secrets.keep("zabbix", "password-of-zabbix")}}),
        sender("datadog", {"events"}, {TokenProof{secrets.keep("datadog", "token-of-datadog"), "X-Api-Key"}}),
        sender("grafana", {"grafana"},
               {HmacProof{secrets.keep("grafana", kKey), "X-Grafana-Alerting-Signature", {}, {}}}),
        sender("grafana-stamped", {"grafana"},
               {HmacProof{secrets.keep("stamped", kKey), "X-Signature", "X-Timestamp", "sha256="}}),
        sender("edge", {"alertmanager"}, {CertificateProof{{}, "am.example.com"}}),
        sender("core", {"alertmanager"}, {CertificateProof{"CN=core,O=Books", {}}}),
        person("sato", Role::command, {TokenProof{secrets.keep("sato", "token-of-sato-0123"), {}}}),
        person("hasegawa@books.example", Role::respond, {}),
    };
    settings.proxy =
        Proxy{{boost::asio::ip::make_network_v4("10.1.0.0/16"), boost::asio::ip::make_network_v6("::1/128")},
              "X-Forwarded-Email",
              "X-Forwarded-Groups",
              {{"sre", Role::command}, {"desk", Role::respond}},
              std::nullopt};
  }

  // The caller's name, "" for nobody, or why not.
  std::string who(const Headers& headers, std::string_view remote = "192.0.2.7",
                  const Certificate* certificate = nullptr) {
    const auto opened = Register::open(settings, {});
    if (!opened) return to_string(opened.error());
    const auto found = opened->recognise({headers, remote, certificate});
    if (!found) return std::string(name(found.error().reason)) + ": " + found.error().detail;
    return *found ? (*found)->name : "";
  }

  std::string signed_by(const Headers& headers, std::string_view body, TimePoint now = kStampedAt,
                        std::string_view source = "grafana") {
    const auto opened = Register::open(settings, {});
    if (!opened->awaits_body(from(headers), source)) return "not signed";
    const auto found = opened->recognise_signature(from(headers), source, body, now);
    if (!found) return std::string(name(found.error().reason)) + ": " + found.error().detail;
    return (*found)->name;
  }

  Secrets secrets;
  Settings settings;
};

TEST_F(RegisterTest, KnowsByToken) {
  EXPECT_EQ(who({{"Authorization", "Bearer " + kToken}}), "am");
  EXPECT_EQ(who({{"authorization", "bearer  " + kToken + " "}}), "am");
  EXPECT_EQ(who({{"Authorization", "Basic YW06dG9rZW4tb2YtYWxlcnRtYW5hZ2VyLTAxMjM0NTY3ODk="}}), "am");
  EXPECT_EQ(who({{"Authorization", "Basic emJ4OnBhc3N3b3JkLW9mLXphYmJpeA=="}}), "zabbix");
  EXPECT_EQ(who({{"X-API-KEY", "token-of-datadog"}}), "datadog");
  EXPECT_EQ(who({}), "");
}

TEST_F(RegisterTest, KnowsNobodyByWhatIsNearlyRight) {
  for (const Headers& headers : {
           Headers{{"Authorization", ""}},
           Headers{{"Authorization", "Bearer"}},
           Headers{{"Authorization", "Bearer "}},
           Headers{{"Authorization", "Bearer token-of-alertmanager-012345678"}},
           Headers{{"Authorization", "Bearer token-of-alertmanager-01234567890"}},
           Headers{{"Authorization", "Bearer Token-of-alertmanager-0123456789"}},
           Headers{{"Authorization", "token-of-alertmanager-0123456789"}},
           Headers{{"Authorization", "Digest token-of-alertmanager-0123456789"}},
           Headers{{"Authorization", "Basic token-of-alertmanager-0123456789"}},
           // A secret for one way of presenting it is none for another.
           Headers{{"Authorization", "Bearer token-of-datadog"}},
           Headers{{"Authorization", "Bearer zbx:password-of-zabbix"}},
           Headers{{"X-Api-Key", "token-of-alertmanager-0123456789"}},
           Headers{{"Authorization", "Basic ???"}},
           // zbx: with the wrong password, and a name that does not exist with the right one.
           Headers{{"Authorization", "Basic emJ4OnBhc3N3b3JkLW9mLXphYmJpYQ=="}},
           Headers{{"Authorization", "Basic emJ5OnBhc3N3b3JkLW9mLXphYmJpeA=="}},
       }) {
    EXPECT_THAT(who(headers), HasSubstr("unauthorized: nobody is known by these credentials")) << headers[0].second;
  }
  EXPECT_THAT(who({{"Authorization", "Bearer " + kToken}, {"Authorization", "Bearer x"}}),
              HasSubstr("malformed: stands twice"));
}

TEST_F(RegisterTest, KnowsBySignature) {
  EXPECT_EQ(signed_by({{"X-Grafana-Alerting-Signature", kSigned}}, kBody), "grafana");
  EXPECT_EQ(signed_by({{"X-Signature", "sha256=" + kStamped}, {"X-Timestamp", "1790000000"}}, kBody),
            "grafana-stamped");
  EXPECT_EQ(signed_by({{"X-Other", kSigned}}, kBody), "not signed");
  EXPECT_EQ(signed_by({{"X-Grafana-Alerting-Signature", kSigned}}, kBody, kStampedAt, "alertmanager"), "not signed");
}

TEST_F(RegisterTest, KnowsByATokenInABodyOfBoundedLength) {
  settings.known.push_back(
      sender("pager", {"pagerduty"}, {TokenProof{secrets.keep("pager", "token-of-pagerduty"), {}, "routing_key"}}));
  const std::string body = R"({"routing_key":"token-of-pagerduty")";
  EXPECT_EQ(signed_by({}, body + "}", kStampedAt, "pagerduty"), "pager");
  for (const char* wrong : {R"({"routing_key":"token-of-pagerdutz"})", R"({"routing_key":5})", "{}", "[]", "{", ""}) {
    EXPECT_THAT(signed_by({}, wrong, kStampedAt, "pagerduty"), HasSubstr("unauthorized")) << wrong;
  }
  EXPECT_THAT(signed_by({}, body + ",\"x\":\"" + std::string(600'000, 'x') + "\"}", kStampedAt, "pagerduty"),
              HasSubstr("unauthorized"));
}

// What proves a sender of one source proves nothing to another source that awaits a body as well.
TEST_F(RegisterTest, AProofIsForTheSourcesOfItsSender) {
  settings.known.push_back(
      sender("pager", {"pagerduty"}, {TokenProof{secrets.keep("pager", "token-of-pagerduty"), {}, "routing_key"}}));
  settings.known.push_back(
      sender("other", {"alertmanager"},
             {HmacProof{secrets.keep("other", "a-key-of-somebody-else"), "X-Grafana-Alerting-Signature", {}, {}}}));
  EXPECT_THAT(signed_by({{"X-Grafana-Alerting-Signature", kSigned}}, kBody, kStampedAt, "alertmanager"),
              HasSubstr("unauthorized"));
  EXPECT_THAT(signed_by({{"X-Grafana-Alerting-Signature", "x"}}, R"({"routing_key":"token-of-pagerduty"})"),
              HasSubstr("unauthorized"));
}

TEST_F(RegisterTest, AChangedBodyIsNotSigned) {
  for (std::size_t i = 0; i < kBody.size(); ++i) {
    std::string changed = kBody;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THAT(signed_by({{"X-Grafana-Alerting-Signature", kSigned}}, changed), HasSubstr("does not fit the body"));
  }
  EXPECT_THAT(signed_by({{"X-Grafana-Alerting-Signature", kStamped}}, kBody), HasSubstr("does not fit"));
  EXPECT_THAT(signed_by({{"X-Grafana-Alerting-Signature", ""}}, kBody), HasSubstr("does not fit"));
  EXPECT_THAT(signed_by({{"X-Signature", "sha256=" + kStamped}, {"X-Timestamp", "1790000001"}}, kBody),
              HasSubstr("does not fit"));
  EXPECT_THAT(signed_by({{"X-Signature", kStamped}, {"X-Timestamp", "1790000000"}}, kBody), HasSubstr("does not fit"));
  EXPECT_THAT(signed_by({{"X-Signature", "sha256=" + kStamped}}, kBody), HasSubstr("does not fit"));
}

TEST_F(RegisterTest, AnOldSignatureIsAReplay) {
  const std::string signature = "sha256=" + kStamped;
  const Headers headers{{"X-Signature", signature}, {"X-Timestamp", "1790000000"}};
  EXPECT_EQ(signed_by(headers, kBody, kStampedAt + 5min), "grafana-stamped");
  EXPECT_EQ(signed_by(headers, kBody, kStampedAt - 5min), "grafana-stamped");
  EXPECT_THAT(signed_by(headers, kBody, kStampedAt + 5min + 1s),
              HasSubstr("unauthorized: the signature is more than five"));
  EXPECT_THAT(signed_by(headers, kBody, kStampedAt - 5min - 1s),
              HasSubstr("unauthorized: the signature is more than five"));
}

TEST_F(RegisterTest, KnowsByCertificate) {
  const Certificate by_name{"CN=whatever", {"other.example.com", "am.example.com"}};
  const Certificate by_subject{"CN=core,O=Books", {}};
  const Certificate stranger{"CN=am.example.com", {"am.example.com.evil.example"}};
  EXPECT_EQ(who({}, "192.0.2.7", &by_name), "edge");
  EXPECT_EQ(who({}, "192.0.2.7", &by_subject), "core");
  EXPECT_THAT(who({}, "192.0.2.7", &stranger), HasSubstr("unauthorized: the client certificate is good, but"));
  EXPECT_EQ(who({{"Authorization", "Bearer " + kToken}}, "192.0.2.7", &by_name), "am");
}

TEST_F(RegisterTest, BelievesTheProxyAndNobodyElse) {
  const Headers says{{"X-Forwarded-Email", "hasegawa@books.example"}};
  EXPECT_EQ(who(says, "10.1.2.3"), "hasegawa@books.example");
  EXPECT_EQ(who(says, "::ffff:10.1.2.3"), "hasegawa@books.example");
  EXPECT_EQ(who(says, "::1"), "hasegawa@books.example");
  for (const char* stranger : {"10.2.0.1", "127.0.0.1", "::2", "::ffff:10.2.0.1", "192.0.2.7", ""}) {
    EXPECT_EQ(who(says, stranger), "") << stranger;
  }
  EXPECT_THAT(who({{"X-Forwarded-Email", "a@x"}, {"X-Forwarded-Email", "b@x"}}, "10.1.2.3"), HasSubstr("stands twice"));
  EXPECT_THAT(who({{"X-Forwarded-Email", std::string(65, 'a')}}, "10.1.2.3"), HasSubstr("is no name"));
  EXPECT_THAT(who({{"X-Forwarded-Email", "sa\tto"}}, "10.1.2.3"), HasSubstr("is no name"));
  EXPECT_EQ(who({{"X-Forwarded-Email", ""}}, "10.1.2.3"), "");
  EXPECT_EQ(who({{"Authorization", "Bearer " + kToken}}, "10.1.2.3"), "am");  // a sender through the same proxy
}

TEST_F(RegisterTest, TheProxysPeopleHaveTheRoleOfTheirGroups) {
  const auto role = [&](const Headers& headers) {
    const auto found = Register::open(settings, {})->recognise(from(headers, "10.1.2.3"));
    return (*found)->role ? std::string(name(*(*found)->role)) : "none";
  };
  EXPECT_EQ(role({{"X-Forwarded-Email", "hasegawa@books.example"}, {"X-Forwarded-Groups", "sre"}}), "respond");
  EXPECT_EQ(role({{"X-Forwarded-Email", "a@x"}, {"X-Forwarded-Groups", "all, desk,sre"}}), "command");
  EXPECT_EQ(role({{"X-Forwarded-Email", "a@x"}, {"X-Forwarded-Groups", "all,desk"}}), "respond");
  EXPECT_EQ(role({{"X-Forwarded-Email", "a@x"}, {"X-Forwarded-Groups", "sres"}}), "none");
  EXPECT_EQ(role({{"X-Forwarded-Email", "a@x"}}), "none");
  settings.proxy->role = Role::read;
  EXPECT_EQ(role({{"X-Forwarded-Email", "a@x"}}), "read");
}

TEST_F(RegisterTest, RefusesSecretsThatTellNobodyApartOrCanBeGuessed) {
  settings.known.push_back(person("twin", Role::admin, {TokenProof{secrets.keep("twin", kToken), {}}}));
  EXPECT_THAT(who({}), HasSubstr("access: twin: has the same secret as am"));
  settings.known.back() = person("short", Role::admin, {TokenProof{secrets.keep("short", "123456789012345"), {}}});
  EXPECT_THAT(who({}), HasSubstr("access: short: the secret is shorter than 16 bytes"));
  EXPECT_THAT(who({}), Not(HasSubstr("123456789012345")));
  settings.known.back() = person("nowhere", Role::admin, {TokenProof{{"/nowhere", {}}, {}}});
  EXPECT_THAT(who({}), HasSubstr("access: nowhere: /nowhere: the secret cannot be read"));
}

}  // namespace
}  // namespace iwakan::access
