#include "http/acknowledge/page.hpp"

#include "sinks/escape.hpp"

namespace iwakan::http::acknowledge {
namespace {

using sinks::escape_html;

constexpr std::string_view kStyle =
    "body{margin:0;background:#f6f6f3;color:#222;font:1.1rem/1.7 system-ui,sans-serif}\n"
    "main{max-width:34rem;margin:0 auto;padding:3rem 1.5rem}\n"
    "h1{font-size:1.2rem;font-weight:600}\n"
    "section+section{margin-top:2rem;padding-top:2rem;border-top:1px solid #ddd}\n"
    "button{font:inherit;padding:.7rem 1.6rem;border:0;border-radius:.4rem;background:#2b5c7a;color:#fff}\n"
    "button:focus-visible{outline:3px solid #9bc3dc}\n"
    "@media(prefers-color-scheme:dark){body{background:#1b1c1d;color:#e6e6e3}section+section{border-color:#444}}\n";

Response html(int status, std::string_view language, const std::string& title, const std::string& main) {
  std::string body = "<!doctype html>\n<html lang=\"" + escape_html(language) +
                     "\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"robots\" content=\"noindex\">\n<title>" +
                     escape_html(title) + "</title>\n<link rel=\"stylesheet\" href=\"" + std::string(kStylePath) +
                     "\">\n</head>\n<body>\n<main>\n" + main + "</main>\n</body>\n</html>\n";
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = std::move(body),
          .headers = {{"Content-Security-Policy",
                       "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
                       "frame-ancestors 'none'"},
                      {"Referrer-Policy", "same-origin"}}};
}

std::string asked(const Page& page, bool ja) {
  if (!page.received.empty()) {
    return ja ? "<p>" + escape_html(page.received) + " に受け取りを記録しました。ありがとうございます。</p>\n"
              : "<p>Received at " + escape_html(page.received) + ". Thank you.</p>\n";
  }
  return std::string(ja ? "<p>報告をお読みになったら、下のボタンでお知らせください。作業は不要です。</p>\n"
                        : "<p>When you have read the report, please let us know. Nothing else is needed.</p>\n") +
         "<form method=\"post\"><button type=\"submit\">" + (ja ? "受け取りました" : "I have received it") +
         "</button></form>\n";
}

}  // namespace

Response page_of(const Page& page) {
  std::string main;
  for (const std::string& language : page.languages) {
    const bool ja = language == "ja";
    const std::string level = std::to_string(page.level);
    main += "<section lang=\"" + escape_html(language) + "\">\n<p>" +
            escape_html(page.reader.in(language) + (ja ? " さま　" : ", ") + page.incident +
                        (ja ? "　レベル" + level : ", level " + level)) +
            "</p>\n<h1>" + escape_html(page.title.in(language)) + "</h1>\n" + asked(page, ja) + "</section>\n";
  }
  return html(200, page.languages.front(), page.incident, main);
}

Response apology(int status, const Sentence& why) {
  return html(status, "ja", "iwakan",
              "<section lang=\"ja\">\n<p>" + escape_html(why.ja) + "</p>\n</section>\n<section lang=\"en\">\n<p>" +
                  escape_html(why.en) + "</p>\n</section>\n");
}

Response style() {
  return {.status = 200, .content_type = "text/css; charset=utf-8", .body = std::string(kStyle), .headers = {}};
}

}  // namespace iwakan::http::acknowledge
