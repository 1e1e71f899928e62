// Mapping: what the requests of any sender mean, as the configuration says (README.md has the language). Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/setting.hpp"
#include "sources/generic/pick.hpp"
#include "sources/source.hpp"

namespace iwakan::sources::generic {

// How a sender writes times.
enum class TimeFormat : std::uint8_t { rfc3339, rfc1123, epoch_s, epoch_ms, epoch_us, epoch_ns, local };

struct Mapping {
  // What a state is told as. `nothing`: no news of an alert, such as a test or an acknowledgement.
  enum class Says : std::uint8_t { firing, resolved, no_data, nothing };

  // Names and values that the sender chooses: the members of an object; a list of objects with a name and a value
  // each; a list of "name:value", or such a list as one text.
  struct Pairs {
    Pointer at;
    Pointer name;
    Pointer value;
    std::string split;
    std::string pair;
    std::string prefix;  // of the names, so that they take no other's place
  };

  struct Time {
    Pick pick;
    std::vector<TimeFormat> formats;  // the first that fits
    std::string zone = "Z";           // of `local`
  };

  using Texts = std::vector<std::pair<std::string, Pick>>;  // by name

  std::vector<Pointer> json_in;   // strings that hold JSON
  std::vector<Pointer> roots;     // the first that is there is the document
  std::optional<Pointer> alerts;  // a list in it, an alert each; nothing: the document is the one
  std::set<std::string> empty;

  Pick state;
  std::map<std::string, Says> states;
  std::optional<Says> otherwise;  // of states that are not named, or absent

  Texts labels;
  std::vector<Pairs> labels_from;
  std::vector<std::string> identity;  // names of labels, "prefix*" for several; empty: all
  Texts annotations;
  std::vector<Pairs> annotations_from;
  std::optional<Pick> link;
  std::optional<Time> starts_at;
  std::optional<Time> ends_at;

  int answer_status = 200;
  Texts answer;  // members of a JSON object; empty: no body
};

// Complains about everything that cannot work; what is returned then does not matter.
Mapping parse_mapping(const Setting& setting, Complaints& complaints);

// What a request says by it. A Failure names the place in the request.
Result<Received> apply(const Mapping& mapping, const Request& request);

}  // namespace iwakan::sources::generic
