#!/usr/bin/python3
"""Simulated weeks of alert traffic with known truth: everything that is usual, and incidents of every kind.

    world.py --shape ordinary --seed 7 [--null] [--weeks N] --recording OUT.jsonl --labels OUT.labels.jsonl

The same shape and seed give the same bytes. The usual noise does not depend on whether there are incidents.
"""

import argparse
import dataclasses
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from incidents import Incidents, Label
from sender import Sender, merged, rfc3339
from shape import SHAPES, WEEK, Shape
from usual import Usual


@dataclasses.dataclass
class World:
    shape: Shape
    span: float  # seconds; all times count from the beginning of the world
    scored_from: float
    sender: Sender
    labels: list[Label]
    onboarded: tuple[str, float] | None
    usual: Usual
    stream: object  # a source of chance by name

    def write_recording(self, path):
        with open(path, "w", encoding="utf-8") as file:
            return self.sender.write(file, self.stream("network"))

    def write_labels(self, path):
        with open(path, "w", encoding="utf-8") as file:
            for label in self.labels:
                file.write(json.dumps({"from": rfc3339(label.start), "to": rfc3339(label.end), "subjects": label.subjects,
                                       "kind": label.kind}) + "\n")


def generate(shape, seed, null=False):
    def stream(name):
        return random.Random(f"{seed} {name}")

    span = shape.weeks * WEEK
    usual = Usual(shape, stream, span)
    usual.episodes = merged(usual.episodes)
    incidents = Incidents(shape, usual, stream("incidents"), span)
    if not null:
        incidents.plan()
    episodes = [dataclasses.replace(episode) for episode in usual.episodes] + incidents.episodes + incidents.without_missed_beats()
    if incidents.outages:
        copies = [dataclasses.replace(episode) for episode in episodes]
        incidents.first_signs([told[0] for told in Sender(copies, [], span).notifications()])
    sender = Sender(episodes, incidents.outages, span)
    labels = sorted(incidents.labels, key=lambda label: label.start)
    return World(shape, span, shape.history_weeks * WEEK, sender, labels, usual.onboarded, usual, stream)


def main():
    parser = argparse.ArgumentParser(description="Writes a recording of a simulated world and the truth about it.")
    parser.add_argument("--shape", choices=SHAPES, default="ordinary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--null", action="store_true", help="no incidents at all")
    parser.add_argument("--weeks", type=int, help="weeks in all, instead of the shape's own")
    parser.add_argument("--recording", required=True)
    parser.add_argument("--labels", help="where the truth goes")
    given = parser.parse_args()
    shape = SHAPES[given.shape].with_weeks(given.weeks) if given.weeks else SHAPES[given.shape]
    world = generate(shape, given.seed, given.null)
    requests = world.write_recording(given.recording)
    if given.labels:
        world.write_labels(given.labels)
    print(f"{requests} requests in {shape.weeks} weeks, of {len(world.sender.episodes)} episodes; {len(world.labels)} incidents; "
          f"scored from {rfc3339(world.scored_from)}", file=sys.stderr)


if __name__ == "__main__":
    main()
