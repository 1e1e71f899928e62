#!/usr/bin/python3
"""Holds the rules of the source tree that no compiler checks.

Goal: a rule that is written down is enforced. Method: every rule below is a row with the files it looks
at, what it forbids or demands, why, and samples: text that it must complain about, and text that it must
leave alone. `--self-test` runs the samples; without it, the rules run over the tree.

    tidy.py ROOT                 all rules over the tree at ROOT
    tidy.py ROOT --self-test     the samples
    tidy.py ROOT --format        clang-format over the tree
"""

import argparse
import dataclasses
import fnmatch
import os
import re
import subprocess
import sys
from typing import Callable

OWN_FOLDERS = ("daemon", "rules", "sinks", "config", "systemd", "tests", "scripts", "cmake", "docs", ".ci")
TOP_FILES = ("CMakeLists.txt", "CMakePresets.json", "README.md", ".clang-tidy", ".clang-format")
# Data of tests and demonstrations is given, not written by us.
DATA_FOLDERS = ("testdata", "recordings", "corpus", "__pycache__")
DATA_ENDINGS = (".jsonl", ".golden", ".der", ".pem", ".bin", ".csv")

CODE = ("*.cpp", "*.hpp")
HEADERS = ("*.hpp",)
TESTS = ("*_test.cpp", "*_fuzz.cpp", "*_bench.cpp", "*/testing/*", "tests/*")
EVERYTHING = ("*",)
SELF = "tests/tidy/tidy.py"

Complaints = list[tuple[int, str]]  # line, what is wrong


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def without_comments_and_text(code: str) -> str:
    """C++ with comments and the insides of string literals blanked, line numbers kept."""

    def blank(match: re.Match) -> str:
        found = match.group(0)
        if found.startswith(("//", "/*")):
            return re.sub(r"[^\n]", " ", found)
        return found[0] + re.sub(r"[^\n]", " ", found[1:-1]) + found[-1]

    pattern = r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\''
    return re.sub(pattern, blank, code, flags=re.DOTALL)


# --- what a room may include ------------------------------------------------------------------------


@dataclasses.dataclass
class Room:
    """Rooms and files below `folder` must not include what matches `forbidden`."""

    folder: str
    forbidden: str
    why: str
    tests_too: bool = True
    except_for: tuple[str, ...] = ()


STANDARD_IMPURE = (
    "thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token|coroutine|"
    "fstream|filesystem|iostream|istream|ostream|iomanip|syncstream|random|locale|codecvt|clocale|ctime|time.h|"
    "csignal|signal.h|unistd.h|fcntl.h|pthread.h|sys/.*|netinet/.*|arpa/.*"
)
LIBRARIES_IMPURE = "boost/(asio|beast|thread|filesystem).*|spdlog/.*|yaml-cpp/.*|rocksdb/.*|prometheus/.*|curl/.*|date/.*|CLI/.*"

ROOMS = [
    Room("rules", f"<({STANDARD_IMPURE})>", "the rules are pure: no thread, file, clock, chance or locale", tests_too=False),
    Room("rules", f"<({LIBRARIES_IMPURE}|simdjson.*|openssl/.*)>", "the rules are pure: the shell touches the world",
         # SHA-256 is a pure function of its bytes, and this file is nothing else.
         except_for=("rules/model/digest.cpp",)),
    Room("rules", r'"(sinks|sources|store|http|runtime|telemetry|settings|delivery|runner|ctl)/.*"', "rules see no room above them"),
    Room("rules/model", r'"(?!model/).*"', "the model is the lowest room"),
    Room("rules/statistics", r'"(?!model/|statistics/).*"', "statistics sees the model only"),
    Room("rules/kinds", r'"desk/.*"', "a rule gives evidence and knows nothing of incidents"),
    # The catalogue is walked in one place, where the settings of the rules are read.
    Room("rules/engine", r'"kinds/.*"', "the engine knows rules by their interface only", tests_too=False, except_for=("rules/engine/settings.cpp",)),
    Room("rules/desk", r'"(kinds|statistics)/.*"', "the desk works on evidence, not on rules", tests_too=False),
    Room("sinks", r'"(engine|desk|kinds|statistics)/.*"', "sinks never see the brain"),
    Room("sinks", r'"(sources|store|http|runtime|telemetry|settings|delivery|runner|ctl)/.*"', "sinks see no room above them"),
    Room("sinks", "<(boost/(asio|beast).*|spdlog/.*|yaml-cpp/.*|rocksdb/.*|prometheus/.*)>", "sinks speak through libcurl", tests_too=False),
    Room("daemon/sources", "<(boost/(asio|beast).*|spdlog/.*|yaml-cpp/.*|rocksdb/.*|curl/.*|thread|fstream)>", "a source turns bytes into alerts, purely", tests_too=False),
    Room("daemon/sources", r'"(desk|kinds|statistics|store|http|delivery|runner|ctl)/.*"', "a source knows neither the brain nor the shell around it", tests_too=False),
    Room("daemon/store", r'"(desk|kinds|statistics|http|sources|delivery|runner|ctl)/.*"', "the store keeps rows and does not know what they mean"),
    Room("daemon/runtime", r'"(engine|desk|kinds|sinks|store|http|sources|delivery|runner|ctl|settings|telemetry)/.*"', "runtime is the lowest room of the shell"),
    Room("daemon/access", r'"(engine|desk|kinds|statistics|store|http|sources|delivery|runner|ctl|telemetry)/.*"', "who may is decided by headers, not by what they are for"),
    Room("daemon/http", r'"(delivery|ctl)/.*"', "HTTP hands requests on and delivers nothing"),
    # A library has one home, so that it can be replaced and its exceptions have one boundary.
    Room("", "<yaml-cpp/.*>", "YAML stays in daemon/settings", except_for=("daemon/settings/*", "tests/*")),
    Room("", "<rocksdb/.*>", "RocksDB stays in daemon/store", except_for=("daemon/store/*", "tests/*")),
    Room("", "<prometheus/.*>", "prometheus-cpp stays in daemon/telemetry", except_for=("daemon/telemetry/*",)),
    Room("", "<spdlog/.*>", "spdlog stays in daemon/telemetry", except_for=("daemon/telemetry/*",)),
    Room("", "<boost/beast.*>", "Beast stays in daemon/http", except_for=("daemon/http/*", "tests/*", "daemon/ctl/*_test.cpp")),
    Room("", "<curl/.*>", "libcurl stays in sinks and ctl", except_for=("sinks/*", "daemon/ctl/*")),
    Room("", "<CLI/.*>", "command lines are read in main and ctl", except_for=("daemon/main.cpp", "daemon/ctl/*", "tests/*")),
]


def check_room(room: Room, path: str, text: str) -> Complaints:
    if room.folder and not path.startswith(room.folder + "/"):
        return []
    if not matches(path, CODE) or matches(path, room.except_for):
        return []
    if not room.tests_too and matches(path, TESTS):
        return []
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+([<"][^>"]+[>"])', line)
        if include and re.fullmatch(room.forbidden, include.group(1)):
            found.append((number, f"includes {include.group(1)}: {room.why}"))
    return found


# --- what a line must not say -------------------------------------------------------------------------


@dataclasses.dataclass
class Words:
    name: str
    patterns: tuple[str, ...]  # of the files looked at
    forbidden: str
    why: str
    bad: tuple[tuple[str, str], ...]  # path, text
    good: tuple[tuple[str, str], ...] = ()
    except_for: tuple[str, ...] = ()
    code_only: bool = False  # comments and string literals are not looked at


WORDS = [
    Words(
        "clock", CODE, r"\b(system_clock|steady_clock|high_resolution_clock|utc_clock)::now\b|\bgettimeofday\b|\bclock_gettime\b",
        "time comes from daemon/runtime, or inside events",
        bad=(("sinks/a.cpp", "auto t = std::chrono::system_clock::now();"), ("rules/engine/a.cpp", "clock_gettime(0, &t);")),
        good=(("daemon/runtime/clock.cpp", "std::chrono::steady_clock::now()"), ("sinks/a.cpp", "// not system_clock::now")),
        except_for=("daemon/runtime/*", "daemon/ctl/*", *TESTS), code_only=True,
    ),
    Words(
        "chance", CODE, r"\brandom_device\b|\bmt19937(_64)?\b|\bs?rand\(|\bgetrandom\b|\barc4random\b",
        "chance comes from daemon/runtime, as a number",
        bad=(("rules/kinds/a/a.cpp", "std::mt19937 gen;"), ("daemon/delivery/a.cpp", "int x = rand();")),
        good=(("daemon/runtime/chance.cpp", "std::random_device device;"), ("sinks/a.cpp", "operand(1)")),
        except_for=("daemon/runtime/*", *TESTS), code_only=True,
    ),
    Words(
        "environment of the process", ("rules/*.cpp", "rules/*.hpp", "sinks/*.cpp", "sinks/*.hpp"), r"\bgetenv\b|\bsetlocale\b|\bstd::c(out|err|in)\b|\bfopen\(|(?<!\w)::open\(|\bprintf\(",
        "what a pure room needs is given to it",
        bad=(("rules/engine/a.cpp", 'getenv("HOME")'), ("rules/model/a.hpp", "std::cout << 1;")),
        good=(("rules/model/a.cpp", "std::snprintf(buffer, 8, x)"), ("rules/desk/a.cpp", "desk.open(now)"), ("rules/model/a_test.cpp", 'getenv("A")')),
        except_for=("rules/model/assert.cpp", "sinks/console/*", "sinks/file/*", *TESTS), code_only=True,
    ),
    Words(
        "waiting by sleeping", TESTS, r"\bsleep_(for|until)\b|\bu?sleep\s*\(|\bnanosleep\b|\btime\.sleep\b|^\s*sleep\s+[\d.]",
        "a test waits for a condition with a bound; the one pause between two looks is in tests/integration/waiting.*",
        bad=(
            ("rules/a/a_test.cpp", "std::this_thread::sleep_for(1s);"), ("tests/integration/a.py", "time.sleep(1)"),
            ("tests/integration/a.sh", "  sleep 1"), ("sinks/a_test.cpp", "usleep(1000);"),
        ),
        good=(("tests/integration/waiting.py", "time.sleep(0.01)"), ("tests/x.md", "nobody sleeps here")),
        except_for=("tests/integration/waiting.*",),
    ),
    Words(
        "unfinished work", EVERYTHING, r"\b(TODO|FIXME|XXX|HACK|WIP|TBD)\b|(?i:\bfor now\b|\bplaceholder\b|\bnot (yet )?implemented\b|\blorem ipsum\b)",
        "finish it, leave it out, or file an issue",
        bad=(("rules/a.cpp", "// TODO: later"), ("docs/a.md", "Good enough for now."), ("sinks/a.hpp", "// a placeholder")),
        good=(("scripts/a.sh", "mktemp -d x.XXXXXX"), ("docs/a.md", "a call for nowhere")),
    ),
    Words(
        "paths of one machine", EVERYTHING, r"(?<![\w.$}])/(work|root|tmp)/|(?<![\w.])/home/\w+",
        "a path is relative to the tree, or made by mktemp",
        bad=(("docs/a.md", "see /wo" "rk/main"), ("tests/a.py", 'open("/tmp/x")'), ("scripts/a.sh", "cd /home/anna/src")),
        good=(("scripts/a.sh", "$folder/root/x"), ("cmake/a.cmake", "${base}/work/x"), ("docs/a.md", "share/tmp/x")),
    ),
    Words(
        "names that say nothing", CODE, r"\b(class|struct|namespace)\s+\w*(Manager|Helper|Util|Utils|Base|Impl|Common|Misc)\b(?!\s*::)",
        "name the thing after what it is",
        bad=(("sinks/a.hpp", "class SinkManager {"), ("daemon/a.hpp", "struct SessionImpl;")),
        good=(("rules/a.hpp", "class Baseline {"), ("rules/a.hpp", "// class SinkManager")), code_only=True,
    ),
    Words(
        "test names", ("*_test.cpp", "tests/*.cpp"), r"\bTEST(_F|_P)?\(\s*\w+\s*,\s*\w*_\w*\s*\)|\bTEST(_F|_P)?\(\s*\w*_\w*\s*,|\b(DISABLED_\w+|GTEST_SKIP)\b",
        "a test has a PascalCase name without underscores and is never switched off",
        bad=(
            ("rules/a_test.cpp", "TEST(Alert, opens_when)"), ("rules/a_test.cpp", "TEST(My_Alert, Opens)"),
            ("rules/a_test.cpp", "GTEST_SKIP();"), ("tests/a.cpp", "TEST(Alert, DISABLED_Opens)"),
        ),
        good=(("rules/a_test.cpp", "TEST(Alert, OpensWhenFired) {"),), code_only=True,
    ),
    Words(
        "missing from g++ 12", CODE, r"<(format|expected|generator|print)>|\bstd::(format|expected|print)\b",
        "g++ 12 has none of these; use fmt and Result",
        bad=(("rules/a.cpp", "#include <format>"), ("sinks/a.cpp", "std::expected<int, int> x;")),
        good=(("rules/a.cpp", "fmt::format(x)"),), code_only=True,
    ),
    Words(
        "using in headers", HEADERS, r"^\s*using\s+namespace\b", "a header must not open namespaces for others",
        bad=(("sinks/a.hpp", "using namespace std;"),), good=(("sinks/a.cpp", "using namespace std::chrono_literals;"),), code_only=True,
    ),
    Words(
        "comparing secrets", CODE, r"\breveal\(\)\s*[=!]=|[=!]=\s*[\w.>-]+reveal\(\)|\breveal\(\)\.(compare|starts_with)\b|\b(std::)?(mem|str)n?cmp\(.*reveal\(\)",
        "how long a comparison takes tells how near a guess came: compare digests with CRYPTO_memcmp",
        bad=(("sinks/a.cpp", "if (key.reveal() == given)"), ("daemon/a.cpp", "given != secret->reveal()"), ("daemon/a.cpp", "strcmp(a, key.reveal().c_str())")),
        good=(("sinks/a.cpp", "if (key.empty())"), ("daemon/a.cpp", "key.reveal().size() == 0")), code_only=True,
    ),
    Words(
        "python by its path", ("*.py", "*.cmake", "*CMakeLists.txt", "*.sh"), r"/usr/bin/env python|(?<!/usr/bin/)\bpython3? +[\w$\"/]+\.py",
        "Debian's own python3 has the modules that tests need; others may come first in PATH",
        bad=(("tests/a.py", "#!/usr/bin/env python3"), ("scripts/a.sh", "python3 tests/a.py")),
        good=(("scripts/a.sh", "/usr/bin/python3 tests/a.py"), ("tests/a.py", "#!/usr/bin/python3")),
    ),
]


def check_words(words: Words, path: str, text: str) -> Complaints:
    if path == SELF or not matches(path, words.patterns) or matches(path, words.except_for):
        return []
    looked_at = without_comments_and_text(text) if words.code_only and path.endswith((".cpp", ".hpp")) else text
    found = []
    for number, line in enumerate(looked_at.splitlines(), 1):
        hit = re.search(words.forbidden, line)
        if hit:
            found.append((number, f"{words.name}: \"{hit.group(0).strip()}\": {words.why}"))
    return found


# --- what a file must have -----------------------------------------------------------------------------

LINES_MAX = 600
# Longer files, and how long they may be. The numbers only go down.
LONG_FILES: dict[str, int] = {}


def check_length(path: str, text: str, long_files: dict[str, int]) -> Complaints:
    if not path.endswith((".cpp", ".hpp", ".py", ".sh", ".cmake", "CMakeLists.txt")):
        return []
    length = text.count("\n")
    allowed = long_files.get(path, LINES_MAX)
    if length > allowed:
        return [(length, f"{length} lines, {allowed} are allowed: divide it")]
    if path in long_files and length < allowed:
        return [(length, f"is {length} lines now: lower its number in LONG_FILES ({SELF})")]
    return []


def check_header(path: str, text: str) -> Complaints:
    if path.endswith(".hpp") and "\n#pragma once\n" not in text:
        return [(1, "a header has #pragma once after the comment that says what it is")]
    return []


def check_opening(path: str, text: str) -> Complaints:
    if path.endswith(".hpp") and not text.startswith("// "):
        return [(1, "a header opens with a comment: what the thing is, who owns it, which thread it runs on")]
    if path.endswith(("_test.cpp", "_fuzz.cpp")) and not text.startswith("// "):
        return [(1, "a test opens with a comment: its goal and its method")]
    return []


def check_file_name(path: str, _: str) -> Complaints:
    name = os.path.basename(path)
    if path.endswith((".cpp", ".hpp", ".py")) and not re.fullmatch(r"[a-z0-9_]+\.(cpp|hpp|py)", name):
        return [(1, "files are named in snake_case")]
    return []


def check_ending(path: str, text: str) -> Complaints:
    if text and not text.endswith("\n"):
        return [(text.count("\n") + 1, "the last line has no end")]
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip() and not path.endswith(".md"):
            return [(number, "spaces at the end of the line")]
    return []


# --- what the tree must have ------------------------------------------------------------------------------

CATALOGS = {"rules/kinds": "kinds", "sinks": "sinks", "daemon/sources": "sources"}


def check_catalogs(files: dict[str, str]) -> list[tuple[str, int, str]]:
    """Each component in a catalogue has a README and tests; each folder of rules and sources is in its catalogue."""
    found = []
    for folder, root in CATALOGS.items():
        catalog = f"{folder}/catalog.cpp"
        if catalog not in files:
            continue
        listed = set(re.findall(rf'#include "{root}/(\w+)/', files[catalog])) - {"layout"}
        below = {path.split("/")[folder.count("/") + 1] for path in files if re.match(rf"{folder}/\w+/\w+\.cpp", path)}
        for name in sorted(listed):
            if f"{folder}/{name}/README.md" not in files:
                found.append((catalog, 1, f"{folder}/{name} has no README.md: what it is, its settings, an example"))
            if not any(path.startswith(f"{folder}/{name}/") and path.endswith("_test.cpp") for path in files):
                found.append((catalog, 1, f"{folder}/{name} has no test beside its code"))
        if folder != "sinks":
            for name in sorted(below - listed):
                found.append((catalog, 1, f"{folder}/{name} is not in the catalogue"))
    return found


# --- running --------------------------------------------------------------------------------------------------

FILE_CHECKS: tuple[Callable[[str, str], Complaints], ...] = (check_header, check_opening, check_file_name, check_ending)


def tree(root: str) -> dict[str, str]:
    files = {}
    names = [name for name in TOP_FILES if os.path.isfile(os.path.join(root, name))]
    for top in OWN_FOLDERS:
        for folder, folders, in_folder in os.walk(os.path.join(root, top)):
            folders[:] = [name for name in folders if name not in DATA_FOLDERS]
            names += [os.path.relpath(os.path.join(folder, name), root) for name in in_folder]
    for name in sorted(names):
        if not name.endswith(DATA_ENDINGS):
            with open(os.path.join(root, name), encoding="utf-8") as file:
                files[name] = file.read()
    return files


def check_tree(files: dict[str, str]) -> list[tuple[str, int, str]]:
    found = check_catalogs(files)
    for path, text in files.items():
        complaints = check_length(path, text, LONG_FILES)
        for check in FILE_CHECKS:
            complaints += check(path, text)
        for room in ROOMS:
            complaints += check_room(room, path, text)
        for words in WORDS:
            complaints += check_words(words, path, text)
        found += [(path, line, what) for line, what in complaints]
    found += [(SELF, 1, f"LONG_FILES names {path}, which is gone") for path in LONG_FILES if path not in files]
    return sorted(found)


def format_tree(root: str) -> int:
    names = [os.path.join(root, path) for path in tree(root) if matches(path, CODE)]
    return subprocess.run(["clang-format", "--dry-run", "-Werror", *names], check=False).returncode if names else 0


# --- the samples ------------------------------------------------------------------------------------------------

# One include that each room must refuse, in the order of ROOMS, and one that it must allow.
ROOM_SAMPLES = [
    ("rules/engine/a.cpp", "<thread>", "<map>"),
    ("rules/desk/a.cpp", "<boost/asio.hpp>", "<boost/system/result.hpp>"),
    ("rules/desk/a.cpp", '"store/store.hpp"', '"model/time.hpp"'),
    ("rules/model/a.cpp", '"engine/rule.hpp"', '"model/time.hpp"'),
    ("rules/statistics/a.hpp", '"engine/rule.hpp"', '"statistics/baseline.hpp"'),
    ("rules/kinds/a/a.cpp", '"desk/desk.hpp"', '"engine/rule.hpp"'),
    ("rules/engine/a.cpp", '"kinds/catalog.hpp"', '"desk/desk.hpp"'),
    ("rules/desk/a.cpp", '"kinds/catalog.hpp"', '"model/report.hpp"'),
    ("sinks/slack/a.cpp", '"engine/engine.hpp"', '"model/report.hpp"'),
    ("sinks/slack/a.cpp", '"telemetry/log.hpp"', '"sinks/sink.hpp"'),
    ("sinks/slack/a.cpp", "<boost/beast/http.hpp>", "<curl/curl.h>"),
    ("daemon/sources/sns/a.cpp", "<boost/asio.hpp>", "<simdjson.h>"),
    ("daemon/sources/sns/a.cpp", '"store/store.hpp"', '"sinks/http_client.hpp"'),
    ("daemon/store/a.hpp", '"http/session.hpp"', '"model/row.hpp"'),
    ("daemon/runtime/a.hpp", '"telemetry/log.hpp"', '"model/time.hpp"'),
    ("daemon/access/a.cpp", '"http/message.hpp"', '"runtime/clock.hpp"'),
    ("daemon/http/a.cpp", '"delivery/dispatcher.hpp"', '"sources/source.hpp"'),
    ("daemon/ctl/a.cpp", "<yaml-cpp/yaml.h>", "<string>"),
    ("daemon/runner/a.cpp", "<rocksdb/db.h>", '"store/store.hpp"'),
    ("daemon/http/a.cpp", "<prometheus/registry.h>", "<boost/beast.hpp>"),
    ("daemon/http/a.cpp", "<spdlog/spdlog.h>", '"telemetry/log.hpp"'),
    ("daemon/store/a.cpp", "<boost/beast/http.hpp>", "<rocksdb/db.h>"),
    ("daemon/http/a.cpp", "<curl/curl.h>", "<boost/asio.hpp>"),
    ("daemon/settings/a.cpp", "<CLI/CLI.hpp>", "<yaml-cpp/yaml.h>"),
]


def self_test() -> list[str]:
    wrong = []

    def expect(what: str, complaints: list, caught: bool) -> None:
        if bool(complaints) != caught:
            wrong.append(f"{what}: {'nothing was said' if caught else complaints}")

    if len(ROOMS) != len(ROOM_SAMPLES):
        wrong.append("every room needs a sample, in the same order")
    for room, (path, bad, good) in zip(ROOMS, ROOM_SAMPLES):
        expect(f"room {room.why}, bad", check_room(room, path, f"#include {bad}\n"), True)
        expect(f"room {room.why}, good", check_room(room, path, f"#include {good}\n"), False)
    for words in WORDS:
        for path, text in words.bad:
            expect(f"{words.name}, bad {text!r}", check_words(words, path, text + "\n"), True)
        for path, text in words.good:
            expect(f"{words.name}, good {text!r}", check_words(words, path, text + "\n"), False)

    expect("length, bad", check_length("a.cpp", "x\n" * (LINES_MAX + 1), {}), True)
    expect("length, good", check_length("a.cpp", "x\n" * LINES_MAX, {}), False)
    expect("length, ratchet holds", check_length("a.cpp", "x\n" * 700, {"a.cpp": 700}), False)
    expect("length, ratchet goes down", check_length("a.cpp", "x\n" * 650, {"a.cpp": 700}), True)
    expect("header, bad", check_header("a.hpp", "// A thing.\nint x;\n"), True)
    expect("header, good", check_header("a.hpp", "// A thing.\n#pragma once\n"), False)
    expect("opening, bad header", check_opening("a.hpp", "#pragma once\n"), True)
    expect("opening, bad test", check_opening("a_test.cpp", "#include <x>\n"), True)
    expect("opening, good", check_opening("a_test.cpp", "// Goal: x.\n"), False)
    expect("file name, bad", check_file_name("sinks/SlackSink.cpp", ""), True)
    expect("file name, good", check_file_name("sinks/slack_sink.cpp", ""), False)
    expect("ending, no line end", check_ending("a.cpp", "int x;"), True)
    expect("ending, spaces", check_ending("a.cpp", "int x; \n"), True)
    expect("ending, good", check_ending("a.cpp", "int x;\n"), False)

    component = {
        "sinks/catalog.cpp": '#include "sinks/slack/slack.hpp"\n', "sinks/slack/slack.cpp": "",
        "sinks/slack/slack_test.cpp": "", "sinks/slack/README.md": "",
    }
    expect("catalogue, good", check_catalogs(component), False)
    for gone in ("sinks/slack/README.md", "sinks/slack/slack_test.cpp"):
        expect(f"catalogue without {gone}", check_catalogs({k: v for k, v in component.items() if k != gone}), True)
    forgotten = {"rules/kinds/catalog.cpp": "", "rules/kinds/absence/absence.cpp": ""}
    expect("catalogue, forgotten folder", check_catalogs(forgotten), True)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--format", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        wrong = self_test()
        print("\n".join(wrong) or f"{len(ROOMS)} rooms and {len(WORDS)} word rules hold on their samples")
        return 1 if wrong else 0
    if arguments.format:
        return format_tree(arguments.root)
    found = check_tree(tree(arguments.root))
    for path, line, what in found:
        print(f"{path}:{line}: {what}")
    print(f"{len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
