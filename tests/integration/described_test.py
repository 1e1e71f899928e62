#!/usr/bin/python3
"""Goal: the interface is as docs/openapi.yaml says: it takes the members described and no others, says which is wrong, and every
operation does what it says along the lives of some incidents. Method: each described body is sent spoilt in every way; then every
operation is called until it is done, and each answer is validated (described.py)."""

import datetime
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import described
from harness import Iwakand, Receiver, check, ending, free_port, organisation, request, wait_until


def settings(folder, room, refusing):
    def sink(receiver):
        return {"kind": "webhook", "url": f"http://127.0.0.1:{receiver.port}/", "secrets": [{"file": str(folder / "key")}]}
    (folder / "key").write_text("whsec_YSBrZXkgdGhhdCBvbmx5IHRoZSB0ZXN0cyBrbm93")
    (folder / "key").chmod(0o600)
    ours = organisation("room", "room")
    ours["everybody"].append({"sink": "refusing"})
    return {"listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")},
            "sinks": {"room": sink(room), "refusing": sink(refusing)},
            "levels": {1: {"quiet_for": "1s"}, 2: {"quiet_for": "1s"}, 3: {"approval_within": "10m"}},
            "maintenance": [{"name": "upgrade", "match": ["service=\"db\""], "weekly": ["sun"], "at": "02:00", "for": "3h"}],
            **ours}


def refused(daemon, path, body, status, where):
    got, text = request("POST", daemon.url + path, body)
    error = json.loads(text).get("error", {})
    check(got == status and error.get("path") == where, f"POST {path} {body}: {got} {text}, not {status} for {where}")
    return error


def every_body_is_as_described(daemon, trial):
    """The incident is there, with a fact and its open questions; nothing is done to it."""
    for operation in described.operations():
        if operation.method != "POST":
            continue
        path = operation.path.replace("{id}", trial)
        members = operation.body["properties"]
        unknown = refused(daemon, path, {**operation.example, "xxxxxxxxxxxxxxxx": 1}, 400, "/xxxxxxxxxxxxxxxx")
        known = unknown["detail"].partition("known are ")[2].split(", ")
        check(sorted(known) == sorted(members), f"{path} takes {known}, and {sorted(members)} are described")
        check(set(operation.example) >= set(members) - {"actor"}, f"the example of {path} shows every member")
        for member in members:
            error = refused(daemon, path, {**operation.example, member: []}, 400, f"/{member}")
            reasons = ("missing",) if members[member].get("type") == "array" else ("wrong_type", "out_of_range")
            check(error["reason"] in reasons, f"{path} {member}: {error}")
        for member in operation.body.get("required", ()):
            rest = {key: value for key, value in operation.example.items() if key != member}
            error = refused(daemon, path, rest, 400, f"/{member}")
            check(error["reason"] in ("missing", "out_of_range"), f"{path} without {member}: {error}")


def at(minutes):
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def a_hunch_becomes_an_incident(daemon):
    act = lambda verb, **body: daemon.post(f"/api/v1/incidents/INC-1/{verb}", {"actor": "sato", **body})
    shown = lambda: daemon.get("/api/v1/incidents/INC-1")
    check(shown()["status"] == "watch" and shown()["level"] == 0, "a hunch is a watch")
    questions = [unknown["id"] for unknown in shown()["unknowns"]]
    check(questions == ["timeline", "frequency", "impact"], f"which asks three questions: {questions}")
    again = refused(daemon, "/api/v1/hunches", {"subject": "checkout"}, 409, "")
    check("INC-1" in again["detail"], f"somebody looks already: {again}")
    act("impact", impact="possible", what="two inquiries")
    check(shown()["status"] == "open" and shown()["level"] == 2, f"customers may be affected: {shown()['status']}")
    error = refused(daemon, "/api/v1/incidents/INC-1/level", {"level": 1}, 400, "/why")
    check("reason" in error["detail"] or "why" in error["detail"], f"lowering wants a reason: {error}")
    act("level", level=1, why="one customer only")
    act("level", level=2)
    act("origin", origin="third_party", why="the provider says so")
    act("acknowledge", person="hasegawa")
    act("acknowledge", person="sato")
    wait_until(lambda: all(wave["state"] == "sent" for wave in shown()["waves"]), "everybody is told once both acknowledged")


def people_say_what_they_know(daemon):
    act = lambda verb, **body: daemon.post(f"/api/v1/incidents/INC-1/{verb}", {"actor": "sato", **body})
    shown = lambda: daemon.get("/api/v1/incidents/INC-1")
    act("notes", text="restarted", occurred_at=at(-3))
    act("facts", what={"ja": "問い合わせ 14 件", "en": "14 inquiries"}, source="CS count", kind="impact", since=at(-10), at=at(-1))
    act("facts", what="The cache is full")
    fact = lambda en: next(one for one in shown()["facts"] if one["what"]["en"] == en)
    act("facts/correct", fact=fact("14 inquiries")["number"], what="15 inquiries", why="counted again")
    act("facts/withdraw", fact=fact("The cache is full")["number"], why="it was not")
    check(fact("14 inquiries")["withdrawn"] and fact("The cache is full")["withdrawn"], f"{shown()['facts']}")
    check(fact("15 inquiries")["replaces"] == fact("14 inquiries")["number"], f"{shown()['facts']}")
    act("unknowns", what="Whether anyone was charged twice", checker="accounting", due=at(60))
    act("unknowns", what="When the provider recovers", checker="the provider")
    mine = {unknown["id"]: unknown for unknown in shown()["unknowns"]}
    check(len([one for one in mine.values() if one["due"] is None]) == 1, f"one has no time: {mine}")
    charged = next(one for one, told in mine.items() if told["due"] and "charged" in told["what"]["en"])
    act("unknowns/move", unknown=charged, due=at(90), why="the logs take longer")
    check(shown()["unknowns"][-2]["moved_why"] == "the logs take longer", f"{shown()['unknowns']}")
    act("unknowns/answer", unknown=charged, answer="Nobody was", source="accounting")
    check(charged not in [unknown["id"] for unknown in shown()["unknowns"]], "what is answered is open no more")
    told = act("stated", field="scope", text="SATO's mistake!! Checkout only")
    check([one["flaw"] for one in told["suggestions"]], f"words that blame come back: {told}")
    act("stated", field="scope", text="Checkout only")
    act("follow-ups", what="Alert before the connections run out", owner="sato", due=at(60 * 24))
    act("follow-ups", what="Review", owner="Mizuno")
    act("follow-ups/done", follow_up=2, note="held")
    first, second = shown()["follow_ups"]
    check(first["done_at"] is None and second["done_by"] == "sato" and second["due"] is None, f"{first} {second}")
    refused(daemon, "/api/v1/incidents/INC-1/follow-ups", {"what": "Review"}, 400, "/owner")
    act("asks", department="cs", what="please offer e-mail")
    check(shown()["asks"]["cs"]["en"] == "please offer e-mail" and shown()["stated"]["scope"]["by"] == "sato", "kept")
    act("asks", department="cs")
    check(shown()["asks"] == {}, "the usual again")


def people_take_roles(daemon):
    act = lambda verb, **body: daemon.post(f"/api/v1/incidents/INC-1/{verb}", {"actor": "sato", **body})
    holders = lambda: {(role["role"], role["person"]) for role in daemon.get("/api/v1/incidents/INC-1")["roles"]}
    act("roles", role="hands_on", person="sato", does="reads the logs")
    act("roles", role="contact", person="hasegawa")
    check({("hands_on", "sato"), ("contact", "hasegawa")} <= holders(), f"{holders()}")
    error = refused(daemon, "/api/v1/incidents/INC-1/roles", {"role": "contact", "person": "sato"}, 409, "/person")
    check(error["detail"], "the contact has no hands in the repair")
    act("roles/release", role="hands_on", person="sato")
    check(("hands_on", "sato") not in holders(), f"{holders()}")
    taken = act("handover", to="hasegawa")
    check("15 inquiries" in taken["note"]["en"] and "command: hasegawa" in taken["note"]["en"], f"the note says how it stands: {taken}")


def reports_go_and_are_shown(daemon):
    act = lambda verb, **body: daemon.post(f"/api/v1/incidents/INC-1/{verb}", {"actor": "sato", **body})
    act("report", kind="update")
    act("report", kind="correction", corrects="15 inquiries, not 14")
    reports = daemon.get("/api/v1/incidents/INC-1")["reports"]
    corrected = [one for one in reports if one["kind"] == "correction"]
    check(corrected and all("15 inquiries, not 14" in one["corrects"]["en"] for one in corrected), f"{corrected}")
    for format in ("text", "html", "slack", "json"):
        for edition in ("everybody", "management", "customers", "department.cs", "supervisor.cs"):
            for language in ("ja", "en"):
                status, text = request("GET", f"{daemon.url}/api/v1/incidents/INC-1/report?format={format}&edition={edition}&language={language}&number=next")
                check(status == 200 and (edition == "customers" or "INC-1" in text), f"{format} {edition} {language}: {status} {text[:300]}")
    check(request("GET", daemon.url + "/api/v1/incidents/INC-1/report?number=99")[0] == 404, "no such report")
    check(request("GET", daemon.url + "/api/v1/incidents/INC-1/report?edition=x")[0] == 400, "no such edition")


def it_ends(daemon):
    path = "/api/v1/incidents/INC-1"
    act = lambda verb, **body: daemon.post(f"{path}/{verb}", {"actor": "sato", **body})
    shown = lambda: daemon.get(path)
    act("status", status="identified", why="the cache")
    act("status", status="mitigated")
    error = refused(daemon, path + "/recovery", {"actor": "sato"}, 409, "")
    check("Down" in error["detail"] and "firing" in error["detail"], f"an alert fires still: {error}")
    error = refused(daemon, path + "/recovery", {"although": "seen"}, 400, "/actor")
    act("recovery", although="the alert was taken out of service")
    check(shown()["status"] == "recovered", "declared, with the reason")
    act("reopen", why="errors are back")
    check(shown()["status"] == "open", "reopened")
    act("report", kind="second")
    second = [one for one in shown()["reports"] if one["kind"] == "second"][-1]
    check(not second["outcome"]["recovered"] and second["outcome"]["conditions"], f"recovery is not declared: {second}")
    act("recovery", although="seen by hand")
    act("judgement", judgement="confirmed")
    act("status", status="closed", why="nothing remains")
    check(shown()["judgement"] == "confirmed" and shown()["status"] == "closed", "over")


def two_are_one_and_one_is_two(daemon):
    declare = lambda subject, **body: daemon.post("/api/v1/incidents", {"subject": subject, "title": f"{subject} is slow", "actor": "sato", **body})["incident"]
    one, other = declare("search", impact="possible", level=2), declare("index")
    daemon.post(f"/api/v1/incidents/{other}/merge", {"into": one, "why": "the same disk"})
    check(daemon.get(f"/api/v1/incidents/{other}")["status"] == "merged", "the one goes on in the other")
    whole = daemon.get(f"/api/v1/incidents/{one}")
    check(whole["subjects"] == ["search", "index"] and whole["status"] == "open", f"{whole['subjects']}")
    part = daemon.post(f"/api/v1/incidents/{one}/split", {"subject": "index", "title": "The index is another matter", "why": "another cause"})
    parted = daemon.get(f"/api/v1/incidents/{part['incident']}")
    check(parted["subjects"] == ["index"] and parted["title"]["en"] == "The index is another matter", f"{parted}")
    check(daemon.get(f"/api/v1/incidents/{one}")["subjects"] == ["search"], "and stays what it is")
    refused(daemon, f"/api/v1/incidents/{one}/split", {"subject": "search"}, 409, "")

    waits = declare("payments", level=3)
    check(daemon.get(f"/api/v1/incidents/{waits}")["reports"] == [], "a report of this level waits for a person")
    daemon.post(f"/api/v1/incidents/{waits}/approve", {})
    check(daemon.get(f"/api/v1/incidents/{waits}")["reports"][0]["kind"] == "first", "who lets it go")


def people_ask_and_write_down(daemon):
    """Of an incident that is over, so that it is at rest; the only one that is worked on takes what names none."""
    path = "/api/v1/incidents/INC-1"
    act = lambda verb, **body: daemon.post(f"{path}/{verb}", {"actor": "sato", **body})
    note = next(entry for entry in daemon.get(path)["timeline"] if entry["kind"] == "note")
    act("corrections", entry=note["number"], text="restarted the cache")
    line = {"source_id": "a", "occurred_at": at(-5), "author": "aoki", "text": "looks well"}
    check(act("chat", lines=[line])["imported"] == 1 and act("chat", lines=[line])["imported"] == 0, "a line is taken once")
    first = act("questions", text="Can people pay by phone?", of_a_person=True, person="hasegawa")["question"]["number"]
    second = act("questions", text="Is the phone line open tonight?", of_a_person=True)["question"]["number"]
    act("questions/assign", question=first, person="sato")
    act("questions/merge", question=second, into=first)
    check(act("questions/answer", question=first, text="They can")["question"]["answers"][0]["text"]["en"] == "They can", "answered")
    for format in ("markdown", "html", "json"):
        for language in ("ja", "en"):
            check(request("GET", f"{daemon.url}{path}/export?format={format}&language={language}")[0] == 200, f"{format} {language}")
    check(request("GET", f"{daemon.url}{path}/export?format=pdf")[0] == 400, "no such format")
    check(daemon.get("/api/v1/verify")["holds"] and daemon.get("/api/v1/verify?of=INC-1&at=3")["incidents"][0]["head_at"], "verified")
    check(request("GET", daemon.url + "/api/v1/verify?of=INC-99")[0] == 404, "no such incident")
    live = [one["id"] for one in daemon.get("/api/v1/incidents")["incidents"]]
    check(request("POST", daemon.url + "/api/v1/notes", {"text": "which?"})[0] == 409, f"several are worked on: {live}")
    for one in live[1:]:
        daemon.post(f"/api/v1/incidents/{one}/judgement", {"judgement": "dismissed"})
    check(daemon.post("/api/v1/notes", {"text": "this one"})["incident"] == live[0], "the only one")
    check(daemon.post("/api/v1/questions", {"text": "How long?"})["incident"] == live[0], "the only one")


def what_is_read(daemon, refusing):
    dead = wait_until(lambda: daemon.get("/api/v1/deliveries?state=dead")["deliveries"], "a delivery that was given up")
    refusing.answer = 200
    daemon.post(f"/api/v1/deliveries/{dead[0]['id']}/redeliver", {"actor": "sato"})
    wait_until(lambda: dead[0]["id"] in [one["id"] for one in daemon.get("/api/v1/deliveries?state=delivered")["deliveries"]], "and arrives")
    daemon.post("/v1/alertmanager", {"version": "4", "alerts": [alert("odd")]})
    for path in ("alerts?state=all", "alerts", "suspicions", "maintenance", "load", "incidents?status=all", "why?of=INC-1", "why?of=odd",
                 f"why?of=checkout&at={at(0)}", "deliveries"):
        daemon.get("/api/v1/" + path)
    check(daemon.get("/api/v1/maintenance")["maintenance"][0]["next"], "the next window")
    for path, where in (("alerts?state=x", "?state"), ("deliveries?state=x", "?state"), ("incidents?status=x", "?status"),
                        ("why", "?of"), ("why?of=x&at=y", "?at")):
        status, text = request("GET", f"{daemon.url}/api/v1/{path}")
        check(status == 400 and json.loads(text)["error"]["path"] == where, f"{path}: {status} {text}")
    silence = {"matchers": [{"name": "service", "value": "odd", "isRegex": False, "isEqual": True}], "startsAt": at(0),
               "endsAt": at(60), "createdBy": "sato", "comment": "known"}
    ident = daemon.post("/api/v2/silences", silence)["silenceID"]
    daemon.post(f"/api/v1/silences/{ident}/expire", {"actor": "sato"})


def alert(service, **labels):
    return {"status": "firing", "labels": {"alertname": "Down", "service": service, **labels}, "annotations": {},
            "startsAt": at(-1), "endsAt": "0001-01-01T00:00:00Z"}


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        room, refusing = Receiver(), Receiver(answer=400)
        with ending(room, refusing):
            daemon = Iwakand(folder, settings(folder, room, refusing))
            with ending(daemon):
                daemon.wait_ready()
                daemon.post("/v1/alertmanager", {"version": "4", "alerts": [alert("checkout")]})
                daemon.post("/api/v1/hunches", {"subject": "checkout", "text": "pages feel slow", "actor": "sato"})
                trial = daemon.post("/api/v1/incidents", {"subject": "trial", "title": "A trial"})["incident"]
                daemon.post(f"/api/v1/incidents/{trial}/facts", {"what": "It is a trial"})
                for text in ("Is it a trial?", "How long does the trial take?"):
                    daemon.post(f"/api/v1/incidents/{trial}/questions", {"text": text, "of_a_person": True})
                wait_until(lambda: not daemon.get("/api/v1/deliveries?state=pending")["deliveries"], "the reports are out")
                before = daemon.get(f"/api/v1/incidents/{trial}")
                every_body_is_as_described(daemon, trial)
                check(daemon.get(f"/api/v1/incidents/{trial}") == before, "what was refused changed nothing")
                a_hunch_becomes_an_incident(daemon)
                people_say_what_they_know(daemon)
                people_take_roles(daemon)
                reports_go_and_are_shown(daemon)
                it_ends(daemon)
                two_are_one_and_one_is_two(daemon)
                people_ask_and_write_down(daemon)
                what_is_read(daemon, refusing)
                check(daemon.get("/api/v1/drill") == {"drill": False}, "this is no drill")
                status, _ = request("GET", daemon.url + f"/api/v1/incidents/{trial}/score")
                check(status == 404, "only a drill is scored")
                left = [f"{one.method} {one.path}" for one in described.operations()
                        if not one.done and one.path not in ("/api/v1/events", "/api/v1/incidents/{id}/score")]  # events_test.py, drill_test.py
                check(not left, f"described, and never done by this test: {left}")
                status, _ = request("POST", daemon.url + "/api/v1/incidents/INC-1/nothing", {})
                check(status == 404, "what is not described is not there")


main()
print("described: the interface is as docs/openapi.yaml says")
