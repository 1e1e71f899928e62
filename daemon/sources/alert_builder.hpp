// AlertBuilder: puts one alert together from text that anybody may have written: it is cleaned and kept in
// the batch.
//
// Used once; the batch outlives it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"

namespace iwakan::sources {

class AlertBuilder {
 public:
  explicit AlertBuilder(AlertBatch& batch) : batch_(batch) {}

  // Of two of one name the first stays; those with an empty value, and beyond 256 of them, are left out.
  void label(std::string_view name, std::string_view value) { add(labels_, name, value); }
  void annotation(std::string_view name, std::string_view value) { add(annotations_, name, value); }

  // The annotation `summary`: the first line, if it is long its beginning.
  void summary(std::string_view text);

  void link(std::string_view link);  // http and https only

  // Who the alert is: what has been labelled so far, and nothing that is labelled later.
  void identify();

  // The alert is in the batch. Without identify(), it is all of its labels.
  void finish();

  Alert alert;  // the rest of it

 private:
  void add(std::vector<Label>& pairs, std::string_view name, std::string_view value);

  AlertBatch& batch_;
  std::vector<Label> labels_;
  std::vector<Label> annotations_;
  bool identified_ = false;
};

}  // namespace iwakan::sources
