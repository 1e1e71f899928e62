// Incidents and what belongs to them as the JSON of /api/v1 (docs/api.md). Pure.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "desk/load.hpp"
#include "engine/engine.hpp"
#include "model/delivery.hpp"
#include "model/evidence.hpp"
#include "model/incident.hpp"
#include "model/suggestion.hpp"

namespace iwakan::http::api {

boost::json::object summary_json(const Incident& incident);
boost::json::object knowledge_json(const Incident& incident);  // facts, unknowns that are open, stated, asks
boost::json::object life_json(const Incident& incident);       // how it came, went and was told; promises; what is due
boost::json::object load_json(const Person& person, const desk::Load& load);
boost::json::array suggestions_json(const std::vector<Suggestion>& suggestions);
boost::json::object members_and_why_json(const Incident& incident);  // the rest of an incident by itself
boost::json::object evidence_json(const Evidence& evidence);
boost::json::object weight_json(const Weight& weight);
boost::json::object decision_json(const Decision& decision);
boost::json::object timeline_json(const TimelineEntry& entry);
boost::json::object question_json(const Question& question);
boost::json::object delivery_json(const Delivery& delivery);
boost::json::object suspicion_json(const engine::Suspicion& suspicion);
boost::json::object maintenance_json(const engine::MaintenanceWindow& window, TimePoint now);
boost::json::object failure_json(const Failure& failure);  // {"error": {"reason", "path", "detail"}}

}  // namespace iwakan::http::api
