// Person: somebody whom the configuration knows by an id, with the languages they read, where they live, and
// the ways to reach them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/delivery.hpp"
#include "model/offsets.hpp"
#include "model/sentence.hpp"
#include "model/setting.hpp"

namespace iwakan {

struct Way {
  std::string sink;                    // name of the configured sink
  std::string address;                 // what `to` means to that sink; may be empty
  std::vector<std::string> languages;  // empty: the person's
};

struct Person {
  std::string id;  // "hasegawa"
  Sentence name;
  std::vector<std::string> languages;  // in this order; never empty
  std::string time_zone;               // IANA name; empty: the one of all reports
  std::vector<Way> reach;              // every one of them is used; empty: holds roles, and is told nothing
  Offsets zone{};                      // of time_zone; of all reports when that is empty
  std::string slack{};                 // id in Slack, by which commands typed there are theirs; empty: none is
};

using People = std::map<std::string, Person, std::less<>>;  // by id

// What a configuration refers to and only the shell can see.
struct Surroundings {
  std::vector<std::string> sinks;                  // the names that recipients may use
  std::vector<std::string> languages{"ja", "en"};  // that reports can be read in
  ZoneNamed zone_named = only_utc;
  // A file that the configuration names, relative to it.
  std::function<Result<std::string>(const std::string&)> read_file;
};

// A recipient for each way to reach the person: `id`, `id`-2 …
std::vector<Recipient> recipients_of(const Person& person, const std::string& id);

// --- reading the configuration; each complains about all that is wrong, and gives what can be made of the rest

// Ids travel in headers and idempotency keys.
std::string required_id(Fields& fields, std::string_view key);

// {id, name, languages, time_zone, slack, reach: [{sink, to, languages}]}
Person parse_person(const Setting& setting, Complaints& complaints, const Surroundings& surroundings);

// The list `people`.
People parse_people(Fields& root, const Surroundings& surroundings);

// Whom the value names; null: there is no such person, and that was said.
const Person* person_named(const Setting& at, const People& people, Complaints& complaints);

// An item of a list of recipients: {sink, to, languages, time_zone}, or {person} for all their ways.
std::vector<Recipient> parse_recipients(const Setting& setting, Complaints& complaints, const std::string& id,
                                        const People& people, const Surroundings& surroundings);

}  // namespace iwakan
