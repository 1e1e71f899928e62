#include "engine/specimens.hpp"

#include <algorithm>
#include <map>

namespace iwakan::engine {
namespace {

constexpr std::size_t kOfASubjectMost = 16;
constexpr std::size_t kLabelBytesMost = 2048;

std::size_t bytes_of(const Alert& alert) {
  std::size_t bytes = 0;
  for (const Label& label : alert.labels) bytes += label.name.size() + label.value.size();
  return bytes;
}

}  // namespace

void Specimens::came(std::string_view subject, const Alert& alert, TimePoint at) {
  const auto same = [&alert](const Specimen& one) { return one.fingerprint == alert.fingerprint; };
  const Known* known = subjects_.find(subject);
  if (known != nullptr && std::any_of(known->specimens.begin(), known->specimens.end(), same)) return;
  std::vector<Specimen>& specimens = subjects_.touch(subject, at).first->specimens;
  if (specimens.size() >= kOfASubjectMost) forget_one(specimens, alert.label("alertname"));
  Specimen& fresh = specimens.emplace_back();
  fresh.fingerprint = alert.fingerprint;
  if (bytes_of(alert) > kLabelBytesMost) return;  // then nothing holds it but what holds every alert
  for (const Label& label : alert.labels) fresh.labels.emplace_back(label.name, label.value);
}

// The oldest of the same name; of a new name's sake the oldest of that of which there are most. So what has many labels
// does not push out what has few.
void Specimens::forget_one(std::vector<Specimen>& specimens, std::string_view name) {
  const auto oldest = [&specimens](std::string_view of) {
    return std::find_if(specimens.begin(), specimens.end(), [of](const Specimen& one) { return name_of(one) == of; });
  };
  auto gone = oldest(name);
  if (gone == specimens.end()) {
    std::map<std::string_view, std::size_t> of_name;
    for (const Specimen& specimen : specimens) ++of_name[name_of(specimen)];
    gone = oldest(std::max_element(of_name.begin(), of_name.end(), [](const auto& a, const auto& b) {
                    return a.second < b.second;
                  })->first);
  }
  specimens.erase(gone);
}

std::string_view Specimens::name_of(const Specimen& specimen) {
  for (const auto& [name, value] : specimen.labels) {
    if (name == "alertname") return value;
  }
  return {};
}

// The one of the fingerprint; else those of the name; else all.
std::vector<const Specimens::Specimen*> Specimens::meant(const Known& known, const AboutAlert& about) {
  std::vector<const Specimen*> meant;
  for (const Specimen& specimen : known.specimens) {
    if (!about.source.empty() && specimen.fingerprint == about.fingerprint) return {&specimen};
    if (about.alert_name.empty() || name_of(specimen) == about.alert_name) {
      meant.push_back(&specimen);
    }
  }
  return meant;
}

Alert Specimens::alert_of(const Specimen& specimen, std::vector<Label>& labels) {
  for (const auto& [name, value] : specimen.labels) labels.push_back({name, value});
  Alert alert;
  alert.fingerprint = specimen.fingerprint;
  alert.labels = labels;
  return alert;
}

}  // namespace iwakan::engine
