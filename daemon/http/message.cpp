#include "http/message.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "model/ascii.hpp"

namespace iwakan::http {

std::string_view find_header(std::span<const Header> headers, std::string_view name) {
  for (const Header& header : headers) {
    if (same_in_any_case(header.first, name)) return header.second;
  }
  return {};
}

std::string_view Request::query_value(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
  }
  return {};
}

Response json_response(int status, std::string json) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(json);
  return response;
}

Response refusal(int status, const Failure& failure) {
  boost::json::object error;
  error["reason"] = name(failure.reason);
  error["path"] = failure.path;
  error["detail"] = failure.detail;
  boost::json::object whole;
  whole["error"] = std::move(error);
  return json_response(status, boost::json::serialize(whole));
}

int status_of(Reason reason) {
  switch (reason) {
    case Reason::malformed:
    case Reason::missing:
    case Reason::wrong_type:
    case Reason::out_of_range:
    case Reason::unknown_name:
    case Reason::duplicate: return 400;
    case Reason::unauthorized: return 401;
    case Reason::forbidden: return 403;
    case Reason::not_found: return 404;
    case Reason::conflict: return 409;
    case Reason::too_large: return 413;
    case Reason::unsupported: return 415;
    case Reason::unavailable:
    case Reason::timed_out:
    case Reason::corrupted:
    case Reason::io: return 503;
  }
  return 503;
}

}  // namespace iwakan::http
