#include "ctl/grid.hpp"

#include <algorithm>

namespace iwakan::ctl {
namespace {

// Columns on the terminal: what stands from Hangul on in Unicode is mostly two wide. Only alignment
// hangs on it.
std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) continue;  // inside a character
    columns += byte >= 0xE1U ? 2U : 1U;
  }
  return columns;
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t taken = width(text);
  return taken < columns ? text.append(columns - taken, ' ') : text;
}

}  // namespace

void Grid::head(std::vector<std::string> titles) {
  std::vector<Cell> cells;
  cells.reserve(titles.size());
  for (std::string& title : titles) cells.push_back({std::move(title), Colour::dim});
  rows_.push_back(std::move(cells));
}

std::string Grid::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i].text));
  }
  std::string text;
  for (const auto& row : rows_) text += indent_ + line(row, widths) + "\n";
  return text;
}

std::string Grid::line(const std::vector<Cell>& row, const std::vector<std::size_t>& widths) const {
  std::size_t used = row.size();
  while (used > 0 && row[used - 1].text.empty()) --used;
  std::string text;
  for (std::size_t i = 0; i < used; ++i) {
    const bool last = i + 1 == used;
    text += painted(last ? row[i].text : padded(row[i].text, widths[i]), row[i].colour, style_);
    if (!last) text += "  ";
  }
  return text;
}

}  // namespace iwakan::ctl
