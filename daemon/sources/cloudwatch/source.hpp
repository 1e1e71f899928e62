// The source `cloudwatch`: alarms of CloudWatch through SNS (README.md).
#pragma once

#include "sources/source.hpp"

namespace iwakan::sources::cloudwatch {

// {topics: [ARN…], min_signature_version: 1, auto_confirm: false, accept_age: 2h,
//  trusted_certificates: [{url, file}]}
Make parse(Fields& fields);

}  // namespace iwakan::sources::cloudwatch
