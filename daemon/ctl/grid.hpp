// Grid: rows in aligned columns, as pages show lists. Text goes in harmless for a terminal (plain()).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ctl/pages.hpp"

namespace iwakan::ctl {

struct Cell {
  std::string text;
  Colour colour = Colour::none;
};

// The last column runs free.
class Grid {
 public:
  // The style outlives this.
  explicit Grid(const Style& style, std::string indent = {}) : style_(style), indent_(std::move(indent)) {}

  void head(std::vector<std::string> titles);
  void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const;

 private:
  std::string line(const std::vector<Cell>& row, const std::vector<std::size_t>& widths) const;

  const Style& style_;
  std::string indent_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace iwakan::ctl
