#include "sources/catalog.hpp"

#include <array>

#include "sources/alertmanager/source.hpp"

namespace iwakan::sources {
namespace {

constexpr std::array kCatalog{
    Kind{"alertmanager", "/v1/alertmanager", alertmanager::parse},
};

}  // namespace

std::span<const Kind> catalog() {
  return kCatalog;
}

}  // namespace iwakan::sources
