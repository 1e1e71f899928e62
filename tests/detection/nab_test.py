#!/usr/bin/python3
"""Goal: the scorer counts as NAB does, so that what is said about the series detector is true. Method: cases worked out by hand."""

import math
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import nab

COMMAND = os.path.join(os.environ.get("IWAKAN_BUILD_DIR", "build/dev"), "iwakanctl")


def one_file(flagged, windows, rows=1000):
    scores = [0.0] * rows
    for row in flagged:
        scores[row] = 1.0
    return [nab.File(scores, windows)]


def standard(files):
    return nab.normalised(files, "standard", nab.raw_score(files, "standard", 1.0))


class Scoring(unittest.TestCase):
    def test_saying_nothing_is_0_and_the_first_row_of_each_window_is_100(self):
        windows = [(300, 399), (600, 699)]
        self.assertAlmostEqual(standard(one_file([], windows)), 0)
        self.assertAlmostEqual(standard(one_file([300, 600], windows)), 100)

    def test_the_end_of_a_window_gains_little_and_an_early_row_much(self):
        early, late = (standard(one_file([row], [(300, 399)])) for row in (310, 399))
        self.assertGreater(early, 99)
        # The last row gains sigmoid(-1/100) / sigmoid(-1), of what goes from -1 to 1.
        gain = nab.sigmoid(-0.01) / nab.sigmoid(-1)
        self.assertAlmostEqual(late, 100 * (gain + 1) / 2)

    def test_a_second_row_in_a_window_changes_nothing(self):
        self.assertAlmostEqual(standard(one_file([310, 350], [(300, 399)])), standard(one_file([310], [(300, 399)])))

    def test_a_false_row_costs_less_just_behind_a_window(self):
        window = [(300, 399)]
        far, near, before = (standard(one_file([300, row], window)) for row in (900, 402, 200))
        self.assertAlmostEqual(far, 100 * (2 - 0.11) / 2)
        self.assertAlmostEqual(before, far)
        self.assertAlmostEqual(near, 100 * (2 + 0.11 * nab.sigmoid(3 / 99)) / 2)

    def test_the_first_rows_are_not_scored(self):
        self.assertEqual(nab.probation(1000), 150)
        self.assertEqual(nab.probation(10_000), 750)
        self.assertAlmostEqual(standard(one_file([100, 300], [(300, 399)])), 100)

    def test_the_optimum_is_the_best_of_all_thresholds(self):
        scores = [0.0] * 1000
        scores[305], scores[500], scores[620] = 3.0, 2.0, 1.0
        files = [nab.File(scores, [(300, 399), (600, 699)])]
        best, threshold = nab.optimum(files, "standard")
        tried = [nab.normalised(files, "standard", nab.raw_score(files, "standard", at)) for at in (0.5, 1.5, 2.5, 9)]
        self.assertAlmostEqual(best, max(tried))
        self.assertEqual(threshold, 1.0)


class Command(unittest.TestCase):
    def run_series(self, text):
        return subprocess.run([COMMAND, "series", "-"], input=text, capture_output=True, text=True)

    def test_a_row_out_for_a_row_in_and_the_odd_one_is_told(self):
        rows = [f"{1_700_000_000 + 300 * i},{50 + 5 * math.sin(i) + i % 7}" for i in range(2000)]
        rows[1500] = f"{1_700_000_000 + 300 * 1500},400"
        answer = self.run_series("timestamp,value\n" + "\n".join(rows) + "\n")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        lines = answer.stdout.splitlines()
        self.assertEqual(lines[0], "timestamp,value,score,report")
        self.assertEqual(len(lines), 2001)
        self.assertTrue(lines[1501].startswith(rows[1500] + ","))
        self.assertEqual([number for number, line in enumerate(lines) if line.endswith(",1")], [1501])

    def test_it_looks_at_no_later_row(self):
        rows = [f"{1_700_000_000 + 60 * i},{i % 11}" for i in range(1500)]
        whole = self.run_series("\n".join(rows)).stdout.splitlines()
        part = self.run_series("\n".join(rows[:1100])).stdout.splitlines()
        self.assertEqual(part, whole[: len(part)])

    def test_late_and_endless_values_are_passed_over(self):
        answer = self.run_series("2026-01-01 00:00:00,1\n2026-01-01 00:00:00,9\n2026-01-01T00:05:00Z,inf\n2026-01-01T00:10:00Z,2\n")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(len(answer.stdout.splitlines()), 5)

    def test_what_is_wrong_is_named_with_its_line(self):
        for text, problem in (("t,v\n2026-01-01T00:00:00Z,1\nnever,2\n", "standard input:3: not a time"),
                              ("2026-01-01T00:00:00Z,1\n2026-01-01T00:05:00Z,x\n", "standard input:2: not a number"),
                              ("2026-01-01T00:00:00Z\n", "standard input:1: is no row")):
            answer = self.run_series(text)
            self.assertEqual(answer.returncode, 2)
            self.assertIn(problem, answer.stderr)


if __name__ == "__main__":
    unittest.main()
