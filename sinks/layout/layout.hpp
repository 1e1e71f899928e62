// Layout: a Report as text for people, in one language, for one kind of place. Templates where the
// configuration gives them; the plain layout, in code, whenever a template is missing or fails.
//
// Pure but for the time zone database. A report always becomes text: promise 5 of DESIGN.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/delivery.hpp"
#include "model/report.hpp"
#include "model/result.hpp"
#include "model/timeline.hpp"
#include "sinks/layout/words.hpp"

namespace iwakan::sinks {

// How untrusted text is made harmless where the text will stand. Applied to every piece of text that
// comes from the report, inside templates too (templates cannot switch it off).
using Escape = std::function<std::string(std::string_view)>;

// The address under which the reader of this delivery can acknowledge the report; empty: there is none. It is as
// good as a signature of theirs, so it is made for the message and kept nowhere.
using Invite = std::function<std::string(const Report&, const Delivery&)>;

struct Document;  // sinks/layout/document.hpp

class Layout {
 public:
  // Templates by name, "first_report.ja", "individual.en" …: mustache text. `zone` is an IANA name
  // ("Asia/Tokyo"). Every template is tried on specimen reports here: a Failure names the template
  // and what is wrong with it.
  // `words`: catalogues by language, on top of the compiled-in ja and en. A Failure about one has the path
  // "words/LANGUAGE/KEY".
  static Result<Layout> make(const std::map<std::string, std::string>& templates, std::string_view zone,
                             Invite invite = {}, const Catalogues& words = {});

  // Those that have words of their own: ja, en, and the catalogues'.
  std::vector<std::string> languages() const;

  // The whole text of the report in `language`, "\n" line ends, ending in one. When an earlier
  // attempt may have arrived, it opens with the line that says so; a drill opens with the drill mark.
  // Times are those of the recipient's zone, or else of the layout's.
  std::string text(const Report& report, const Delivery& delivery, std::string_view language,
                   const Escape& escape) const;

  // The report as its parts, for places that lay out by themselves. Nothing: a template of the configuration does.
  std::optional<Document> document(const Report& report, const Delivery& delivery, std::string_view language,
                                   const Escape& escape) const;

  // A whole HTML document in all languages of the delivery's recipient.
  std::string html(const Report& report, const Delivery& delivery) const;

  // The same in one language for a page of its own, with the course of the incident behind it.
  std::string page(const Report& report, std::string_view language, const std::vector<TimelineEntry>& course) const;

  // One line for subjects, previews and push notifications:
  // 【第一報｜レベル2｜INC-17】title / [First report | Level 2 | INC-17] title. Not escaped.
  std::string headline(const Report& report, std::string_view language) const;

  // As the Invite that it was made with; empty without one.
  std::string invitation(const Report& report, const Delivery& delivery) const;

  // A time as readers of `language` see it, in the zone of the layout: "10:26", with the date when
  // `with_date`.
  std::string clock(TimePoint time, std::string_view language, bool with_date) const;

  // How often a template failed at run time and the plain layout stood in. Any thread.
  std::size_t template_failures() const;

 private:
  struct Parts;
  explicit Layout(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<Parts> parts_;
};

}  // namespace iwakan::sinks
