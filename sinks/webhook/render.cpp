#include "sinks/webhook/render.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "sinks/base64.hpp"
#include "sinks/escape.hpp"
#include "sinks/hmac.hpp"
#include "sinks/report_json.hpp"

namespace iwakan::sinks::webhook {
namespace {

constexpr std::string_view kPrefix = "whsec_";

std::string_view event_type(const Report& report) {
  if (report.notice) return "incident.notice";
  switch (report.kind) {
    case ReportKind::first: return "incident.first_report";
    case ReportKind::update: return "incident.update";
    case ReportKind::second: return "incident.second_report";
    case ReportKind::correction: return "incident.correction";
  }
  return "incident.first_report";
}

}  // namespace

std::string body_of(const Report& report, const Delivery& delivery, const Layout& layout, TimePoint now) {
  return valid_utf8(boost::json::serialize(boost::json::object{{"type", event_type(report)},
                                                               {"timestamp", format_time(now)},
                                                               {"data", delivery_json(report, delivery, layout)}}));
}

std::string id_of(const Delivery& delivery) {
  std::string id = delivery.id;
  std::replace(id.begin(), id.end(), '.', '_');
  return id;
}

Result<Secret> key_of(const Secret& secret) {
  const Failure bad{
      Reason::malformed, "not a webhook secret; write whsec_ followed by base64 of 24 to 64 random bytes", {}};
  const std::string_view text = secret.reveal();
  if (!text.starts_with(kPrefix)) return bad;
  auto key = from_base64(text.substr(kPrefix.size()));
  if (!key || key->size() < 24 || key->size() > 64) return bad;
  return Secret(*std::move(key));
}

std::string signature_of(std::span<const Secret> keys, std::string_view id, long timestamp, std::string_view body) {
  const std::string message = std::string(id) + "." + std::to_string(timestamp) + "." + std::string(body);
  std::string signature;
  for (const Secret& key : keys) {
    if (!signature.empty()) signature += ' ';
    signature += "v1," + base64(hmac_sha256(key, message));
  }
  return signature;
}

}  // namespace iwakan::sinks::webhook
