#!/usr/bin/python3
"""The record of an incident, as people keep it at the command line: notes that need no id, corrections that edit nothing, a
chat taken in once with its own times, questions that are answered once, and a verification that a touched store fails."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, Iwakand, check, ending, free_port, organisation

CHAT = """10:20 sato: payments time out
10:26 sato: restarted pay-api
  on both hosts
10:31 aoki: looks well
"""


def settings(folder):
    return {"listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")}, "time_zone": "Asia/Tokyo",
            "sinks": {"hook": {"kind": "file", "path": str(folder / "reports.txt")}},
            **organisation("hook", "hook")}


class Terminal:
    """A person at a terminal."""

    def __init__(self, url, person, language="en"):
        self.environment = {**os.environ, "IWAKAN_URL": url, "USER": person, "LANG": language, "TZ": "Asia/Tokyo"}

    def says(self, *words, code=0, text=None):
        done = subprocess.run([BUILD / "iwakanctl", *words], env=self.environment, capture_output=True, text=True, timeout=30,
                              input=text)
        check(done.returncode == code, f"iwakanctl {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr


def timeline(daemon, incident="INC-1"):
    return daemon.get(f"/api/v1/incidents/{incident}")["timeline"]


def last(daemon, kind, incident="INC-1"):
    return [entry for entry in timeline(daemon, incident) if entry["kind"] == kind][-1]


def notes(daemon, person):
    check("no incident is being worked on" in person.says("note", "hello", code=1), "a note needs an incident")
    person.says("incident", "declare", "--subject", "checkout", "--title", "Card payments fail")
    person.says("note", "restarted", "the", "mail", "queue", "--at", "10:05")
    entry = last(daemon, "note")
    check(entry["text"]["en"] == "restarted the mail queue", entry)
    check(entry["actor"] == "morita" and entry["occurred_at"] < entry["recorded_at"], entry)

    person.says("incident", "correct", "INC-1", str(entry["number"]), "restarted pay-api, not the mail queue")
    after = timeline(daemon)
    check(after[entry["number"] - 1] == entry, "what stood there stands")
    correction = last(daemon, "correction")
    check(correction["corrects"] == entry["number"] and correction["occurred_at"] == entry["occurred_at"], correction)
    check(f"[corrects {entry['number']}]" in person.says("incident", "show", "INC-1"), "the page names what is corrected")
    check("has entries 1 to" in person.says("incident", "correct", "INC-1", "999", "x", code=1), "no such entry")

    person.says("incident", "declare", "--subject", "mailer", "--title", "Mail is slow")
    complaint = person.says("note", "hello", code=1)
    check("INC-1" in complaint and "Mail is slow" in complaint, complaint)
    person.says("note", "INC-2", "looking at the queue")
    check(last(daemon, "note", "INC-2")["text"]["en"] == "looking at the queue", "the note names its incident")
    person.says("incident", "status", "INC-2", "false_alarm")


def chat(daemon, person, folder):
    check("3 lines taken, 0 were there already" in person.says("incident", "import", "INC-1", "-", text=CHAT), "first import")
    check("1 lines taken, 3 were there already" in
          person.says("incident", "import", "INC-1", "-", text=CHAT + "10:40 sato: quiet\n"), "the chat has gone on")
    lines = [entry for entry in timeline(daemon) if entry["kind"] == "chat"]
    check([line["actor"] for line in lines] == ["sato", "sato", "aoki", "sato"], lines)
    check(lines[1]["text"]["en"] == "restarted pay-api\non both hosts" and lines[1]["occurred_at"].endswith("T01:26:00Z"), lines)

    slack = folder / "slack.json"
    slack.write_text(json.dumps([{"type": "message", "user": "U01", "ts": "1700000000.000200", "text": "<!channel> &lt;b&gt;"}]))
    person.says("incident", "import", "INC-1", str(slack))
    check(last(daemon, "chat")["text"]["en"] == "!channel <b>", last(daemon, "chat"))
    check("line 1" in person.says("incident", "import", "INC-1", "-", text="no time here\n", code=2), "says where")


def questions(daemon, person):
    supervisor = Terminal(daemon.url, "hasegawa", "ja_JP.UTF-8")
    known = person.says("ask", "Do card payments fail?")
    check("Known: Card payments fail" in known and "--person" in known, known)
    unknown = supervisor.says("ask", "お客さまへの影響はありますか？")
    check("まだ分かっていません" in unknown and "まで" in unknown, unknown)
    check("The desk has it" in person.says("ask", "May we promise refunds?"), "nobody knows yet")
    supervisor.says("ask", "may we promise a refund")
    listed = person.says("question", "list", "INC-1")
    check("Q3  May we promise refunds? (2 people)" in listed and "together" in listed, listed)
    person.says("question", "assign", "INC-1", "3", "--to", "mizuno")
    person.says("question", "answer", "INC-1", "3", "Not before noon")
    check("Not before noon" in supervisor.says("ask", "May we promise refunds?"), "who asks later gets the same answer")
    found = daemon.get("/api/v1/incidents/INC-1")
    check(found["questions_due"] is None and all(q["relayed_at"] is None for q in found["questions"]), "no responder was asked")


def exports(daemon, person, folder):
    """Drafts in both languages and every format, in which nobody is named."""
    markdown = person.says("incident", "export", "INC-1")
    check("# Post-incident review (draft)" in markdown and "Questions to the desk" in markdown, markdown)
    check("looks well" in markdown and "(corrects " in markdown, markdown)
    page = person.says("incident", "export", "INC-1", "--format", "html", "--language", "ja")
    check(page.startswith("<!doctype html>") and "障害報告書（案）" in page and "経緯" in page, page[:300])
    check("<script" not in page and "&lt;b&gt;" in page, "text stays text")
    for text in (markdown, page):
        for name in ("morita", "hasegawa", "aoki", "mizuno", "sato"):
            check(name not in text.lower(), f"{name} is named: {text}")
    kept = folder / "inc-1.json"
    kept.write_text(person.says("incident", "export", "INC-1", "--format", "json"))
    found = json.loads(kept.read_text())
    check(found["chain"]["entries"] == len(timeline(daemon)) and len(found["chain"]["head"]) == 64, found["chain"])
    person.says("incident", "export", "INC-9", code=1)


def verify(daemon, person, folder):
    person.says("note", "the record goes on")
    check("The same as the export noted" in person.says("verify", "--against", str(folder / "inc-1.json")), "a kept head")
    forged = json.loads((folder / "inc-1.json").read_text())
    forged["chain"]["head"] = "0" * 64
    (folder / "forged.json").write_text(json.dumps(forged))
    check("Not what the export noted" in person.says("verify", "--against", str(folder / "forged.json"), code=1), "another head")
    said = person.says("verify")
    check("INC-1  as it was written" in said and "INC-2  as it was written" in said, said)
    check(json.loads(person.says("verify", "INC-1", "--json"))["holds"], "as JSON")
    daemon.stop()
    offline = person.says("verify", "--store", daemon.settings["store"]["path"])
    check("the hash chain holds" in offline and "INC-1  as it was written" in offline, offline)
    person.says("verify", code=3)


def tampering(folder, person, stopped):
    """What somebody did to the disk while the daemon was stopped is found by the running one, and only there."""
    entries = 3
    subprocess.run([BUILD / "tamper", folder / "store", str(entries)], check=True, timeout=30)
    again = Iwakand(folder, stopped.settings).wait_ready()
    with ending(again):
        said = person.says("verify", code=1)
        check(f"INC-1  from entry {entries} on it is not what was written" in said and "INC-2  as it was written" in said, said)
        found = json.loads(person.says("verify", "INC-1", "--json", code=1))
        check(not found["holds"] and found["incidents"][0]["first_wrong"] == entries, found)
        check("Not what the export noted" in person.says("verify", "--against", str(folder / "inc-1.json"), code=1), "a kept head")
        check("INC-2  as it was written" in person.says("verify", "INC-2"), "another incident is not touched")
    offline = person.says("verify", "--store", str(folder / "store"), code=1)
    check(f"from entry {entries}" in offline, offline)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        daemon = Iwakand(folder, settings(folder)).wait_ready()
        with ending(daemon):
            person = Terminal(daemon.url, "morita")
            notes(daemon, person)
            chat(daemon, person, folder)
            questions(daemon, person)
            exports(daemon, person, folder)
            verify(daemon, person, folder)
        tampering(folder, person, daemon)


if __name__ == "__main__":
    main()
    print("good")
