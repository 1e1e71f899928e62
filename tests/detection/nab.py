#!/usr/bin/python3
"""Scores `iwakanctl series` as the Numenta Anomaly Benchmark does (numenta/NAB, MIT licence), on a folder of its data.

    IWAKAN_BUILD_DIR=build/release tests/detection/nab.py FOLDER

FOLDER holds data/*/*.csv and windows.json. Two scores for each profile: at the threshold that is fixed in advance (the column
`report`), and at the one threshold that is best on these very labels, as NAB's own board has it (which flatters everybody alike).
Of a window the first row at or above the threshold counts, the earlier the better; every other such row costs.
"""

import bisect
import csv
import datetime
import json
import math
import os
import pathlib
import subprocess
import sys

# Hit, miss, false row: config/profiles.json of NAB.
PROFILES = {"standard": (1.0, 1.0, 0.11), "low false positives": (1.0, 1.0, 0.22), "low false negatives": (1.0, 2.0, 0.11)}


def sigmoid(x):
    return 2 / (1 + math.exp(5 * x)) - 1


def probation(rows):
    """The first rows are not scored."""
    return min(int(0.15 * rows), 750)


def hit_gain(row, left, right):
    width = right - left + 1
    return sigmoid(-(right - row + 1) / width) / sigmoid(-1)


def false_cost(row, window):
    """1 before the first window and far behind one, less just behind it."""
    if window is None:
        return 1.0
    left, right = window
    width = max(right - left, 1)
    distance = (row - right) / width
    return 1.0 if distance > 3 else -sigmoid(distance)


class File:
    def __init__(self, scores, windows):
        """scores: of each row; windows: pairs of row numbers, sorted."""
        self.begin = probation(len(scores))
        self.windows = [window for window in windows if window[1] >= self.begin]
        self.rows = []  # (score, window that holds it or None, gain or cost)
        for row in range(self.begin, len(scores)):
            place = bisect.bisect_right([left for left, _ in self.windows], row) - 1
            inside = place >= 0 and row <= self.windows[place][1]
            if inside:
                self.rows.append((scores[row], place, hit_gain(row, *self.windows[place])))
            else:
                self.rows.append((scores[row], None, false_cost(row, self.windows[place] if place >= 0 else None)))

    def events(self):
        """What lowering the threshold brings, row by row: (score, window or None, value)."""
        return self.rows


def raw_score(files, profile, threshold):
    hit, miss, false = PROFILES[profile]
    total = 0.0
    for file in files:
        best = {}
        for score, window, value in file.events():
            if score < threshold:
                continue
            if window is None:
                total -= false * value
            else:
                best[window] = max(best.get(window, -math.inf), value)
        total += sum(hit * gain for gain in best.values())
        total -= miss * (len(file.windows) - len(best))
    return total


def normalised(files, profile, raw):
    hit, miss, _ = PROFILES[profile]
    windows = sum(len(file.windows) for file in files)
    null, perfect = -miss * windows, hit * windows
    return 100 * (raw - null) / (perfect - null) if windows else 0.0


def optimum(files, profile):
    """The best over all thresholds: rows taken in the order of falling scores."""
    hit, miss, false = PROFILES[profile]
    events = sorted(((score, number, window, value) for number, file in enumerate(files) for score, window, value in file.events()),
                    key=lambda event: -event[0])
    total = -miss * sum(len(file.windows) for file in files)
    best_of, best, at = {}, (total, math.inf), 0
    while at < len(events):
        score = events[at][0]
        while at < len(events) and events[at][0] == score:
            _, number, window, value = events[at]
            at += 1
            if window is None:
                total -= false * value
                continue
            before = best_of.get((number, window))
            if before is None:
                total += miss + hit * value
            elif value > before:
                total += hit * (value - before)
            best_of[number, window] = max(value, before if before is not None else -math.inf)
        best = max(best, (total, score))
    return normalised(files, profile, best[0]), best[1]


def parse_time(text):
    return datetime.datetime.fromisoformat(text.split(".")[0])


def read_file(command, path, windows):
    answer = subprocess.run([command, "series", str(path)], capture_output=True, text=True, check=True)
    rows = list(csv.DictReader(answer.stdout.splitlines()))
    times = [parse_time(row["timestamp"]) for row in rows]
    pairs = [(bisect.bisect_left(times, parse_time(left)), bisect.bisect_right(times, parse_time(right)) - 1) for left, right in windows]
    weeks = (times[-1] - times[0]).total_seconds() / (7 * 86400)
    return ([float(row["score"]) for row in rows], [float(row["report"]) for row in rows], sorted(pairs), weeks)


def main():
    folder = pathlib.Path(sys.argv[1])
    command = os.path.join(os.environ["IWAKAN_BUILD_DIR"], "iwakanctl")
    windows = json.loads((folder / "windows.json").read_text())
    scored, fixed, weeks = [], [], 0.0
    for name in sorted(windows):
        path = folder / "data" / name
        if not path.exists():
            continue
        scores, reports, pairs, length = read_file(command, path, windows[name])
        scored.append(File(scores, pairs))
        fixed.append(File(reports, pairs))
        weeks += length
    labelled = sum(len(file.windows) for file in scored)
    print(f"{len(scored)} files, {labelled} windows, {weeks:.0f} weeks of series")
    hits = sum(len({window for score, window, _ in file.rows if score >= 1 and window is not None}) for file in fixed)
    outside = sum(1 for file in fixed for score, window, _ in file.rows if score >= 1 and window is None)
    print(f"reports: {hits} of {labelled} windows hit, {outside / weeks:.2f} reports a week outside of windows")
    for profile in PROFILES:
        best, threshold = optimum(scored, profile)
        at_fixed = normalised(fixed, profile, raw_score(fixed, profile, 1))
        print(f"{profile:20s}  reports {at_fixed:5.1f}   best threshold {best:5.1f} (at {threshold:.2f})")


if __name__ == "__main__":
    main()
