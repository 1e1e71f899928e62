// Any bytes as a request, in each of the formats, through a mapping that uses all there is: alerts or a failure.
#include <cstdint>

#include "model/assert.hpp"
#include "settings/yaml.hpp"
#include "sources/generic/mapping.hpp"

namespace {

constexpr const char* kMapping =
    "json_in: [/data, /tags]\nroot: [/incident, /data, '']\nalerts: ''\nempty: [none]\n"
    "state: {at: [/state, /event_action, /data/status], firing: [open, trigger, problem], resolved: [closed], "
    "otherwise: "
    "no_data}\n"
    "labels: {alertname: [/name, =x], a: {at: /severity, map: {P1: critical}, otherwise: info}, h: 'header:x'}\n"
    "labels_from: [{at: /tags, split: ',', pair: ':'}, {at: /monitor/tags, name: /name, value: /value}, {at: "
    "/labels}]\n"
    "identity: [alertname, 'a*']\nstarts_at: {at: /t, format: [epoch_s, rfc1123, local, rfc3339]}\nlink: /url\n"
    "answer: {status: 202, members: {k: ^/name}}\n";

iwakan::sources::generic::Mapping mapping() {
  iwakan::Complaints complaints;
  const auto tree = iwakan::settings::parse_yaml(kMapping, "m.yaml", complaints);
  auto parsed = iwakan::sources::generic::parse_mapping(*tree, complaints);
  IWAKAN_ASSERT(complaints.empty());
  return parsed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iwakan;
  static const sources::generic::Mapping kParsed = mapping();
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const std::string_view type :
       {"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"}) {
    const std::pair<std::string_view, std::string_view> header{"content-type", type};
    const auto received = sources::generic::apply(kParsed, {"POST", "/", {&header, 1}, body, {}});
    if (!received) continue;
    for (const Alert& alert : received->batch.alerts()) {
      IWAKAN_ASSERT(!alert.label("alertname").empty());
      IWAKAN_ASSERT((alert.state == AlertState::resolved) == alert.ends_at.has_value());
    }
  }
  return 0;
}
