// Reading of JSON that may hold anything: what is absent or of another type reads as nothing.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/time.hpp"

namespace iwakan::ctl {

// null when there is none.
const boost::json::value& member(const boost::json::value& value, std::string_view key);

// Empty when absent or no string.
std::string_view text_at(const boost::json::value& value, std::string_view key);

std::optional<std::int64_t> integer_at(const boost::json::value& value, std::string_view key);
std::optional<double> number_at(const boost::json::value& value, std::string_view key);
bool true_at(const boost::json::value& value, std::string_view key);
std::optional<TimePoint> time_at(const boost::json::value& value, std::string_view key);

// Empty when absent or no array.
const boost::json::array& items_at(const boost::json::value& value, std::string_view key);

// Text in the reader's language: a string, or {"ja", "en"}.
std::string_view said(const boost::json::value& value, std::string_view language);

}  // namespace iwakan::ctl
