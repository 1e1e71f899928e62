// Goal: the table never loses, doubles or confuses an alert. Method: random inserts and erasures beside
// a std::map as the naive twin.
#include "engine/alert_table.hpp"

#include <gtest/gtest.h>

#include <map>

namespace iwakan::engine {
namespace {

TEST(AlertTable, AgreesWithANaiveTwin) {
  AlertTable table;
  const SourceId source = table.source_id("alertmanager");
  EXPECT_EQ(table.source_id("cloudwatch"), source + 1);
  EXPECT_EQ(table.source_id("alertmanager"), source);
  std::map<std::pair<SourceId, Fingerprint>, std::string> twin;
  std::uint64_t random = 7;
  for (int i = 0; i < 50'000; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    const Fingerprint fingerprint = (random >> 40U) % 2'000;  // near ones cluster unless mixed
    const auto id = static_cast<SourceId>((random >> 20U) % 2);
    const auto key = std::pair(id, fingerprint);
    AlertEntry* entry = table.find(id, fingerprint);
    ASSERT_EQ(entry != nullptr, twin.contains(key));
    if (entry != nullptr) {
      ASSERT_EQ(table.subject(*entry), twin.at(key));
      table.erase(id, fingerprint);
      twin.erase(key);
    } else {
      const std::string subject = "subject-" + std::to_string(random % 97);
      AlertEntry fresh;
      fresh.fingerprint = fingerprint;
      fresh.source = id;
      table.insert(fresh, subject, "name");
      twin[key] = subject;
    }
    ASSERT_EQ(table.size(), twin.size());
    ASSERT_EQ(table.firing(), twin.size());
  }
}

TEST(Names, AreForgottenWithTheirLastUse) {
  Names names;
  const auto a = names.use("checkout");
  EXPECT_EQ(names.use("checkout"), a);
  names.release(a);
  EXPECT_EQ(names.text(a), "checkout");
  names.release(a);
  EXPECT_EQ(names.size(), 0U);
  EXPECT_EQ(names.use("mailer"), a);  // the place is used again
}

}  // namespace
}  // namespace iwakan::engine
