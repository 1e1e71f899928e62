// Acts: the routes by which people act. Each reads its act from the body and from the id in the path; the act
// becomes an event, and is answered once that is on disk.
//
// The router's handlers refer to this, which outlives them. Runs on the io thread.
#pragma once

#include <functional>
#include <string>

#include "engine/effects.hpp"
#include "http/api/members.hpp"
#include "http/router.hpp"
#include "model/event.hpp"
#include "store/store.hpp"

namespace iwakan::http::api {

class Acts {
 public:
  using Done = std::function<void(const engine::Effects&)>;
  using Submit = std::function<void(Event, Done)>;
  // `id`: what stands in the path for {id}.
  using Make = std::function<Act(Members&, const std::string& id)>;

  Acts(std::function<TimePoint()> now, Submit submit) : now_(std::move(now)), submit_(std::move(submit)) {}

  // `role`: that it takes. `status`: of the answer when it was done.
  void add(Router& router, const char* path, access::Role role, int status, Make make) const;

 private:
  void act(Act what, std::string actor, int status, Respond respond) const;

  std::function<TimePoint()> now_;
  Submit submit_;
};

// All of them; a file each topic.
void add_acts(const Acts& acts, Router& router);
void add_incident_acts(const Acts& acts, Router& router);
void add_knowledge_acts(const Acts& acts, Router& router);
void add_life_acts(const Acts& acts, Router& router);
void add_question_acts(const Acts& acts, Router& router);
void add_timeline_acts(const Acts& acts, Router& router, const store::Store& store);
void add_delivery_acts(const Acts& acts, Router& router);
void add_silence_acts(const Acts& acts, Router& router);
void add_role_acts(const Acts& acts, Router& router);

}  // namespace iwakan::http::api
