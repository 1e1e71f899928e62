// Practising.
#include "ctl/words.hpp"

namespace iwakan::ctl {

void add_drill_commands(CLI::App& app, Words& words) {
  CLI::App* drill = add_noun(app, "drill", "Practises an incident: the same iwakan, and nobody outside is told");
  CLI::App* start =
      add_verb(*drill, "start", "Plays a case into a daemon that was started for a drill, as if it happened now",
               "iwakanctl --url http://127.0.0.1:8129 drill start case.jsonl --speed 10");
  start->add_option("CASE", words.drill.recording, "A recording, or `iwakanctl incident export ID --format case`")
      ->required();
  CLI::Option* speed =
      start->add_option("--speed", words.drill.speed, "Times as fast as it happened")->check(CLI::Range(0.001, 1e6));
  start->add_flag("--fast", words.drill.fast, "Without pauses")->excludes(speed);
  start->footer(
      "First start the drill's own daemon, in a terminal where its messages can be read:\n"
      "  iwakand --config iwakand.yaml --drill drill\n"
      "It listens on 127.0.0.1:8129, tells nobody outside, and begins every text with 【訓練】 or [DRILL]. A daemon "
      "that\n"
      "is no drill is never sent anything. Then everybody does what they would do, with --url "
      "http://127.0.0.1:8129.\n\n"
      "Example:\n  iwakanctl --url http://127.0.0.1:8129 drill start case.jsonl --speed 10");
  start->callback([&words] { words.what = words.drill; });

  CLI::App* score = add_verb(*drill, "score", "Shows how it went, point by point: times and fields, never who",
                             "iwakanctl --url http://127.0.0.1:8129 drill score INC-1");
  score->add_option("ID", words.id, "Of the incident")->required();
  score->callback([&words] { words.what = get(of_incident(words, "score"), View::score); });
}

}  // namespace iwakan::ctl
