#include "ctl/verify.hpp"

#include <boost/json.hpp>

#include "ctl/http.hpp"
#include "ctl/json.hpp"
#include "ctl/pages.hpp"
#include "ctl/words.hpp"
#include "record/verify.hpp"
#include "runtime/read_file.hpp"
#include "store/rocks_store.hpp"

namespace iwakan::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t kExportBytesMax = std::size_t{64} * 1024 * 1024;

// The head that an export noted, and after which entry of which incident.
struct Noted {
  std::string incident;
  std::uint32_t entries = 0;
  std::string head;
};

Result<Noted> read_export(const std::string& file) {
  const Result<std::string> text = runtime::read_file(file, kExportBytesMax);
  if (!text) return text.error();
  json::error_code error;
  const json::value value = json::parse(*text, error);
  const json::value& chain = error ? value : member(value, "chain");
  Noted noted{std::string(text_at(value, "incident")),
              static_cast<std::uint32_t>(integer_at(chain, "entries").value_or(0)),
              std::string(text_at(chain, "head"))};
  if (!noted.incident.empty() && noted.entries > 0 && !noted.head.empty()) return noted;
  return Failure{Reason::malformed,
                 "is no export with a chain: make one with `iwakanctl incident export ID --format json`", file};
}

Result<json::value> from_store(const Verify& asked, std::uint32_t at) {
  store::RocksStore::Params params;
  params.path = asked.store;
  const auto store = store::RocksStore::open(std::move(params));
  if (!store) return store.error();
  const auto verdicts = record::verify_timelines(**store, asked.incident, at);
  if (!verdicts) return verdicts.error();
  return json::value(record::verdict_json((*store)->head(), (*store)->first_sequence(), *verdicts));
}

Result<json::value> from_daemon(const Verify& asked, std::uint32_t at, Connection& connection) {
  const std::string query =
      asked.incident.empty() ? "" : "?of=" + encoded(asked.incident) + "&at=" + std::to_string(at);
  const Result<Answer> answer = connection.exchange("GET", "/api/v1/verify" + query, {}, "");
  if (!answer) return answer.error();
  if (answer->status != 200) return Failure{Reason::not_found, refusal(answer->status, answer->body), {}};
  json::error_code error;
  json::value value = json::parse(answer->body, error);
  if (error) return Failure{Reason::malformed, "the answer is no JSON", {}};
  return value;
}

int code_of(Reason reason) {
  return reason == Reason::unavailable || reason == Reason::timed_out ? kUnreachable : kRefused;
}

}  // namespace

int verify(const Verify& asked_for, Connection& connection, const Command& command, std::ostream& output,
           std::ostream& errors) {
  Verify asked = asked_for;
  Noted noted;
  if (!asked.against.empty()) {
    const Result<Noted> read = read_export(asked.against);
    if (!read) {
      errors << "iwakanctl: " << plain(to_string(read.error())) << "\n";
      return kUsage;
    }
    noted = *read;
    asked.incident = noted.incident;
  }
  Result<json::value> verified =
      asked.store.empty() ? from_daemon(asked, noted.entries, connection) : from_store(asked, noted.entries);
  if (!verified) {
    errors << "iwakanctl: " << plain(to_string(verified.error())) << "\n";
    return code_of(verified.error().reason);
  }
  const Style style{command.language, command.colour};
  bool good = true_at(*verified, "holds");
  output << (command.json ? json_line(*verified) : page(View::verified, *verified, style));
  if (asked.against.empty()) return good ? kDone : kRefused;
  const json::array& incidents = items_at(*verified, "incidents");
  const bool same = !incidents.empty() && text_at(incidents[0], "head_at") == noted.head;
  if (!command.json) {
    output << style.words(same ? "控えと一致しています：" : "控えと違います：",
                          same ? "The same as the export noted: " : "Not what the export noted: ")
           << noted.incident << ", " << noted.entries << "\n";
  }
  good = good && same;
  return good ? kDone : kRefused;
}

}  // namespace iwakan::ctl
