// Reports: GET of a report in an edition, a language and a format; also of one that was not sent, so that people see
// what would go out. And GET /i/INC-17, the page to which reports point: for people with a browser, without a script.
//
// The router's handlers refer to this, which outlives them. Runs on the io thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"
#include "http/router.hpp"
#include "model/report.hpp"
#include "model/timeline.hpp"
#include "store/store.hpp"

namespace iwakan::http::api {

class Reports {
 public:
  // The report in a format ("text", "html", "slack" or "json") and a language.
  using LaidOut =
      std::function<Result<std::string>(const Report&, const std::string& format, const std::string& language)>;

  // The report and the timeline as a page, in a language as a browser asks for it.
  using PageOf =
      std::function<std::string(const Report&, std::string_view language, const std::vector<TimelineEntry>&)>;

  // Everything referred to outlives this.
  struct Params {
    const engine::Engine& engine;
    const store::Store& store;
    std::function<TimePoint()> now;
    std::function<void(std::function<void()>)> when_settled;  // memory and store agree then
    LaidOut laid_out;
    PageOf page_of;
  };

  explicit Reports(Params params) : params_(std::move(params)) {}

  void add_routes(Router& router);

 private:
  void show(const Request& request, Respond respond) const;
  void show_page(const Request& request, Respond respond) const;
  Result<Report> everybodys(const Incident& incident, std::string_view number) const;
  Result<Report> in_edition(const Incident& incident, Report report, std::string_view edition) const;

  Params params_;
};

}  // namespace iwakan::http::api
