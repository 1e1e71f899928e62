#!/usr/bin/python3
"""What operators rely on: readiness and the watchdog told to systemd, metrics that promtool accepts, a configuration that is
swapped only when good, refusals that say what is wrong and lose nothing, secrets that are never seen, one daemon a store, and
a calm end."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import (BUILD, PEERS, SOURCE, Iwakand, Process, Receiver, check, ending, free_port, organisation, request, wait_until)

CANARY = "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5"


class Manager:
    """The part of systemd that listens."""

    def __init__(self, folder):
        self.path = str(pathlib.Path(folder) / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)
        self.told = []

    def heard(self, word):
        while True:
            try:
                self.told.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                break
        return sum(word in line for line in self.told)

    def stop(self):
        self.socket.close()


def settings(folder, receiver):
    secret = folder / "secret"
    if not secret.exists():
        secret.write_text(CANARY)
        secret.chmod(0o600)
    return {"listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")},
            "limits": {"body_bytes_max": 65536},
            "sinks": {"hook": {"kind": "webhook", "url": f"http://127.0.0.1:{receiver.port}/hook",
                               "secrets": [{"file": str(secret)}]}}, **organisation("hook", "hook")}


def alert(number, **labels):
    return {"status": "firing", "labels": {"alertname": "Down", "service": f"s{number}", **labels}, "annotations": {},
            "startsAt": "2031-05-14T01:00:00Z", "endsAt": "0001-01-01T00:00:00Z"}


def refusals(daemon):
    """Each names what is wrong; nothing accepted before is touched."""
    known = len(daemon.get("/api/v1/alerts")["alerts"])
    cases = [
        ("/v1/alertmanager", b"{", 400, "malformed", ""),
        ("/v1/alertmanager", b'{"alerts":[{"status":"firing","labels":{"a":5}}]}', 400, "wrong_type", "/alerts/0/labels/a"),
        ("/v1/alertmanager", b'{"alerts":[]}' + b" " * 70000, 413, "too_large", ""),
        ("/v1/alertmanagr", b"{}", 404, "not_found", "/v1/alertmanagr"),
        ("/api/v1/incidents", b'{"subject":"x"}', 400, "missing", "/title"),
        ("/api/v1/incidents", b'{"subject":"x","title":"y","levl":1}', 400, "unknown_name", "/levl"),
        ("/api/v1/incidents/INC-99/notes", b'{"text":"x"}', 404, "not_found", ""),
        ("/api/v1/incidents/INC-1/status", b'{"status":"fixed"}', 400, "unknown_name", "/status"),
        ("/api/v1/incidents/INC-1/notes", b'{"text":5}', 400, "wrong_type", "/text"),
        ("/api/v1/deliveries/nothing/redeliver", b"{}", 404, "not_found", ""),
    ]
    for path, body, status, reason, where in cases:
        got, text = request("POST", daemon.url + path, body)
        check(got == status, f"POST {path} answered {got}, not {status}: {text}")
        error = json.loads(text)["error"]
        check(error["reason"] == reason and error["path"] == where, f"POST {path}: {text}")
        check(error["detail"], f"POST {path} says nothing: {text}")
    got, _ = request("POST", daemon.url + "/api/v1/incidents", b"{}", {"Content-Type": "text/plain"})
    check(got == 415, f"a body that is no JSON: {got}")
    got, _ = request("POST", daemon.url + "/api/v1/incidents", b"{}", {"Origin": "http://evil.example"})
    check(got == 403, f"a foreign page's request: {got}")
    got, _ = request("GET", daemon.url + "/-/reload")
    check(got == 405, f"GET of a POST route: {got}")
    check(len(daemon.get("/api/v1/alerts")["alerts"]) == known, "a refusal lost or added alerts")


def people(daemon):
    daemon.post("/api/v1/incidents/INC-1/notes", {"text": "restarted\nit", "occurred_at": "2031-05-14T01:05:00+09:00", "actor": "sato"})
    daemon.post("/api/v1/incidents/INC-1/impact", {"impact": "confirmed", "what": "14 inquiries", "actor": "sato"})
    daemon.post("/api/v1/incidents/INC-1/status", {"status": "mitigated", "why": "limit raised", "actor": "sato"})
    incident = daemon.get("/api/v1/incidents/INC-1")
    check(incident["status"] == "mitigated" and incident["impact"] == "confirmed", f"acts are kept: {incident}")
    note = next(e for e in incident["timeline"] if e["kind"] == "note")
    check(note["occurred_at"] == "2031-05-13T16:05:00Z" and note["actor"] == "sato", f"a note keeps its time: {note}")
    declared = daemon.post("/api/v1/incidents", {"subject": "payments", "title": "Card payments fail", "level": 3})
    check(declared["incident"] == "INC-2", f"declared by hand: {declared}")
    again, text = request("POST", daemon.url + "/api/v1/incidents", {"subject": "payments", "title": "again"})
    check(again == 409 and "INC-2" in text, f"declared twice: {again} {text}")


def metrics_are_as_documented(daemon):
    """Whatever is registered is served or has nothing to say yet, and docs/metrics.md names it; promtool has no complaint."""
    shown = request("GET", daemon.url + "/metrics")[1]
    promtool = subprocess.run([PEERS / "usr/bin/promtool", "check", "metrics"], text=True, capture_output=True, input=shown, timeout=30)
    check(promtool.returncode == 0, f"promtool: {promtool.stdout}{promtool.stderr}")
    served = set(re.findall(r"^# TYPE (\S+)", shown, re.MULTILINE))
    registered = set(re.findall(r'"(iwakan_\w+)"', (SOURCE / "daemon/telemetry/metrics.cpp").read_text()))
    told = set(re.findall(r"`(iwakan_\w+)`", (SOURCE / "docs/metrics.md").read_text()))
    check(served <= registered == told, f"not documented: {registered - told}, documented alone: {told - registered}, {served - registered}")
    rules = SOURCE / "config/prometheus/iwakan-alerts.yaml"
    promtool = subprocess.run([PEERS / "usr/bin/promtool", "check", "rules", rules], text=True, capture_output=True, timeout=30)
    check(promtool.returncode == 0, f"promtool: {promtool.stdout}{promtool.stderr}")
    used = set(re.findall(r"iwakan_\w+", "\n".join(line for line in rules.read_text().splitlines() if "expr:" in line)))
    check(used <= registered, f"rules about what is not there: {used - registered}")


def reloads(daemon, manager, folder):
    config = folder / "iwakand.yaml"
    good = config.read_text()
    config.write_text(good.replace('"budget"', '"x"')[:-1] + ', "budgett": "1 per week"}')
    status, text = request("POST", daemon.url + "/-/reload", b"")
    check(status == 400 and "did you mean" in text, f"a bad configuration is refused: {status} {text}")
    check(request("GET", daemon.url + "/-/ready")[0] == 200, "and the good one stays")
    fresh = json.loads(good)
    fresh["contact"] = "#new-desk"
    config.write_text(json.dumps(fresh))
    before = daemon.metric("iwakan_configuration_reloads_total", outcome="done")
    daemon.child.send_signal(signal.SIGHUP)
    wait_until(lambda: manager.heard("RELOADING=1") >= 2 and manager.heard("READY=1") >= 3, "reloads told to systemd", 10)
    check(daemon.metric("iwakan_configuration_reloads_total") > 0 or before >= 0, "counted")
    daemon.post("/v1/alertmanager", {"version": "4", "alerts": [alert(50, severity="critical")]})
    incidents = daemon.get("/api/v1/incidents")["incidents"]
    fresh["limits"] = {"idle_time_max": "16s"}
    fresh["store"] = {**fresh["store"], "path": str(folder / "elsewhere")}
    config.write_text(json.dumps(fresh))
    for _ in range(2):
        text = request("POST", daemon.url + "/-/reload", b"")[1]
        check(text == "reloaded; restart iwakand for: limits, store.path\n", f"what waits for a restart is said: {text}")
    config.write_text(json.dumps(json.loads(good) | {"contact": "#new-desk"}, indent=2))
    text = request("POST", daemon.url + "/-/reload", b"")[1]
    check(text == "reloaded\n", f"nothing waits: {text}")
    newest = daemon.get(f"/api/v1/incidents/{incidents[0]['id']}")
    check(newest["reports"][0]["contact"]["en"] == "#new-desk", "the new contact stands in the next report")


def secrets_stay_secret(daemon, manager):
    pages = [request("GET", daemon.url + path)[1] for path in ("/metrics", "/api/v1/deliveries", "/api/v1/incidents/INC-1")]
    for text in [*pages, daemon.log.read_text(), *manager.told]:
        check(CANARY not in text and CANARY[6:] not in text, "a secret was shown")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        receiver, manager = Receiver(), Manager(folder)
        environment = {"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "3000000"}
        with ending(receiver, manager):
            daemon = Iwakand(folder, settings(folder, receiver), environment)
            with ending(daemon):
                daemon.wait_ready()
                wait_until(lambda: manager.heard("READY=1"), "READY=1", 10)
                daemon.post("/v1/alertmanager", {"version": "4", "alerts": [alert(1, severity="critical"), alert(2)]})
                wait_until(lambda: len(receiver.requests) >= 2, "two supervisors told", 10)
                refusals(daemon)
                people(daemon)
                metrics_are_as_documented(daemon)
                second = Process("second", [BUILD / "iwakand", "--config", folder / "iwakand.yaml"], folder)
                check(second.child.wait(20) == 1 and "another iwakand" in second.tail(), f"two daemons: {second.tail()}")
                reloads(daemon, manager, folder)
                wait_until(lambda: manager.heard("WATCHDOG=1") >= 2, "the watchdog", 10)
                secrets_stay_secret(daemon, manager)
                check(daemon.stop() == 0, f"a calm end:\n{daemon.tail()}")
                check(manager.heard("STOPPING=1") == 1, "STOPPING=1")
            verified = subprocess.run([BUILD / "iwakand", "--check-store", "--config", folder / "iwakand.yaml"],
                                      capture_output=True, text=True, timeout=60)
            check("the chain of" in verified.stdout, f"--check-store: {verified.stdout}{verified.stderr}")


main()
print("operations: as operators rely on")
