#!/usr/bin/python3
"""Debian's amtool works against iwakand as against an Alertmanager: alerts are added and asked for, silences are set,
changed, imported, listed and ended, and hold back what they cover, across a restart and a kill -9. What clients of the
API get wrong about silences is refused as Alertmanager refuses it."""

import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, PEERS, Iwakand, check, ending, free_port, request, wait_until

NOBODY = "00000000-0000-4000-8000-000000000000"


class Amtool:
    def __init__(self, iwakand, home):
        self.iwakand = iwakand
        self.home = home

    def __call__(self, *arguments, stdin=None, fails=False):
        done = subprocess.run(
            [PEERS / "usr/bin/amtool", f"--alertmanager.url={self.iwakand.url}", *arguments], input=stdin, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30,
            env={**os.environ, "HOME": str(self.home), "TZ": "UTC"})
        check((done.returncode != 0) == fails, f"amtool {arguments}: {done.returncode} {done.stdout} {done.stderr}")
        return done.stderr if fails else done.stdout

    def json(self, *arguments):
        return json.loads(self(*arguments, "-o", "json"))


def iwakanctl(iwakand, *arguments):
    done = subprocess.run([BUILD / "iwakanctl", "--url", iwakand.url, "--language", "en", "--actor", "morita", *arguments],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30,
                          env={**os.environ, "TZ": "Asia/Tokyo"})
    check(done.returncode == 0, f"iwakanctl {arguments}: {done.stdout} {done.stderr}")
    return done.stdout


def names(alerts):
    return sorted(alert["labels"]["alertname"] for alert in alerts)


def alerts_and_status(amtool):
    amtool("alert", "add", "alertname=Slow", "service=checkout", "severity=critical", "--annotation=summary=遅い")
    amtool("alert", "add", "alertname=Full", "service=disk", "severity=warning")
    check(names(amtool.json("alert", "query")) == ["Full", "Slow"], "both alerts")
    check(names(amtool.json("alert", "query", "service=~check.*")) == ["Slow"], "by a matcher")
    check(names(amtool.json("alert", "query", "Full")) == ["Full"], "by name")
    check("遅い" in amtool("alert", "query", "-o", "extended", "alertname=Slow"), "the annotation")
    check("iwakan" in amtool("config", "show"), "a configuration")
    check("iwakan" in amtool("config", "routes", "show"), "its routes")
    check("disabled" in amtool("cluster", "show"), "no cluster")
    shown = amtool.home / "shown.yml"
    shown.write_text(amtool("config", "show"))
    check("SUCCESS" in amtool("check-config", str(shown)), "what is shown is an Alertmanager's configuration")


def silences(amtool, iwakand):
    opened = len(iwakand.get("/api/v1/incidents")["incidents"])
    check(opened == 1, "the critical alert opened an incident")
    ident = amtool("silence", "add", "service=~search.*", "severity=critical", "--author=tanaka",
                   "--comment=disk ordered", "--duration=2h").strip()
    found = amtool.json("silence", "query")
    check([one["id"] for one in found] == [ident] and found[0]["createdBy"] == "tanaka", f"{found}")
    check(found[0]["matchers"] == [
        {"isEqual": True, "isRegex": True, "name": "service", "value": "search.*"},
        {"isEqual": True, "isRegex": False, "name": "severity", "value": "critical"}], f"{found}")
    check(amtool.json("silence", "query", "severity=critical") == found, "by what it silences")
    check(amtool.json("silence", "query", "severity=warning") == [], "by what it does not")

    amtool("alert", "add", "alertname=Slow", "service=search-1", "severity=critical")
    check(len(iwakand.get("/api/v1/incidents")["incidents"]) == opened, "a silenced alert opens nothing")
    held = [a for a in iwakand.get("/api/v2/alerts") if a["labels"]["service"] == "search-1"]
    check(held[0]["status"] == {"state": "suppressed", "silencedBy": [ident], "inhibitedBy": [], "mutedBy": []}, f"{held}")
    check(names(amtool.json("alert", "query", "--silenced")) == ["Slow"], "what is silenced, when asked for")
    check("search-1" not in amtool("alert", "query", "-o", "extended"), "and not otherwise")
    check("silenced" in iwakanctl(iwakand, "alert", "list"), "a state of its own")
    why = iwakanctl(iwakand, "why", "search-1")
    check("Silenced by tanaka until" in why and "(disk ordered)" in why, why)

    amtool("silence", "update", "--duration=3h", "--comment=still ordered", ident)
    changed = amtool.json("silence", "query")
    check([one["id"] for one in changed] == [ident] and changed[0]["comment"] == "still ordered", f"{changed}")
    check(changed[0]["endsAt"] > found[0]["endsAt"], "it lasts longer")
    return ident


def an_incident_and_its_silence(amtool, iwakand):
    """Over an incident that is open: in its timeline, with who and until when."""
    ident = amtool("silence", "add", "service=checkout", "--author=suzuki", "--comment=known", "--duration=1h").strip()
    incident = lambda: iwakand.get("/api/v1/incidents/INC-1")
    wait_until(lambda: incident()["members"][0]["state"] == "silenced", "the member to be silenced")
    lines = [entry for entry in incident()["timeline"] if entry["kind"] == "silence"]
    check(len(lines) == 1 and lines[0]["actor"] == "suzuki", f"{lines}")
    check(lines[0]["text"]["en"].startswith("Silenced by suzuki until ") and "(known)" in lines[0]["text"]["en"], f"{lines}")
    check(lines[0]["text"]["ja"].startswith("suzuki により "), f"{lines}")
    check("(suzuki)" in iwakanctl(iwakand, "incident", "show", "INC-1"), "the timeline says who")
    iwakanctl(iwakand, "silence", "expire", ident)
    wait_until(lambda: incident()["members"][0]["state"] == "firing", "the member to count again")
    check(any(entry["actor"] == "morita" and "was ended by morita" in entry["text"]["en"] for entry in incident()["timeline"]),
          f"who ended it: {incident()['timeline']}")


def survives(iwakand_again, ident):
    """A silence, and what it holds back, are on disk."""
    held = [a for a in iwakand_again.get("/api/v2/alerts?silenced=true&active=false")]
    check([a["status"]["silencedBy"] for a in held] == [[ident]], f"after kill -9: {held}")
    check(iwakand_again.get("/api/v2/silence/" + ident)["status"]["state"] == "active", "the silence itself")


def ends(amtool, iwakand, ident):
    before = len(iwakand.get("/api/v1/incidents")["incidents"])
    amtool("silence", "expire", ident)
    wait_until(lambda: len(iwakand.get("/api/v1/incidents")["incidents"]) == before + 1,
               "what is still broken to be noticed")
    check(amtool.json("silence", "query") == [], "none is active")
    check([one["id"] for one in amtool.json("silence", "query", "--expired", "--within=1h")].count(ident) == 1, "it is kept")


def imported(amtool, iwakand):
    text = iwakanctl(iwakand, "silence", "add", "service=disk", 'alertname!~"Not.*"', "--for", "30m", "--comment", "moved")
    check(text.startswith("Silenced: "), text)
    listed = iwakanctl(iwakand, "silence", "list")
    check('service="disk", alertname!~"Not.*"' in listed and "morita" in listed and "moved" in listed, listed)
    exported = amtool("silence", "query", "-o", "json")
    amtool("silence", "expire", json.loads(exported)[0]["id"])
    check("Nothing is silenced" in iwakanctl(iwakand, "silence", "list"), "none")
    amtool("silence", "import", "--force", stdin=exported)
    again = amtool.json("silence", "query")
    check([one["comment"] for one in again] == ["moved"] and again[0]["matchers"][1]["isEqual"] is False, f"{again}")


def mistakes(amtool, iwakand):
    amtool("silence", "expire", NOBODY, fails=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    time = lambda hours: (now + datetime.timedelta(hours=hours)).isoformat()
    good = {"matchers": [{"name": "a", "value": "b", "isRegex": False}], "startsAt": time(0), "endsAt": time(1),
            "createdBy": "x", "comment": "y"}
    for change, status, words in (
            ({"matchers": []}, 400, "at least one matcher"),
            ({"matchers": [{"name": "a", "value": "(", "isRegex": True}]}, 400, "not a matcher"),
            ({"matchers": [{"name": "a", "value": ".{0,1000}.{0,1000}z", "isRegex": True}]}, 400, "too costly"),
            ({"matchers": [{"name": "a", "value": ".*", "isRegex": True}]}, 400, "must not match the empty string"),
            ({"endsAt": time(-1), "startsAt": time(-2)}, 400, "in the past"),
            ({"endsAt": time(0), "startsAt": time(1)}, 400, "start time must be before end time"),
            ({"id": NOBODY}, 404, "not found"),
            ({"comment": 5}, 400, "/comment")):
        got, text = request("POST", iwakand.url + "/api/v2/silences", {**good, **change})
        check(got == status and words in json.loads(text), f"{change}: {got} {text}")
    for method, path, status in (("GET", "/api/v2/silence/" + NOBODY, 404), ("DELETE", "/api/v2/silence/" + NOBODY, 404),
                                 ("GET", "/api/v2/silences?filter=x", 400), ("PUT", "/api/v2/silences", 405)):
        check(request(method, iwakand.url + path)[0] == status, f"{method} {path}")


def grafanas_data_source(iwakand):
    """What Grafana's data source "Alertmanager" (implementation Prometheus) asks, with the queries of its pages, which it hands on as
    they are: its health check, the alerts and groups that its pages show, and a silence from its form."""
    check(request("GET", iwakand.url + "/alertmanager/api/v2/status")[0] == 404, "it would be taken for Mimir")
    status = iwakand.get("/api/v2/status")
    check(status["config"]["original"] and status["cluster"]["status"] == "disabled" and status["versionInfo"]["version"], f"{status}")
    shown = "?active=true&silenced=true&inhibited=true&unprocessed=true&filter=service%3D%22checkout%22"
    check(names(iwakand.get("/api/v2/alerts" + shown)) == ["Slow"], "the alerts of a page")
    groups = iwakand.get("/api/v2/alerts/groups" + shown + "&receiver=iwakan")
    check([names(group["alerts"]) for group in groups] == [["Slow"]] and groups[0]["receiver"]["name"] == "iwakan", f"{groups}")
    form = {"startsAt": "2031-05-14T01:00:00.000Z", "endsAt": "2031-05-14T03:00:00.000Z", "comment": "created", "createdBy": "grafana-user",
            "matchers": [{"isEqual": True, "isRegex": False, "name": "alertname", "value": "Slow"},
                         {"isEqual": False, "isRegex": True, "name": "service", "value": "check.+"}]}
    posted = iwakand.post("/api/v2/silences", form)
    listed = [one for one in iwakand.get("/api/v2/silences?ruleMetadata=true&accesscontrol=true") if one["id"] == posted["silenceID"]]
    check(len(listed) == 1 and {"id", "status", "updatedAt", "matchers", "startsAt", "endsAt", "createdBy", "comment"} <= set(listed[0])
          and listed[0]["status"] == {"state": "pending"} and listed[0]["matchers"] == form["matchers"], f"{listed}")
    one = iwakand.get(f"/api/v2/silence/{posted['silenceID']}?ruleMetadata=true")
    changed = iwakand.post("/api/v2/silences", {**form, "id": one["id"], "comment": "edited"})
    check(iwakand.get(f"/api/v2/silence/{changed['silenceID']}")["comment"] == "edited", "an edited silence")
    check(request("DELETE", f"{iwakand.url}/api/v2/silence/{changed['silenceID']}")[0] == 200, "an unsilenced one")


def run(folder):
    settings = {"listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")},
                "sources": {"prometheus": {"resolve_timeout": "1h"}},
                "rules": {"open_when": {"statements": [{"match": ['severity="critical"'], "impact": "possible"}]}}}
    iwakand = Iwakand(folder, settings)
    with ending(iwakand):
        iwakand.wait_ready()
        amtool = Amtool(iwakand, folder)
        alerts_and_status(amtool)
        ident = silences(amtool, iwakand)
        an_incident_and_its_silence(amtool, iwakand)
        iwakand.child.send_signal(signal.SIGKILL)
        iwakand.child.wait()
    again = Iwakand(folder, settings, name="again")
    with ending(again):
        again.wait_ready()
        amtool = Amtool(again, folder)
        survives(again, ident)
        ends(amtool, again, ident)
        imported(amtool, again)
        mistakes(amtool, again)
        grafanas_data_source(again)
        check(again.stop() == 0, f"iwakand did not end well:\n{again.tail()}")
    checked = subprocess.run([BUILD / "iwakand", "--check-store", "--config", folder / "iwakand.yaml"], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    check(checked.returncode == 0 and "every one, byte for byte" in checked.stdout, checked.stdout)


with tempfile.TemporaryDirectory() as temporary:
    run(pathlib.Path(temporary))
print("amtool: alerts and silences work as with an Alertmanager, and survive kill -9")
