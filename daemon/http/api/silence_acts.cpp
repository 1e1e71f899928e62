// What people do about silences that Alertmanager's API has no word for: it does not ask who.
#include "http/api/acts.hpp"

namespace iwakan::http::api {

void add_silence_acts(const Acts& acts, Router& router) {
  acts.add(router, "/api/v1/silences/{id}/expire", access::Role::respond, 200,
           [](Members&, const std::string& id) -> Act { return act::ExpireSilence{id}; });
}

}  // namespace iwakan::http::api
