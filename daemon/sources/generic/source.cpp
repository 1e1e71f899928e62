#include "sources/generic/source.hpp"

#include <filesystem>

#include "runtime/read_file.hpp"
#include "settings/yaml.hpp"
#include "sources/generic/mapping.hpp"

namespace iwakan::sources::generic {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kFileBytesMax = std::size_t{256} * 1024;

class Generic final : public Source {
 public:
  Generic(Mapping mapping, std::optional<Duration> expire_after)
      : mapping_(std::move(mapping)), expire_after_(expire_after) {}

  void receive(const Request& request, Done done) override { done(apply(mapping_, request)); }
  std::optional<Duration> expire_after() const override { return expire_after_; }

 private:
  Mapping mapping_;
  std::optional<Duration> expire_after_;
};

// The mapping itself, or the file that holds it, relative to the configuration.
Mapping read_mapping(const Setting& setting, Complaints& complaints) {
  if (setting.kind == Setting::Kind::map) return parse_mapping(setting, complaints);
  if (setting.kind != Setting::Kind::scalar || setting.scalar.empty()) {
    complain(complaints, setting, "a mapping, or the name of a file with one, is expected here",
             "write for example mapping: mappings/zabbix.yaml");
    return {};
  }
  const std::filesystem::path folder = std::filesystem::path(setting.place.file).parent_path();
  const std::string file = (folder / setting.scalar).string();
  const auto text = runtime::read_file(file, kFileBytesMax);
  if (!text) {
    complain(complaints, setting, "the mapping " + to_string(text.error()),
             "name a file, relative to this one; mappings/ has those that are shipped");
    return {};
  }
  const auto tree = settings::parse_yaml(*text, file, complaints);
  return tree ? parse_mapping(*tree, complaints) : Mapping();
}

}  // namespace

Make parse(Fields& fields) {
  Mapping mapping;
  if (const Setting* setting = fields.required_child("mapping")) mapping = read_mapping(*setting, fields.complaints());
  std::optional<Duration> expire_after;
  if (fields.has("expire_after")) expire_after = fields.duration("expire_after", 24h, 1min, 24h * 30);
  return [mapping = std::move(mapping), expire_after](const Surroundings&) {
    return std::make_unique<Generic>(mapping, expire_after);
  };
}

}  // namespace iwakan::sources::generic
