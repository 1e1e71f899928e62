// What is on its way to people, and what was noticed.
#include "ctl/words.hpp"
#include "model/delivery.hpp"

namespace iwakan::ctl {
namespace {

void add_delivery(CLI::App& app, Words& words) {
  CLI::App* delivery = add_noun(app, "delivery", "Reports on their way to recipients");
  CLI::App* list =
      add_verb(*delivery, "list", "Who is told what, and whether it arrived", "iwakanctl delivery list --state dead");
  list->add_option("--state", words.value, "Only those")
      ->check(CLI::IsMember(names(DeliveryState::pending, DeliveryState::delivered, DeliveryState::dead)));
  list->callback([&words] {
    words.what = get("/api/v1/deliveries" + (words.value.empty() ? "" : "?state=" + words.value), View::deliveries);
  });

  CLI::App* redeliver = add_verb(*delivery, "redeliver", "Gives a delivery that was given up another chance",
                                 "iwakanctl delivery redeliver INC-17.1.supervisor-hasegawa");
  redeliver->add_option("ID", words.id, "Of the delivery, as in the list")->required();
  redeliver->callback(
      [&words] { words.what = post("/api/v1/deliveries/" + encoded(words.id) + "/redeliver", {}, words); });
}

void add_noticed(CLI::App& app, Words& words) {
  CLI::App* alert = add_noun(app, "alert", "What the monitors say");
  CLI::App* alerts = add_verb(*alert, "list", "The alerts that fire now", "iwakanctl alert list");
  alerts->add_flag("--all", words.all, "Those that fire no longer as well");
  alerts->callback([&words] {
    words.what = get(std::string("/api/v1/alerts?state=") + (words.all ? "all" : "firing"), View::alerts);
  });

  CLI::App* suspicion = add_noun(app, "suspicion", "What was noticed and did not open an incident");
  CLI::App* suspicions = add_verb(*suspicion, "list", "Each with the reason why not", "iwakanctl suspicion list");
  suspicions->callback([&words] { words.what = get("/api/v1/suspicions", View::suspicions); });
}

void add_watch(CLI::App& app, Words& words) {
  CLI::App* watch = add_verb(app, "watch", "Shows what happens as it happens, until Ctrl-C; comes back after a break",
                             "iwakanctl watch INC-17");
  watch->add_option("ID", words.watch.incident, "Of one incident; left out: all");
  watch->add_option("--since", words.watch.since, "Begins after the event of that id, as --json gives it");
  watch->add_option("--count", words.watch.count, "Ends after so many entries")->check(CLI::PositiveNumber);
  watch->callback([&words] { words.what = words.watch; });
}

void add_why(CLI::App& app, Words& words, TimePoint now) {
  CLI::App* why =
      add_verb(app, "why", "Why an incident was opened, or why nothing was: the evidence, its numbers, and the budget",
               "iwakanctl why checkout --at 03:10");
  why->add_option("WHAT", words.id, "An incident (INC-17), or a subject as alerts name it (checkout)")->required();
  why->add_option("--at", words.at, "Around that time, if not lately: 03:10, or 2026-11-24T03:10:00+09:00")
      ->transform(time_read_at(now));
  why->callback([&words] {
    const std::string at = words.at.empty() ? "" : "&at=" + encoded(words.at);
    words.what = get("/api/v1/why?of=" + encoded(words.id) + at, View::why);
  });
}

}  // namespace

void add_delivery_commands(CLI::App& app, Words& words, TimePoint now) {
  add_delivery(app, words);
  add_noticed(app, words);
  add_why(app, words, now);
  add_watch(app, words);
}

}  // namespace iwakan::ctl
