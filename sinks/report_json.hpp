// A report as JSON: for machines that read what people read. Pure.
#pragma once

#include <boost/json/object.hpp>

#include "model/delivery.hpp"
#include "model/report.hpp"

namespace iwakan::sinks {

class Layout;

boost::json::object report_json(const Report& report);

// A delivery with its report and the laid-out texts: what the file and webhook sinks carry.
boost::json::object delivery_json(const Report& report, const Delivery& delivery, const Layout& layout);

}  // namespace iwakan::sinks
