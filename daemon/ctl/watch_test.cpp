// Goal: events are read whole, however the text comes in. Method: one text in pieces of every size.
#include "ctl/watch.hpp"

#include <gtest/gtest.h>

#include <string>

namespace iwakan::ctl {
namespace {

TEST(EventReaderTest, ReadsEventsInPiecesOfAnySize) {
  const std::string text =
      "retry: 3000\n\nid: 1-1-1\nevent: timeline\ndata: {\"a\":1}\n\n: still here\n\nid: 1-1-2\r\nevent: "
      "gap\r\ndata:one\r\n"
      "data: two\r\n\r\nid: 1-1-3\ndata: not finished";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    std::string seen;
    EventReader reader(
        [&seen](const EventReader::Event& event) { seen += event.id + " " + event.type + " " + event.data + "|"; });
    for (std::size_t at = 0; at < text.size(); at += size) reader.feed(std::string_view(text).substr(at, size));
    EXPECT_EQ(seen, "1-1-1 timeline {\"a\":1}|1-1-2 gap one\ntwo|") << size;
  }
}

}  // namespace
}  // namespace iwakan::ctl
