"""What an opening was worth: true, false, how late. The same for iwakan and for what it is compared with."""

import calendar
import dataclasses
import math
import re

from sender import EPOCH
from shape import DAY, WEEK

GRACE = 15 * 60.0  # an opening this long after the end still counts as true
ROUNDING = 0.001  # labels are written to the millisecond


@dataclasses.dataclass(frozen=True)
class Opening:
    """An incident that was opened, with times in seconds since the world began."""

    at: float
    subjects: tuple[str, ...]
    rule: str = ""
    why: tuple[str, ...] = ()


@dataclasses.dataclass
class Score:
    """Of one world: for each scored label its delay or None, the false openings of the scored weeks, and those of week 1."""

    delays: list[float | None]
    false: list[Opening]
    false_first_week: int
    weeks: float


def seconds(text):
    """RFC 3339, as seconds since the world began."""
    match = re.fullmatch(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    if not match:
        raise ValueError(f"not a time: {text!r}")
    zone = match.group(8)
    offset = 0 if zone == "Z" else (-1 if zone[0] == "-" else 1) * (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60)
    return calendar.timegm(tuple(int(part) for part in match.groups()[:6])) - offset - EPOCH + float(match.group(7) or 0)


def tells(opening, label):
    """Whether this opening is about this label."""
    if not label.start - ROUNDING <= opening.at <= label.end + GRACE + ROUNDING:
        return False
    return not label.subjects or any(subject in label.subjects for subject in opening.subjects)


def scored(label, scored_from):
    return label.start >= scored_from


def score(labels, openings, scored_from, until):
    """`openings` in order of time. A label is detected by the first opening about it; further ones are true and count for nothing."""
    found = [None] * len(labels)
    false, false_first_week = [], 0
    for opening in openings:
        about = [index for index, label in enumerate(labels) if tells(opening, label)]
        for index in about:
            if found[index] is None:
                found[index] = opening.at - labels[index].start
        if not about:
            false_first_week += opening.at < WEEK
            if opening.at >= scored_from:
                false.append(opening)
    delays = [delay for delay, label in zip(found, labels) if scored(label, scored_from)]
    return Score(delays, false, false_first_week, (until - scored_from) / WEEK)


def of_newcomer(openings, onboarded):
    """Openings about a new service in its first week."""
    if onboarded is None:
        return 0
    name, since = onboarded
    return sum(name in opening.subjects and since <= opening.at < since + 7 * DAY for opening in openings)


def quantile(values, share):
    """By nearest rank; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


@dataclasses.dataclass
class Summary:
    """Of labels and openings of several worlds."""

    labels: int = 0
    delays: list[float] = dataclasses.field(default_factory=list)
    false: int = 0
    weeks: float = 0.0

    def add(self, delays, false=0, weeks=0.0):
        self.labels += len(delays)
        self.delays += [delay for delay in delays if delay is not None]
        self.false += false
        self.weeks += weeks

    @property
    def recall(self):
        return len(self.delays) / self.labels if self.labels else None

    @property
    def false_per_week(self):
        return self.false / self.weeks if self.weeks else None

    @property
    def false_error(self):
        """Standard error of false_per_week, if reports came independently."""
        return math.sqrt(max(1, self.false)) / self.weeks if self.weeks else None

    def as_json(self):
        figures = {"labels": self.labels, "detected": len(self.delays), "recall": self.recall,
                   "delay_median_s": quantile(self.delays, 0.5), "delay_90_s": quantile(self.delays, 0.9)}
        if self.weeks:
            figures |= {"false": self.false, "weeks": self.weeks, "false_per_week": self.false_per_week,
                        "false_error": self.false_error}
        return figures
