"""From the results of many worlds to figures, and from figures to tables."""

import collections

import today
from scoring import Summary, quantile
from sender import rfc3339
from shape import KINDS


def groups(results):
    """Results by shape, and all together when there are several shapes."""
    by_shape = collections.defaultdict(list)
    for result in results:
        by_shape[result["shape"]].append(result)
    found = list(by_shape.items())
    return found + [("all shapes", results)] if len(found) > 1 else found


def of_method(pairs):
    """Sum of (labels, score) pairs."""
    total = Summary()
    for _, score in pairs:
        total.add(score.delays, len(score.false), score.weeks)
    return total


def of_kinds(pairs):
    kinds = collections.defaultdict(Summary)
    for labels, score in pairs:
        for label, delay in zip(labels, score.delays):
            kinds[label.kind].add([delay])
    order = [*KINDS, *sorted(kinds.keys() - set(KINDS))]
    return {kind: kinds[kind].as_json() for kind in order if kind in kinds}


def of_today(results):
    """Each method at the constants that suit these very worlds best: highest recall with at most one false a week, and at any price."""
    methods = {name: of_method([(result["labels"], result["today"][name]) for result in results])
               for name in (results[0]["today"] if results else ())}
    counted = {name: total for name, total in methods.items() if name != today.CRITICAL}
    if not counted or not next(iter(methods.values())).labels:
        return []

    def best(named):
        return max(named, key=lambda pair: (pair[1].recall, -pair[1].false)) if named else None

    rows = [("", (today.CRITICAL, methods[today.CRITICAL])),
            ("at most 1 false a week", best([pair for pair in counted.items() if pair[1].false_per_week <= 1])),
            ("any number of false", best(list(counted.items())))]
    return [{"chosen": chosen, "method": row[0], **row[1].as_json()} for chosen, row in rows if row]


def of_incidents(results, budget):
    pairs = [(result["labels"], result["runs"][budget]["score"]) for result in results]
    rules = collections.Counter(opening.rule for _, score in pairs for opening in score.false)
    total = of_method(pairs)
    return {"kinds": of_kinds(pairs), "total": total.as_json(),
            "false_per_week_by_rule": {rule: count / total.weeks for rule, count in rules.most_common()},
            "false_first_week": {"mean": sum(score.false_first_week for _, score in pairs) / len(pairs),
                                 "most": max(score.false_first_week for _, score in pairs)}}


def of_null(results, budget):
    """Reports a week by week number; the ratio counts from the second week on."""
    weeks = max(result["weeks"] for result in results)
    by_week = [sum(result["runs"][budget]["by_week"][week] for result in results) for week in range(weeks)]
    worlds = [sum(result["weeks"] > week for result in results) for week in range(weeks)]
    rules = collections.Counter(opening.rule for result in results for opening in result["runs"][budget]["openings"])
    later = Summary(false=sum(by_week[1:]), weeks=sum(worlds[1:]))
    rate = later.false_per_week
    return {"by_week": [count / of for count, of in zip(by_week, worlds)],
            "first_week_most": max(result["runs"][budget]["by_week"][0] for result in results),
            "from_second_week": rate, "error": later.false_error,
            "ratio": rate / budget if budget and rate is not None else None, "by_rule": dict(rules.most_common())}


def of(results, budgets, null):
    found = {"null": null, "groups": []}
    for name, members in groups(results):
        group = {"shape": name, "worlds": len(members), "requests_median": quantile([result["requests"] for result in members], 0.5),
                 "budgets": [], "today": [] if null else of_today(members)}
        for budget in budgets:
            runs = [result["runs"][budget] for result in members]
            figures = of_null(members, budget) if null else of_incidents(members, budget)
            group["budgets"].append({"budget": budget, **figures, "replay_median_s": quantile([run["took"] for run in runs], 0.5),
                                     "newcomer": {"mean": sum(run["newcomer"] for run in runs) / len(runs),
                                                  "most": max(run["newcomer"] for run in runs)}})
        found["groups"].append(group)
    return found


def misses(results):
    """Every missed label and every false report, with its why and the incidents of other subjects that were going on; in null worlds
    every report is false."""
    rows = []
    for result in results:
        for budget, run in result["runs"].items():
            where = {"shape": result["shape"], "seed": result["seed"], "budget": budget}
            for label, delay in zip(result["labels"], run["score"].delays):
                if delay is None:
                    rows.append({**where, "what": "missed", "kind": label.kind, "from": rfc3339(label.start), "to": rfc3339(label.end),
                                 "subjects": label.subjects})
            false = run["score"].false if result["labels"] else run["openings"]
            for opening in false:
                during = [label.kind for label in result["labels"] if label.start <= opening.at <= label.end]
                rows.append({**where, "what": "false", "rule": opening.rule, "at": rfc3339(opening.at), "subjects": list(opening.subjects),
                             "during": during, "why": list(opening.why)})
    return rows


# --- tables -------------------------------------------------------------------------------------------------------


def minutes(seconds):
    return "-" if seconds is None else f"{seconds / 60:.1f}"


def share(value):
    return "-" if value is None else f"{value:.3f}"


def table(*rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(zip(row, widths)))
        print(f"  {'  '.join(cells)}".rstrip())


def row_of(name, figures):
    false = f"{figures['false_per_week']:.2f} ± {figures['false_error']:.2f}" if "false" in figures else ""
    return [name, str(figures["labels"]), share(figures["recall"]), minutes(figures["delay_median_s"]), minutes(figures["delay_90_s"]), false]


HEAD = ["", "labels", "recall", "delay median min", "delay 90 % min", "false a week"]


def show_incidents(group, part):
    table(HEAD, *(row_of(kind, figures) for kind, figures in part["kinds"].items()), row_of("all kinds", part["total"]))
    print(f"  week 1, false: {part['false_first_week']['mean']:.2f} a world, at most {part['false_first_week']['most']}")
    if part["false_per_week_by_rule"]:
        print("  false a week by rule:")
        table(*([f"  {rule}", f"{rate:.3f}"] for rule, rate in part["false_per_week_by_rule"].items()))


def show_null(part):
    print("  reports a week, by week: " + "  ".join(f"{rate:.2f}" for rate in part["by_week"]))
    ratio = "" if part["ratio"] is None else f": {part['ratio']:.2f} of what was asked"
    print(f"  from week 2 on: {part['from_second_week'] or 0:.3f} ± {part['error'] or 0:.3f} a week{ratio}")
    print(f"  week 1: at most {part['first_week_most']} in a world")
    if part["by_rule"]:
        print("  by rule, all weeks: " + ", ".join(f"{rule} {count}" for rule, count in part["by_rule"].items()))


def show(found, people):
    print("Labels are given to replay: it confirms and dismisses as people would." if people else "Nobody confirms or dismisses.")
    for group in found["groups"]:
        for part in group["budgets"]:
            budget = "as configured" if part["budget"] is None else f"{part['budget']:g} a week"
            print(f"\n{group['shape']}{', nothing happens' if found['null'] else ''}: {group['worlds']} worlds, budget {budget}; "
                  f"replay of {group['requests_median']} requests in {part['replay_median_s']:.2f} s (medians)")
            show_null(part) if found["null"] else show_incidents(group, part)
            print(f"  a new service, reports about it in its first week: {part['newcomer']['mean']:.2f} a world, at most {part['newcomer']['most']}")
        if group["today"]:
            print("\n  What people have today, on the same worlds, at constants chosen on these very worlds (which flatters it):")
            table(HEAD, *(row_of(row["method"] + (f" ({row['chosen']})" if row["chosen"] else ""), row) for row in group["today"]))


def show_misses(rows):
    print()
    for row in rows:
        where = f"{row['shape']} {row['seed']}" + ("" if row["budget"] is None else f" budget {row['budget']:g}")
        subjects = ", ".join(row["subjects"][:6]) or "any"
        if row["what"] == "missed":
            print(f"missed  {where}  {row['kind']}  {row['from']} to {row['to']}  {subjects}")
        else:
            during = f" (during {', '.join(row['during'])})" if row["during"] else ""
            print(f"false   {where}  {row['rule']}  {row['at']}{during}  {subjects}  {' / '.join(row['why'])}")
