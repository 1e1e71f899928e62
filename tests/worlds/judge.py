#!/usr/bin/python3
"""Measures `iwakanctl replay` on simulated worlds: recall and delay for each kind of incident, false first reports a week, and beside
it what people have today. With --null, worlds in which nothing happens: is the budget kept?

    IWAKAN_BUILD_DIR=build/release tests/worlds/judge.py --config config/iwakand.yaml --seeds 1-20 --shapes ordinary --jobs 2
    IWAKAN_BUILD_DIR=build/release tests/worlds/judge.py --null --budget 0.25,1,5 --seeds 1-20

An opening is true when it lies between a label's `from` and 15 minutes after its `to` and shares a subject with it.
"""

import argparse
import collections
import dataclasses
import functools
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import today
import verdict
import world as worlds
from scoring import Opening, of_newcomer, score, scored, seconds
from shape import SHAPES, WEEK

NULL_BUDGETS = (0.25, 1.0, 5.0)


@dataclasses.dataclass(frozen=True)
class Run:
    """What is the same for all worlds of a run."""

    command: str
    configs: tuple[tuple[float | None, str], ...]  # budget and the file that asks for it; None: as configured
    null: bool
    people: bool  # the labels are given to replay, which confirms and dismisses as people would
    weeks: int | None
    keep: str | None
    compare: bool


def rule_of(opened):
    """The rules that opened, else the first reason with its numbers and names taken out."""
    if opened.get("rules"):
        return "+".join(sorted(opened["rules"]))
    reason = (opened.get("why") or ["no reason given"])[0]
    subjects = [re.escape(subject) for subject in opened["subjects"] if subject]
    reason = re.sub("|".join(subjects), "…", reason) if subjects else reason
    return re.sub(r"\d+(\.\d+)?", "0", re.sub(r'"[^"]*"|“[^”]*”|「[^」]*」', "…", reason))[:80]


def openings_of(text):
    """The incidents in the output of replay, in order of time; other lines, such as its own summary, are passed over."""
    openings = []
    for line in text.splitlines():
        opened = json.loads(line)
        if "opened_at" in opened:
            openings.append(Opening(seconds(opened["opened_at"]), tuple(opened["subjects"]), rule_of(opened), tuple(opened.get("why", ()))))
    return sorted(openings, key=lambda opening: opening.at)


def replay(run, config, recording, labels):
    """(openings, seconds it took)"""
    command = [run.command, "replay", str(recording), "--config", config, "--json"]
    if run.people:
        command += ["--labels", str(labels)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return openings_of(done.stdout), time.monotonic() - began


def judge_world(run, task):
    """Everything about one world, as plain data."""
    name, seed = task
    shape = SHAPES[name].with_weeks(run.weeks) if run.weeks else SHAPES[name]
    world = worlds.generate(shape, seed, run.null)
    result = {"shape": name, "seed": seed, "weeks": shape.weeks,
              "labels": [label for label in world.labels if scored(label, world.scored_from)], "runs": {}, "today": {}}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(run.keep or folder)
        stem = f"{name}-{seed}{'-null' if run.null else ''}"
        recording, labels = folder / f"{stem}.jsonl", folder / f"{stem}.labels.jsonl"
        result["requests"] = world.write_recording(recording)
        world.write_labels(labels)
        for budget, config in run.configs:
            openings, took = replay(run, config, recording, labels)
            by_week = collections.Counter(int(opening.at // WEEK) for opening in openings)
            result["runs"][budget] = {"score": score(world.labels, openings, world.scored_from, world.span), "took": took,
                                      "newcomer": of_newcomer(openings, world.onboarded), "by_week": by_week, "openings": openings}
    if run.compare and not run.null:
        for method, openings in today.alternatives(world):
            result["today"][method] = score(world.labels, openings, world.scored_from, world.span)
    return result


# --- the command line ---------------------------------------------------------------------------------------------


def numbers(text):
    """1-20, or 3,5,8, or both."""
    found = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def shapes(text):
    names = text.split(",")
    for name in names:
        if name not in SHAPES:
            raise argparse.ArgumentTypeError(f"no shape {name!r}; there are {', '.join(SHAPES)}")
    return names


def with_budget(config, budget, folder):
    """A copy of the configuration that asks for this budget; what stands beside the original is found beside the copy."""
    folder = folder / f"budget-{budget:g}"
    folder.mkdir()
    for sibling in config.parent.iterdir():
        if sibling.name != config.name:
            (folder / sibling.name).symlink_to(sibling)
    text, line = config.read_text(encoding="utf-8"), f"budget: {budget:g} per week"
    text, replaced = re.subn(r"(?m)^budget:.*$", line, text)
    copy = folder / config.name
    copy.write_text(text if replaced else f"{text.rstrip()}\n{line}\n", encoding="utf-8")
    return str(copy)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=pathlib.Path, default=HERE.parent.parent / "config" / "iwakand.yaml")
    parser.add_argument("--seeds", type=numbers, default=numbers("1-20"), help="1-20 or 3,5,8")
    parser.add_argument("--shapes", type=shapes, default=["ordinary"], help="of " + ",".join(SHAPES))
    parser.add_argument("--jobs", type=int, default=2, help="worlds at a time")
    parser.add_argument("--null", action="store_true", help="worlds without incidents: reports a week against the budget")
    parser.add_argument("--budget", type=lambda text: [float(part) for part in text.split(",")],
                        help="a week, several separated by commas; otherwise as configured, and 0.25,1,5 with --null")
    parser.add_argument("--weeks", type=int, help="weeks in all, instead of the shape's own")
    parser.add_argument("--alone", action="store_true", help="nobody confirms or dismisses: replay is not given the labels")
    parser.add_argument("--no-compare", action="store_true", help="leave out what people have today")
    parser.add_argument("--misses", action="store_true", help="list every missed label and every false report with its why")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--keep", help="an existing folder to keep recordings and labels in")
    return parser.parse_args()


def main():
    given = arguments()
    if "IWAKAN_BUILD_DIR" not in os.environ:
        raise SystemExit("IWAKAN_BUILD_DIR must name the folder of iwakanctl, for example build/release.")
    command = pathlib.Path(os.environ["IWAKAN_BUILD_DIR"]).resolve() / "iwakanctl"
    if not command.exists():
        raise SystemExit(f"{command} is not there. Build it: cmake --build --preset release --target iwakanctl")
    config = given.config.resolve()
    budgets = given.budget or (NULL_BUDGETS if given.null else [None])
    with tempfile.TemporaryDirectory() as folder:
        configs = tuple((budget, str(config) if budget is None else with_budget(config, budget, pathlib.Path(folder))) for budget in budgets)
        run = Run(str(command), configs, given.null, not given.alone, given.weeks, given.keep, not given.no_compare)
        tasks = [(name, seed) for name in given.shapes for seed in given.seeds]
        results = []
        with multiprocessing.Pool(given.jobs) as pool:
            for result in pool.imap_unordered(functools.partial(judge_world, run), tasks):
                results.append(result)
                if sys.stderr.isatty():
                    print(f"\r{len(results)} of {len(tasks)} worlds", end="\n" if len(results) == len(tasks) else "", file=sys.stderr)
    results.sort(key=lambda result: tasks.index((result["shape"], result["seed"])))
    found = verdict.of(results, budgets, given.null)
    if given.json:
        print(json.dumps({**found, "people": run.people, **({"misses": verdict.misses(results)} if given.misses else {})}))
    else:
        verdict.show(found, run.people)
        if given.misses:
            verdict.show_misses(verdict.misses(results))


if __name__ == "__main__":
    main()
