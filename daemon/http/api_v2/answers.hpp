// How Alertmanager's API answers: JSON, and a JSON string where it refuses. Pure.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "http/message.hpp"
#include "model/result.hpp"

namespace iwakan::http::api_v2 {

Response answer(const boost::json::value& value);
Response refused(int status, const std::string& why);
Response refused(const Failure& failure);

}  // namespace iwakan::http::api_v2
