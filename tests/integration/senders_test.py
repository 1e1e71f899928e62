#!/usr/bin/python3
"""Every sender as it speaks, through a running daemon: what it sends becomes an alert, its proof is asked for, and what is
refused says why in one line of JSON and one of the log and is counted. Maintenance holds. What was recorded is replayed to the
same incidents, and holds no secret."""

import hashlib
import hmac
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, SOURCE, Iwakand, check, ending, free_port, organisation, request, wait_until
from trust import Tokens

MAPPINGS = ("azure", "cloudevents", "datadog", "google_cloud", "pagerduty", "uptime_kuma", "zabbix")
TESTDATA = SOURCE / "daemon" / "sources"
CRITICAL = {"status": "firing", "labels": {"alertname": "Down", "service": "under-work", "severity": "critical"},
            "annotations": {}, "startsAt": "2031-05-14T01:00:00Z", "endsAt": "0001-01-01T00:00:00Z"}


def clock(seconds):
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() + seconds))


def settings(folder, tokens):
    demo = SOURCE / "config" / "demo" / "sns-demo.pem"
    senders = [{"name": f"{name}-sender", "sources": [name], "token": tokens.make(name)}
               for name in (*MAPPINGS, "eventbridge", "alertmanager") if name != "pagerduty"]
    senders.append({"name": "pagerduty-sender", "sources": ["pagerduty"], "token": tokens.make("pagerduty"), "body_member": "routing_key"})
    senders.append({"name": "desk", "sources": ["zabbix"], "token": tokens.make("desk"), "body_member": "desk.key"})
    senders.append({"name": "grafana-sender", "sources": ["grafana"],
                    "hmac": {"secret": tokens.make("grafana"), "header": "X-Grafana-Alerting-Signature",
                             "timestamp_header": "X-Grafana-Alerting-Timestamp"}})
    generic = {name: {"mapping": str(SOURCE / "config" / "mappings" / f"{name}.yaml")} for name in MAPPINGS}
    generic["pagerduty"]["also_at"] = "/v2/enqueue"
    return {
        "listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")},
        "sources": {"alertmanager": {}, "eventbridge": {}, "grafana": {}, "generic": generic,
                    "cloudwatch": {"topics": ["arn:aws:sns:ap-northeast-1:111122223333:iwakan-demo"], "accept_age": "87600h",
                                   "trusted_certificates": [{"url": "https://sns.ap-northeast-1.amazonaws.com/"
                                                                    "SimpleNotificationService-demo.pem", "file": str(demo)}]}},
        "access": {"senders": senders, "people": [{"name": "sato", "role": "admin", "token": tokens.make("sato")}]},
        "maintenance": [{"name": "work", "match": ["service=\"under-work\""], "from": clock(-3600), "to": clock(3600)}],
        "record": {"folder": str(folder / "recording")},
        "redact": {"labels": ["customer"], "patterns": [r"\b0\d{1,3}-\d{2,4}-\d{4}\b"]},
        "sinks": {"out": {"kind": "file", "path": str(folder / "out.jsonl")}}, **organisation("out", "out")}


class Guarded(Iwakand):
    """Asked with a token of somebody's."""

    def __init__(self, folder, values, tokens):
        self.tokens = tokens
        super().__init__(folder, values)

    def send(self, path, body, who=None, method="POST", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        raw = body if isinstance(body, (bytes, type(None))) else json.dumps(body, ensure_ascii=False).encode()
        return request(method, self.url + path, raw, headers)

    def seen(self, path):
        status, text = self.send(path, None, "sato", "GET")
        check(status == 200, f"GET {path} answered {status}: {text}")
        return json.loads(text)

    def alerts(self, source):
        return [one for one in self.seen("/api/v1/alerts?state=all")["alerts"] if one["source"] == source]

    def count(self, name, **labels):
        text = self.send("/metrics", None, "sato", "GET")[1]
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                   if line.startswith((name + "{", name + " ")) and all(f'{k}="{v}"' in line for k, v in labels.items()))


def sample(source, name):
    return (TESTDATA / source / "testdata" / f"{name}.json").read_bytes()


def eventbridge_speaks(daemon):
    for name in ("state_change", "contributor", "anomaly", "composite", "health_open", "health_planned"):
        status, text = daemon.send("/v1/eventbridge", sample("eventbridge", name), "eventbridge")
        check(status == 200, f"{name} answered {status}: {text}")
    fires = {(one["labels"]["alertname"], one["labels"].get("contributor", "")) for one in daemon.alerts("cloudwatch")
             if one["state"] == "firing"}
    check(("API 5xx (本番)", "c-1") in fires, f"no contributor fires: {fires}")
    check(daemon.alerts("eventbridge")[0]["labels"]["third_party"] == "aws", "AWS Health is no third party")
    # A silence that comes over it holds it, though not all of its labels say which alarm it is.
    silence = {"matchers": [{"name": "contributor", "value": "c-1", "isRegex": False, "isEqual": True}], "createdBy": "sato",
               "comment": "known", "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2099-01-01T00:00:00Z"}
    status, text = daemon.send("/api/v2/silences", silence, "sato")
    check(status == 200, f"the silence was refused: {text}")

    def stands():
        return {one["state"] for one in daemon.alerts("cloudwatch") if one["labels"].get("contributor") == "c-1"}
    wait_until(lambda: stands() == {"silenced"}, "the silence holds what fires already")
    check(daemon.send(f"/api/v2/silence/{json.loads(text)['silenceID']}", None, "sato", "DELETE")[0] == 200, "it does not end")
    wait_until(lambda: stands() == {"firing"}, "the silence is over")
    # A deleted alarm takes its contributors along: nobody can tell of them any more, and nobody says that they recovered.
    check(daemon.send("/v1/eventbridge", sample("eventbridge", "deleted"), "eventbridge")[0] == 200, "deleted was refused")
    left = {one["labels"].get("contributor", ""): one["state"] for one in daemon.alerts("cloudwatch")
            if one["labels"]["alertname"] == "API 5xx (本番)"}
    check(left.get("c-1") == "source_lost", f"after the deletion: {left}")


def grafana_speaks(daemon, tokens):
    body = sample("grafana", "firing")

    def signed(when, what=body):
        key = tokens["grafana"].encode()
        return {"X_Grafana_Alerting_Timestamp": str(when),
                "X_Grafana_Alerting_Signature": hmac.new(key, f"{when}:".encode() + what, hashlib.sha256).hexdigest()}
    now = int(time.time())
    check(daemon.send("/v1/grafana", body, **signed(now))[0] == 200, "a good signature was refused")
    check(daemon.alerts("grafana")[0]["labels"]["service"] == "checkout", "Grafana's alert is not there")
    for wrong, headers in (("nothing", {}), ("another body", signed(now, body + b" ")), ("old", signed(now - 400)), ("new", signed(now + 400))):
        status, text = daemon.send("/v1/grafana", body, **headers)
        check(status == 401 and json.loads(text)["error"]["reason"] == "unauthorized", f"signed by {wrong}: {status} {text}")


def every_mapping_speaks(daemon, tokens):
    for name in MAPPINGS:
        body = sample("generic", name)
        if name == "pagerduty":
            body = json.dumps({**json.loads(body), "routing_key": tokens["pagerduty"]}).encode()
        check(daemon.send(f"/v1/events/{name}", sample("generic", name))[0] == 401, f"{name}: a stranger was let in")
        status, text = daemon.send(f"/v1/events/{name}", body, None if name == "pagerduty" else name)
        check(status in (200, 202), f"{name} answered {status}: {text}")
        check([one["state"] for one in daemon.alerts(name)] == ["firing"], f"{name}: {daemon.alerts(name)}")
    body = {**json.loads(sample("generic", "zabbix")), "desk.key": tokens["desk"]}
    check(daemon.send("/v1/events/zabbix", body)[0] == 200, "a token in the body was refused")


def pagerduty_senders_change_nothing_but_the_host(daemon, tokens):
    event = {**json.loads(sample("generic", "pagerduty")), "routing_key": tokens["pagerduty"], "event_action": "resolve"}
    status, text = daemon.send("/v2/enqueue", event)
    answer = json.loads(text)
    check(status == 202 and answer["status"] == "success" and answer["dedup_key"] == event["dedup_key"], f"{status}: {text}")
    check([one["state"] for one in daemon.alerts("pagerduty")] == ["resolved"], "the end was not taken")
    for wrong in ({**event, "routing_key": "0123456789abcdef0123456789abcdef"}, {**event, "routing_key": 5}, [event]):
        check(daemon.send("/v2/enqueue", wrong)[0] == 401, f"let in: {wrong}")


def cloudevents_ask_first(daemon):
    headers = {"Origin": daemon.url, "WebHook_Request_Origin": "events.example", "WebHook_Request_Rate": "120"}
    check(daemon.send("/v1/events/cloudevents", None, None, "OPTIONS", **headers)[0] == 401, "a stranger is welcome")
    import urllib.request
    call = urllib.request.Request(daemon.url + "/v1/events/cloudevents", method="OPTIONS", headers={
        "WebHook-Request-Origin": "events.example", "Authorization": f"Bearer {daemon.tokens['cloudevents']}"})
    with urllib.request.urlopen(call, timeout=10) as answer:
        check(answer.status == 200 and answer.headers["WebHook-Allowed-Origin"] == "events.example"
              and answer.headers["WebHook-Allowed-Rate"] == "*" and "POST" in answer.headers["Allow"], str(answer.headers))
    check(daemon.send("/v1/events/cloudevents", None, "cloudevents", "OPTIONS")[0] == 400, "nobody asked, and was answered")


def maintenance_holds(daemon, folder, values):
    window = daemon.seen("/api/v1/maintenance")["maintenance"][0]
    check(window["name"] == "work" and window["running"], f"the API shows no running window: {window}")
    check(daemon.send("/v1/alertmanager", {"alerts": [CRITICAL]}, "alertmanager")[0] == 200, "the alert was refused")

    def incidents():
        return [one for one in daemon.seen("/api/v1/incidents")["incidents"] if "under-work" in one["subjects"]]
    check(not incidents(), "an incident was opened under maintenance")
    decision = daemon.seen("/api/v1/why?of=under-work")["decisions"][0]
    check(decision["reason"] == "maintenance" and "work" in json.dumps(decision), f"why: {decision}")
    # Taken out of the configuration, it ends, and what still fires counts.
    config = folder / "iwakand.yaml"
    config.write_text(json.dumps({**values, "maintenance": []}, ensure_ascii=False))
    check(daemon.send("/-/reload", b"", "sato")[0] == 200, "the reload was refused")
    wait_until(incidents, "what is still broken opens an incident after the maintenance")


def refusals_say_why(daemon):
    """Path, body, who, headers; status, reason and source. One line of JSON, one line of the log, one more of its counter."""
    sns = {"x_amz_sns_message_type": "Notification"}
    cases = [
        ("/v1/alertmanager", b"{}", None, {}, 401, "unauthorized", "alertmanager"),
        ("/v1/alertmanager", b"{}", "eventbridge", {}, 403, "forbidden", "alertmanager"),
        ("/v1/alertmanager", b"{", "alertmanager", {}, 400, "malformed", "alertmanager"),
        ("/v1/alertmanager", b'{"alerts":5}', "alertmanager", {}, 400, "wrong_type", "alertmanager"),
        ("/v1/eventbridge", b"{}", "eventbridge", {}, 400, "missing", "eventbridge"),
        ("/v1/eventbridge", b'{"source":"x","detail-type":"y","detail":{}}', "eventbridge", {}, 415, "unsupported", "eventbridge"),
        ("/v1/events/azure", b"{}", "azure", {}, 400, "missing", "azure"),
        ("/v1/cloudwatch", b"{}", None, sns, 400, "missing", "cloudwatch"),
        ("/v1/grafana", b"{}", None, {}, 401, "unauthorized", "grafana"),
        ("/v1/nothing", b"{}", "sato", {}, 404, "not_found", "http"),
        ("/-/reload", b"", "alertmanager", {}, 403, "forbidden", "http"),
    ]
    for path, body, who, headers, status, reason, source in cases:
        before = daemon.count("iwakan_requests_refused_total", reason=reason, source=source)
        logged = daemon.log.read_text().count("request refused")
        got, text = daemon.send(path, body, who, **headers)
        check(got == status, f"POST {path} answered {got}, not {status}: {text}")
        check(text.count("\n") <= 1 and json.loads(text)["error"]["reason"] == reason and json.loads(text)["error"]["detail"], text)
        after = daemon.count("iwakan_requests_refused_total", reason=reason, source=source)
        check(after == before + 1, f"POST {path}: {reason} of {source} was counted from {before} to {after}")
        lines = [line for line in daemon.log.read_text().splitlines() if "request refused" in line]
        check(len(lines) == logged + 1, f"POST {path}: {len(lines) - logged} lines of the log")
        check(f"reason={reason}" in lines[-1] and f"source={source}" in lines[-1], lines[-1])


def bombs_come_to_nothing(daemon, tokens):
    """What is small on the wire and large in a careless parser: comes to nothing in every decoder at once, with no more memory."""
    bombs = [b"[" * 1_000_000, b'{"a":' * 500_000, b'{"a":1,' * 100_000 + b'"a":1}', b'"' + b"\\u0000" * 300_000 + b'"',
             b'{"alerts":[' + b"[]," * 300_000 + b"[]]}", b"1e999999999", b"\xff" * 1_000_000,
             b'{"Message":"' + b'{\\"a\\":' * 200_000 + b'"}', b"a=" * 500_000]
    paths = [("/v1/alertmanager", "alertmanager"), ("/v1/eventbridge", "eventbridge"), ("/v1/cloudwatch", None)]
    paths += [(f"/v1/events/{name}", name) for name in MAPPINGS if name != "pagerduty"]
    before, known = memory(daemon), daemon.seen("/api/v1/alerts?state=all")["alerts"]
    for path, who in paths:
        for bomb in bombs:
            began = time.monotonic()
            status, _ = daemon.send(path, bomb, who, x_amz_sns_message_type="Notification")
            took = time.monotonic() - began
            check(status in (200, 400, 413, 415, 503), f"{path} took {bomb[:20]!r}: {status}")
            check(took < 5, f"{path} looked at {bomb[:20]!r} for {took:.1f} s")
    grown = memory(daemon) - before
    check(daemon.seen("/api/v1/alerts?state=all")["alerts"] == known, "something was concluded from a bomb")
    check(grown < 200_000, f"the daemon grew by {grown} KiB")
    check(request("GET", daemon.url + "/-/ready")[0] == 200, "it is no longer ready")


class Page(html.parser.HTMLParser):
    """What would run, or lead somewhere else, in a page."""

    def __init__(self, text):
        super().__init__()
        self.dangers = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "iframe", "object", "embed", "svg", "base", "img"):
            self.dangers.append(tag)
        for name, value in attributes:
            if name.startswith("on") or re.match(r"\s*(javascript|data|vbscript):", value or "", re.IGNORECASE):
                self.dangers.append(f"{tag} {name}={value}")


def hostile_text_runs_nowhere_and_private_text_goes_nowhere(daemon, folder):
    """Markup in everything an alert says stays text in every page; of what it says, name, subject and summary go into
    reports, and nothing else, whoever reads them."""
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>'
    private = {"email": "pii-canary-1@example.com", "phone": "pii-canary-2", "client_ip": "pii-canary-3"}
    alert = {**CRITICAL, "generatorURL": "javascript:alert(1)", "labels": {
        "alertname": f"Down {hostile}", "service": f"web {hostile}", "severity": "critical", **private},
        "annotations": {"summary": f"slow {hostile}", "description": "pii-canary-4", "runbook_url": "https://pii-canary-5/"}}
    check(daemon.send("/v1/alertmanager", {"alerts": [alert]}, "alertmanager")[0] == 200, "the alert was refused")
    incident = next(one for one in daemon.seen("/api/v1/incidents")["incidents"] if any("script" in name for name in one["subjects"]))
    for person in ("hasegawa", "sato"):
        daemon.send(f"/api/v1/incidents/{incident['id']}/acknowledge", {"person": person}, "sato")

    def told():
        return [line for line in (folder / "out.jsonl").read_text().splitlines() if f"{incident['id']}" in line]
    wait_until(lambda: len(told()) >= 3, "supervisors and everybody are told")
    check("pii-canary" not in "".join(told()), "private text went into reports")
    check(any("script" in line for line in told()), "the alert is not in the reports")
    pages = 0
    for number in range(1, len(daemon.seen(f"/api/v1/incidents/{incident['id']}")["reports"]) + 1):
        for language in ("ja", "en"):
            status, text = daemon.send(f"/api/v1/incidents/{incident['id']}/report?number={number}&format=html&language={language}", None, "sato", "GET")
            if status != 200:
                continue
            pages += 1
            check(not Page(text).dangers, f"a page would run {Page(text).dangers}")
            check("pii-canary" not in text, "private text stands in a page")
    check(pages > 0, "there was no page to look at")


def what_must_not_be_kept_is_kept_nowhere(daemon, folder):
    """Credentials by their shape, labels by their name, and what the configuration describes: taken out of every way out of the
    daemon, and of what it keeps. The alert is the same one all the time."""
    def body(status="firing", **more):
        return {"alerts": [{**CRITICAL, "status": status, "generatorURL": "https://web/?token=kept-canary-1",
                            "labels": {"alertname": "Down of 03-1234-9876", "service": "db password=kept-canary-2", "severity": "critical",
                                       "customer": "kept-canary-3"},
                            "annotations": {"summary": "postgres://app:kept-canary-4@db fails, call 03-1234-9876",
                                            "customer": "kept-canary-5"}, **more}]}
    check(daemon.send("/v1/alertmanager", body(), "alertmanager")[0] == 200, "the alert was refused")
    check(daemon.send("/v1/alertmanager", body(), "alertmanager")[0] == 200, "the repeat was refused")
    sns = json.dumps({"Type": "Notification", "Message": json.dumps({"AlarmDescription": "Bearer kept-canary-6-0123"})})
    daemon.send("/v1/cloudwatch", sns.encode(), x_amz_sns_message_type="Notification")
    daemon.send("/v1/events/zabbix?password=kept-canary-7", {"state": "token=kept-canary-8"}, "zabbix")
    ident = next(one["id"] for one in daemon.seen("/api/v1/incidents")["incidents"] if any("password" in name for name in one["subjects"]))
    for person in ("hasegawa", "sato"):
        daemon.send(f"/api/v1/incidents/{ident}/acknowledge", {"person": person}, "sato")
    out = folder / "out.jsonl"
    wait_until(lambda: sum(ident in line for line in out.read_text().splitlines()) >= 3, "supervisors and everybody are told")
    ways = {path: daemon.send(path, None, "sato", "GET")[1] for path in (
        "/metrics", "/api/v1/alerts?state=all", "/api/v2/alerts", "/api/v2/alerts/groups", f"/api/v1/incidents/{ident}",
        f"/api/v1/incidents/{ident}/report?format=html", "/api/v1/deliveries", "/api/v1/decisions")}
    environment = {"PATH": "/usr/bin", "IWAKAN_TOKEN_FILE": str(daemon.tokens.path("sato"))}
    for kind in ("markdown", "html", "json"):
        done = subprocess.run([BUILD / "iwakanctl", "--url", daemon.url, "incident", "export", ident, "--format", kind],
                              capture_output=True, text=True, timeout=30, env=environment)
        check(done.returncode == 0 and "[removed]" in done.stdout.replace("\\[", "[").replace("\\]", "]"), f"export: {done.stdout}{done.stderr}")
        ways[f"export as {kind}"] = done.stdout
    check(daemon.send("/v1/alertmanager", body("resolved", endsAt="2031-05-14T02:00:00Z"), "alertmanager")[0] == 200, "its end was refused")
    states = [one["state"] for one in daemon.alerts("alertmanager") if "03-1234" in str(one) or "Down of" in str(one)]
    check(states == ["resolved"], f"it is another alert: {states}")
    ways["reports"], ways["log"] = out.read_text(), daemon.log.read_text()
    ways["store"] = "".join(path.read_bytes().decode("latin-1") for path in (folder / "store").rglob("*") if path.is_file())
    ways["recording"] = "".join(path.read_text() for path in (folder / "recording").glob("*.jsonl"))
    check("[removed]" in ways["reports"] and "[removed]" in ways["store"] and "[removed]" in ways["recording"], "nothing was taken out")
    for way, text in ways.items():
        for what in ("kept-canary", "1234-9876"):
            check(what not in text, f"{way} tells what must not be kept: {text[max(0, text.find(what) - 200):][:400]}")


def recording_starts_moves_and_stops(daemon, folder, values):
    """By a reload, with everything that waits written; a place where nothing can be written refuses the reload."""
    def reload(**record):
        fresh = {key: value for key, value in {**values, **record}.items() if value is not None}
        (folder / "iwakand.yaml").write_text(json.dumps(fresh, ensure_ascii=False))
        return daemon.send("/-/reload", b"", "sato")

    def post(mark):
        check(daemon.send("/v1/alertmanager", {"alerts": [], "mark": mark}, "alertmanager")[0] == 200, mark)

    def recorded(place):
        return "".join(path.read_text() for path in sorted((folder / place).glob("*.jsonl")))
    post("mark-1")
    check(reload(record={"folder": str(folder / "moved")})[0] == 200, "it does not move")
    check("mark-1" in recorded("recording"), "what waited was lost")
    post("mark-2")
    (folder / "file").write_text("no folder")
    status, text = reload(record={"folder": str(folder / "file")})
    check(status == 400 and str(folder / "file") in text, f"a place that is none: {status} {text}")
    post("mark-3")
    check(reload(record=None)[0] == 200, "it does not stop")
    check("mark-2" in recorded("moved") and "mark-3" in recorded("moved") and "mark-2" not in recorded("recording"), recorded("moved"))
    post("mark-4")
    check(reload()[0] == 200, "it does not start")
    post("mark-5")
    check(reload()[0] == 200, "it does not go on")
    check("mark-5" in recorded("recording") and "mark-4" not in recorded("recording") + recorded("moved"), "recorded what it should not")


def memory(daemon):
    """Resident, in KiB."""
    for line in pathlib.Path(f"/proc/{daemon.child.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def no_secret_was_recorded(folder, tokens):
    files = sorted((folder / "recording").glob("*.jsonl"))
    check(files, "nothing was recorded")
    text = "".join(path.read_text() for path in files)
    for who, token in tokens.by_name.items():
        check(token not in text, f"the secret of {who} stands in the recording")
    check("/v1/grafana" in text and "/v2/enqueue" in text and "dedup_key" in text, "what senders sent is not in the recording")


def ctl(*arguments):
    done = subprocess.run([BUILD / "iwakanctl", *map(str, arguments)], capture_output=True, text=True, timeout=120)
    check(done.returncode == 0, f"iwakanctl {arguments}: {done.stdout}{done.stderr}")
    return done.stdout


def recordings_are_replayed(folder, tokens):
    """What one daemon recorded of the demonstration's senders opens the same incidents offline, without any certificate of
    SNS at hand, and in a second daemon."""
    def plain(name, **more):
        values = settings(folder, tokens)
        for key in ("access", "maintenance", "record", "redact"):
            del values[key]
        return {**values, "store": {"path": str(folder / name / "store")}, "listen": f"127.0.0.1:{free_port()}", **more}

    def played(name, recordings, **more):
        (folder / name).mkdir()
        daemon = Iwakand(folder / name, plain(name, **more), name=name)
        with ending(daemon):
            daemon.wait_ready()
            ctl("--url", daemon.url, "send", *recordings, "--fast")
            check(any(one["source"] == "cloudwatch" for one in daemon.get("/api/v1/alerts?state=all")["alerts"]), "nothing of CloudWatch was taken")
            return sorted(one["subjects"] for one in daemon.get("/api/v1/incidents")["incidents"])

    demo = [SOURCE / "config" / "demo" / name for name in ("alertmanager.jsonl", "cloudwatch.jsonl")]
    opened = played("first", demo, record={"folder": str(folder / "first" / "recording"), "file_bytes_max": 1 << 20, "bytes_max": 1 << 24})
    check(opened, "nothing was opened")
    recording = sorted((folder / "first" / "recording").glob("*.jsonl"))
    without_certificates = plain("offline")
    del without_certificates["sources"]["cloudwatch"]["trusted_certificates"]
    config = folder / "offline.yaml"
    config.write_text(json.dumps(without_certificates, ensure_ascii=False))
    lines = [json.loads(line) for line in ctl("replay", recording[0], "--config", config, "--json").splitlines()]
    check(sorted(one["subjects"] for one in lines) == opened, f"replayed to {lines}, not {opened}")
    check(played("second", recording) == opened, "the second daemon opened others")


def a_full_disk_costs_no_alert(folder, tokens):
    values = settings(folder, tokens)
    for key in ("access", "maintenance"):
        del values[key]
    (folder / "full").mkdir()
    values.update({"store": {"path": str(folder / "full" / "store")}, "record": {"folder": str(folder / "full" / "recording")}})
    daemon = Iwakand(folder / "full", values, name="full")
    with ending(daemon):
        daemon.wait_ready()
        (folder / "full" / "recording").rmdir()
        daemon.post("/v1/alertmanager", {"alerts": [CRITICAL]})
        wait_until(lambda: daemon.metric("iwakan_recording_failures_total") == 1, "the failure is counted")
        check("a request was not recorded" in daemon.log.read_text(), "the failure is not in the log")
        check(daemon.get("/api/v1/incidents")["incidents"], "the alert was lost")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tokens = Tokens(folder)
        values = settings(folder, tokens)
        daemon = Guarded(folder, values, tokens)
        with ending(daemon):
            daemon.wait_ready()
            refusals_say_why(daemon)  # first: later the log leaves some out
            eventbridge_speaks(daemon)
            grafana_speaks(daemon, tokens)
            every_mapping_speaks(daemon, tokens)
            pagerduty_senders_change_nothing_but_the_host(daemon, tokens)
            cloudevents_ask_first(daemon)
            maintenance_holds(daemon, folder, values)
            hostile_text_runs_nowhere_and_private_text_goes_nowhere(daemon, folder)
            what_must_not_be_kept_is_kept_nowhere(daemon, folder)
            recording_starts_moves_and_stops(daemon, folder, values)
            bombs_come_to_nothing(daemon, tokens)
        no_secret_was_recorded(folder, tokens)
        recordings_are_replayed(folder, tokens)
        a_full_disk_costs_no_alert(folder, tokens)
    print("senders: all good")


if __name__ == "__main__":
    main()
