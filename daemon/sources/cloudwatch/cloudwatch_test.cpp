// Goal: what AWS signed is taken, nothing else is, and nothing is fetched for a stranger. Method: certificates
// made here, messages signed here, each rule broken in turn (reference wire-formats A3, A4, F3, F4).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstring>
#include <memory>

#include "sinks/http_client.hpp"
#include "sources/cloudwatch/signature.hpp"
#include "sources/cloudwatch/sns_alarm.hpp"
#include "sources/cloudwatch/sns_message.hpp"
#include "sources/cloudwatch/source.hpp"
#include "sources/cloudwatch/topic.hpp"

namespace iwakan::sources::cloudwatch {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTopic = "arn:aws:sns:ap-northeast-1:111122223333:iwakan-test";
constexpr const char* kUrl = "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";
const TimePoint kNow = *parse_time("2026-09-01T00:00:30Z");

// --- somebody who signs

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

struct Signer {
  // Valid from `from` to `until` seconds around kNow, made out to `name`.
  explicit Signer(const char* name = "sns.amazonaws.com", long from = -3600, long until = 3600,
                  EVP_PKEY* own = EVP_RSA_gen(2048))
      : key(own, &EVP_PKEY_free) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    const auto now = time_t{kNow.time_since_epoch() / 1s};
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), now + from);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), now + until);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate.get());
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(bio, &bytes);
    pem.assign(bytes, static_cast<std::size_t>(length));
    BIO_free(bio);
  }

  std::string sign(const std::string& text, const EVP_MD* digest) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t length = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSignInit(context, nullptr, digest, nullptr, key.get());
    EVP_DigestSign(context, nullptr, &length, bytes, text.size());
    std::string signature(length, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &length, bytes, text.size());
    EVP_MD_CTX_free(context);
    signature.resize(length);
    return signature;
  }

  Key key;
  std::string pem;
};

const Signer& sns() {
  static const Signer signer;
  return signer;
}

std::string base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

json::object alarm(const char* state) {
  return {{"AlarmName", "API 5xx (本番)"},
          {"AlarmDescription", nullptr},
          {"AWSAccountId", "012345678901"},
          {"NewStateValue", state},
          {"NewStateReason", "line one\nline two \u2028 end"},
          {"StateChangeTime", "2026-09-01T00:00:01.250+0000"},
          {"AlarmArn", "arn:aws:cloudwatch:ap-northeast-1:012345678901:alarm:API 5xx (本番)"}};
}

json::object envelope(const json::object& message, const char* type = "Notification") {
  json::object body{{"Type", type},
                    {"MessageId", "00000000-0000-0000-0000-000000000001"},
                    {"TopicArn", kTopic},
                    {"Message", json::serialize(message)},
                    {"Timestamp", "2026-09-01T00:00:02.000Z"},
                    {"SignatureVersion", "2"},
                    {"SigningCertURL", kUrl}};
  if (std::string_view(type) != "Notification") {
    body["Token"] = "canary-token";
    body["SubscribeURL"] = "http://169.254.169.254/latest/meta-data";
  }
  return body;
}

std::string signed_body(json::object body, const Signer& signer = sns()) {
  body["Signature"] = "AAAA";
  const auto message = parse_message(json::serialize(body), {});
  EXPECT_TRUE(message.has_value());
  const EVP_MD* digest = body["SignatureVersion"] == "2" ? EVP_sha256() : EVP_sha1();
  body["Signature"] = base64(signer.sign(string_to_sign(*message), digest));
  return json::serialize(body);
}

// --- a source with a client that remembers

class Client : public sinks::HttpClient {
 public:
  void send(sinks::HttpRequest request, Done done) override {
    requests.push_back(std::move(request));
    waiting.push_back(std::move(done));
    if (!hold) answer_all();
  }
  void send(sinks::MailRequest, Done) override { FAIL() << "a source sends no mail"; }
  void answer_all() {
    const std::vector<Done> ready = std::move(waiting);
    waiting.clear();
    for (const Done& done : ready) done(answer);
  }

  std::vector<sinks::HttpRequest> requests;
  std::vector<Done> waiting;
  sinks::HttpOutcome answer;
  bool hold = false;
};

struct Feed {
  Feed() : Feed("auto_confirm", "false") {}
  Feed(const std::string& key_of_more, const std::string& value_of_more) {
    std::vector<std::pair<std::string, std::string>> more{{key_of_more, value_of_more}};
    client.answer.status = 200;
    client.answer.body = sns().pem;
    Setting setting;
    setting.kind = Setting::Kind::map;
    more.emplace_back("topics", kTopic);
    for (const auto& [key, value] : more) {
      Setting scalar;
      scalar.kind = Setting::Kind::scalar;
      scalar.scalar = value;
      setting.fields.emplace_back(key, scalar);
    }
    Complaints complaints;
    Fields fields(setting, complaints);
    const Make make = parse(fields);
    EXPECT_TRUE(complaints.empty());
    source = make({client, [](const std::function<void()>& what) { what(); }});
  }

  Result<Received> receive(const std::string& body, std::string_view header = {}, TimePoint at = kNow) {
    const std::vector<std::pair<std::string_view, std::string_view>> headers{{"X-Amz-Sns-Message-Type", header}};
    // Shared: an answer may come after this returned.
    const auto result = std::make_shared<Result<Received>>(Failure{Reason::unavailable, "not answered", {}});
    source->receive({.method = "POST", .target = "/v1/cloudwatch", .headers = headers, .body = body, .at = at},
                    [result](Result<Received> received) { *result = std::move(received); });
    return std::move(*result);
  }

  Client client;
  std::unique_ptr<Source> source;
};

// --- the envelope

TEST(Sns, SignsTheTextOfTheVector) {
  SnsMessage message;
  message.message = "hello";
  message.message_id = "00000000-0000-0000-0000-000000000001";
  message.timestamp = "2026-09-01T00:00:00.000Z";
  message.topic_arn = kTopic;
  const std::string text = string_to_sign(message);
  EXPECT_EQ(text.size(), 175U);
  std::array<unsigned char, 32> hash{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &length, EVP_sha256(), nullptr);
  std::string hex;
  for (const unsigned char byte : hash) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", unsigned{byte});
    hex += digits.data();
  }
  EXPECT_EQ(hex, "66a9c9b1795cd2efe19c2579d8bacc5efe089e9ff81c6afbb47f9f9aa49f6690");
}

// As the procedure of SNS writes it, by hand: who signs here and who checks are the same function.
TEST(Sns, SignsTheMembersOfEachTypeInTheirOrder) {
  SnsMessage message;
  message.message = "a\nb \u2028 日";
  message.message_id = "m";
  message.timestamp = "t";
  message.topic_arn = "arn";
  message.token = "tok";
  message.subscribe_url = "url";
  message.subject = "s";
  EXPECT_EQ(string_to_sign(message),
            "Message\na\nb \u2028 日\nMessageId\nm\nSubject\ns\nTimestamp\nt\nTopicArn\narn\nType\nNotification\n");
  message.type = MessageType::subscription_confirmation;
  EXPECT_EQ(string_to_sign(message),
            "Message\na\nb \u2028 日\nMessageId\nm\nSubscribeURL\nurl\nTimestamp\nt\nToken\ntok\nTopicArn\narn\n"
            "Type\nSubscriptionConfirmation\n");
  message.type = MessageType::unsubscribe_confirmation;
  EXPECT_EQ(string_to_sign(message),
            "Message\na\nb \u2028 日\nMessageId\nm\nSubscribeURL\nurl\nTimestamp\nt\nToken\ntok\nTopicArn\narn\n"
            "Type\nUnsubscribeConfirmation\n");
}

TEST(Sns, TakesWhatIsSignedInEitherVersionWithAndWithoutSubject) {
  for (const char* version : {"1", "2"}) {
    for (const bool subject : {false, true}) {
      Feed feed;
      json::object body = envelope(alarm("ALARM"));
      body["SignatureVersion"] = version;
      if (subject) body["Subject"] = "ALARM: 件名";
      body["MessageAttributes"] = json::object{};
      const auto received = feed.receive(signed_body(body), "Notification");
      ASSERT_TRUE(received) << to_string(received.error());
      ASSERT_EQ(received->batch.size(), 1U);
      EXPECT_EQ(received->batch.alerts()[0].label("alertname"), "API 5xx (本番)");
    }
  }
}

TEST(Sns, RefusesEveryChangedMember) {
  const json::object good = [] {
    json::object body = envelope(alarm("ALARM"));
    body["Subject"] = "subject";
    return json::parse(signed_body(body)).as_object();
  }();
  for (const char* member : {"Message", "MessageId", "Subject", "Timestamp"}) {
    Feed feed;
    json::object changed = good;
    std::string text(changed[member].as_string());
    text[text.size() - 2] = text[text.size() - 2] == '1' ? '2' : '1';
    changed[member] = text;
    EXPECT_FALSE(feed.receive(json::serialize(changed))) << member;
  }
  for (const char* type : {"SubscriptionConfirmation", "UnsubscribeConfirmation"}) {
    const json::object confirmation = json::parse(signed_body(envelope({}, type))).as_object();
    for (const char* member : {"Token", "SubscribeURL", "Type"}) {
      Feed feed;
      json::object changed = confirmation;
      const bool subscribes = std::string_view(type) == "SubscriptionConfirmation";
      changed[member] = std::string_view(member) != "Type" ? "another"
                        : subscribes                       ? "UnsubscribeConfirmation"
                                                           : "SubscriptionConfirmation";
      EXPECT_EQ(feed.receive(json::serialize(changed)).error().reason, Reason::forbidden) << type << " " << member;
    }
  }
  Feed feed;
  json::object removed = good;
  removed.erase("Subject");
  EXPECT_EQ(feed.receive(json::serialize(removed)).error().reason, Reason::forbidden);
  json::object weaker = good;
  weaker["SignatureVersion"] = "1";
  EXPECT_EQ(feed.receive(json::serialize(weaker)).error().reason, Reason::forbidden);
}

TEST(Sns, RefusesWhatIsMalformedByItsPointer) {
  const json::object good = json::parse(signed_body(envelope(alarm("ALARM")))).as_object();
  const auto with = [&good](const char* member, const auto& value) {
    json::object body = good;
    body[member] = value;
    return json::serialize(body);
  };
  const struct {
    std::string body;
    const char* path;
  } cases[] = {{"[]", ""},
               {json::serialize(alarm("ALARM")), "/Type"},  // raw delivery
               {with("Type", "Surprise"), "/Type"},
               {with("MessageId", 5), "/MessageId"},
               {with("MessageId", std::string(3'000, 'x')), "/MessageId"},
               {with("Signature", "%%%"), "/Signature"},
               {with("SignatureVersion", "3"), "/SignatureVersion"},
               {with("Timestamp", "now"), "/Timestamp"},
               {with("TopicArn", std::string(3'000, 'x')), "/TopicArn"},
               {R"({"Type":"Notification","Type":"SubscriptionConfirmation"})", "/Type"}};
  for (const auto& one : cases) {
    Feed feed;
    const auto received = feed.receive(one.body);
    ASSERT_FALSE(received) << one.body.substr(0, 80);
    EXPECT_EQ(received.error().path, one.path);
    EXPECT_TRUE(feed.client.requests.empty());
  }
  Feed feed;
  EXPECT_EQ(feed.receive(json::serialize(good), "SubscriptionConfirmation").error().path, "/Type");
  EXPECT_EQ(feed.receive(json::serialize(good) + std::string(std::size_t{2} << 20U, ' ')).error().reason,
            Reason::too_large);
}

// --- whom to trust

TEST(Topic, IsReadStrictly) {
  EXPECT_EQ(parse_topic(kTopic)->host(), "sns.ap-northeast-1.amazonaws.com");
  EXPECT_EQ(parse_topic("arn:aws-cn:sns:cn-north-1:111122223333:x")->host(), "sns.cn-north-1.amazonaws.com.cn");
  for (const char* bad : {"", "arn:aws:sqs:us-east-1:111122223333:x", "arn:aws:sns:us-east-1:1:x",
                          "arn:aws:sns::111122223333:x", "arn:aws:sns:s3.evil:111122223333:x",
                          "arn:evil:sns:us-east-1:111122223333:x", "arn:aws:sns:us-east-1:111122223333:",
                          "arn:aws:sns:us-east-1:111122223333:a:b", "arn:aws:sns:us-east-1:111122223333:x\n"}) {
    EXPECT_FALSE(parse_topic(bad)) << bad;
  }
}

TEST(CertificateUrl, IsExactlyWhereSnsKeepsThem) {
  const Topic topic = *parse_topic(kTopic);
  EXPECT_TRUE(check_certificate_url(kUrl, topic));
  for (const std::string bad : {
           "http://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem",
           "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a.pem",
           "https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-0a.pem",
           "https://sns.s3-accelerate.amazonaws.com/SimpleNotificationService-0a.pem",
           "https://s3.amazonaws.com/sns/SimpleNotificationService-0a.pem",
           "https://sns.ap-northeast-1.amazonaws.com.evil.example/SimpleNotificationService-0a.pem",
           "https://evil.example/sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem",
           "https://user@sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem",
           "https://sns.ap-northeast-1.amazonaws.com@evil.example/SimpleNotificationService-0a.pem",
           "https://sns.ap-northeast-1.amazonaws.com:443/SimpleNotificationService-0a.pem",
           "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem?x=1",
           "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem#x",
           "https://sns.ap-northeast-1.amazonaws.com/../SimpleNotificationService-0a.pem",
           "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-../x.pem",
           "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-.pem",
           "https://sns.ap-northeast-1.amazonaws.com/SomeOtherNotificationsOfAService0a.pem",
           "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a1b2c3d",
           "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a%2Fx.pem",
           "https://SNS.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem",
           "https://sns.ap-northeast-1.amazonaws.com./SimpleNotificationService-0a.pem",
           "https://sns%2Eap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem",
           "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem\n",
           "https://sns\u3002ap-northeast-1.amazonaws.com/SimpleNotificationService-0a.pem",
           "file:///etc/passwd",
           "",
       }) {
    EXPECT_FALSE(check_certificate_url(bad, topic)) << bad;
    Feed feed;
    json::object body = envelope(alarm("ALARM"));
    body["SigningCertURL"] = bad;
    EXPECT_FALSE(feed.receive(signed_body(body))) << bad;
    EXPECT_TRUE(feed.client.requests.empty()) << bad;
  }
}

TEST(CloudWatch, AStrangersTopicCostsNothing) {
  Feed feed;
  json::object body = envelope(alarm("ALARM"));
  body["TopicArn"] = "arn:aws:sns:ap-northeast-1:999999999999:evil";
  const auto received = feed.receive(signed_body(body));
  EXPECT_EQ(received.error().reason, Reason::forbidden);
  EXPECT_TRUE(feed.client.requests.empty());
}

TEST(CloudWatch, ACertificateMustBeSnssAndValidNow) {
  for (const Signer& signer :
       {Signer("evil.example"), Signer("sns.amazonaws.com", -7200, -3600), Signer("sns.amazonaws.com", 3600, 7200)}) {
    Feed feed;
    feed.client.answer.body = signer.pem;
    EXPECT_EQ(feed.receive(signed_body(envelope(alarm("ALARM")), signer)).error().reason, Reason::forbidden);
  }
  Feed elliptic;  // SNS signs with RSA; another kind of key is not its own, whatever it is made out to
  const Signer of_another_kind("sns.amazonaws.com", -3600, 3600, EVP_EC_gen("P-256"));
  elliptic.client.answer.body = of_another_kind.pem;
  EXPECT_EQ(elliptic.receive(signed_body(envelope(alarm("ALARM")), of_another_kind)).error().reason, Reason::forbidden);
  Feed feed;  // signed by another key than the certificate's
  EXPECT_EQ(feed.receive(signed_body(envelope(alarm("ALARM")), Signer())).error().reason, Reason::forbidden);
}

TEST(CloudWatch, OldCopiesAndWeakVersionsAreRefused) {
  const std::string body = signed_body(envelope(alarm("ALARM")));
  Feed feed;
  EXPECT_TRUE(feed.receive(body, {}, kNow + 50min));
  EXPECT_EQ(feed.receive(body, {}, kNow + 2h).error().path, "/Timestamp");
  EXPECT_EQ(feed.receive(body, {}, kNow - 1h).error().path, "/Timestamp");
  Feed strict("min_signature_version", "2");
  EXPECT_TRUE(strict.receive(body));
  json::object weak = envelope(alarm("ALARM"));
  weak["SignatureVersion"] = "1";
  EXPECT_EQ(strict.receive(signed_body(weak)).error().path, "/SignatureVersion");
}

TEST(CloudWatch, CertificatesAreFetchedOnceAndFailuresLeftAlone) {
  const std::string body = signed_body(envelope(alarm("ALARM")));
  Feed feed;
  EXPECT_TRUE(feed.receive(body));
  EXPECT_TRUE(feed.receive(body));
  ASSERT_EQ(feed.client.requests.size(), 1U);
  EXPECT_EQ(feed.client.requests[0].url, kUrl);
  EXPECT_EQ(feed.client.requests[0].method, "GET");
  EXPECT_TRUE(feed.client.requests[0].https_only);
  EXPECT_LE(feed.client.requests[0].response_bytes_max, 16U * 1024);
  EXPECT_LE(feed.client.requests[0].timeout, 5s);

  Feed down;
  down.client.answer.status = 302;
  EXPECT_EQ(down.receive(body).error().reason, Reason::unavailable);
  EXPECT_EQ(down.receive(body).error().reason, Reason::unavailable);
  EXPECT_EQ(down.client.requests.size(), 1U);
  down.client.answer.status = 200;
  EXPECT_TRUE(down.receive(body, {}, kNow + 2min));

  Feed slow;
  slow.client.hold = true;
  slow.receive(body);
  slow.receive(body);
  EXPECT_EQ(slow.client.requests.size(), 1U);
  slow.client.answer_all();
  EXPECT_TRUE(slow.receive(body));
}

// Every name of a certificate is another one to fetch, and a forger has many.
TEST(CloudWatch, ForgedMessagesHaveABoundedNumberOfCertificatesFetched) {
  Feed feed;
  feed.client.answer.body = "no certificate";
  for (int i = 0; i < 200; ++i) {
    json::object body = envelope(alarm("ALARM"));
    body["SigningCertURL"] =
        "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-" + std::to_string(i) + ".pem";
    EXPECT_EQ(feed.receive(signed_body(body)).error().reason, Reason::unavailable);
  }
  EXPECT_LE(feed.client.requests.size(), 64U);
}

TEST(CloudWatch, ASubscribeUrlIsNeverFetched) {
  const std::string body = signed_body(envelope({}, "SubscriptionConfirmation"));
  Feed careful;
  const auto received = careful.receive(body, "SubscriptionConfirmation");
  ASSERT_TRUE(received);
  ASSERT_EQ(received->notices.size(), 1U);
  EXPECT_THAT(received->notices[0], Not(HasSubstr("canary-token")));
  ASSERT_EQ(careful.client.requests.size(), 1U);
  EXPECT_EQ(careful.client.requests[0].url, kUrl);  // the certificate

  Feed confirming("auto_confirm", "true");
  EXPECT_TRUE(confirming.receive(body));
  ASSERT_EQ(confirming.client.requests.size(), 2U);
  EXPECT_EQ(confirming.client.requests[1].url,
            "https://sns.ap-northeast-1.amazonaws.com/"
            "?Action=ConfirmSubscription&TopicArn=arn:aws:sns:ap-northeast-1:111122223333:"
            "iwakan-test&Token=canary-token");
}

TEST(CloudWatch, AnUnsubscribedFeedIsSaidToBeGone) {
  Feed feed;
  const auto received = feed.receive(signed_body(envelope({}, "UnsubscribeConfirmation")));
  ASSERT_TRUE(received);
  EXPECT_TRUE(received->withdrawn);
  EXPECT_EQ(feed.client.requests.size(), 1U);
}

// --- alarms

Result<void> read(const json::object& message, AlertBatch& batch) {
  return parse_alarm(json::serialize(message), *parse_topic(kTopic), kNow, batch);
}

TEST(Alarm, StatesBecomeStatesAndMeetUnderOneFingerprint) {
  AlertBatch batch;
  json::object firing = alarm("ALARM");
  firing["Trigger"] = {{"MetricName", "5XX"},
                       {"Namespace", "AWS/ApplicationELB"},
                       {"Threshold", 5},
                       {"Dimensions", json::array{{{"value", "app/web"}, {"name", "LoadBalancer"}}}}};
  ASSERT_TRUE(read(firing, batch));
  ASSERT_TRUE(read(alarm("OK"), batch));
  ASSERT_TRUE(read(alarm("INSUFFICIENT_DATA"), batch));
  const auto alerts = batch.alerts();
  EXPECT_EQ(alerts[0].state, AlertState::firing);
  EXPECT_EQ(format_time(alerts[0].starts_at), "2026-09-01T00:00:01.250Z");
  EXPECT_EQ(alerts[0].label("dimension_LoadBalancer"), "app/web");
  EXPECT_EQ(alerts[0].label("region"), "ap-northeast-1");
  EXPECT_EQ(alerts[0].label("account"), "012345678901");
  EXPECT_EQ(alerts[0].annotation("threshold"), "5");
  EXPECT_EQ(alerts[1].state, AlertState::resolved);
  EXPECT_EQ(format_time(*alerts[1].ends_at), "2026-09-01T00:00:01.250Z");
  EXPECT_EQ(alerts[2].state, AlertState::no_data);
  EXPECT_EQ(alerts[0].fingerprint, alerts[1].fingerprint);
  EXPECT_EQ(alerts[0].fingerprint, alerts[2].fingerprint);
}

TEST(Alarm, EveryKindIsTaken) {
  const auto with = [](json::object more) {
    json::object message = alarm("ALARM");
    for (auto& member : more) message[member.key()] = member.value();
    return message;
  };
  json::object nameless = alarm("ALARM");
  nameless.erase("AlarmName");
  json::object old = alarm("ALARM");
  old.erase("AlarmArn");
  old.erase("StateChangeTime");
  json::object promql = alarm("ALARM");
  promql.erase("NewStateReason");
  const json::object messages[] = {
      nameless,
      old,
      promql,
      with({{"Trigger",
             {{"Metrics",
               json::array{{{"Id", "e1"}, {"Expression", "m1/m2"}},
                           {{"Id", "m1"}, {"MetricStat", {{"Metric", {{"Namespace", "N"}, {"MetricName", "M"}}}}}}}},
              {"ThresholdMetricId", "ad1"},
              {"TreatMissingData", "- TreatMissingData:                    missing"}}}}),
      with({{"Trigger", {{"MetricName", "M"}, {"TreatMissingData", "NonBreaching"}, {"Statistic", "AVERAGE"}}}}),
      with({{"Trigger", {{"MetricName", "M"}, {"TreatMissingData", "missing"}, {"ExtendedStatistic", "p99"}}}}),
      with({{"Trigger",
             {{"MetricName", "M"}, {"TreatMissingData", "- TreatMissingData:                    notBreaching"}}}}),
      with({{"Trigger", {{"MetricName", "M"}, {"TreatMissingData", ""}, {"Unit", nullptr}, {"Threshold", 0.5}}}}),
      with({{"AlarmRule", "ALARM(a)"},
            {"TriggeringChildren", json::array{{{"Arn", "arn:aws:cloudwatch:r:1:alarm:子"}}}}}),
      with({{"AlarmRule", "ALARM(a)"}, {"TriggeringChildren", json::array{"arn:aws:cloudwatch:r:1:alarm:子"}}}),
      with({{"TriggeringChildren", json::array{}}, {"Trigger", nullptr}, {"AlarmDescription", "a\nb"}}),
      with({{"AlarmContributorId", "c1"}}),
      with({{"NewStateReason", "\u0007 bell"}}),
  };
  AlertBatch batch;
  for (const json::object& message : messages) {
    const auto parsed = read(message, batch);
    ASSERT_TRUE(parsed) << to_string(parsed.error()) << json::serialize(message);
    EXPECT_EQ(batch.alerts().back().label("alertname"), "API 5xx (本番)");
  }
  EXPECT_EQ(batch.alerts()[3].label("metric"), "M");
  EXPECT_EQ(batch.alerts()[8].annotation("children"), "子");
  EXPECT_EQ(batch.alerts()[9].annotation("children"), "子");
  EXPECT_NE(batch.alerts()[11].fingerprint, batch.alerts()[0].fingerprint);  // contributors are told apart
  EXPECT_EQ(batch.alerts()[12].annotation("reason"), "  bell");
}

TEST(Alarm, NamesWhatIsWrong) {
  const struct {
    const char* message;
    const char* path;
  } cases[] = {{"hello", "/Message"},
               {"[]", "/Message"},
               {"{}", "/Message/NewStateValue"},
               {R"({"AlarmName":"a","NewStateValue":"BAD"})", "/Message/NewStateValue"},
               {R"({"NewStateValue":"OK"})", "/Message/AlarmName"},
               {R"({"AlarmName":"a","NewStateValue":"OK","StateChangeTime":"x"})", "/Message/StateChangeTime"}};
  for (const auto& one : cases) {
    AlertBatch batch;
    const auto parsed = parse_alarm(one.message, *parse_topic(kTopic), kNow, batch);
    ASSERT_FALSE(parsed) << one.message;
    EXPECT_EQ(parsed.error().path, one.path);
  }
}

TEST(Source, ASlipInItsConfigurationIsNamed) {
  Setting setting;
  setting.kind = Setting::Kind::map;
  Complaints complaints;
  Fields fields(setting, complaints);
  parse(fields);
  ASSERT_EQ(complaints.size(), 1U);
  EXPECT_THAT(complaints[0].problem, HasSubstr("names no topic"));
}

}  // namespace
}  // namespace iwakan::sources::cloudwatch
