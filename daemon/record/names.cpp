#include "record/names.hpp"

#include "model/ascii.hpp"

namespace iwakan::record {
namespace {

constexpr std::size_t kNameBytesLeast = 2;  // shorter ones are no names to look for in a text

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

// The name at a place of the text, in any case; of names in Latin letters only whole words.
bool stands_at(std::string_view text, std::size_t at, std::string_view name) {
  if (text.size() - at < name.size()) return false;
  const bool same = same_in_any_case(text.substr(at, name.size()), name);
  const std::size_t end = at + name.size();
  const bool begins_inside = is_word(name.front()) && at > 0 && is_word(text[at - 1]);
  const bool ends_inside = is_word(name.back()) && end < text.size() && is_word(text[end]);
  return same && !begins_inside && !ends_inside;
}

}  // namespace

void Names::call(const std::string& name, const Sentence& label) {
  if (name.empty() || name == "iwakan" || name == "api") return;
  labels_.emplace(name, label);
}

// As whoever has one of the names is called already. No two people are called the same.
void Names::call_all(const std::string& id, const Sentence& name, Sentence label) {
  const std::string names[] = {id, name.ja, name.en};
  const auto* const known =
      std::find_if(std::begin(names), std::end(names), [this](const auto& one) { return labels_.contains(one); });
  if (known != std::end(names)) {
    label = labels_.at(*known);
  } else if (is_taken(label)) {
    label = {"当初の" + label.ja, label.en + " at first"};  // those of the configuration, who have handed it over
    const Sentence first = label;
    for (int i = 2; is_taken(label); ++i)
      label = {first.ja + " " + std::to_string(i), first.en + " " + std::to_string(i)};
  }
  for (const std::string& one : names) call(one, label);
}

bool Names::is_taken(const Sentence& label) const {
  return std::any_of(labels_.begin(), labels_.end(), [&label](const auto& called) { return called.second == label; });
}

void Names::know(const Incident& incident, const Organisation& organisation) {
  know_roles(incident);
  know_places(organisation);
  know_actors(incident);
  know_withdrawn(incident);
}

// What was taken back is not said again: that something was is.
void Names::know_withdrawn(const Incident& incident) {
  for (const Fact& fact : incident.facts) {
    const bool put_right = std::any_of(incident.facts.begin(), incident.facts.end(),
                                       [&fact](const Fact& other) { return other.replaces == fact.number; });
    if (fact.stands() || put_right) continue;
    for (const std::string& text : {fact.what.ja, fact.what.en}) {
      call(text, {"（取り消した記述）", "(words that were withdrawn)"});
    }
  }
}

void Names::know_roles(const Incident& incident) {
  std::map<RoleKind, std::vector<const RoleHolder*>> holders;
  for (const RoleHolder& holder : incident.roles) holders[holder.kind].push_back(&holder);
  for (const auto& [kind, people] : holders) {
    for (std::size_t i = 0; i < people.size(); ++i) {
      const std::string number = people.size() > 1 ? " " + std::to_string(i + 1) : "";
      const Sentence label = word(kind);
      call_all(people[i]->person, people[i]->name, {label.ja + number, label.en + number});
    }
  }
}

void Names::know_places(const Organisation& organisation) {
  for (const Department& department : organisation.departments) {
    const Sentence& name = department.name;
    call_all(department.supervisor, department.supervisor_name, {name.ja + "の監督者", name.en + " supervisor"});
    for (const Deputy& deputy : department.deputies) {
      call_all(deputy.person, deputy.name, {name.ja + "の代行", name.en + " deputy"});
    }
  }
  for (const Assignment& assignment : organisation.responders) call_all({}, assignment.who, assignment.does);
  for (const auto& [id, person] : organisation.people) {
    know_actor(id);
    call_all(id, person.name, this->person(id));
  }
}

void Names::know_actors(const Incident& incident) {
  for (const auto& [person, acknowledgement] : incident.acknowledged) {
    know_actor(person);
    know_actor(acknowledgement.actor);
  }
  for (const Fact& fact : incident.facts) know_actor(fact.by);
  for (const Question& question : incident.questions) {
    for (const Asker& asker : question.askers) know_actor(asker.person);
    know_actor(question.assignee);
    for (const Answer& answer : question.answers) {
      if (answer.ground == Ground::person) know_actor(answer.who.en);
    }
  }
  for (const auto& [field, stated] : incident.summary) know_actor(stated.by);
  for (const FollowUp& follow_up : incident.follow_ups) {
    for (const std::string& person : {follow_up.owner, follow_up.by, follow_up.done_by}) know_actor(person);
  }
  if (incident.recovery) know_actor(incident.recovery->by);
}

void Names::know_actor(const std::string& actor) {
  if (labels_.contains(actor)) return;
  const std::string number = std::to_string(numbered_ + 1);
  call(actor, {"関係者" + number, "person " + number});
  if (labels_.contains(actor)) ++numbered_;
}

Sentence Names::person(const std::string& name) const {
  const auto found = labels_.find(name);
  if (policy_ == Policy::named || found == labels_.end()) return same_in_all(name);
  return found->second;
}

std::string Names::in_text(std::string_view text, std::string_view language) const {
  if (policy_ == Policy::named) return std::string(text);
  std::string masked;
  for (std::size_t at = 0; at < text.size();) {
    const std::pair<const std::string, Sentence>* longest = nullptr;
    for (const auto& label : labels_) {
      const bool longer = longest == nullptr || label.first.size() > longest->first.size();
      if (label.first.size() >= kNameBytesLeast && longer && stands_at(text, at, label.first)) longest = &label;
    }
    if (longest == nullptr) {
      masked.push_back(text[at++]);
    } else {
      masked += longest->second.in(language);
      at += longest->first.size();
    }
  }
  return masked;
}

Sentence Names::in_sentence(const Sentence& sentence) const {
  return {in_text(sentence.ja, "ja"), in_text(sentence.en, "en")};
}

}  // namespace iwakan::record
