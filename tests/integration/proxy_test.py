#!/usr/bin/python3
"""The nginx configuration that docs/security.md gives, in Debian's nginx, as it stands there but for addresses and files: senders
reach iwakand with their tokens, people with what the identity provider says of them, and nobody by what they say of themselves."""

import http.server
import json
import os
import pathlib
import re
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import PEERS, SOURCE, Iwakand, Process, check, ending, free_port, organisation, request, wait_until
from trust import Authority, Tokens, curl

ALERT = json.dumps({"alerts": [{"status": "firing", "labels": {"alertname": "Down", "service": "s1"}, "annotations": {},
                                "startsAt": "2031-05-14T01:00:00Z", "endsAt": "0001-01-01T00:00:00Z"}]})
PEOPLE = {"session=sato": ("sato@books.example", "sre"), "session=guest": ("guest@books.example", "sales")}


class IdentityProvider:
    """oauth2-proxy, as far as nginx asks it: who belongs to a cookie."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                person = PEOPLE.get(self.headers.get("Cookie", ""))
                self.send_response(202 if person else 401)
                if person:
                    self.send_header("X-Auth-Request-Email", person[0])
                    self.send_header("X-Auth-Request-Groups", person[1])
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def nginx_configuration(folder, port, iwakand, provider):
    page = (SOURCE / "docs" / "security.md").read_text()
    server = re.search(r"```nginx\n(.*?)```", page, re.DOTALL).group(1)
    for told, here in (("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"), ("server_name iwakan.example.com;", "server_name localhost;"),
                       ("/etc/nginx/iwakan.pem", f"{folder}/server.pem"), ("/etc/nginx/iwakan.key", f"{folder}/server.key"),
                       ("http://127.0.0.1:8119", f"http://127.0.0.1:{iwakand}"), ("http://127.0.0.1:4180", f"http://127.0.0.1:{provider}")):
        check(told in server, f"docs/security.md no longer says {told}")
        server = server.replace(told, here)
    folders = "".join(f"{what}_temp_path {folder}/{what};\n" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (f"{user}daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{folders}{server}}}\n")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tokens = Tokens(folder)
        Authority(folder, "ca").sign_server("server")
        provider = IdentityProvider()
        port = free_port()
        values = {
            "listen": f"127.0.0.1:{free_port()}", "behind_proxy": True, "hosts": ["localhost"], "sources": {"alertmanager": {}}, "store": {"path": str(folder / "store")},
            "access": {"senders": [{"name": "am", "sources": ["alertmanager"], "token": tokens.make("am")}],
                       "people": [{"name": "root", "role": "admin", "token": tokens.make("root")}],
                       "proxy": {"trusted": ["127.0.0.1"], "person_header": "X-Forwarded-Email", "groups_header": "X-Forwarded-Groups",
                                 "groups": {"sre": "command"}, "role": "read"}},
            "limits": {"connections_per_address_max": 1024},
            "sinks": {"out": {"kind": "file", "path": str(folder / "out.jsonl")}}, **organisation("out", "out")}
        daemon = Iwakand(folder, values)
        configuration = folder / "nginx.conf"
        configuration.write_text(nginx_configuration(folder, port, daemon.port, provider.port))
        nginx = Process("nginx", [PEERS / "usr/sbin/nginx", "-p", folder, "-e", "stderr", "-c", configuration], folder)
        with ending(provider, daemon, nginx):
            daemon.wait_ready()

            def ask(method, path, cookie=None, token=None, body=None, more=()):
                headers = [*(("--header", f"Cookie: {cookie}") if cookie else ()),
                           *(("--header", f"Authorization: Bearer {token}") if token else ()), *more]
                return curl("--cacert", folder / "ca.pem", "--request", method, *headers, f"https://localhost:{port}{path}", body=body)

            def forged(person):
                return ("--header", f"X-Forwarded-Email: {person}", "--header", "X-Forwarded-Groups: sre")
            wait_until(lambda: nginx.running() and ask("GET", "/-/healthy", "session=guest")[0] == 200, f"nginx serves:\n{nginx.tail()}")

            check(ask("POST", "/v1/alertmanager", token=tokens["am"], body=ALERT)[0] == 200, "a sender was refused")
            check(ask("POST", "/v1/alertmanager", body=ALERT)[0] == 401, "a stranger may send")
            check(ask("POST", "/v1/alertmanager", body=ALERT, more=forged("root"))[0] == 401, "a name suffices to send")
            for path in ("/api/v1/incidents", "/metrics", "/-/ready"):
                check(ask("GET", path)[0] == 401, f"a stranger sees {path}")
                check(ask("GET", path, more=forged("root"))[0] == 401, f"a name suffices to see {path}")
                check(ask("GET", path, token=tokens["root"])[0] == 401, f"a token goes past the identity provider to {path}")
            check(ask("GET", "/api/v1/incidents", "session=guest")[0] == 200, "who is known may not look")
            declared = json.dumps({"subject": "pay", "title": "Payments fail"})
            check(ask("POST", "/api/v1/incidents", "session=guest", body=declared)[0] == 403, "who may look may declare")
            check(ask("POST", "/api/v1/incidents", "session=guest", body=declared, more=forged("sato@books.example"))[0] == 403,
                  "a header makes somebody of a group")
            check(ask("POST", "/api/v1/incidents", "session=sato", body=declared)[0] in (200, 201), "the group was not believed")
            shown = json.loads(ask("GET", "/api/v1/incidents/INC-1", "session=guest")[1])
            check("sato@books.example" in json.dumps(shown), f"who acted is not told: {shown}")
            check(ask("POST", "/-/reload", "session=sato")[0] == 403, "command became admin")
            check(ask("POST", "/v1/alertmanager", token=tokens["am"], body=ALERT + " " * (4 << 20))[0] == 413, "too much went through")
        check(request("GET", daemon.url + "/-/ready")[0] == 0, "the daemon is still there")
    print("proxy: all good")


if __name__ == "__main__":
    main()
