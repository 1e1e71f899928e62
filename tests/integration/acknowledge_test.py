#!/usr/bin/python3
"""A supervisor acknowledges by the link in their mail: looking at it changes nothing, the button does, also after the daemon was
started anew. The interface for people never tells the link, and the report goes to everybody once both have pressed."""

import base64
import email
import email.policy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, Iwakand, MailServer, Receiver, check, ending, free_port, organisation, request, wait_until


def link_to(mail, person):
    """The link in the mail to this person; None when there is no such mail yet."""
    for recipients, content in mail.messages:
        if recipients != [f"{person}@books.example"]:
            continue
        message = email.message_from_bytes(content, policy=email.policy.default)
        text = message.get_body(("plain",)).get_content()
        return re.search(r"(https?://\S+/ack/)(\S+)", text)
    return None


def main():
    with tempfile.TemporaryDirectory() as folder:
        mail, room = MailServer(), Receiver()
        key = pathlib.Path(folder) / "key"
        key.write_text("whsec_" + base64.b64encode(b"a key that only the tests know").decode())
        key.chmod(0o600)
        port = free_port()
        settings = {"listen": f"127.0.0.1:{port}", "store": {"path": folder + "/store"},
                    "external_url": f"http://127.0.0.1:{port}",
                    "sinks": {"mail": {"kind": "email", "server": f"smtp://127.0.0.1:{mail.port}", "tls": "none",
                                       "from": "iwakan@books.example"},
                              "room": {"kind": "webhook", "url": f"http://127.0.0.1:{room.port}/", "secrets": [{"file": str(key)}]}},
                    **organisation("mail", "room")}
        daemon = Iwakand(folder, settings)
        with ending(mail, room, daemon):
            daemon.wait_ready()
            daemon.post("/api/v1/incidents", {"subject": "pay", "title": "Payments <b>fail</b>", "level": 3})
            wait_until(lambda: link_to(mail, "hasegawa") and link_to(mail, "sato"), "mails to both supervisors")
            first, second = link_to(mail, "hasegawa"), link_to(mail, "sato")
            token = first.group(2)

            status, page = request("GET", first.group(0))
            check(status == 200 and "受け取りました" in page, f"the page asks: {status} {page}")
            check("&lt;b&gt;fail&lt;/b&gt;" in page and "<b>" not in page, f"the title stays text: {page}")
            request("HEAD", first.group(0))
            shown = daemon.get("/api/v1/incidents/INC-1")
            check(shown["acknowledged"] == {}, "looking acknowledges nothing")
            signature = token.rsplit(".", 1)[1]
            check(signature not in str(shown), "the interface does not tell the link")
            check(signature not in daemon.log.read_text(), "the log does not tell the link")

            wrong = first.group(0)[:-2] + ("aa" if not token.endswith("aa") else "bb")
            check(request("POST", wrong, b"")[0] == 404, "a link that was changed is refused")
            foreign = request("POST", first.group(0), b"", {"Origin": "https://evil.example"})
            check(foreign[0] == 403, "a page of another origin presses nothing")

            daemon.stop()
            again = Iwakand(folder, settings, name="again")
            with ending(again):
                again.wait_ready()
                form = {"Origin": settings["external_url"], "Content-Type": "application/x-www-form-urlencoded"}
                status, page = request("POST", first.group(0), b"", form)
                check(status == 200 and "ありがとうございます" in page, f"it thanks: {status} {page}")
                check(list(again.get("/api/v1/incidents/INC-1")["acknowledged"]) == ["hasegawa"], "one has acknowledged")
                check(not room.requests, "everybody waits for the second supervisor")
                check(request("POST", second.group(0), b"", form)[0] == 200, "the second acknowledges")
                wait_until(lambda: room.requests, "the report to everybody")
                taken = json.loads(subprocess.run(
                    [BUILD / "iwakanctl", "--url", again.url, "--json", "incident", "handover", "INC-1", "--to", "sato"],
                    capture_output=True, text=True, timeout=20, check=True).stdout)
                check("command: sato" in taken["note"]["en"], f"the note says who does what: {taken}")
                roles = again.get("/api/v1/incidents/INC-1")["roles"]
                check([r["person"] for r in roles if r["role"] == "command"] == ["sato"], f"sato has command: {roles}")
                check("/ack/" not in room.requests[0][2].decode(), "everybody's edition has no link")


if __name__ == "__main__":
    main()
