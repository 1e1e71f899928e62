#include "sources/grafana/dialect.hpp"

#include <map>
#include <string>
#include <vector>

#include "sources/json.hpp"

namespace iwakan::sources::grafana {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kValuesMax = 32;
constexpr std::size_t kRefBytesMax = 64;

class Grafana final : public alertmanager::Dialect {
 public:
  std::string_view name() const override { return "Grafana's webhook"; }

  void begin() override {
    values_.clear();
    dashboard_.clear();
    panel_.clear();
  }

  std::optional<Failure> member(std::string_view key, ondemand::value value, const AlertPlace& place) override {
    if (key == "values") return read_values(value, place);
    if (key == "dashboardURL") return read_link(value, place, key, dashboard_);
    if (key == "panelURL") return read_link(value, place, key, panel_);
    return std::nullopt;
  }

  void finish(Alert& alert, AlertBatch& batch) override {
    if (alert.state == AlertState::resolved && !alert.annotation("grafana_state_reason").empty()) {
      alert.state = AlertState::no_data;
      alert.ends_at.reset();
    }
    // What the alert's own annotations say comes first.
    std::vector<Label> annotations(alert.annotations.begin(), alert.annotations.end());
    const auto annotate = [&](const std::string& name, const std::string& text) {
      if (annotations.size() < kLabelsMax) annotations.push_back({batch.keep(name), batch.keep(text)});
    };
    annotate("dashboard", dashboard_);
    annotate("panel", panel_);
    if (!values_.empty()) annotate("value", values_.begin()->second);
    for (const auto& [ref, text] : values_) annotate("value_" + ref, text);
    batch.keep_sorted(annotations, alert.annotations);
  }

 private:
  // Null where there is no data; what is no number says nothing.
  std::optional<Failure> read_values(ondemand::value value, const AlertPlace& place) {
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return malformed_json(place.path("values"), error);
    if (type == ondemand::json_type::null) return std::nullopt;
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) {
      return error == simdjson::INCORRECT_TYPE ? wrong_type(place.path("values"), "an object of numbers")
                                               : malformed_json(place.path("values"), error);
    }
    for (auto field : object) {
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return malformed_json(place.path("values"), error);
      const std::string ref = cleaned(beginning(key, kRefBytesMax));
      ondemand::value item;
      if (const auto error = field.value().get(item)) return malformed_json(place.path("values"), error);
      double number = 0;
      if (!item.get_double().get(number) && values_.size() < kValuesMax) values_.emplace(ref, text_of(number));
    }
    return std::nullopt;
  }

  static std::optional<Failure> read_link(ondemand::value value, const AlertPlace& place, std::string_view key,
                                          std::string& link) {
    std::string_view text;
    auto failure = AlertReader::text(value, text, place, key);
    if (!failure) link = safe_link(text);
    return failure;
  }

  std::map<std::string, std::string> values_;  // by refID
  std::string dashboard_;
  std::string panel_;
};

}  // namespace

std::unique_ptr<alertmanager::Dialect> make_dialect() {
  return std::make_unique<Grafana>();
}

}  // namespace iwakan::sources::grafana
