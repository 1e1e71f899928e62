#!/usr/bin/python3
"""Holds the house rule of coroutines, by which g++ 12 compiles them correctly.

g++ 12 miscompiles, without a warning and unseen by the sanitizers, several things that stand in one
statement with co_await: a condition that awaits, aggregates made on the spot, ?: of class types, lambdas
with captures. So a statement with co_await has one of two forms, in which none of them can stand:

    [const] auto x = co_await name(names…);
    co_await name(names…);

where a name may be qualified and a member (net::async_write, self->socket_.async_read_some), and an
argument may be std::move(name). And a lambda with captures is never a coroutine itself: its captures die
with the lambda, while the coroutine runs on.

    await_lint.py ROOT           over the C++ of the tree at ROOT
    await_lint.py --self-test    over samples, good and bad
"""

import os
import re
import sys

FOLDERS = ("daemon", "rules", "sinks", "tests")

NAME = r"(?:[A-Za-z_]\w*(?:::|\.|->))*[A-Za-z_]\w*"
ARGUMENT = rf"(?:{NAME}|std::move\({NAME}\))"
STATEMENT = re.compile(rf"(?:(?:const )?auto \w+ = )?co_await {NAME}\((?:{ARGUMENT}(?:, {ARGUMENT})*)?\)")
LAMBDA = re.compile(r"(?<![\w\])])\[([^\[\]]*)\]\s*(?=[({]|mutable)")


def blanked(code: str) -> str:
    """Comments, literals and preprocessor lines become blanks; positions stay."""

    def blank(match: re.Match) -> str:
        return re.sub(r"[^\n]", " ", match.group(0))

    literal = r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\''
    return re.sub(rf"//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*|{literal}", blank, code, flags=re.DOTALL | re.MULTILINE)


def body_after(code: str, at: int) -> str:
    """The block of the lambda whose introducer ends at `at`; empty when there is none before a semicolon."""
    begin = re.compile(r"[{;]").search(code, at)
    if not begin or begin.group(0) == ";":
        return ""
    depth = 0
    for i in range(begin.start(), len(code)):
        depth += {"{": 1, "}": -1}.get(code[i], 0)
        if depth == 0:
            return code[begin.start():i]
    return code[begin.start():]


def lint(code: str) -> list[tuple[int, str]]:
    code = blanked(code)
    found = []
    for match in re.finditer(r"\bco_await\b", code):
        begin = max(code.rfind(mark, 0, match.start()) for mark in ";{}") + 1
        end = re.compile(r"[;{}]|$(?![\s\S])").search(code, match.start()).start()
        statement = " ".join(code[begin:end].split())
        block = code[max(code.rfind("{", 0, begin), code.rfind("}", 0, begin)) + 1:begin]
        in_parentheses = block.count("(") > block.count(")")  # of for (;;)
        if in_parentheses or not code.startswith(";", end) or not STATEMENT.fullmatch(statement):
            found.append((match.start(), f'"{statement}": write "const auto x = co_await name(names…);" and nothing else'))
    for match in LAMBDA.finditer(code):
        if match.group(1).strip() and re.search(r"\bco_(await|return|yield)\b", body_after(code, match.end())):
            found.append((match.start(), "a lambda with captures is a coroutine: make it a function with parameters"))
    return [(code.count("\n", 0, at) + 1, what) for at, what in sorted(found)]


GOOD = (
    "const auto read = co_await receive();",
    "auto outcome = co_await acceptor.async_accept(peer, kOutcome);",
    "co_await session.run();",
    "co_await self->next_look_.async_wait(kOutcome);",
    "const auto written = co_await net::async_write(socket_, buffers, kOutcome);",
    "const auto done = co_await f(std::move(task), x.y, a::b);",
    "if (ready) {\n  co_await f(x);\n}",
    "const auto x =\n    co_await net::f(a,\n                    b);",
    "// co_await f({1, 2})",
    'log("co_await f({1})");',
    "const Take take = [this](std::string_view data) { return append(data); };\nco_await f(take);",
    "auto done = [&] { return 1; }; co_return done();",
    "auto coroutine = [](int x) -> awaitable<int> { co_return x; };",
    "values[i] = 1; co_return;",
    "auto [ec, n] = std::move(outcome); co_return;",
)

BAD = (
    "if (co_await f()) g();",
    "while (co_await f()) g();",
    "switch (co_await f()) { default: break; }",
    "for (; co_await f();) g();",
    "for (const auto& x : co_await f()) g(x);",
    "if (const auto x = co_await f(); x) g();",
    "if (ready) co_await f(x);",
    "do co_await f(x); while (true);",
    "auto [ec, n] = co_await f(x);",
    "const std::size_t n = co_await f(x);",
    "n = co_await f(x);",
    "co_return co_await f(x);",
    "return_value = g(co_await f(x));",
    "const auto x = co_await f(Agg{s, 2});",
    "const auto x = co_await f({.a = s});",
    "const auto x = co_await f({s, s});",
    "co_return Agg{co_await g(), 3};",
    "const auto x = ok ? co_await f() : y;",
    "const auto x = co_await f(ok ? a : b);",
    "const auto x = co_await f(a + b);",
    "const auto x = co_await f(g(a));",
    'const auto x = co_await f("text");',
    "const auto x = co_await f(1);",
    "const auto x = co_await f(a).value();",
    "const auto x = (co_await f(a)).b;",
    "const auto x = co_await (f(a) || g(b));",
    "const auto x = co_await f(a) + co_await g(b);",
    "const auto x = co_await [s] { return f(s); }();",
    "const auto x = co_await co_spawn(ex, [s]() -> awaitable<void> { co_return; }, token);",
    "co_spawn(co_await this_coro::executor, task);",
    "co_await task;",
    "const auto x = co_await f<Agg>(s);",
    "EXPECT_EQ(co_await f(), 1);",
    "case 1: co_await f(x);",
    "co_spawn(io, [this]() -> awaitable<void> { co_await run(); }, done);",
    "auto task = [&](int x) -> awaitable<int> { co_return x; };",
    "auto task = [=]() mutable -> awaitable<void> { co_return; };",
    "auto task = [x = std::move(y)] { co_yield x; };",
)


def self_test() -> int:
    wrong = [f"nothing was said of: {code}" for code in BAD if not lint("void f() {\n" + code + "\n}")]
    wrong += [f"wrongly refused: {code}" for code in GOOD if lint("void f() {\n" + code + "\n}")]
    lines = [line for line, _ in lint("\n\n  if (co_await f()) g();\n")]
    wrong += [] if lines == [3] else [f"the line is {lines}, not 3"]
    print("\n".join(wrong) or f"{len(BAD)} bad samples refused, {len(GOOD)} good ones let through")
    return 1 if wrong else 0


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = sys.argv[1]
    complaints = awaits = 0
    for top in FOLDERS:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if not name.endswith((".cpp", ".hpp")):
                    continue
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    code = file.read()
                awaits += code.count("co_await")
                for line, what in lint(code):
                    complaints += 1
                    print(f"{os.path.relpath(path, root)}:{line}: {what}")
    print(f"{complaints} complaints about {awaits} mentions of co_await")
    return 1 if complaints or not awaits else 0


if __name__ == "__main__":
    sys.exit(main())
