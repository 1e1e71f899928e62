// What is tried with recordings, series and stories.
#include "ctl/words.hpp"

namespace iwakan::ctl {
namespace {

void add_send(CLI::App& app, Words& words) {
  CLI::App* send =
      add_verb(app, "send", "Plays recorded requests into the daemon, several files together in the order of time",
               "iwakanctl send monday.jsonl --speed 60 --now");
  send->add_option("RECORDING", words.play.recordings,
                   "JSON lines, a request each: {\"at\", \"method\", \"path\", \"headers\", \"body\"}")
      ->required();
  CLI::Option* speed =
      send->add_option("--speed", words.play.speed, "Times as fast as recorded: 60 plays an hour in a minute")
          ->check(CLI::Range(0.001, 1e6));
  send->add_flag("--fast", words.play.fast, "Without pauses")->excludes(speed);
  send->add_flag("--now", words.play.now,
                 "As if it happened now: moves the times in the bodies, but for those of SNS, which are signed");
  send->callback([&words] { words.what = words.play; });
}

void add_replay(CLI::App& app, Words& words) {
  CLI::App* replay =
      add_verb(app, "replay", "Shows which incidents a configuration would have opened, offline and as fast as it can",
               "iwakanctl replay november.jsonl --config iwakand.yaml --labels november.labels.jsonl");
  replay
      ->add_option("RECORDING", words.replay.recording,
                   "JSON lines, a request each, as `send` plays them; - for standard input; or the folder of a "
                   "store, whose journal is replayed")
      ->required();
  replay->add_option("--config", words.replay.config, "The configuration to try")->required();
  replay->add_option("--compare", words.replay.compare, "A second one: shows what it would have changed");
  replay->add_option("--labels", words.replay.labels,
                     "What really were incidents, JSON lines {\"from\", \"to\", \"subjects\": []}: acts as people "
                     "would, and sums up what was found, how late, and how often in vain");
  replay->add_flag("--misses", words.replay.misses, "Near misses too, as they come");
  replay->callback([&words] { words.what = words.replay; });
}

void add_map(CLI::App& app, Words& words) {
  CLI::App* map =
      add_verb(app, "map", "Shows which alerts the body of a request becomes, offline: to write a mapping by",
               "iwakanctl map --config iwakand.yaml kuma sample.json");
  map->add_option("--config", words.map.config, "The configuration that has the sender")->required();
  map->add_option("NAME", words.map.sender, "Of the sender: as under sources.generic, or of another source")
      ->required();
  map->add_option("SAMPLE", words.map.sample, "A file with the body as it is sent; - for standard input")->required();
  map->add_option("--header", words.map.headers, "A header that comes with it: \"Content-Type: application/json\"");
  map->callback([&words] { words.what = words.map; });
}

void add_series(CLI::App& app, Words& words) {
  CLI::App* series = add_verb(app, "series", "Says how far off each value of a numeric series is, by its own past",
                              "iwakanctl series cpu.csv > cpu.scores.csv");
  series
      ->add_option(
          "FILE", words.series.file,
          "CSV with timestamp,value; times as RFC 3339, without a zone in UTC, or in seconds since 1970; - for "
          "standard input")
      ->required();
  series->footer(
      "Prints timestamp,value,score,report as the rows come. The score is 3 - log10(such episodes in 28 days),\n"
      "higher is more off; report is 1 once when it reaches 3: the like of it comes less than once in 28 days.\n\n"
      "Example:\n  iwakanctl series cpu.csv > cpu.scores.csv");
  series->callback([&words] { words.what = words.series; });
}

void add_test(CLI::App& app, Words& words) {
  CLI::App* test = add_verb(app, "test", "Plays stories of alerts to the rules, and says what did not come as expected",
                            "iwakanctl test config/tests/*.yaml --junit results.xml");
  test->add_option("FILE", words.tests.files, "YAML: tests, each with alerts at times and what is expected of them")
      ->required();
  test->add_option("--junit", words.tests.junit, "Writes the results there as well, as JUnit XML");
  test->callback([&words] { words.what = words.tests; });
}

}  // namespace

void add_recording_commands(CLI::App& app, Words& words) {
  add_send(app, words);
  add_replay(app, words);
  add_map(app, words);
  add_series(app, words);
  add_test(app, words);
}

}  // namespace iwakan::ctl
