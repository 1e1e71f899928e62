#include "settings/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <stdexcept>
#include <vector>

namespace iwakan::settings {
namespace {

constexpr std::size_t kBytesMax = std::size_t{1024} * 1024;
constexpr std::size_t kNodesMax = 100'000;
constexpr std::size_t kDepthMax = 32;

// Ends the parsing from within a callback, with what is to be complained of.
struct Refused : std::runtime_error {
  Refused(Place at, std::string problem, std::string remedy)
      : std::runtime_error(problem), complaint{std::move(at), {}, std::move(problem), std::move(remedy)} {}
  Complaint complaint;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string file) : file_(std::move(file)) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(mark, Setting::Kind::null);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refused(place(mark), "aliases are not read here", "write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    // yaml-cpp says "?" for plain text and "!" for quoted.
    if (tag != "?" && tag != "!" && !tag.empty()) refuse_tag(mark, tag);
    if (awaits_key()) return key(mark, value);
    Setting& setting = add(mark, Setting::Kind::scalar);
    setting.scalar = value;
    setting.quoted = tag == "!";
    const bool is_null = !setting.quoted && (value == "~" || value == "null");
    if (is_null) setting.kind = Setting::Kind::null;
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Setting::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Setting::Kind::map);
  }
  void OnMapEnd() override { close(); }

  Setting take() { return std::move(root_); }

 private:
  struct Level {
    Setting setting;
    std::optional<std::string> key;  // of a map: read, its value to come
  };

  Place place(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != 0) throw Refused(place(mark), "anchors are not read here", "take the & away");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    throw Refused(place(mark), "tags are not read here (" + tag.substr(0, 64) + ")", "take the tag away");
  }

  bool awaits_key() const {
    return !levels_.empty() && levels_.back().setting.kind == Setting::Kind::map && !levels_.back().key;
  }

  void key(const YAML::Mark& mark, const std::string& name) {
    Level& level = levels_.back();
    if (name == "<<") throw Refused(place(mark), "merge keys are not read here", "write the keys out");
    if (level.setting.find(name) != nullptr) {
      throw Refused(place(mark), "the key \"" + name.substr(0, 64) + "\" stands here twice", "keep one of them");
    }
    level.key = name;
  }

  std::string path_of_next() const {
    if (levels_.empty()) return {};
    const Level& level = levels_.back();
    const std::string& parent = level.setting.path;
    if (level.setting.kind == Setting::Kind::list) {
      return parent + "[" + std::to_string(level.setting.items.size()) + "]";
    }
    return parent.empty() ? *level.key : parent + "." + *level.key;
  }

  Setting fresh(const YAML::Mark& mark, Setting::Kind kind) {
    if (++nodes_ > kNodesMax) throw Refused(place(mark), "more than 100000 values", "split or shorten it");
    if (awaits_key()) throw Refused(place(mark), "a key must be plain text", {});
    Setting setting;
    setting.kind = kind;
    setting.place = place(mark);
    setting.path = path_of_next();
    return setting;
  }

  Setting& attach(Setting setting) {
    if (levels_.empty()) return root_ = std::move(setting);
    Level& level = levels_.back();
    if (level.setting.kind == Setting::Kind::list) return level.setting.items.emplace_back(std::move(setting));
    level.setting.fields.emplace_back(*std::exchange(level.key, std::nullopt), std::move(setting));
    return level.setting.fields.back().second;
  }

  Setting& add(const YAML::Mark& mark, Setting::Kind kind) { return attach(fresh(mark, kind)); }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Setting::Kind kind) {
    refuse_anchor(mark, anchor);
    if (tag != "?" && !tag.empty()) refuse_tag(mark, tag);
    if (levels_.size() >= kDepthMax) throw Refused(place(mark), "more than 32 levels deep", {});
    levels_.push_back({fresh(mark, kind), std::nullopt});
  }

  void close() {
    Setting done = std::move(levels_.back().setting);
    levels_.pop_back();
    attach(std::move(done));
  }

  std::string file_;
  std::vector<Level> levels_;
  Setting root_;
  std::size_t nodes_ = 0;
};

// The line of the first byte that no configuration needs: controls but tab and line ends, broken UTF-8.
std::optional<int> line_of_bad_byte(std::string_view text) {
  int line = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') ++line;
    if (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') return line;
    if (byte < 0x80) continue;
    const int more = byte >= 0xF0 && byte <= 0xF4  ? 3
                     : byte >= 0xE0 && byte < 0xF0 ? 2
                     : byte >= 0xC2 && byte < 0xE0 ? 1
                                                   : 0;
    if (more == 0) return line;
    for (int k = 0; k < more; ++k) {
      if (++i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return line;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Setting> parse_yaml(std::string_view text, const std::string& file, Complaints& complaints) {
  const auto refuse = [&](Place at, std::string problem, std::string remedy) {
    complaints.push_back({std::move(at), {}, std::move(problem), std::move(remedy)});
    return std::nullopt;
  };
  if (text.size() > kBytesMax) return refuse({file, 0, 0}, "larger than 1 MiB", "shorten it");
  if (const auto line = line_of_bad_byte(text)) {
    return refuse({file, *line, 1}, "a control character or text that is not UTF-8", "save the file as UTF-8");
  }
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(file);
    if (!parser.HandleNextDocument(builder)) {
      Setting empty;
      empty.place = {file, 1, 1};
      return empty;
    }
    Setting root = builder.take();
    TreeBuilder second(file);
    if (parser.HandleNextDocument(second)) {
      return refuse({file, 0, 0}, "more than one document", "take what follows the second --- away");
    }
    return root;
  } catch (const Refused& refused) {
    complaints.push_back(refused.complaint);
  } catch (const YAML::Exception& error) {
    return refuse({file, error.mark.line + 1, error.mark.column + 1}, "not valid YAML: " + error.msg,
                  "check the indentation and the quotes there");
  }
  return std::nullopt;
}

}  // namespace iwakan::settings
