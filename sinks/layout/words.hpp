// Words: what the layouts say by themselves in one language: headings, sentences, days. Compiled in for ja and en,
// so that no missing file loses a report; a catalogue (config/words/LANGUAGE.yaml) changes them or adds a language.
//
// In a text, {name} stands for a value. Immutable; any thread.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"

namespace iwakan::sinks {

using Catalogue = std::map<std::string, std::string, std::less<>>;  // text by key
using Catalogues = std::map<std::string, Catalogue, std::less<>>;   // by language: "ja", "en", "fr"

class Words {
 public:
  // The compiled-in words of ja, and those of en for every other language.
  static const Words& built_in(std::string_view language);

  // The catalogue's words, on top of the built-in ones. A Failure names a key or a {name} that no layout knows; its
  // path is the key.
  static Result<Words> make(std::string_view language, const Catalogue& catalogue);

  // REQUIRES: a key that stands in the catalogue.
  const std::string& of(std::string_view key) const;

  const Catalogue& all() const { return texts_; }

 private:
  Catalogue texts_;
};

// Puts values in the place of {name}. A name without a value stays as it is.
std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string_view>> values);

// The names in braces of a text, in order.
std::vector<std::string_view> names_in(std::string_view text);

}  // namespace iwakan::sinks
