#!/usr/bin/python3
"""The real Prometheus posts straight to iwakand, as to an Alertmanager: a metric moves, the alert arrives and opens an
incident, is seen by amtool's questions, and resolves. When Prometheus dies, its alerts are lost, not resolved. What
clients of Alertmanager's API get wrong is refused as Alertmanager refuses it, and what is right beside it is taken."""

import json
import os
import pathlib
import signal
import socket
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import (PEERS, SOURCE, Gauge, Iwakand, Process, check, ending, free_port, request, wait_until)

RULES = {"groups": [{"name": "shop", "rules": [
    {"alert": "HighErrorRatio", "expr": "shop_errors_ratio > 0.05",
     "labels": {"severity": "critical", "service": "検索"}, "annotations": {"summary": "5xx が {{ $value }}"}},
    {"alert": "Watchdog", "expr": "vector(1)", "labels": {"severity": "none"}}]}]}


def prometheus(folder, gauge, iwakand):
    port = free_port()
    (folder / "rules.json").write_text(json.dumps(RULES))
    (folder / "prometheus.json").write_text(json.dumps({
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.json"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{iwakand.port}"]}]}]},
        "scrape_configs": [{"job_name": "shop", "static_configs": [{"targets": [f"127.0.0.1:{gauge.port}"]}]}]}))
    return Process("prometheus", [
        PEERS / "usr/bin/prometheus", "--config.file=prometheus.json", "--storage.tsdb.path=prometheus",
        f"--web.listen-address=127.0.0.1:{port}", "--rules.alert.resend-delay=1s"], folder)


def alerts(iwakand, **query):
    return iwakand.get("/api/v2/alerts?" + urllib.parse.urlencode(query, doseq=True))


def post(iwakand, body, content_type="application/json"):
    return request("POST", iwakand.url + "/api/v2/alerts", body, {"Content-Type": content_type})


def clients_mistakes(iwakand):
    """Reference wire-formats F2."""
    check(post(iwakand, []) == (200, ""), "an empty list is taken")
    check(iwakand.metric("iwakan_source_requests_total", source="prometheus") >= 1, "requests are counted")
    status, text = post(iwakand, [{"labels": {"alertname": "Good", "service": "half"}}, {"labels": {"alertname": ""}}])
    check(status == 400 and json.loads(text) == "/1/labels: at least one label pair required", f"{status} {text}")
    good = alerts(iwakand, filter='service="half"')
    check([one["labels"]["alertname"] for one in good] == ["Good"], f"the good one is taken: {good}")
    check(post(iwakand, b"{")[0] == 400, "no JSON")
    check(post(iwakand, [], "text/plain")[0] == 415, "another content type")
    names = [{"labels": {"alertname": "Batch", "service": f"batch-{i}"}, "annotations": {"description": "x" * 8_000}} for i in range(256)]
    check(post(iwakand, names) == (200, ""), "a whole batch of Prometheus")
    check(len(alerts(iwakand, filter="alertname=Batch")) == 256, "each of them is known")
    check(post(iwakand, [{"labels": {"警報 名": "UTF-8", "service": "names"}, "Timeout": True,
                          "UpdatedAt": "2026-09-01T00:00:00Z"}])[0] == 200, "a label name of any text")
    check(len(alerts(iwakand, filter='"警報 名"="UTF-8"')) == 1, "asked for by that name")
    for query in ('filter=a', 'filter=%zz', 'silenced=perhaps', 'receiver=(', 'filter=a=~"(x"'):
        status, text = request("GET", iwakand.url + "/api/v2/alerts?" + urllib.parse.quote(query, safe="=&%~"))
        check(status == 400 and isinstance(json.loads(text), str), f"{query}: {status} {text}")


def what_clients_read(iwakand):
    firing = alerts(iwakand, filter="alertname=HighErrorRatio")
    check(len(firing) == 1, f"one alert: {firing}")
    alert = firing[0]
    check(alert["status"] == {"state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": []}, f"{alert}")
    check(alert["labels"]["service"] == "検索" and alert["annotations"]["summary"].startswith("5xx が 0.21"), f"{alert}")
    check(alert["startsAt"] < alert["updatedAt"] < alert["endsAt"], f"Prometheus vouches for it for a while: {alert}")
    check(alert["generatorURL"].startswith("http") and len(alert["fingerprint"]) == 16, f"{alert}")
    check(alert["receivers"] == [{"name": "iwakan"}], f"{alert}")
    check(alerts(iwakand, filter=["alertname=HighErrorRatio", "severity!=critical"]) == [], "all matchers must match")
    check(alerts(iwakand, filter="alertname=HighErrorRatio", active="false") == [], "active ones were not asked for")
    check(alerts(iwakand, filter="alertname=HighErrorRatio", receiver="other") == [], "another receiver")
    check(len(alerts(iwakand, filter="alertname=HighErrorRatio", receiver="iwa.*")) == 1, "our receiver")
    prints = [one["fingerprint"] for one in alerts(iwakand)]
    check(prints == sorted(prints) and len(prints) >= 2, "sorted by fingerprint")
    groups = iwakand.get("/api/v2/alerts/groups?filter=alertname%3DHighErrorRatio")
    check([group["labels"] for group in groups] == [{"service": "検索"}], f"{groups}")
    check(groups[0]["alerts"][0]["fingerprint"] == alert["fingerprint"], f"{groups}")
    check([receiver["name"] for receiver in iwakand.get("/api/v2/receivers")] == ["iwakan"], "receivers")
    status = iwakand.get("/api/v2/status")
    check({"cluster", "versionInfo", "config", "uptime"} <= set(status), f"{status}")


def recording_replayed(iwakand):
    """The real Prometheus's requests, byte for byte."""
    text = (SOURCE / "daemon/sources/prometheus/testdata/recording.jsonl").read_text()
    for line in text.splitlines():
        body = line[line.index('"body":') + len('"body":'):-1].encode()
        check(post(iwakand, body) == (200, ""), "a recorded request is taken")
    members = {(m["alert_name"], m["state"]) for i in iwakand.get("/api/v1/incidents?status=all")["incidents"]
               for m in iwakand.get("/api/v1/incidents/" + i["id"])["members"]}
    check(("HighErrorRatio", "resolved") in members, f"the recording's alerts resolved, long ago: {members}")


def ten_seconds(iwakand):
    """Prometheus waits ten seconds for an answer. A sender that stalls so long itself is told so, and half a request is none; and
    when it is the daemon that stalls, what was sent is taken late, and its repetition counts for nothing."""
    body = json.dumps([{"labels": {"alertname": "Half", "service": "stalls"}}]).encode()
    with socket.create_connection(("127.0.0.1", iwakand.port), timeout=20) as stalled:
        stalled.sendall(b"POST /api/v2/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + str(len(body)).encode() + b"\r\n\r\n" + body[:-5])
        began = time.monotonic()
        check(post(iwakand, [{"labels": {"alertname": "Beside", "service": "stalls"}}])[0] == 200, "another sender waits for it")
        answer = stalled.recv(4096)
        check(b" 408 " in answer.split(b"\r\n")[0] and b'"timed_out"' in answer, f"the stalled sender hears {answer}")
        check(time.monotonic() - began < 10, "it hears it when it does not listen any more")
    check(alerts(iwakand, filter="alertname=Half") == [], "half a request was taken")
    counted = lambda: iwakand.metric("iwakan_source_transitions_total", source="prometheus")
    before = counted()
    os.kill(iwakand.child.pid, signal.SIGSTOP)
    try:
        with socket.create_connection(("127.0.0.1", iwakand.port), timeout=10) as given_up:
            given_up.sendall(b"POST /api/v2/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                             + str(len(body)).encode() + b"\r\n\r\n" + body)
            try:
                check(not given_up.recv(1), "a daemon that stands still answers")
            except TimeoutError:
                pass
    finally:
        os.kill(iwakand.child.pid, signal.SIGCONT)
    wait_until(lambda: alerts(iwakand, filter="alertname=Half"), "what was sent is taken late", 20)
    check(post(iwakand, body)[0] == 200, "the repetition is refused")
    check(counted() == before + 1, f"the repetition counts: {before}, {counted()}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        gauge = Gauge("shop_errors_ratio")
        iwakand = Iwakand(folder, {
            "listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")},
            "sources": {"prometheus": {"resolve_timeout": "10s"}},
            "rules": {"open_when": {"statements": [{"match": ['severity="critical"'], "impact": "possible"}]}}})
        with ending(gauge, iwakand):
            iwakand.wait_ready()
            sender = prometheus(folder, gauge, iwakand)
            with ending(sender):
                wait_until(lambda: alerts(iwakand, filter="alertname=Watchdog"), "the first alert of Prometheus", 60)
                gauge.value = 0.21
                wait_until(lambda: iwakand.get("/api/v1/incidents")["incidents"], "an incident", 30)
                taken = iwakand.metric("iwakan_source_requests_total", source="prometheus")
                wait_until(lambda: iwakand.metric("iwakan_source_requests_total", source="prometheus") >= taken + 3,
                           "Prometheus to send again", 30)
                what_clients_read(iwakand)
                gauge.value = 0.0
                wait_until(lambda: iwakand.get("/api/v1/incidents/INC-1")["members"][0]["state"] == "resolved",
                           "resolved by Prometheus", 30)
                check(alerts(iwakand, filter="alertname=HighErrorRatio") == [], "what is resolved fires no longer")
                check(len(iwakand.get("/api/v1/incidents?status=all")["incidents"]) == 1, "one incident only")
                clients_mistakes(iwakand)
            recording_replayed(iwakand)
            lost = lambda: [one["state"] for one in iwakand.get("/api/v1/alerts?state=all")["alerts"]
                            if one["alert_name"] == "Good"]
            wait_until(lambda: lost() == ["source_lost"], f"nobody speaks any more, so it is lost: {lost()}", 90)
            ten_seconds(iwakand)
            check(iwakand.stop() == 0, f"iwakand did not end well:\n{iwakand.tail()}")


main()
print("prometheus: alerts arrive, are read as from an Alertmanager, resolve, and are lost, not resolved, when nobody speaks")
