// Pick: where a text of an alert comes from in a request of any format: the first of some places that holds one,
// perhaps put into other words. Pointer: a JSON pointer (RFC 6901). Pure.
//
// In a mapping:  /a/b          the place in the alert
//                ^/a/b         the place in the whole document, where the alerts are a list in it
//                header:NAME   a header of the request
//                =TEXT         this text
//                [A, B]        the first that is not empty
//                {at: A or [A, B], map: {P1: critical}, otherwise: info}
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/setting.hpp"
#include "sources/source.hpp"

namespace iwakan::sources::generic {

class Pointer {
 public:
  // Complains at `at`, and is the whole document then.
  static Pointer parse(std::string_view text, const Setting& at, Complaints& complaints);

  const boost::json::value* find(const boost::json::value& in) const;  // null: it leads nowhere
  boost::json::value* find(boost::json::value& in) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::string> steps_;
};

// What a mapping looks at. A view.
struct Sight {
  const boost::json::value& alert;
  const boost::json::value& whole;
  const Request& request;
  const std::set<std::string>& empty;  // texts that stand for none
};

// Strings, numbers, true and false as text; empty for all else.
std::string text_of(const boost::json::value& value);

class Pick {
 public:
  // Complains about what cannot be read; what it is then does not matter.
  static Pick parse(const Setting& setting, Complaints& complaints);

  std::string text(const Sight& sight) const;  // empty: nothing is there

  std::string place() const;  // where it looks first, for what is said about it

 private:
  enum class Where : std::uint8_t { alert, whole, header, text };
  struct Term {
    Where where = Where::alert;
    Pointer pointer;
    std::string text;  // the header's name, or the text itself
  };

  void add(const Setting& setting, Complaints& complaints);
  static std::string found(const Term& term, const Sight& sight);

  std::vector<Term> terms_;
  std::map<std::string, std::string> words_;  // what is said otherwise
  std::optional<std::string> otherwise_;      // for what is not among them
};

}  // namespace iwakan::sources::generic
