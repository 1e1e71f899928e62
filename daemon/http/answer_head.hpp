// The head of an answer: status line and headers. Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "model/time.hpp"

namespace iwakan::http {

// What the response itself does not say.
struct AnswerContext {
  std::string_view date;   // http_date of now
  bool close = false;      // the connection ends after this answer
  Duration retry_after{};  // of a 503 that names none itself
};

// Appends the head, its empty line included. Every answer carries Cache-Control: no-store,
// X-Content-Type-Options: nosniff and Content-Security-Policy: default-src 'none'.
void append_head(std::string& out, const Response& response, const AnswerContext& context);

// "Tue, 01 Sep 2026 00:05:01 GMT" (RFC 9110 5.6.7).
std::string http_date(TimePoint time);

}  // namespace iwakan::http
