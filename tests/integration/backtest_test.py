#!/usr/bin/python3
"""Goal: a backtest opens what the daemon opens, from a recording and from the daemon's own journal; labels act as people would;
what people say of an incident is shown by `why`, works, and can be taken back. Method: the daemon and iwakanctl on one small
recording, and on a simulated world."""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, Iwakand, check, ending, free_port, organisation

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CTL = BUILD / "iwakanctl"


def run(*arguments, code=0, folder=None):
    answer = subprocess.run([CTL, *map(str, arguments)], capture_output=True, text=True, timeout=120, cwd=folder)
    check(answer.returncode == code, f"{arguments} ended with {answer.returncode}, not {code}: {answer.stdout}{answer.stderr}")
    return answer


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def request(second, *alerts):
    body = {"version": "4", "alerts": [
        {"status": status, "labels": labels, "annotations": {}, "startsAt": f"2031-05-14T01:00:{began:02d}Z",
         "endsAt": f"2031-05-14T01:00:{second:02d}Z" if status == "resolved" else "0001-01-01T00:00:00Z"}
        for status, began, labels in alerts]}
    return {"at": f"2031-05-14T01:00:{second:02d}Z", "method": "POST", "path": "/v1/alertmanager",
            "headers": {"Content-Type": "application/json"}, "body": body}


RECORDING = [
    request(1, ("firing", 0, {"alertname": "Slow", "service": "checkout", "severity": "critical"})),
    request(5, ("firing", 4, {"alertname": "Full", "service": "mailer"})),
    request(9, ("resolved", 0, {"alertname": "Slow", "service": "checkout", "severity": "critical"}),
            ("firing", 8, {"alertname": "Lost", "service": "search", "customer_impact": "confirmed"})),
]


def settings(folder):
    return {"listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")}, "sources": {"alertmanager": {}},
            "sinks": {"out": {"kind": "file", "path": str(folder / "out.jsonl")}}, **organisation("out", "out")}


def what(incident):
    return (incident["subjects"], incident["level"])


def recording_and_journal_agree(folder):
    recording = folder / "small.jsonl"
    recording.write_text("\n".join(map(json.dumps, RECORDING)) + "\n")
    daemon = Iwakand(folder, settings(folder))
    with ending(daemon):
        daemon.wait_ready()
        run("--url", daemon.url, "send", recording, "--fast")
        live = sorted((i["subjects"], i["level"]) for i in daemon.get("/api/v1/incidents")["incidents"])
        people_teach(daemon)
        check(daemon.stop() == 0, "a calm end")
    config = folder / "iwakand.yaml"
    replayed = lines(run("replay", recording, "--config", config, "--json").stdout)
    check(sorted(map(what, replayed)) == live, f"recording {replayed} against {live}")
    for incident in replayed:
        check({"id", "opened_at", "subjects", "level", "why"} <= incident.keys() and incident["why"], f"members of {incident}")
    journal = lines(run("replay", folder / "store", "--config", config, "--json").stdout)
    check(sorted(map(what, journal)) == live, f"journal {journal} against {live}")


def people_teach(daemon):
    why = lambda of: json.loads(run("--url", daemon.url, "why", of, "--json").stdout.splitlines()[0])
    check(why("INC-1")["reason"] == "opened_by_impact", "why INC-1")
    run("--url", daemon.url, "incident", "dismiss", "INC-1", "--why", "a load test")
    page = run("--url", daemon.url, "--language", "en", "why", "INC-1").stdout
    check("Dismissed: the like of it" in page and "unjudge" in page, page)
    check(daemon.get("/api/v1/incidents/INC-1")["status"] == "false_alarm", "dismissed and over")
    run("--url", daemon.url, "incident", "unjudge", "INC-1")
    shown = daemon.get("/api/v1/incidents/INC-1")
    check((shown["status"], shown["judgement"]) == ("open", "none"), f"taken back: {shown['status']}, {shown['judgement']}")
    run("--url", daemon.url, "incident", "confirm", "INC-1")
    check(daemon.get("/api/v1/incidents/INC-1")["judgement"] == "confirmed", "confirmed")
    check("judged" in {entry["kind"] for entry in daemon.get("/api/v1/incidents/INC-1")["timeline"]}, "in the timeline")
    run("--url", daemon.url, "why", "", code=1)


def labels_act_as_people(folder):
    config = folder / "iwakand.yaml"
    labels = folder / "labels.jsonl"
    labels.write_text(json.dumps({"from": "2031-05-14T01:00:00Z", "to": "2031-05-14T01:10:00Z", "subjects": ["checkout"]}) + "\n")
    answer = run("replay", folder / "small.jsonl", "--config", config, "--labels", labels, "--json")
    judged = {incident["subjects"][0]: incident["judgement"] for incident in lines(answer.stdout)}
    check(judged == {"checkout": "confirmed", "search": "dismissed"}, f"judged {judged}")
    summary = json.loads(answer.stderr)
    check((summary["labels"], summary["found"], summary["recall"]) == (1, 1, 1), f"summary {summary}")
    labels.write_text('{"from": "2031-05-14T01:00:00Z"}\n')
    answer = run("replay", folder / "small.jsonl", "--config", config, "--labels", labels, code=2)
    check("labels.jsonl:1: /to" in answer.stderr, answer.stderr)


def comparing_shows_what_changes(folder):
    other = folder / "other.yaml"
    text = json.loads((folder / "iwakand.yaml").read_text())
    text["rules"]["never_open_for"] = {"statements": [{"match": ['service="search"']}]}
    other.write_text(json.dumps(text))
    answer = run("replay", folder / "small.jsonl", "--config", folder / "iwakand.yaml", "--compare", other, "--json")
    only = [(line["subjects"], line["only_in"]) for line in lines(answer.stdout)]
    check(only == [(["search"], str(folder / "iwakand.yaml"))], f"compare {only}")


def bad_input_is_named(folder):
    config = folder / "iwakand.yaml"
    bad = folder / "bad.jsonl"
    bad.write_text(json.dumps(RECORDING[0]) + "\n" + json.dumps({**RECORDING[1], "path": "/v1/nobody"}) + "\n")
    answer = run("replay", bad, "--config", config, "--json")
    check("bad.jsonl:2: " in answer.stderr and len(lines(answer.stdout)) == 1, answer.stderr)
    bad.write_text(json.dumps({**RECORDING[1], "path": "/v1/nobody"}) + "\n")
    run("replay", bad, "--config", config, "--json", code=1)
    bad.write_text("{\n")
    check("bad.jsonl:1" in run("replay", bad, "--config", config, code=2).stderr, "line of what is no JSON")
    bad.write_text("budget: often\n")
    check("bad.jsonl:1" in run("replay", folder / "small.jsonl", "--config", bad, code=2).stderr, "the configuration's complaints")


def a_world_is_judged(folder):
    """A month with three weeks of incidents: most are found, and seldom in vain."""
    recording, labels = folder / "world.jsonl", folder / "world.labels.jsonl"
    subprocess.run([sys.executable, SOURCE / "tests/worlds/world.py", "--shape", "ordinary", "--seed", "7", "--recording", recording,
                    "--labels", labels], check=True, timeout=120)
    config = SOURCE / "config/iwakand.yaml"
    first = run("replay", recording, "--config", config, "--labels", labels, "--json")
    summary = json.loads(first.stderr)
    check(summary["recall"] >= 0.6 and summary["false_reports_per_week"] <= 1.5, f"summary {summary}")
    check(run("replay", recording, "--config", config, "--labels", labels, "--json").stdout == first.stdout, "the same twice")
    misses = lines(run("replay", recording, "--config", config, "--labels", labels, "--misses", "--json").stdout)
    check(any("near_miss" in line for line in misses), "near misses are shown")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        recording_and_journal_agree(folder)
        labels_act_as_people(folder)
        comparing_shows_what_changes(folder)
        bad_input_is_named(folder)
        a_world_is_judged(folder)


main()
print("backtest: as the daemon, and as people would")
