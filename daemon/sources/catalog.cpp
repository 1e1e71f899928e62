#include "sources/catalog.hpp"

#include <array>

#include "sources/alertmanager/source.hpp"
#include "sources/cloudwatch/source.hpp"
#include "sources/eventbridge/source.hpp"
#include "sources/generic/source.hpp"
#include "sources/grafana/source.hpp"
#include "sources/prometheus/source.hpp"

namespace iwakan::sources {
namespace {

constexpr std::array kCatalog{
    Kind{"alertmanager", "/v1/alertmanager", alertmanager::parse},
    Kind{"cloudwatch", "/v1/cloudwatch", cloudwatch::parse, true},
    Kind{"eventbridge", "/v1/eventbridge", eventbridge::parse},
    Kind{"generic", "/v1/events", generic::parse, false, true, true},
    Kind{"grafana", "/v1/grafana", grafana::parse, false, true},
    Kind{"prometheus", "/api/v2/alerts", prometheus::parse},
};

}  // namespace

std::span<const Kind> catalog() {
  return kCatalog;
}

}  // namespace iwakan::sources
