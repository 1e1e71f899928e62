// Goal: fingerprints are those of Prometheus, and a batch owns its text wherever it moves.
#include "model/alert.hpp"

#include <gtest/gtest.h>

namespace iwakan {
namespace {

std::string fingerprint(std::vector<Label> labels) {
  AlertBatch batch;
  std::span<const Label> sorted;
  EXPECT_TRUE(batch.keep_sorted(labels, sorted));
  return format_fingerprint(fingerprint_of(sorted));
}

TEST(Alert, FingerprintsAreThoseOfPrometheus) {
  EXPECT_EQ(fingerprint({}), "cbf29ce484222325");
  EXPECT_EQ(fingerprint({{"name", "garland, briggs"}, {"fear", "love is not enough"}}), "507a62d79ee76c9a");
  EXPECT_EQ(fingerprint({{"instance", "db1.example:9100"}, {"alertname", "DiskFull"}}), "430dc5b99dcf6198");
  EXPECT_EQ(fingerprint({{"alertname", "ディスク残量低下"}, {"env", "prod"}}), "9fb6b1affde33781");
  EXPECT_EQ(fingerprint({{"alertname", "ディスク残量低下"}, {"env", "prod"}, {"empty", ""}}), "9fb6b1affde33781");
}

TEST(AlertBatch, NamesALabelThatStandsTwice) {
  AlertBatch batch;
  std::vector<Label> labels{{"b", "1"}, {"a", "2"}, {"b", "3"}};
  std::span<const Label> sorted;
  EXPECT_FALSE(batch.keep_sorted(labels, sorted));
  ASSERT_EQ(sorted.size(), 2U);
  EXPECT_EQ(sorted[1], (Label{"b", "1"}));
}

TEST(AlertBatch, OwnsItsTextAlsoAfterAMove) {
  AlertBatch moved;
  {
    std::string name = "alertname", value = "DiskFull of a rather long name, beyond small strings";
    AlertBatch batch;
    std::vector<Label> labels{{batch.keep(name), batch.keep(value)}};
    Alert alert;
    batch.keep_sorted(labels, alert.labels);
    alert.link = batch.keep("https://example.com/");
    batch.add(alert);
    AlertBatch copy;
    copy.add_copy(batch.alerts()[0]);
    moved = std::move(copy);
  }
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved.alerts()[0].label("alertname"), "DiskFull of a rather long name, beyond small strings");
  EXPECT_EQ(moved.alerts()[0].label("absent"), "");
  EXPECT_EQ(moved.alerts()[0].link, "https://example.com/");
}

}  // namespace
}  // namespace iwakan
