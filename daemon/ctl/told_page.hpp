// What the daemon answered to a text for reports, as a page.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "ctl/pages.hpp"

namespace iwakan::ctl {

// It stays as it was written; suggestions are for putting it right, or for the next time.
std::string told_page(const boost::json::value& answer, const Style& style);

}  // namespace iwakan::ctl
