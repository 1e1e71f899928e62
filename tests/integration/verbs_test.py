#!/usr/bin/python3
"""Every verb of iwakanctl that works on incidents, run once against a daemon, in an order that makes sense: it says what it did,
and the record shows it. Also what people type in Slack, signed as Slack does, and the page to which reports point."""

import datetime
import hashlib
import hmac
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, Iwakand, Receiver, check, ending, free_port, organisation, request, wait_until

NOUNS = ("incident", "question", "report", "delivery", "alert", "suspicion", "silence", "maintenance")
SLACK_KEY = "what only Slack and iwakan know"


class Desk:
    def __init__(self, daemon):
        self.daemon, self.done = daemon, set()

    def types(self, *words, text=None):
        """What a person sees of `iwakanctl WORDS`."""
        done = subprocess.run([BUILD / "iwakanctl", "--url", self.daemon.url, "--actor", "morita", "--language", "en", *words],
                              capture_output=True, text=True, timeout=30, input=text)
        check(done.returncode == 0, f"iwakanctl {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        self.done.add(words[:2] if words[0] in NOUNS else words[:1])
        return done.stdout

    def knows(self, incident="INC-1"):
        return self.daemon.get(f"/api/v1/incidents/{incident}")

    def wrote(self, kind, words, incident="INC-1"):
        timeline = self.knows(incident)["timeline"]
        check(any(entry["kind"] == kind and words in entry["text"]["en"] and entry["actor"] == "morita" for entry in timeline),
              f"the timeline of {incident} should say of {kind}: {words}\n{timeline}")


def verbs_of(noun):
    """As --help lists them."""
    listed = subprocess.run([BUILD / "iwakanctl", noun, "--help"], capture_output=True, text=True, timeout=20).stdout
    return {(noun, verb) for verb in re.findall(r"^  ([a-z-]+) {2,}", listed.split("Subcommands:")[1], re.M)}


def later(minutes):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)).isoformat()


def it_begins(desk):
    desk.daemon.post("/v1/alertmanager", {"version": "4", "alerts": [
        {"status": "firing", "labels": {"alertname": "PaymentErrors", "service": "checkout", "severity": "critical"}, "annotations": {},
         "startsAt": later(-1), "endsAt": "0001-01-01T00:00:00Z"}]})
    check("INC-1" in desk.types("incident", "list") and "PaymentErrors" in desk.types("alert", "list"), "an alert opened it")
    desk.types("suspicion", "list")
    check("INC-1" in desk.types("why", "INC-1"), "why")
    desk.types("incident", "declare", "--subject", "mailer", "--title", "Mail is slow")
    check("PaymentErrors" in desk.types("incident", "show", "INC-1"), "its page")


def two_are_one_and_one_is_two(desk):
    desk.types("incident", "merge", "INC-2", "--into", "INC-1", "--why", "the same queue")
    check(desk.knows("INC-2")["status"] == "merged" and desk.knows()["subjects"] == ["checkout", "mailer"], f"{desk.knows()}")
    desk.types("incident", "split", "INC-1", "--subject", "mailer", "--title", "Mail is slow, for itself", "--why", "another queue")
    part = desk.knows("INC-3")
    check(part["split_from"] == "INC-1" and part["title"]["en"] == "Mail is slow, for itself", f"{part}")
    check(desk.knows()["subjects"] == ["checkout"], "the subject moved")
    desk.types("incident", "dismiss", "INC-3", "--why", "it was a test")
    check(desk.knows("INC-3")["status"] == "false_alarm", "dismissed")
    desk.types("incident", "unjudge", "INC-3")
    check(desk.knows("INC-3")["status"] == "open", "taken back")
    desk.types("incident", "confirm", "INC-1")
    check(desk.knows()["judgement"] == "confirmed", "confirmed")


def people_work(desk):
    desk.types("incident", "origin", "INC-1", "third_party", "--why", "the bank's page says so")
    check(desk.knows()["origin"] == "third_party", "origin")
    desk.types("incident", "level", "INC-1", "2", "--why", "a workaround exists")
    desk.types("incident", "level", "INC-1", "3")
    check(desk.knows()["level"] == 3, "level")
    desk.types("incident", "status", "INC-1", "identified")
    desk.types("incident", "impact", "INC-1", "confirmed", "--what", "orders fail")
    desk.types("incident", "assign", "INC-1", "scribe", "noda")
    check(("scribe", "noda") in [(r["role"], r["name"]["en"]) for r in desk.knows()["roles"]], f"{desk.knows()['roles']}")
    desk.types("incident", "handover", "INC-1", "--to", "Hara")
    desk.types("incident", "release", "INC-1", "scribe", "noda")
    check("scribe" not in [r["role"] for r in desk.knows()["roles"]], "released")
    desk.types("incident", "note", "INC-1", "restarted the queue")
    desk.types("note", "INC-1", "and again")
    number = next(e["number"] for e in desk.knows()["timeline"] if e["text"]["en"] == "and again")
    desk.types("incident", "correct", "INC-1", str(number), "only once")
    check("2 lines" in desk.types("incident", "import", "INC-1", "-", text="10:20 sato: slow\n10:26 sato: quick\n"), "a chat")
    desk.types("load")


def people_know(desk):
    desk.types("incident", "unknown", "INC-1", "Whether anyone was charged twice", "--checker", "accounting", "--due", later(20))
    twice = next(one for one in desk.knows()["unknowns"] if one["what"]["en"].startswith("Whether anyone"))
    desk.types("incident", "later", "INC-1", twice["id"], "--due", later(40), "--why", "the logs take longer")
    moved = next(one for one in desk.knows()["unknowns"] if one["id"] == twice["id"])
    check(moved["moved_from"] == twice["due"] and moved["moved_why"] == "the logs take longer", f"{moved}")
    desk.types("incident", "answer", "INC-1", twice["id"], "Nobody was charged twice", "--source", "accounting")
    desk.types("incident", "fact", "INC-1", "14 customer inquiries so far", "--source", "CS count")
    facts = {one["what"]["en"]: one for one in desk.knows()["facts"]}
    check(facts["Nobody was charged twice"]["source"]["en"] == "accounting", f"{facts}")
    desk.types("incident", "withdraw", "INC-1", str(facts["14 customer inquiries so far"]["number"]), "--why", "counted twice")
    check([one["withdrawn"] for one in desk.knows()["facts"] if one["what"]["en"].startswith("14")] == [True], "withdrawn")
    desk.types("incident", "state", "INC-1", "scope", "Card payments only")
    desk.types("incident", "ask", "INC-1", "cs", "please offer payment at a store")
    check(desk.knows()["asks"]["cs"]["en"] == "please offer payment at a store", f"{desk.knows()['asks']}")


def reports_go(desk):
    desk.types("incident", "ack", "INC-1", "--as", "hasegawa")
    desk.types("incident", "ack", "INC-1", "--as", "sato")
    wait_until(lambda: desk.knows()["everybody_told_at"], "everybody was told")
    before = desk.knows()["reports_issued"]
    desk.types("incident", "update", "INC-1")
    desk.types("incident", "correction", "INC-1", "15 inquiries, not 14")
    desk.types("incident", "second", "INC-1")
    told = desk.knows()
    check((told["reports_issued"], told["report_version"]) == (before + 2, 1), f"{told['reports_issued']} after {before}")
    check([r["kind"] for r in told["reports"] if r["audience"] == "everybody"][-3:] == ["update", "correction", "second"], "in this order")
    check("RECOVERY IS NOT DECLARED YET" in desk.types("report", "show", "INC-1"), "the last report")
    desk.types("incident", "declare", "--subject", "search", "--title", "Search is slow", "--level", "1")
    check(desk.knows("INC-4")["reports_issued"] == 0, "it waits for approval")
    desk.types("incident", "approve", "INC-4")
    check(desk.knows("INC-4")["reports_issued"] == 1, "approved")


def questions_are_asked(desk):
    desk.types("ask", "INC-1", "May we promise refunds?")
    desk.types("ask", "--person", "INC-1", "What do we say about money back?")
    desk.types("question", "assign", "INC-1", "1", "--to", "mizuno")
    desk.types("question", "merge", "INC-1", "2", "--into", "1")
    desk.types("question", "answer", "INC-1", "1", "Not before noon")
    one, other = desk.knows()["questions"]
    check((one["assignee"], one["state"], other["merged_into"]) == ("mizuno", "answered", 1), f"{one} {other}")
    check("Not before noon" in desk.types("question", "list", "INC-1"), "the list")


def what_did_not_arrive_is_sent_again(desk, hook):
    dead = wait_until(lambda: "everybody-1" in desk.types("delivery", "list", "--state", "dead") and
                      desk.daemon.get("/api/v1/deliveries?state=dead")["deliveries"], "a delivery is given up")
    hook.answer = 200
    desk.types("delivery", "redeliver", dead[0]["id"])
    wait_until(lambda: dead[0]["id"] in json.dumps(desk.daemon.get("/api/v1/deliveries?state=delivered")), "delivered after all")


def it_ends(desk):
    desk.types("incident", "recover", "INC-1", "--although", "the alert was taken out of service")
    check(desk.knows()["status"] == "recovered", "recovered")
    desk.types("incident", "reopen", "INC-1", "--why", "errors are back")
    check(desk.knows()["status"] == "open" and not desk.knows()["recovery"], "reopened")
    desk.wrote("status", "errors are back")
    desk.types("incident", "follow-up", "INC-1", "Alert before the connections run out", "--owner", "sato", "--due", later(60 * 24))
    desk.types("incident", "done", "INC-1", "1")
    check([one["what"]["en"] for one in desk.knows()["follow_ups"] if one["done_at"]] == ["Alert before the connections run out"], "done")
    check("What happened" in desk.types("incident", "export", "INC-1"), "the draft")
    desk.types("hunch", "billing", "bills come late")
    desk.types("verify")


def alerts_are_held_back(desk):
    ident = re.search(r"[0-9a-f-]{36}", desk.types("silence", "add", "service=mailer", "--for", "30m", "--comment", "moved")).group(0)
    check("mailer" in desk.types("silence", "list"), "the silence")
    desk.types("silence", "expire", ident)
    desk.types("maintenance", "list")


def somebody_types_in_slack(desk, said, user="U1", key=SLACK_KEY):
    body = urllib.parse.urlencode({"user_id": user, "user_name": "somebody", "command": "/iwakan", "text": said})
    at = str(int(time.time()))
    signature = "v0=" + hmac.new(key.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return request("POST", desk.daemon.url + "/v1/slack/command", body.encode(),
                   {"Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature})


def slack(desk):
    status, text = somebody_types_in_slack(desk, "note INC-1 rolled <!channel> back")
    check(status == 200 and json.loads(text)["text"] == "Noted in INC-1", f"{status} {text}")
    check([e["actor"] for e in desk.knows()["timeline"] if e["text"]["en"] == "rolled <!channel> back"] == ["hasegawa"], "as herself")
    status, text = somebody_types_in_slack(desk, "ask INC-1 Was anyone charged twice?", user="U2")
    check(status == 200 and "Nobody was charged twice" in json.loads(text)["text"], f"what is known answers: {status} {text}")
    before = len(desk.knows()["timeline"])
    status, text = somebody_types_in_slack(desk, "note INC-1 hello", key="a guess")
    check(status in (401, 403) and len(desk.knows()["timeline"]) == before, f"unsigned: {status} {text}")


def the_page(desk):
    url = desk.knows()["reports"][0]["url"]
    check(url == desk.daemon.url + "/i/INC-1", f"reports point to the page: {url}")
    english, page = request("GET", url, headers={"Accept-Language": "en-GB,en;q=0.8,ja;q=0.2"})
    check(english == 200 and "<h2>WHAT WE ASK</h2>" in page and "please offer payment at a store" in page, page)
    check("restarted the queue (morita)" in page and "rolled &lt;!channel&gt; back" in page, page)
    check("<script" not in page and "http" not in page.replace("http-equiv", ""), "it fetches nothing, and runs nothing")
    japanese, page = request("GET", url, headers={"Accept-Language": "ja,en-US;q=0.9"})
    check(japanese == 200 and "<h2>お願いしたいこと</h2>" in page and "経過（新しい順）" in page, page)
    check(request("GET", desk.daemon.url + "/i/INC-99")[0] == 404, "there is no such incident")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        hook = Receiver(answer=410)
        for name, secret in (("hook", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), ("slack", SLACK_KEY)):
            (folder / name).write_text(secret)
            (folder / name).chmod(0o600)
        port = free_port()
        settings = {"listen": f"127.0.0.1:{port}", "external_url": f"http://127.0.0.1:{port}", "store": {"path": str(folder / "store")},
                    "sinks": {"mail": {"kind": "file", "path": str(folder / "mails")},
                              "room": {"kind": "webhook", "url": f"http://127.0.0.1:{hook.port}/", "secrets": [{"file": str(folder / "hook")}]}},
                    "acknowledge": {"slack_signing_secret": {"file": str(folder / "slack")}},
                    "levels": {"1": {"approval_within": "10m"}}, **organisation("mail", "room")}
        settings["departments"][0]["supervisor"] = "hasegawa"
        settings["people"] = [{"id": "hasegawa", "name": "Hasegawa", "languages": ["en"], "slack": "U1", "reach": [{"sink": "mail"}]}]
        daemon = Iwakand(folder, settings)
        with ending(hook, daemon):
            desk = Desk(daemon.wait_ready())
            it_begins(desk)
            two_are_one_and_one_is_two(desk)
            people_work(desk)
            people_know(desk)
            reports_go(desk)
            questions_are_asked(desk)
            what_did_not_arrive_is_sent_again(desk, hook)
            slack(desk)
            the_page(desk)
            it_ends(desk)
            alerts_are_held_back(desk)
            missing = set().union(*map(verbs_of, NOUNS)) - desk.done
            check(not missing, f"verbs that nobody typed: {missing}")


if __name__ == "__main__":
    main()
