// Pages of the question desk and of the record, as pages.hpp has those of incidents. All that came over the wire is
// untrusted and leaves harmless for a terminal.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "ctl/pages.hpp"

namespace iwakan::ctl {

// {"incident", "question": {…}}: what became of a question.
std::string question_page(const boost::json::value& answer, const Style& style);
// An incident: its questions.
std::string questions_page(const boost::json::value& incident, const Style& style);
// What the last week asked of each person, by id.
std::string load_page(const boost::json::value& answer, const Style& style);
// What GET /api/v1/verify answers.
std::string verified_page(const boost::json::value& answer, const Style& style);
// What GET /api/v1/incidents/{id}/score answers.
std::string score_page(const boost::json::value& answer, const Style& style);

}  // namespace iwakan::ctl
