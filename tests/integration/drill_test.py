#!/usr/bin/python3
"""A drill: an incident of the day becomes a case, without names; a daemon for drills plays it as if it happened now, tells
nobody outside though the configuration names a receiver, marks every text, and says at the end how it went."""

import base64
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, SOURCE, Iwakand, Process, Receiver, check, ending, free_port, organisation, request, wait_until


def settings(folder, receiver):
    (folder / "hook.secret").write_text("whsec_" + base64.b64encode(os.urandom(32)).decode())
    (folder / "slack.secret").write_text("what only Slack knows")
    for secret in ("hook.secret", "slack.secret"):
        (folder / secret).chmod(0o600)
    return {"listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")}, "time_zone": "Asia/Tokyo",
            "sources": {"alertmanager": {}, "cloudwatch": {"topics": ["arn:aws:sns:ap-northeast-1:111122223333:iwakan-demo"]}},
            "external_url": "https://iwakan.example", "record": {"folder": str(folder / "recording")},
            "acknowledge": {"slack_signing_secret": {"file": str(folder / "slack.secret")}},
            "sinks": {"hook": {"kind": "webhook", "url": f"http://127.0.0.1:{receiver.port}/hook",
                               "secrets": [{"file": str(folder / "hook.secret")}]}},
            **organisation("hook", "hook")}


def says(url, *words, code=0, language="en"):
    environment = {**os.environ, "IWAKAN_URL": url, "USER": "morita", "LANG": language}
    done = subprocess.run([BUILD / "iwakanctl", *words], env=environment, capture_output=True, text=True, timeout=60)
    check(done.returncode == code, f"iwakanctl {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def real_incident(daemon, folder):
    """Of the day: alerts, an opening, and words of people that name each other."""
    body = {"version": "4", "groupKey": "x", "truncatedAlerts": 0, "status": "firing", "receiver": "iwakan", "groupLabels": {},
            "commonLabels": {}, "commonAnnotations": {}, "externalURL": "",
            "alerts": [{"status": "firing", "labels": {"alertname": "CheckoutErrors", "service": "checkout", "owner": "sato"},
                        "annotations": {"summary": "token hunter2"}, "startsAt": "2026-11-24T01:00:00Z",
                        "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://sato.example/"}]}
    daemon.post("/v1/alertmanager", body)
    says(daemon.url, "incident", "declare", "--subject", "checkout", "--title", "sato sees hunter2")
    says(daemon.url, "incident", "note", "INC-1", "hasegawa called sato")
    case = folder / "case.jsonl"
    case.write_text(says(daemon.url, "incident", "export", "INC-1", "--format", "case"))
    lines = [json.loads(line) for line in case.read_text().splitlines()]
    check([line["path"] for line in lines] == ["/v1/alertmanager", "/api/v1/incidents"], lines)
    for secret in ("sato", "hunter2", "hasegawa", "morita"):
        check(secret not in case.read_text().lower(), f"the case tells {secret}: {case.read_text()}")
    return case


class Drill(Process):
    def __init__(self, folder, config, *more):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__("drill", [BUILD / "iwakand", "--config", config, "--drill", folder / "drill", "--port", self.port, *more],
                         folder)

    def wait_ready(self):
        def ready():
            check(self.running(), f"the drill ended at start:\n{self.tail()}")
            return request("GET", self.url + "/-/ready")[0] == 200
        wait_until(ready, "the drill is ready")
        return self


def practise(drill, case):
    said = says(drill.url, "drill", "start", str(case), "--fast")
    check("INC-1" in said and "drill score" in said, said)
    printed = wait_until(lambda: "[DRILL]" in drill.log.read_text() and drill.log.read_text(), "the first report is printed")
    check("【訓練】" in printed, printed)
    says(drill.url, "incident", "ack", "INC-1", "--as", "hasegawa")
    says(drill.url, "incident", "note", "INC-1", "restarted pay-api")
    first = wait_until(lambda: [d for d in json.loads(request("GET", drill.url + "/api/v1/incidents/INC-1")[1])["timeline"]
                                if d["kind"] == "delivery"], "a delivery of the drill")
    check(all("Delivered" in entry["text"]["en"] for entry in first), first)
    score = says(drill.url, "drill", "score", "INC-1")
    check("noted as it happened" in score and "1 of 1" in score, score)
    check("0 of 6" in score, score)
    check("訓練" in says(drill.url, "drill", "score", "INC-1", language="ja_JP.UTF-8"), "in Japanese")
    points = [json.loads(line) for line in says(drill.url, "drill", "score", "INC-1", "--json").splitlines()]
    check(len(points) >= 8 and all({"what", "found", "met"} <= set(point) for point in points), points)


def keeps_to_itself(drill):
    """Nothing leads out of it, and each text says what it is."""
    check(json.loads(request("GET", drill.url + "/api/v1/drill")[1])["drill"], "it says that it is a drill")
    signed = json.loads((SOURCE / "config/demo/cloudwatch.jsonl").read_text().splitlines()[0])
    body = {**json.loads(signed["body"]), "Timestamp": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    status, text = request("POST", drill.url + "/v1/cloudwatch", body, signed["headers"])
    check(status == 503 and "nothing is fetched offline" in text, f"no certificate is fetched: {status} {text}")
    check(request("POST", drill.url + "/v1/slack/command", b"text=hello")[0] == 404, "nobody's Slack reaches it")
    incident = json.loads(request("GET", drill.url + "/api/v1/incidents/INC-1")[1])
    check(all(report["drill"] and not report.get("url") for report in incident["reports"]), "marked, and no link leads to the day")
    for language, mark in (("ja", "【訓練】"), ("en", "[DRILL]")):
        for kind in ("html", "markdown", "json"):
            exported = says(drill.url, "incident", "export", "INC-1", "--format", kind, language=language)
            check(mark in exported.replace("\\[", "[").replace("\\]", "]"), f"the {kind} is marked: {exported[:300]}")
    check(says(drill.url, "incident", "export", "INC-1", "--format", "case"), "it can be practised again")
    request("POST", drill.url + "/v1/alertmanager", {"version": "4", "alerts": [
        {"status": "firing", "labels": {"alertname": "OnlyInTheDrill"}, "annotations": {}, "startsAt": "2026-11-24T01:00:00Z",
         "endsAt": "0001-01-01T00:00:00Z"}]})


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        receiver = Receiver()
        daemon = Iwakand(folder, settings(folder, receiver)).wait_ready()
        with ending(daemon):
            case = real_incident(daemon, folder)
            wait_until(lambda: receiver.requests, "the real daemon reaches the receiver")
            refused = says(daemon.url, "drill", "start", str(case), "--fast", code=1)
            check("no drill" in refused and "--drill" in refused, refused)
            check("INC-2" not in says(daemon.url, "incident", "list"), "the daemon of the day was sent nothing")
            says(daemon.url, "drill", "score", "INC-1", code=1)
        told = len(receiver.requests)

        drill = Drill(folder, folder / "iwakand.yaml").wait_ready()
        with ending(drill):
            practise(drill, case)
            keeps_to_itself(drill)
            status, text = request("POST", drill.url + "/-/reload", {})
            check(status == 200, text)
            says(drill.url, "incident", "declare", "--subject", "mailer", "--title", "Mail is slow")
            wait_until(lambda: "mailer" in drill.log.read_text().lower() or "Mail is slow" in drill.log.read_text(),
                       "a drill after a reload is one still")
        check(len(receiver.requests) == told, "no real sink was reached")
        recorded = "".join(file.read_text() for file in (folder / "recording").iterdir())
        check("CheckoutErrors" in recorded and "OnlyInTheDrill" not in recorded, "what is practised is not recorded")

        confused = Process("confused", [BUILD / "iwakand", "--config", folder / "iwakand.yaml", "--store", folder / "drill/store"], folder)
        with ending(confused):
            wait_until(lambda: not confused.running(), "the store of a drill is refused by the daemon of the day")
            check("store of a drill" in confused.log.read_text(), confused.log.read_text())

        again = Drill(folder, folder / "iwakand.yaml")
        with ending(again):
            wait_until(lambda: not again.running(), "a used folder is refused")
            check("not there yet" in again.log.read_text(), again.log.read_text())


if __name__ == "__main__":
    main()
    print("good")
