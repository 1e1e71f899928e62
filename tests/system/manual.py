"""What is said of the programs is what they do: troff has no complaint about the manual pages, they name every option and command,
the shells' completions offer what the command line takes, and the exit codes are those that are written down.

    manual.py BUILD pages|completion|exit"""

import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1])


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=30, **more)


def check(condition, what):
    if not condition:
        sys.exit(f"manual: {what}")


@functools.lru_cache(maxsize=None)
def help_of(*path):
    return run(BUILD / "iwakanctl", *path, "--help").stdout


def commands(path=()):
    """The commands that take no further one, as --help shows them."""
    below = help_of(*path).partition("Subcommands:\n")[2].partition("\n\n")[0]
    names = re.findall(r"^  ([a-z]+) ", below, re.MULTILINE)
    if not names:
        return [path]
    return [command for name in names for command in commands((*path, name))]


def shown(page):
    """As a terminal shows it, on long lines without emphasis."""
    formatted = run("groff", "-Kutf8", "-man", "-ww", "-Tutf8", "-P-c", "-P-bou", "-rLL=2000n", page)
    check(formatted.returncode == 0 and not formatted.stderr, f"troff complains about {page.name}: {formatted.stderr}")
    return formatted.stdout.replace("‐", "-").replace("−", "-")


def pages():
    page = shown(BUILD / "man/iwakanctl.1")
    for command in commands():
        check(" ".join(command) in page, f"iwakanctl.1 does not tell of {' '.join(command)}")
        for option in re.findall(r"--[a-z-]+", help_of(*command).partition("Example:")[0]):
            check(option in page, f"iwakanctl.1 does not tell of {option} of {' '.join(command)}")
    daemon = shown(BUILD / "man/iwakand.8")
    takes = set(re.findall(r"^  .*?(--[a-z-]+)", run(BUILD / "iwakand", "--help").stdout.partition("Options:")[2], re.MULTILINE))
    told = set(re.findall(r"^ +(?:-h, )?(--[a-z-]+)", daemon.partition("OPTIONS")[2].partition("SIGNALS")[0], re.MULTILINE))
    check(takes == told and len(takes) == 8, f"iwakand takes {sorted(takes)}, and iwakand.8 tells of {sorted(told)}")
    configuration = (pathlib.Path(__file__).parents[2] / "config/iwakand.yaml").read_text(encoding="utf-8")
    page = shown(BUILD / "man/iwakan.yaml.5")
    for line in filter(str.strip, configuration.splitlines()):
        check(line.strip() in page, f"iwakan.yaml.5 leaves out: {line}")


def completion():
    script = {shell: run(BUILD / "iwakanctl", "completion", shell).stdout for shell in ("bash", "zsh", "fish")}

    def offered_of(lines):
        """Of each line, what bash offers in place of its last word."""
        each = ('while IFS= read -r line; do IFS=$\'\\x1f\' read -ra COMP_WORDS <<<"$line"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1));'
                ' [ "${COMP_WORDS[-1]}" = - ] && COMP_WORDS[-1]=; _iwakanctl; echo "${COMPREPLY[*]}"; done')
        told = run("bash", "-c", script["bash"] + each, input="".join("\x1f".join(["iwakanctl", *line[:-1], line[-1] or "-"]) + "\n" for line in lines))
        check(told.returncode == 0 and not told.stderr, f"bash: {told.stderr}")
        return [words.split() for words in told.stdout.splitlines()]

    def offered(*words):
        return offered_of([words])[0]

    places = [command[:depth] for command in commands() for depth in range(1, len(command) + 1)]
    for place, words in zip(places, offered_of([(*place[:-1], "") for place in places]), strict=True):
        check(place[-1] in words, f"bash does not offer {place}")
    check(offered("incident", "sta") == ["state", "status"] or set(offered("incident", "sta")) == {"state", "status"}, offered("incident", "sta"))
    check(set(offered("delivery", "list", "--state", "")) == {"pending", "delivered", "dead"}, offered("delivery", "list", "--state", ""))
    check(offered("incident", "status", "INC-1", "miti") == ["mitigated"], "the choices of a word")
    check(offered("--json", "incident", "list", "--al") == ["--all"], "options between are no hindrance")
    check(offered("incident", "note", "INC-1", "restarted", "--lang") == ["--language"], "options that may stand anywhere")
    check(set(offered("incident", "list", "--language", "")) == {"ja", "en"}, "and their choices")
    for shell in ("bash", "zsh", "fish"):
        if shutil.which(shell):  # bash is always there
            read = run(shell, "-n", input=script[shell])
            check(read.returncode == 0 and not read.stderr, f"{shell} cannot read its completion: {read.stderr}")
        for command in commands():
            check(all(word in script[shell] for word in command), f"{shell}: {command}")


def exit_codes():
    nobody = {**os.environ, "IWAKAN_URL": "http://127.0.0.1:1"}
    with tempfile.TemporaryDirectory() as folder:
        wrong = pathlib.Path(folder) / "wrong.yaml"
        wrong.write_text("tests: [{name: a, config: {}, steps: 5}]\n")
        for code, words in ((0, ["--help"]), (0, ["incident", "note", "--help"]), (0, ["--version"]), (0, ["completion", "bash"]),
                            (2, []), (2, ["incident"]), (2, ["incident", "nothing"]), (2, ["incident", "show"]),
                            (2, ["incident", "status", "INC-1", "fixed"]), (2, ["completion", "csh"]), (2, ["--url", "nowhere", "incident", "list"]),
                            (2, ["send", "nothing.jsonl"]), (2, ["test", wrong]), (3, ["incident", "list"]), (3, ["--json", "incident", "show", "INC-1"])):
            got = run(BUILD / "iwakanctl", *words, env=nobody)
            check(got.returncode == code, f"iwakanctl {words} ends with {got.returncode}, not {code}: {got.stdout}{got.stderr}")
            check(bool(got.stderr) == (code != 0), f"iwakanctl {words}: what is wrong is said on standard error: {got.stderr}")
        bad = pathlib.Path(folder) / "bad.yaml"
        bad.write_text(json.dumps({"listenn": "127.0.0.1:1"}))
        good = pathlib.Path(folder) / "good.yaml"
        good.write_text(json.dumps({"store": {"path": folder + "/store"}}))
        for code, words in ((0, ["--help"]), (0, ["--config", good, "--check-config"]), (1, ["--config", bad, "--check-config"]),
                            (1, ["--config", folder + "/none.yaml"]), (2, []), (2, ["--what"])):
            got = run(BUILD / "iwakand", *words)
            check(got.returncode == code, f"iwakand {words} ends with {got.returncode}, not {code}: {got.stdout}{got.stderr}")


{"pages": pages, "completion": completion, "exit": exit_codes}[sys.argv[2]]()
print(f"manual: {sys.argv[2]} as they are")
