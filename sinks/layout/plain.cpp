#include "sinks/layout/plain.hpp"

#include "sinks/layout/document.hpp"

namespace iwakan::sinks {

std::string plain_text(const View& view) {
  const Document document = document_of(view);
  std::string text;
  const auto line = [&text](const std::string& one) {
    if (!one.empty()) text += one + "\n";
  };
  const auto item = [&](const std::string& one) { line(view.say("item", {{"text", one}})); };
  line(document.repeat);
  for (const std::string& one : document.ahead) line(one);
  for (const std::string& one : document.expect) item(one);
  if (!document.ahead.empty()) text += "\n";
  line(document.follows);
  line(document.headline);
  line(document.stamp);
  // A piece that is forwarded by itself is still known for a drill.
  const std::string mark = view.flag("drill") ? view.say("drill") : "";
  for (const Part& part : document.parts) {
    const std::string heading = part.heading.empty() ? "" : mark + view.say("heading", {{"heading", part.heading}});
    line(part.line.empty() ? heading : heading + view.say("beside") + part.line);
    for (const std::string& one : part.items) item(one);
  }
  for (const std::string& one : document.closing) line(one);
  if (!document.url.empty()) line(view.say("timeline", {{"url", document.url}}));
  return text;
}

}  // namespace iwakan::sinks
