#!/usr/bin/python3
"""What there is to do reaches the people who do it, by mail, once each and over a restart: a deputy hears in the supervisor's
place before everybody does, whoever commands is reminded of the promised report, and when nobody keeps the promise the duty
lead is paged and the readers are told."""

import email
import email.policy
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import Iwakand, MailServer, check, ending, free_port, wait_until


def mails_to(mail, person):
    """Subject, plain text and Message-ID of each mail to this person, in order."""
    found = []
    for recipients, content in mail.messages:
        if recipients == [f"{person}@books.example"]:
            message = email.message_from_bytes(content, policy=email.policy.default)
            found.append((str(message["Subject"]), message.get_body(("plain",)).get_content(), str(message["Message-ID"])))
    return found


def told_of(mail, person, words):
    return [one for one in mails_to(mail, person) if words in one[1]]


def reports_in(room):
    return [json.loads(line)["report"] for line in room.read_text().splitlines()] if room.exists() else []


def main():
    with tempfile.TemporaryDirectory() as folder:
        mail, room = MailServer(), pathlib.Path(folder) / "room.jsonl"

        def person(ident, language):
            return {"id": ident, "name": ident, "languages": [language], "reach": [{"sink": "mail", "to": f"{ident}@books.example"}]}
        settings = {
            "listen": f"127.0.0.1:{free_port()}", "store": {"path": folder + "/store"},
            "sinks": {"mail": {"kind": "email", "server": f"smtp://127.0.0.1:{mail.port}", "tls": "none",
                               "from": "iwakan@books.example"},
                      "room": {"kind": "file", "path": str(room)}},
            "people": [person("hasegawa", "ja"), person("mori", "ja"), person("fujii", "en")],
            "departments": [{"id": "cs", "name": "CS", "supervisor": "hasegawa", "deputies": ["mori"]}],
            "everybody": [{"sink": "room"}],
            "responders": [{"person": "fujii", "role": "command"}],
            "contact": "#desk",
            "levels": {"3": {"supervisors_within": "0s", "everybody_within": "6s", "next_report_within": "10s",
                             "remind_before": "4s"}}}
        first = Iwakand(folder, settings)
        with ending(mail, first):
            first.wait_ready()
            first.post("/api/v1/incidents", {"subject": "pay", "title": "Payments fail", "level": 3})
            wait_until(lambda: mails_to(mail, "hasegawa"), "the supervisor hears")
            deputy = wait_until(lambda: told_of(mail, "mori", "hasegawaさんの受け取りが、まだ確認できていません"), "the deputy hears why")
            check(not reports_in(room), "the deputy hears before everybody")
            check("先行共有・個別】CS moriさま" in deputy[0][1], f"it is addressed to the deputy: {deputy[0][1]}")
            wait_until(lambda: reports_in(room), "everybody hears")
            ledger = {d["recipient"]: d for d in first.get("/api/v1/incidents/INC-1")["deliveries"]}
            check(ledger["deputy-cs-mori"]["why"]["en"] == "hasegawa has not acknowledged yet", f"the ledger says why: {ledger}")

            reminder = wait_until(lambda: told_of(mail, "fujii", "Readers were promised the next report by"), "the reminder")
            check("[Next report due soon | Level 3 | INC-1] Payments fail" == reminder[0][0], f"it says what it is: {reminder}")
            first.stop()
            again = Iwakand(folder, settings, name="again")
            with ending(again):
                again.wait_ready()
                # Nobody has written anything since the update that went by itself: the next promise is missed.
                page = wait_until(lambda: told_of(mail, "fujii", "did not come, and readers are told"), "the page to the duty lead")
                check("iwakanctl incident update INC-1" in page[0][1], f"it says what to do: {page}")
                late = wait_until(lambda: [r for r in reports_in(room) if "missed_for" in r], "the readers are told")
                check(late[0]["kind"] == "update", f"as an update: {late}")
                told_of_late = wait_until(lambda: told_of(mail, "hasegawa", "お届けできませんでした"), "the supervisor, too")
                check(told_of_late, "in their language")
        for who in ("hasegawa", "mori", "fujii"):
            ids = [ident for _, _, ident in mails_to(mail, who)]
            check(len(ids) == len(set(ids)), f"each once: {ids}")
        check(len(told_of(mail, "mori", "代わりにお受け取り")) == 1, "the deputy is told once")


if __name__ == "__main__":
    main()
