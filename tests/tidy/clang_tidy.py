#!/usr/bin/python3
"""Runs clang-tidy over every source file of a build folder, except those that are known to be good.

Goal: no finding of the checks in .clang-tidy goes unnoticed, and a second run is quick. Method: a file is
known to be good when it passed with the same content, the same headers of ours, the same compiler command,
the same checks and the same clang-tidy; the SHA-256 over all these is kept in a cache beside ccache's.

    clang_tidy.py --build build/dev [--jobs N] [FILE…]
"""

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import subprocess
import sys
import time

CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "iwakan", "clang-tidy")

# Files that clang-tidy cannot read, each with its reason.
EXCLUDED: dict[str, str] = {
    "daemon/http/session.cpp": "the analyzer loses its way in Asio's awaitable frames",
    "sinks/layout/report_template.cpp": "the analyzer finds a virtual call in a constructor of mustache's own header",
}

# The build speaks to g++: warnings that clang does not know are not its business.
EXTRA = ("--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-error", "--quiet")
# The static analyzer takes half of the time; tests do without it, they run under the sanitizers.
TESTS_EXTRA = ("--checks=-clang-analyzer-*",)


@functools.cache
def content(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def headers(build: str, root: str) -> dict[str, list[str]]:
    """By object file, the files of ours that it was compiled from, as ninja recorded it."""
    said = subprocess.run(["ninja", "-C", build, "-t", "deps"], text=True, capture_output=True, check=True).stdout
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in said.splitlines():
        if re.match(r"\S.*: #deps", line):
            current = found.setdefault(line.split(": #deps")[0], [])
        elif line.startswith("    "):
            path = os.path.realpath(os.path.join(build, line.strip()))
            if path.startswith(root + os.sep):
                current.append(path)
    return found


def arguments_for(path: str) -> tuple[str, ...]:
    return EXTRA + TESTS_EXTRA if re.search(r"_(test|fuzz|bench)\.cpp$|/testing/|/tests/", path) else EXTRA


def key(entry: dict, sources: list[str], root: str, version: str) -> str:
    parts = [version, content(os.path.join(root, ".clang-tidy")), " ".join(arguments_for(sources[0])), entry["command"].replace(root, ".")]
    parts += [f"{os.path.relpath(path, root)} {content(path)}" for path in sorted(set(sources))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def inspect(build: str, path: str) -> tuple[str, int, str, float]:
    began = time.monotonic()
    done = subprocess.run(["clang-tidy", "-p", build, *arguments_for(path), path], text=True, capture_output=True, check=False)
    return path, done.returncode, done.stdout, time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    build = os.path.realpath(arguments.build)
    root = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    wanted = {os.path.realpath(path) for path in arguments.files}
    version = subprocess.run(["clang-tidy", "--version"], text=True, capture_output=True, check=True).stdout
    compiled_from = headers(build, root)
    os.makedirs(CACHE, exist_ok=True)

    stamps: dict[str, str] = {}
    for entry in entries:
        path = os.path.realpath(entry["file"])
        output = re.search(r" -o (\S+)", entry["command"]).group(1)
        if os.path.relpath(path, root) in EXCLUDED or (wanted and path not in wanted):
            continue
        stamps[path] = os.path.join(CACHE, key(entry, [path, *compiled_from.get(output, [])], root, version))
    todo = [path for path, stamp in stamps.items() if not os.path.exists(stamp)]
    print(f"{len(stamps)} files, {len(stamps) - len(todo)} known to be good", flush=True)

    bad = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for number, (path, code, said, took) in enumerate(pool.map(functools.partial(inspect, build), todo), 1):
            print(f"[{number}/{len(todo)}] {os.path.relpath(path, root)}, {took:.0f} s", flush=True)
            if code == 0:
                with open(stamps[path], "w", encoding="utf-8"):
                    pass
            else:
                bad += 1
                print(said, flush=True)
    print(f"{bad} files with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
