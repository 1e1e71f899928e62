#include "sinks/email/render.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "sinks/base64.hpp"
#include "sinks/escape.hpp"
#include "sinks/layout/layout.hpp"

namespace iwakan::sinks::email {
namespace {

constexpr std::size_t kLineMax = 76;
constexpr std::string_view kWordBegin = "=?utf-8?b?";
constexpr std::string_view kWordEnd = "?=";
constexpr std::size_t kEncodedWordFrame = kWordBegin.size() + kWordEnd.size();
constexpr std::size_t kEncodedWordBytes = 42;  // 56 characters of base64
constexpr std::size_t kBodyLineBytes = 57;     // 76 characters of base64
constexpr std::size_t kSubjectBytesMax = 400;

// "Books, Inc." would be two senders. What is more than words is encoded, and so means nothing.
bool is_words(std::string_view text) {
  return text.find_first_of("()<>[]:;@\\,.\"") == std::string_view::npos;
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; }) &&
         text.find("=?") == std::string_view::npos;
}

std::string without_breaks(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return line;
}

// The next piece of at most `bytes` that ends between code points.
std::string_view piece_of(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 1 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

std::string encoded_words(std::string_view rest, std::size_t column) {
  std::string encoded;
  std::size_t bytes = std::min(kEncodedWordBytes, (kLineMax - column - kEncodedWordFrame) / 4 * 3);
  while (!rest.empty()) {
    const std::string_view piece = piece_of(rest, bytes);
    rest.remove_prefix(piece.size());
    if (!encoded.empty()) encoded += "\r\n ";
    encoded.append(kWordBegin).append(base64(piece)).append(kWordEnd);
    bytes = kEncodedWordBytes;
  }
  return encoded;
}

std::string sender_of(const Sender& from, std::size_t column) {
  if (from.name.empty()) return from.address;
  const std::string name =
      is_words(from.name) ? header_text(from.name, column) : encoded_words(without_breaks(from.name), column);
  return name + "\r\n <" + from.address + ">";
}

std::string date_of(TimePoint time) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time - day).count();
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                kDays[std::chrono::weekday{day}.c_encoding()], unsigned(date.day()),
                kMonths[unsigned(date.month()) - 1], int(date.year()), static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return text.data();
}

// A part of the message: base64 has no "_", so no line of it can be the boundary.
constexpr std::string_view kBoundary = "=_iwakan";

void put_part(std::string& message, std::string_view type, std::string_view text) {
  message.append("--").append(kBoundary).append("\r\nContent-Type: ").append(type);
  message += "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  std::string body;
  for (const char c : text) {
    if (c == '\n') body += '\r';
    body += c;
  }
  for (std::size_t at = 0; at < body.size(); at += kBodyLineBytes) {
    message += base64(std::string_view(body).substr(at, kBodyLineBytes)) + "\r\n";
  }
}

std::string text_of(const Report& report, const Delivery& delivery, const Layout& layout) {
  std::string text;
  for (const std::string& language : delivery.recipient.languages) {
    if (!text.empty()) text += "────────\n";
    text += layout.text(report, delivery, language, escape_terminal);
  }
  return text;
}

}  // namespace

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  constexpr std::string_view kLocalMarks = ".!#$%&'*+-/=?^_`{|}~";
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const bool good_local = std::all_of(
      local.begin(), local.end(), [&](char c) { return letter(c) || kLocalMarks.find(c) != std::string_view::npos; });
  const bool good_domain =
      !domain.empty() && domain.front() != '.' && domain.back() != '.' && domain.find("..") == std::string_view::npos &&
      std::all_of(domain.begin(), domain.end(), [&](char c) { return letter(c) || c == '.' || c == '-'; });
  return good_local && good_domain && local.front() != '.' && local.back() != '.' &&
         local.find("..") == std::string_view::npos;
}

std::string header_text(std::string_view raw, std::size_t column) {
  const std::string text = without_breaks(raw);
  return is_plain(text) && text.size() <= 60 ? text : encoded_words(text, column);
}

std::string message_of(const Report& report, const Delivery& delivery, const Layout& layout, const Sender& from,
                       TimePoint now) {
  const std::string domain = from.address.substr(from.address.find('@') + 1);
  const std::string root = "<" + report.incident + "@" + domain + ">";
  const std::string own = "<" + delivery.id + "@" + domain + ">";
  const std::string& language = delivery.recipient.languages.front();

  std::string message;
  const auto header = [&message](std::string_view name, const std::string& value) {
    message += std::string(name) + ": " + value + "\r\n";
  };
  header("From", sender_of(from, std::string_view("From: ").size()));
  header("To", without_breaks(delivery.recipient.address));
  header("Subject", header_text(truncated(escape_terminal(layout.headline(report, language)), kSubjectBytesMax),
                                std::string_view("Subject: ").size()));
  header("Date", date_of(now));
  header("Message-ID", own);
  header("In-Reply-To", root);
  header("References", root);
  header("Auto-Submitted", "auto-generated");
  header("X-Auto-Response-Suppress", "All");
  header("MIME-Version", "1.0");
  header("Content-Type", "multipart/alternative; boundary=\"" + std::string(kBoundary) + "\"");
  message += "\r\n";
  put_part(message, "text/plain", text_of(report, delivery, layout));
  put_part(message, "text/html", layout.html(report, delivery));
  message.append("--").append(kBoundary).append("--\r\n");
  return message;
}

}  // namespace iwakan::sinks::email
