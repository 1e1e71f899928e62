#include "sources/generic/pick.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "sources/json.hpp"

namespace iwakan::sources::generic {
namespace {

namespace json = boost::json;

constexpr std::size_t kTermsMax = 16;
constexpr const char* kRemedy =
    "write a JSON pointer like /monitor/name, ^/name for one into the whole document, header:NAME, or =TEXT";

bool is_header_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// Of json::value or const json::value.
template <class Value>
Value* walk(Value& in, const std::vector<std::string>& steps) {
  Value* at = &in;
  for (const std::string& step : steps) {
    if (auto* object = at->if_object()) {
      at = object->if_contains(step);
    } else if (auto* array = at->if_array()) {
      std::size_t index = 0;
      const char* const last = step.data() + step.size();
      const auto [end, error] = std::from_chars(step.data(), last, index);
      at = error == std::errc{} && end == last ? array->if_contains(index) : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace

Pointer Pointer::parse(std::string_view text, const Setting& at, Complaints& complaints) {
  Pointer pointer;
  pointer.text_ = text;
  if (text.empty()) return pointer;
  const auto refuse = [&](const char* problem) {
    complain(complaints, at, "\"" + std::string(text.substr(0, 64)) + "\" " + problem, kRemedy);
    return Pointer();
  };
  if (text.front() != '/') return refuse("is no JSON pointer: it does not begin with /");
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      pointer.steps_.emplace_back();
      continue;
    }
    std::string& step = pointer.steps_.back();
    if (text[i] != '~') {
      step += text[i];
      continue;
    }
    ++i;
    if (i == text.size() || (text[i] != '0' && text[i] != '1')) {
      return refuse("is no JSON pointer: ~ is written ~0, and / in a name ~1");
    }
    step += text[i] == '0' ? '~' : '/';
  }
  if (pointer.steps_.size() > kDepthMax) return refuse("goes deeper than 32 levels");
  return pointer;
}

const json::value* Pointer::find(const json::value& in) const {
  return walk(in, steps_);
}

json::value* Pointer::find(json::value& in) const {
  return walk(in, steps_);
}

std::string text_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string: return std::string(value.get_string());
    case json::kind::int64: return std::to_string(value.get_int64());
    case json::kind::uint64: return std::to_string(value.get_uint64());
    case json::kind::double_: return sources::text_of(value.get_double());
    case json::kind::bool_: return value.get_bool() ? "true" : "false";
    case json::kind::null:
    case json::kind::array:
    case json::kind::object: return {};
  }
  return {};
}

Pick Pick::parse(const Setting& setting, Complaints& complaints) {
  Pick pick;
  if (setting.kind != Setting::Kind::map) {
    pick.add(setting, complaints);
    return pick;
  }
  Fields fields(setting, complaints);
  if (const Setting* at = fields.required_child("at")) pick.add(*at, complaints);
  if (const Setting* words = fields.child("map")) {
    if (words->kind != Setting::Kind::map) {
      complain(complaints, *words, "texts and what they become are expected here", "write {P1: critical, P2: warning}");
    }
    for (const auto& [from, to] : words->fields) {
      if (to.kind == Setting::Kind::scalar) {
        pick.words_[from] = to.scalar;
      } else {
        complain(complaints, to, "a text is expected here");
      }
    }
  }
  if (fields.has("otherwise")) pick.otherwise_ = fields.text("otherwise");
  if (pick.otherwise_ && pick.words_.empty()) {
    complain(complaints, *fields.child("otherwise"), "there is no map that it could be otherwise than",
             "for a text where nothing is found, end the list with =TEXT");
  }
  fields.finish();
  return pick;
}

void Pick::add(const Setting& setting, Complaints& complaints) {
  if (setting.kind == Setting::Kind::list) {
    for (const Setting& item : setting.items) add(item, complaints);
    if (setting.items.empty()) complain(complaints, setting, "names no place", kRemedy);
    return;
  }
  if (setting.kind != Setting::Kind::scalar || setting.scalar.empty()) {
    return complain(complaints, setting, "says no place where a text comes from", kRemedy);
  }
  if (terms_.size() >= kTermsMax) return complain(complaints, setting, "more than 16 places", "leave some out");
  const std::string_view text = setting.scalar;
  constexpr std::string_view kHeader = "header:";
  Term term;
  if (text.starts_with('=')) {
    term.where = Where::text;
    term.text = text.substr(1);
  } else if (text.starts_with(kHeader)) {
    term.where = Where::header;
    term.text = text.substr(kHeader.size());
    if (!is_header_name(term.text)) complain(complaints, setting, "is no name of a header", kRemedy);
  } else {
    const bool whole = text.starts_with('^');
    term.where = whole ? Where::whole : Where::alert;
    const std::string_view pointer = text.substr(whole ? 1 : 0);
    term.pointer = Pointer::parse(pointer.empty() ? text : pointer, setting, complaints);
  }
  terms_.push_back(std::move(term));
}

std::string Pick::found(const Term& term, const Sight& sight) {
  if (term.where == Where::text) return term.text;
  if (term.where == Where::header) return std::string(sight.request.header(term.text));
  const json::value* value = term.pointer.find(term.where == Where::whole ? sight.whole : sight.alert);
  return value == nullptr ? std::string() : text_of(*value);
}

std::string Pick::text(const Sight& sight) const {
  for (const Term& term : terms_) {
    std::string text = found(term, sight);
    if (text.empty() || sight.empty.contains(text)) continue;
    const auto word = words_.find(text);
    if (word != words_.end()) return word->second;
    return otherwise_ ? *otherwise_ : text;
  }
  return {};
}

std::string Pick::place() const {
  for (const Term& term : terms_) {
    if (term.where == Where::header) return term.text;
    if (term.where != Where::text) return term.pointer.text();
  }
  return {};
}

}  // namespace iwakan::sources::generic
