// Records: the routes that read the record of an incident whole: as a document, and whether it is as it was written.
//
// The router's handlers refer to this, which outlives them. Runs on the io thread.
#pragma once

#include <functional>
#include <string>

#include "engine/engine.hpp"
#include "http/router.hpp"
#include "record/review.hpp"
#include "store/store.hpp"

namespace iwakan::http::api {

class Records {
 public:
  // How incidents leave the house.
  struct Policy {
    bool name_people = false;
    std::string time_zone;
  };

  // Everything referred to outlives this.
  struct Params {
    const engine::Engine& engine;
    const store::Store& store;
    std::function<TimePoint()> now;
    std::function<Policy()> policy;                           // as configured at the time
    std::function<std::uint64_t()> first_record;              // of the journal that is kept
    std::function<void(std::function<void()>)> when_settled;  // memory and store agree then
  };

  explicit Records(Params params) : params_(std::move(params)) {}

  void add_routes(Router& router);

 private:
  void verify(const Request& request, const Respond& respond) const;
  void export_one(const Request& request, const Respond& respond) const;
  void drill(const Request& request, const Respond& respond) const;
  void score(const Request& request, const Respond& respond) const;
  std::string drill_case_of(const Incident& incident) const;
  Result<record::Record> read(const Incident& incident) const;

  Params params_;
};

}  // namespace iwakan::http::api
