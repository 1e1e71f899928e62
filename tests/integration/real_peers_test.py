#!/usr/bin/python3
"""A metric moves, the real Prometheus fires, the real Alertmanager tells iwakand, and the first report arrives at a
real SMTP server and at an HTTP receiver. The alert resolves. Nothing is told twice, though Alertmanager repeats."""

import email
import email.policy
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import (PEERS, Gauge, Iwakand, MailServer, Process, Receiver, alertmanager_command, check, ending,
                     free_port, organisation, request, wait_until)


def prometheus_config(gauge_port, alertmanager_port):
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.json"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager_port}"]}]}]},
        "scrape_configs": [{"job_name": "shop", "static_configs": [{"targets": [f"127.0.0.1:{gauge_port}"]}]}],
    }


RULES = {"groups": [{"name": "shop", "rules": [{
    "alert": "HighErrorRatio", "expr": "shop_errors_ratio > 0.05",
    "labels": {"severity": "critical", "service": "checkout"},
    "annotations": {"summary": "checkout の 5xx が {{ $value | humanizePercentage }}"}}]}]}


def alertmanager_config(iwakand_port):
    return {
        "route": {"receiver": "iwakan", "group_by": ["alertname"], "group_wait": "0s", "group_interval": "1s",
                  "repeat_interval": "2s"},
        "receivers": [{"name": "iwakan", "webhook_configs": [
            {"url": f"http://127.0.0.1:{iwakand_port}/v1/alertmanager", "send_resolved": True}]}],
    }


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        gauge, mail, receiver = Gauge("shop_errors_ratio"), MailServer(), Receiver()
        with ending(gauge, mail, receiver):
            secret = folder / "webhook-secret"
            secret.write_text("whsec_aXdha2FuZC10ZXN0LXNlY3JldC0wMTIzNDU2Nzg5YWJjZGVm")
            secret.chmod(0o600)
            port, alertmanager_port, prometheus_port = free_port(), free_port(), free_port()
            iwakand = Iwakand(folder, {
                "listen": f"127.0.0.1:{port}", "store": {"path": str(folder / "store")}, "time_zone": "Asia/Tokyo",
                "sinks": {
                    "mail": {"kind": "email", "server": f"smtp://127.0.0.1:{mail.port}", "tls": "none",
                             "from": "iwakan@books.example"},
                    "hook": {"kind": "webhook", "url": f"http://127.0.0.1:{receiver.port}/hook",
                             "secrets": [{"file": str(secret)}]}},
                **organisation("mail", "hook")})
            with ending(iwakand):
                iwakand.wait_ready()
                run(folder, iwakand, gauge, mail, receiver, alertmanager_port, prometheus_port)
                check(iwakand.stop() == 0, f"iwakand did not end well:\n{iwakand.tail()}")


def run(folder, iwakand, gauge, mail, receiver, alertmanager_port, prometheus_port):
    (folder / "rules.json").write_text(json.dumps(RULES))
    (folder / "prometheus.json").write_text(json.dumps(prometheus_config(gauge.port, alertmanager_port)))
    (folder / "alertmanager.json").write_text(json.dumps(alertmanager_config(iwakand.port)))
    alertmanager = Process("alertmanager", alertmanager_command(
        "--config.file=alertmanager.json", "--storage.path=alertmanager",
        f"--web.listen-address=127.0.0.1:{alertmanager_port}", "--cluster.listen-address="), folder)
    prometheus = Process("prometheus", [
        PEERS / "usr/bin/prometheus", "--config.file=prometheus.json", "--storage.tsdb.path=prometheus",
        f"--web.listen-address=127.0.0.1:{prometheus_port}", "--rules.alert.resend-delay=1s"], folder)
    with ending(alertmanager, prometheus):
        wait_until(lambda: request("GET", f"http://127.0.0.1:{alertmanager_port}/-/ready")[0] == 200, "Alertmanager", 60)
        wait_until(lambda: request("GET", f"http://127.0.0.1:{prometheus_port}/-/ready")[0] == 200, "Prometheus", 60)
        check(iwakand.get("/api/v1/incidents")["incidents"] == [], "an incident before anything happened")

        gauge.value = 0.21
        wait_until(lambda: iwakand.get("/api/v1/incidents")["incidents"], "an incident", 60)
        wait_until(lambda: len(mail.messages) >= 2, "both supervisors' mails", 30)
        check(receiver.requests == [], "everybody was told before the supervisors acknowledged")
        first_mail(mail.messages)
        for person in ("hasegawa", "sato"):
            iwakand.post("/api/v1/incidents/INC-1/acknowledge", {"person": person, "actor": person})
        wait_until(lambda: receiver.requests, "the report to everybody", 30)

        repeats = iwakand.metric("iwakan_source_requests_total")
        wait_until(lambda: iwakand.metric("iwakan_source_requests_total") >= repeats + 3, "three repeats by Alertmanager", 60)
        gauge.value = 0.0
        wait_until(lambda: iwakand.get("/api/v1/incidents/INC-1")["members"][0]["state"] == "resolved", "resolved", 60)
        incident = iwakand.get("/api/v1/incidents/INC-1")
        check(incident["status"] == "open", "an incident must not be recovered by a resolved alert alone")
        check(len(iwakand.get("/api/v1/incidents?status=all")["incidents"]) == 1, "one incident only")

        check(sorted(to[0] for to, _ in mail.messages) == ["hasegawa@books.example", "sato@books.example"],
              f"each supervisor is told once: {[to for to, _ in mail.messages]}")
        check(len(receiver.requests) == 1, f"everybody is told once, not {len(receiver.requests)} times")
        event = json.loads(receiver.requests[0][2])
        check(event["type"].startswith("incident."), f"a typed event: {event}")
        check("webhook-signature" in {k.lower() for k in receiver.requests[0][1]}, "the report is signed")
        check(request("GET", iwakand.url + "/metrics")[0] == 200, "metrics")


def first_mail(messages):
    _, content = messages[0]
    message = email.message_from_bytes(content, policy=email.policy.default)
    check("INC-1" in message["Subject"], f"the subject names the incident: {message['Subject']}")
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    check("<script" not in html and "src=" not in html and "<h1>" in html, f"the mail's HTML:\n{html}")
    for part in ("分かっていること", "まだ分かっていないこと", "お願いしたいこと", "次の報告", "checkout の 5xx が 21"):
        check(part in text, f"the report lacks 「{part}」:\n{text}")


main()
print("real peers: the report arrived once everywhere, supervisors first")
