#!/usr/bin/python3
"""The pages that people open, in the browser that they open them in: whatever an alert or a person wrote there stays text and
runs nowhere; the acknowledgement page, the report as a page, the mail, and the export. A control shows that the same text does run
where nobody escapes it, so that a page that runs something would be noticed; and each page is looked at a second time without its
content security policy, so that neither defence hides that the other is gone."""

import email
import email.policy
import http.server
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, Iwakand, MailServer, check, ending, free_port, organisation, wait_until

# Each runs in its own way, and tells the listener that it did.
PAYLOADS = ("<script>{run}</script>", "<img src=x onerror={run}>", "\"><svg onload=\"{run}\">", "'><svg onload='{run}'>",
            "</title><script>{run}</script>", "</style></textarea><script>{run}</script>", "--><script>{run}</script>",
            "<iframe srcdoc=\"<script>{run}</script>\"></iframe>", "<iframe src=\"javascript:void({run})\"></iframe>",
            "<math><mtext></table></math><img src=x onerror={run}>", "<details open ontoggle={run}>",
            "<body onload={run}>", "<style onload={run}></style>", "<meta http-equiv=refresh content=\"0;url={away}\">",
            "<link rel=stylesheet href={away}>", "<base href={away}/><img src=x>", "<object data={away}></object>")


class Listener:
    """Serves pages, and counts who asks for anything else: only what runs in a page does."""

    def __init__(self):
        self.pages, self.hits = {}, []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page = listener.pages.get(self.path)
                if page is None and self.path.startswith("/ran-"):
                    listener.hits.append(self.path)
                self.send_response(404 if page is None else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def payload(self, number):
        away = f"{self.url}/ran-{number}"
        return PAYLOADS[number].format(run=f"new/**/Image().src=`{away}`", away=away)

    def serve(self, page):
        path = f"/page-{len(self.pages)}"
        self.pages[path] = page
        return self.url + path

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def shown(url):
    """What a browser makes of the page, after everything in it had three seconds of its time to run."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
             "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={profile}", "--virtual-time-budget=3000",
             "--dump-dom", url], capture_output=True, text=True, timeout=90, env={"PATH": "/usr/bin:/bin", "HOME": profile})
    check(done.returncode == 0 and "</html>" in done.stdout, f"chromium shows nothing of {url}: {done.stdout}{done.stderr[-2000:]}")
    return done.stdout


def without_policy(page):
    return re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page)


def fetched(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode(), answer.headers


def the_browser_runs_what_is_not_escaped(listener):
    frames = [listener.serve(f"<!doctype html><html><head><title>x</title></head><body>{listener.payload(number)}</body></html>")
              for number in range(len(PAYLOADS))]
    shown(listener.serve("<!doctype html>" + "".join(f"<iframe src={url}></iframe>" for url in frames)))
    silent = {PAYLOADS[number] for number in range(len(PAYLOADS)) if not any(re.fullmatch(f"/ran-{number}(/.*)?", hit) for hit in listener.hits)}
    check(not silent, f"the control: these would not be noticed: {sorted(silent)}")
    listener.hits.clear()


def stays_text(listener, what, url, page):
    """As it is served, and from somewhere that adds no policy."""
    for where in (url, listener.serve(without_policy(page))):
        if where is None:
            continue
        seen = shown(where)
        check(not listener.hits, f"{what} at {where} ran {listener.hits}")
        check("ran-0" in seen and "&lt;script&gt;" in seen, f"{what} at {where} does not show the text: {seen[:2000]}")


def mail_page(mail, person):
    for recipients, content in mail.messages:
        if recipients == [f"{person}@books.example"]:
            message = email.message_from_bytes(content, policy=email.policy.default)
            part, link = message.get_body(("html",)), message.get_body(("plain",)).get_content()
            return (part.get_content() if part else None), re.search(r"https?://\S+/ack/\S+", link).group(0)
    return None


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        listener, mail, port = Listener(), MailServer(), free_port()
        hostile = " ".join(listener.payload(number) for number in range(len(PAYLOADS)))
        values = {"listen": f"127.0.0.1:{port}", "external_url": f"http://127.0.0.1:{port}", "store": {"path": str(folder / "store")},
                  "sinks": {"mail": {"kind": "email", "server": f"smtp://127.0.0.1:{mail.port}", "tls": "none", "from": "iwakan@books.example"},
                            "room": {"kind": "file", "path": str(folder / "out.jsonl")}}, **organisation("mail", "room")}
        daemon = Iwakand(folder, values)
        with ending(listener, mail, daemon):
            the_browser_runs_what_is_not_escaped(listener)
            daemon.wait_ready()
            daemon.post("/v1/alertmanager", {"alerts": [{
                "status": "firing", "labels": {"alertname": hostile, "service": hostile, "severity": "critical"},
                "annotations": {"summary": hostile, "description": hostile}, "generatorURL": f"javascript:{hostile}",
                "startsAt": "2031-05-14T01:00:00Z", "endsAt": "0001-01-01T00:00:00Z"}]})
            daemon.post("/api/v1/incidents/INC-1/notes", {"text": hostile, "actor": "sato"})
            daemon.post("/api/v1/incidents/INC-1/impact", {"impact": "confirmed", "what": hostile, "actor": "sato"})
            # The title of an incident that a person declares is theirs.
            daemon.post("/api/v1/incidents", {"subject": "by hand", "title": hostile, "level": 3})
            wait_until(lambda: mail_page(mail, "hasegawa"), "the mail to a supervisor")
            page, link = mail_page(mail, "hasegawa")
            if page is not None:
                stays_text(listener, "the mail", None, page)
            # As it asks, and as it thanks.
            served, headers = fetched(link)
            check("script-src" not in headers["Content-Security-Policy"] and "default-src 'none'" in headers["Content-Security-Policy"], str(headers))
            stays_text(listener, "the acknowledgement page", link, served)
            for incident in ("INC-1", "INC-2"):
                report = f"{daemon.url}/api/v1/incidents/{incident}/report?number=next&format=html"
                served, headers = fetched(report)
                check("default-src 'none'" in headers["Content-Security-Policy"] or "http-equiv" in served, str(headers))
                stays_text(listener, f"the report of {incident}", report, served)
                export = folder / f"{incident}.html"
                export.write_text(subprocess.run([BUILD / "iwakanctl", "--url", daemon.url, "incident", "export", incident, "--format", "html"],
                                                 capture_output=True, text=True, timeout=30, check=True).stdout)
                check("default-src 'none'" in export.read_text(), "the export has no policy of its own")
                stays_text(listener, f"the export of {incident}", export.as_uri(), export.read_text())


if __name__ == "__main__":
    main()
    print("browser: text stays text")
