#!/usr/bin/python3
"""Goal: what the judge says can be relied on. Method: worlds are read back from their recordings, and the truth of each label is looked for
there by other means than those that made it; the judge scores cases made by hand, and a stand-in for iwakanctl whose answers are known."""

import collections
import dataclasses
import functools
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import judge
import today
import verdict
import world as worlds
from incidents import Label
from scoring import Opening, Summary, of_newcomer, quantile, score, seconds
from sender import Sender, merged
from shape import DAY, HOUR, KINDS, SHAPES, WEEK
from usual import Alert, Episode

Seen = collections.namedtuple("Seen", "start first service name end value impact")


def recorded(world):
    file = io.StringIO()
    world.sender.write(file, world.stream("network"))
    return file.getvalue()


class Recording:
    """A recording as a receiver sees it: requests in their order, and each firing once."""

    def __init__(self, text):
        requests = [json.loads(line) for line in text.splitlines()]
        self.times = [seconds(request["at"]) for request in requests]
        self.hosts = collections.Counter(request["body"]["externalURL"] for request in requests)
        self.firings, self.ends = {}, {}
        for at, request in zip(self.times, requests):
            for alert in request["body"]["alerts"]:
                labels, annotations, start = alert["labels"], alert["annotations"], seconds(alert["startsAt"])
                key = (*sorted(labels.items()), start)
                if alert["status"] == "resolved":
                    self.ends[key] = seconds(alert["endsAt"])
                elif key not in self.firings:
                    impact = labels.get("customer_impact", annotations.get("customer_impact", ""))
                    value = float(annotations["value"]) if "value" in annotations else None
                    self.firings[key] = (start, at, labels["service"], labels["alertname"], value, impact)
        self.seen = sorted(Seen(start, first, service, name, self.ends.get(key), value, impact)
                           for key, (start, first, service, name, value, impact) in self.firings.items())
        self.by_service = collections.defaultdict(list)
        for seen in self.seen:
            self.by_service[seen.service].append(seen)

    def of(self, service, begin, end, name=None):
        return [seen for seen in self.by_service[service] if begin - 0.01 <= seen.start <= end and name in (None, seen.name)]


@functools.cache
def of_world(name, seed):
    world = worlds.generate(SHAPES[name], seed)
    return world, Recording(recorded(world))


class Truth(unittest.TestCase):
    """One check for each kind: what the label says is there."""

    def burst(self, recording, label):
        found = recording.of(label.subjects[0], label.start, label.start + 20 * 60)
        self.assertGreaterEqual(len(found), 6)
        self.assertLessEqual(found[0].first, label.start + 300)

    def slow_burn(self, recording, label):
        self.assertGreaterEqual(len(recording.of(label.subjects[0], label.start, label.end)), 7)
        self.assertLessEqual(label.end - label.start, 8 * HOUR)

    def never_seen(self, recording, label):
        before = {seen.name for seen in recording.seen if seen.start < label.start - 1}
        new = {seen.name for seen in recording.of(label.subjects[0], label.start, label.start + 1)} - before
        self.assertEqual(len(new), 1)

    def never_here(self, recording, label):
        before = {seen.name for seen in recording.of(label.subjects[0], 0, label.start - 1)}
        elsewhere = {seen.name for seen in recording.seen if seen.start < label.start - 1}
        new = {seen.name for seen in recording.of(label.subjects[0], label.start, label.start + 1)} - before
        self.assertEqual(len(new & elsewhere), 1)

    def impact(self, recording, label):
        said = [seen for seen in recording.of(label.subjects[0], label.start, label.start + 1) if seen.impact]
        self.assertEqual(len(said), 1)
        self.assertIn(said[0].impact, ("possible", "confirmed"))

    def flapping(self, recording, label):
        counts = collections.Counter(seen.name for seen in recording.of(label.subjects[0], label.start, label.end))
        self.assertGreaterEqual(max(counts.values()), 6)

    def breadth(self, recording, label):
        for subject in label.subjects:
            self.assertTrue(recording.of(subject, label.start, label.start + 600), subject)
        self.assertGreaterEqual(len(label.subjects), 8)

    def silence(self, recording, label):
        by_name = collections.defaultdict(list)
        for seen in recording.of(label.subjects[0], 0, recording.times[-1]):
            by_name[seen.name].append(seen.start)
        silent = [name for name, starts in by_name.items() if len(starts) > 10
                  and not any(label.start - 1 <= start < label.end - 1 for start in starts)
                  and any(abs(start - label.end) < 1 for start in starts)]
        self.assertTrue(silent)
        starts = by_name[silent[0]]
        gaps = sorted(later - start for start, later in zip(starts, starts[1:]) if later <= label.start - 1)
        self.assertLess(gaps[int(len(gaps) * 0.9)], 1.1 * gaps[len(gaps) // 2])

    def source_silent(self, recording, label):
        self.assertFalse([at for at in recording.times if label.start <= at < label.end])
        self.assertEqual(label.subjects, [])
        self.assertTrue([at for at in recording.times if label.start - HOUR < at < label.start])
        self.assertTrue([at for at in recording.times if label.end <= at < label.end + HOUR])

    def long(self, recording, label):
        still = [seen for seen in recording.of(label.subjects[0], 0, label.start) if (seen.end or 0) > label.end - 1]
        lasting = []
        for seen in still:
            past = [old.end - old.start for old in recording.of(seen.service, 0, seen.start - 1, seen.name) if old.end]
            lasting.append(bool(past) and label.start - seen.start >= 1.9 * max(past))
        self.assertTrue(any(lasting))

    def value(self, recording, label):
        odd = []
        for seen in recording.of(label.subjects[0], label.start, label.end):
            past = [old.value for old in recording.of(seen.service, 0, label.start - 1, seen.name) if old.value is not None]
            if past and seen.value is not None:
                middle, reach = (max(past) + min(past)) / 2, (max(past) - min(past)) / 2
                odd.append(abs(seen.value - middle) > 1.3 * reach)
        self.assertTrue(any(odd))

    def test_of_every_kind(self):
        met = collections.Counter()
        for name, seed in (("ordinary", 1), ("quiet", 3), ("bursty", 4), ("scarred", 5)):
            world, recording = of_world(name, seed)
            for label in world.labels:
                with self.subTest(shape=name, seed=seed, label=label):
                    getattr(self, label.kind)(recording, label)
                met[label.kind] += 1
        for kind in (*KINDS, "never_here"):
            self.assertGreater(met[kind], 0, kind)


class Worlds(unittest.TestCase):
    def test_same_seed_same_bytes(self):
        shape = SHAPES["quiet"]
        first, second = worlds.generate(shape, 5), worlds.generate(shape, 5)
        self.assertEqual(recorded(first), recorded(second))
        self.assertEqual(first.labels, second.labels)
        self.assertNotEqual(recorded(first), recorded(worlds.generate(shape, 6)))

    def test_usual_noise_does_not_depend_on_incidents(self):
        def noise(world):
            return [(episode.start, episode.alert.service, episode.alert.name) for episode in world.usual.episodes]

        self.assertEqual(noise(worlds.generate(SHAPES["ordinary"], 3)), noise(worlds.generate(SHAPES["ordinary"], 3, null=True)))

    def test_null_world_has_no_incident(self):
        world = worlds.generate(SHAPES["ordinary"], 2, null=True)
        self.assertEqual(world.labels, [])
        self.assertNotIn("customer_impact", recorded(world))

    def test_ordinary_is_as_promised(self):
        world, recording = of_world("ordinary", 1)
        self.assertEqual(recording.times, sorted(recording.times))
        self.assertLess(recording.times[-1], 6 * WEEK)
        self.assertEqual(len(world.labels), 13)
        self.assertTrue(all(label.start >= world.scored_from for label in world.labels))
        self.assertAlmostEqual(len(world.usual.episodes) / 42, 150, delta=25)
        self.assertEqual(len({seen.service for seen in recording.seen}), 41)
        twins = recording.hosts["http://am-1.example:9093"] / recording.hosts.total()
        self.assertAlmostEqual(twins, 1 / 3, delta=0.02)

    def test_newcomer_fires_ten_kinds_on_its_first_day(self):
        world, recording = of_world("ordinary", 1)
        name, since = world.onboarded
        seen = recording.of(name, 0, world.span)
        self.assertGreaterEqual(seen[0].start, since)
        self.assertGreaterEqual(len({one.name for one in seen if one.start < since + DAY}), 9)

    def test_fewer_weeks(self):
        shape = SHAPES["ordinary"].with_weeks(2)
        self.assertEqual((shape.history_weeks, shape.scored_weeks), (1, 1))


class Sending(unittest.TestCase):
    """The rules by which Alertmanager tells."""

    def setUp(self):
        self.alert = Alert({"alertname": "A", "service": "s", "severity": "warning"})

    def told(self, episodes, outages=()):
        return [(at, [e.start for e in firing], [e.start for e in resolved])
                for at, _, firing, resolved in Sender(episodes, list(outages), WEEK).notifications()]

    def test_waits_then_tells_both_ends(self):
        self.assertEqual(self.told([Episode(100, 400, self.alert)]), [(130, [100], []), (430, [], [100])])

    def test_what_ends_within_the_wait_is_never_told(self):
        self.assertEqual(self.told([Episode(100, 120, self.alert)]), [])

    def test_repeats_every_four_hours(self):
        told = self.told([Episode(0, 9 * HOUR, self.alert)])
        self.assertEqual([at for at, _, _ in told], [30, 30 + 4 * HOUR, 30 + 8 * HOUR, 30 + 9 * HOUR])

    def test_group_is_told_together(self):
        other = Alert({"alertname": "A", "service": "s", "severity": "critical"})
        self.assertEqual(self.told([Episode(100, 900, self.alert), Episode(110, 900, other)]),
                         [(130, [100, 110], []), (930, [], [100, 110])])

    def test_an_outage_holds_everything_back(self):
        told = self.told([Episode(100, 9000, self.alert), Episode(20000, 20200, self.alert)], [(50, 5000), (19000, 21000)])
        self.assertEqual([firing for _, firing, _ in told], [[100], []])
        self.assertGreaterEqual(told[0][0], 5000)

    def test_overlapping_episodes_become_one(self):
        self.assertEqual([(e.start, e.end) for e in merged([Episode(0, 50, self.alert), Episode(40, 90, self.alert)])], [(0, 90)])

    def test_an_incident_ends_the_usual_episode(self):
        kept = merged([Episode(0, 500, self.alert), Episode(300, 400, self.alert, incident=0)])
        self.assertEqual([(e.start, e.end) for e in kept], [(0, 240), (300, 400)])


class Scoring(unittest.TestCase):
    LABELS = [Label(10 * DAY, 10 * DAY + HOUR, ["a"], "burst"), Label(22 * DAY, 22 * DAY + HOUR, ["a", "b"], "breadth"),
              Label(24 * DAY, 24 * DAY + HOUR, [], "source_silent"), Label(26 * DAY, 26 * DAY + HOUR, ["c"], "long")]

    def score(self, *openings):
        return score(self.LABELS, [Opening(at, subjects) for at, subjects in openings], 3 * WEEK, 6 * WEEK)

    def test_detected_by_the_first_that_shares_a_subject(self):
        found = self.score((22 * DAY + 120, ("x", "b")), (22 * DAY + 300, ("a",)))
        self.assertEqual((found.delays, found.false), ([120, None, None], []))

    def test_other_subjects_are_false(self):
        found = self.score((22 * DAY + 120, ("c",)))
        self.assertEqual((found.delays, len(found.false)), ([None, None, None], 1))

    def test_no_subjects_means_any(self):
        self.assertEqual(self.score((24 * DAY + 60, ("whoever",))).delays, [None, 60, None])

    def test_grace_after_the_end_and_none_before_the_beginning(self):
        self.assertEqual(self.score((26 * DAY + HOUR + 900, ("c",))).delays, [None, None, HOUR + 900])
        self.assertEqual(len(self.score((26 * DAY + HOUR + 901, ("c",)), (26 * DAY - 1, ("c",))).false), 2)

    def test_history_counts_for_nothing_but_week_one(self):
        found = self.score((3 * DAY, ("a",)), (9 * DAY, ("a",)), (10 * DAY + 60, ("a",)))
        self.assertEqual((found.delays, found.false, found.false_first_week, found.weeks), ([None, None, None], [], 1, 3))

    def test_newcomer(self):
        openings = [Opening(DAY, ("n",)), Opening(2 * DAY, ("x", "n")), Opening(20 * DAY, ("n",))]
        self.assertEqual(of_newcomer(openings, ("n", DAY)), 2)

    def test_quantiles_by_rank(self):
        self.assertEqual([quantile([5, 1, 3], share) for share in (0, 0.5, 0.9)], [1, 3, 5])
        self.assertIsNone(quantile([], 0.5))

    def test_summary(self):
        total = Summary()
        total.add([60.0, None], false=3, weeks=3.0)
        total.add([120.0], false=0, weeks=3.0)
        figures = total.as_json()
        self.assertEqual((figures["labels"], figures["detected"], figures["false_per_week"]), (3, 2, 0.5))
        self.assertEqual((figures["delay_median_s"], figures["delay_90_s"]), (60, 120))

    def test_times(self):
        self.assertEqual(seconds("2026-03-02T00:00:01.500000019Z"), 1.500000019)
        self.assertEqual(seconds("2026-03-02T09:00:00+09:00"), 0)
        with self.assertRaises(ValueError):
            seconds("yesterday")


class Today(unittest.TestCase):
    def test_cool_down(self):
        self.assertEqual([opening.at for opening in today.cooled([(0, "a"), (60, "b"), (3599, "a"), (3600, "a")])], [0, 60, 3600])

    def test_counts_firings_and_no_repeats(self):
        alerts = [Alert({"alertname": name, "service": "s", "severity": severity}) for name, severity in (("A", "warning"), ("B", "critical"))]
        sender = Sender([Episode(0, 9 * HOUR, alerts[0]), Episode(600, 9 * HOUR, alerts[1])], [], WEEK)
        openings = dict(today.alternatives(type("", (), {"sender": sender})))
        self.assertEqual([opening.at for opening in openings[today.CRITICAL]], [630])
        self.assertEqual([opening.at for opening in openings["2 alerts in 15 minutes"]], [630])
        self.assertEqual(openings["2 alerts in 10 minutes"], [])

    def test_best_constants(self):
        labels = [Label(0, 1, ["a"], "burst")]

        def scored(delay, false):
            return dataclasses.replace(score([], [], 0, WEEK), delays=[delay], false=[Opening(0, ())] * false)

        result = {"labels": labels, "today": {today.CRITICAL: scored(None, 0), "dull": scored(None, 0), "loud": scored(5, 9), "good": scored(9, 1)}}
        rows = verdict.of_today([result])
        self.assertEqual([row["method"] for row in rows], [today.CRITICAL, "good", "good"])


STAND_IN = """#!/usr/bin/python3
import json, sys
arguments = dict(zip(sys.argv, sys.argv[1:]))
budget = [line for line in open(arguments["--config"]) if line.startswith("budget")]
print(json.dumps({"id": "INC-0", "opened_at": "2026-03-03T00:00:00Z", "subjects": ["nobody"], "level": 2, "rules": ["early"], "why": []}))
print(json.dumps({"id": "INC-9", "opened_at": "2026-03-30T00:00:00Z", "subjects": ["nobody"], "level": 2, "why": ["nobody: 7 of \\"x\\""] + budget}))
for line in open(arguments["--labels"]):
    label = json.loads(line)
    if label["kind"] != "value":
        print(json.dumps({"id": "INC-1", "opened_at": label["from"], "subjects": label["subjects"][:1] or ["alertmanager"], "level": 2, "why": ["x"]}))
print(json.dumps({"incidents": 3}))
"""


class Judging(unittest.TestCase):
    """The whole way, with a stand-in for iwakanctl that sees all but `value`, and opens twice in vain."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "iwakanctl").write_text(STAND_IN)
        (self.folder / "iwakanctl").chmod(0o755)
        (self.folder / "iwakand.yaml").write_text("budget: 3 per week\nrules: {}\n")

    def judge(self, *more):
        command = [sys.executable, str(HERE / "judge.py"), "--config", str(self.folder / "iwakand.yaml"), "--shapes", "quiet", "--seeds", "1-2",
                   "--jobs", "1", "--json", *more]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "IWAKAN_BUILD_DIR": str(self.folder)})
        return json.loads(done.stdout)

    def test_figures(self):
        found = self.judge("--misses")
        part = found["groups"][0]["budgets"][0]
        self.assertEqual(part["total"]["labels"], 26)
        for kind, figures in part["kinds"].items():
            self.assertEqual(figures["recall"], 0 if kind == "value" else 1, kind)
        self.assertAlmostEqual(part["total"]["false_per_week"], 1 / 3)
        self.assertEqual(part["false_per_week_by_rule"], {"…: 0 of …": 1 / 3})
        self.assertEqual(part["false_first_week"], {"mean": 1, "most": 1})
        self.assertLess(part["total"]["delay_90_s"], 0.01)
        self.assertEqual({row["kind"] for row in found["misses"] if row["what"] == "missed"}, {"value"})
        self.assertEqual(len([row for row in found["misses"] if row["what"] == "false"]), 2)
        self.assertEqual(len(found["groups"][0]["today"]), 3)

    def test_null_worlds_and_budgets(self):
        found = self.judge("--null", "--budget", "0.1,2", "--misses")
        low, high = found["groups"][0]["budgets"]
        self.assertEqual(low["by_week"], [1, 0, 0, 0, 1, 0])
        self.assertAlmostEqual(low["from_second_week"], 0.2)
        self.assertAlmostEqual(low["ratio"], 2)
        self.assertAlmostEqual(high["ratio"], 0.1)
        self.assertIn("budget: 0.1 per week\n", found["misses"][1]["why"])

    def test_budget_is_added_where_there_is_none(self):
        (self.folder / "bare.yaml").write_text("rules: {}")
        copy = pathlib.Path(judge.with_budget(self.folder / "bare.yaml", 0.25, self.folder))
        self.assertEqual(copy.read_text(), "rules: {}\nbudget: 0.25 per week\n")
        self.assertTrue((copy.parent / "iwakand.yaml").is_symlink())


if __name__ == "__main__":
    unittest.main()
