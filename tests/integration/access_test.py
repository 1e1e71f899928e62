#!/usr/bin/python3
"""Goal: whoever may gets in, by each way of proving it, and nobody else does; what was refused is said in the answer, the log and
the metrics; tokens and certificates change without a restart, and a bad one never replaces a good one; no secret is ever shown.
Method: the daemon behind TLS; curl, openssl, iwakanctl, and Debian's Prometheus and Alertmanager as peers."""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import (BUILD, PEERS, Gauge, Process, alertmanager_command, check, ending, free_port, organisation, request,
                     wait_until)
from trust import Authority, SecureIwakand, Tokens, curl, openssl, refused_by

ROLES = ("metrics", "read", "respond", "command", "admin")
ALERT = {"version": "4", "alerts": [{"status": "firing", "labels": {"alertname": "Down", "service": "s1", "severity": "critical"},
                                     "annotations": {}, "startsAt": "2031-05-14T01:00:00Z", "endsAt": "0001-01-01T00:00:00Z"}]}


def settings(folder, tokens):
    def sender(name, *sources, **how):
        return {"name": name, "sources": list(sources), **how}
    return {
        "listen": f"0.0.0.0:{free_port()}", "store": {"path": str(folder / "store")}, "hosts": ["localhost"],
        "tls": {"certificate": "server.pem", "key": {"file": str(folder / "server.key")}, "client_ca": "clients.pem"},
        "sources": {"alertmanager": {}, "prometheus": {}},
        "access": {
            "senders": [
                sender("am-token", "alertmanager", token=tokens.make("am-token")),
                sender("am-basic", "alertmanager", basic={"username": "basil", "password": tokens.make("am-basic")}),
                sender("am-key", "alertmanager", token=tokens.make("am-key"), header="X-Api-Key"),
                sender("am-hmac", "alertmanager", hmac={"secret": tokens.make("am-hmac"), "header": "X-Signature",
                                                        "timestamp_header": "X-Timestamp"}),
                sender("am-mtls", "alertmanager", certificate={"san": "am.example"}),
                sender("am-subject", "alertmanager", certificate={"subject": "CN=core,O=Books"}),
                sender("prometheus", "prometheus", token=tokens.make("prometheus")),
                sender("mad", "alertmanager", token=tokens.make("mad"), budget={"requests": 5, "burst": "1s"}),
            ],
            "people": [{"name": role, "role": role, "token": tokens.make(role)} for role in ROLES]
            + [{"name": "sato@books.example", "role": "respond"}],
            "proxy": {"trusted": ["127.0.0.1"], "person_header": "X-Forwarded-Email", "role": "read"},
        },
        "sinks": {"out": {"kind": "file", "path": str(folder / "out.jsonl")}}, **organisation("out", "out")}


def every_role_may_what_it_may(daemon, tokens):
    note = {"text": "seen", "actor": "somebody-else"}
    actions = [  # method, path, body, least role, status when allowed
        ("GET", "/metrics", None, "metrics", 200),
        ("GET", "/api/v1/incidents", None, "read", 200),
        ("GET", "/api/v1/incidents/INC-1", None, "read", 200),
        ("GET", "/api/v1/deliveries", None, "read", 200),
        ("GET", "/api/v1/alerts", None, "read", 200),
        ("GET", "/api/v1/suspicions", None, "read", 200),
        ("GET", "/api/v1/why?of=INC-1", None, "read", 200),
        ("GET", "/api/v2/alerts", None, "read", 200),
        ("GET", "/api/v2/status", None, "read", 200),
        ("POST", "/api/v1/incidents/INC-1/notes", note, "respond", 200),
        ("POST", "/api/v1/incidents/INC-1/acknowledge", {"person": "hasegawa"}, "respond", 200),
        ("POST", "/api/v1/incidents/INC-1/impact", {"impact": "possible"}, "command", 200),
        ("POST", "/api/v1/incidents/INC-1/status", {"status": "identified"}, "command", 200),
        ("POST", "/api/v1/incidents/INC-1/judgement", {"judgement": "confirmed"}, "command", 200),
        ("POST", "/api/v1/incidents", {"subject": "", "title": ""}, "command", 400),
        ("POST", "/api/v1/deliveries/none/redeliver", {}, "command", 404),
        ("POST", "/v1/alertmanager", ALERT, "admin", 200),
        ("POST", "/-/reload", "", "admin", 200),
    ]
    for method, path, body, least, allowed in actions:
        for role in ROLES:
            status, text = daemon.ask(method, path, tokens[role], body)
            if ROLES.index(role) >= ROLES.index(least):
                check(status == allowed, f"{role} {method} {path}: {status} {text}")
            else:
                check(status == 403 and refused_by(text) == "forbidden" and role in text, f"{role} {method} {path}: {status} {text}")
        for stranger in (None, "canary-nobody-0123456789"):
            status, text = daemon.ask(method, path, stranger, body)
            check(status == 401 and refused_by(text) == "unauthorized", f"a stranger {method} {path}: {status} {text}")
        status, text = daemon.ask(method, path, tokens["prometheus"], body)
        check(status == 403, f"a sender of something else {method} {path}: {status} {text}")
    for path in ("/-/healthy", "/-/ready"):
        check(daemon.ask("GET", path)[0] == 200, path)
    timeline = json.loads(daemon.ask("GET", "/api/v1/incidents/INC-1", tokens["read"])[1])["timeline"]
    noted = {entry["actor"] for entry in timeline if entry["kind"] == "note"}
    check(noted == {"respond", "command", "admin"}, f"whoever has the token is the actor, whatever the body says: {noted}")


def every_proof_works(daemon, folder, tokens, clients, strangers):
    body = json.dumps(ALERT)
    now = int(subprocess.run(["date", "+%s"], capture_output=True, text=True, check=True).stdout)

    def signed(when, what=body):
        mac = openssl(folder, "dgst", "-sha256", "-hmac", tokens["am-hmac"], "-r", text=f"{when}:{what}").split()[0]
        return ["--header", f"X-Signature: {mac}", "--header", f"X-Timestamp: {when}"]

    def certificate(name):
        return ["--cert", folder / f"{name}.pem", "--key", folder / f"{name}.key"]

    clients.sign_client("edge", "/CN=whatever", "DNS:am.example")
    clients.sign_client("core", "/O=Books/CN=core", "DNS:core.example")
    clients.sign_client("other", "/CN=other", "DNS:other.example")
    strangers.sign_client("forged", "/CN=whatever", "DNS:am.example")
    cases = [
        ("a token", 200, ["--header", f"Authorization: Bearer {tokens['am-token']}"]),
        ("a name and password", 200, ["--user", f"basil:{tokens['am-basic']}"]),
        ("a wrong password", 401, ["--user", "basil:canary-wrong-password"]),
        ("an unknown name", 401, ["--user", f"nobody:{tokens['am-basic']}"]),
        ("a header of its own", 200, ["--header", f"X-Api-Key: {tokens['am-key']}"]),
        ("the key of another way", 401, ["--header", f"X-Api-Key: {tokens['am-token']}"]),
        ("a signature", 200, signed(now)),
        ("an old signature", 401, signed(now - 400)),
        ("a signature from the future", 401, signed(now + 400)),
        ("a signature of something else", 401, signed(now, body + " ")),
        ("a certificate by its name", 200, certificate("edge")),
        ("a certificate by its subject", 200, certificate("core")),
        ("a certificate of nobody", 401, certificate("other")),
        ("a certificate that somebody else signed", 0, certificate("forged")),
        ("nothing", 401, []),
    ]
    for what, expected, how in cases:
        status, text = daemon.ask("POST", "/v1/alertmanager", None, body, how)
        check(status == expected, f"{what}: {status}, not {expected}: {text}")
    status, text = daemon.ask("POST", "/v1/alertmanager", tokens["am-token"], body, ["--header", "Origin: https://evil.example"])
    check(status == 403, f"a page of another origin: {status} {text}")
    status, text = daemon.ask("GET", "/api/v1/alerts", tokens["read"], None, ["--header", "Host: evil.example"])
    check(status == 403, f"a rebound name: {status} {text}")


def the_proxy_vouches(daemon):
    says = ["--header", "X-Forwarded-Email: sato@books.example"]
    note = {"text": "from the web"}
    check(daemon.ask("POST", "/api/v1/incidents/INC-1/notes", None, note, says)[0] == 200, "a person of the proxy")
    check(daemon.ask("POST", "/api/v1/incidents/INC-1/status", None, {"status": "open"}, says)[0] == 403, "beyond the role")
    check(daemon.ask("GET", "/api/v1/alerts", None, None, ["--header", "X-Forwarded-Email: new@books.example"])[0] == 200, "anybody may read")
    elsewhere = ["--interface", "127.0.0.2", *says]
    check(daemon.ask("GET", "/api/v1/alerts", None, None, elsewhere)[0] == 401, "whoever is not the proxy is not believed")


def a_mad_sender_is_told_to_come_back(daemon, tokens):
    answers = [daemon.ask("POST", "/v1/alertmanager", tokens["mad"], ALERT, ["--include"]) for _ in range(20)]
    refused = [text for status, text in answers if status == 503]
    check(refused and all("Retry-After:" in text for text in refused), f"over its budget: {[status for status, _ in answers]}")
    check(all(status in (200, 503) for status, _ in answers), "nothing else")
    check(daemon.ask("POST", "/v1/alertmanager", tokens["am-token"], ALERT)[0] == 200, "others do not notice")


def tls_is_tls(daemon, folder, tokens):
    def shakes(*options):
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{daemon.port}", "-CAfile", "ca.pem", *options],
                              cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
        return "Verify return code: 0" in done.stdout and "Cipher is (NONE)" not in done.stdout
    check(shakes("-tls1_3") and shakes("-tls1_2"), "TLS 1.2 and 1.3")
    check(not shakes("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"), "TLS 1.1 is too old")
    check(curl(f"http://127.0.0.1:{daemon.port}/-/healthy")[0] == 0, "no answer without TLS")
    check(daemon.metric_as(tokens["metrics"], "iwakan_http_connections_refused_total", reason="no_tls") >= 2, "failed handshakes are counted")


def serial(daemon, folder):
    shown = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{daemon.port}"], cwd=folder, stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, timeout=20).stdout
    return openssl(folder, "x509", "-noout", "-serial", text=shown)


def changes_without_a_restart(daemon, folder, tokens, ca):
    reload = lambda: daemon.ask("POST", "/-/reload", tokens["admin"])
    first = serial(daemon, folder)
    good = (folder / "server.pem").read_text(), (folder / "server.key").read_text()
    (folder / "server.pem").write_text("-----BEGIN CERTIFICATE-----\nrubbish\n")
    status, text = reload()
    check(status == 400 and "server.pem" in text and serial(daemon, folder) == first, f"a broken certificate: {status} {text}")
    (folder / "server.pem").write_text(good[0])
    (folder / "server.key").write_text((folder / "edge.key").read_text())
    status, text = reload()
    check(status == 400 and "does not belong" in text and serial(daemon, folder) == first, f"the wrong key: {status} {text}")
    ca.sign_server("server")
    daemon.child.send_signal(signal.SIGHUP)
    wait_until(lambda: serial(daemon, folder) != first, "the new certificate is served", 10)

    old = tokens["command"]
    tokens.make("command")
    check(daemon.ask("GET", "/api/v1/alerts", old)[0] == 200, "a token is read at a reload, not before")
    check(reload()[0] == 200 and daemon.ask("GET", "/api/v1/alerts", old)[0] == 401, "the old token is gone")
    check(daemon.ask("GET", "/api/v1/alerts", tokens["command"])[0] == 200, "the new one is known")
    tokens.path("command").chmod(0o644)
    status, text = reload()
    check(status == 400 and "chmod 600" in text, f"a token that everybody can read: {status} {text}")
    tokens.path("command").chmod(0o600)

    for gone in ("access", "tls"):
        fewer = {key: value for key, value in daemon.settings.items() if key != gone}
        fewer["listen"] = "127.0.0.1:1"
        if gone == "tls":
            fewer["access"] = {**fewer["access"], "senders": [s for s in fewer["access"]["senders"] if "certificate" not in s]}
        daemon.write(fewer)
        status, text = reload()
        check(status == 400 and "restart" in text, f"{gone} taken away: {status} {text}")
        check(daemon.ask("GET", "/api/v1/alerts")[0] == 401, "strangers stay out")
    daemon.write(daemon.settings)
    check(reload()[0] == 200, "the good one again")


def people_at_a_terminal(daemon, folder, tokens):
    def ctl(*arguments, token=None, ca="ca.pem"):
        environment = {"PATH": "/usr/bin", "IWAKAN_TOKEN_FILE": str(tokens.path(token))} if token else {"PATH": "/usr/bin"}
        return subprocess.run([BUILD / "iwakanctl", "--url", f"https://localhost:{daemon.port}", "--ca", folder / ca, *arguments],
                              capture_output=True, text=True, timeout=30, env=environment)
    check("INC-1" in ctl("incident", "list", token="read").stdout, "iwakanctl with a token")
    check(ctl("incident", "note", "INC-1", "by hand", token="respond").returncode == 0, "iwakanctl acts")
    stranger = ctl("incident", "list")
    check(stranger.returncode == 1 and "--token-file" in stranger.stderr, stranger.stderr)
    check(ctl("incident", "list", token="read", ca="clients.pem").returncode == 3, "a certificate of somebody else")
    check("metrics has the role metrics" in ctl("incident", "list", token="metrics").stderr, "what is missing is said")


def real_peers(daemon, folder, tokens):
    """Alertmanager with a token, and with a client certificate; Prometheus posts, and scrapes, with tokens."""
    gauge = Gauge("shop_errors_ratio")
    port = free_port()
    tls = {"ca_file": str(folder / "ca.pem")}
    (folder / "rules.json").write_text(json.dumps({"groups": [{"name": "shop", "rules": [
        {"alert": "Real", "expr": "shop_errors_ratio > 0.05", "labels": {"service": "real"}}]}]}))
    (folder / "prometheus.json").write_text(json.dumps({
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": ["rules.json"],
        "alerting": {"alertmanagers": [
            {"static_configs": [{"targets": [f"127.0.0.1:{port}"]}]},
            {"scheme": "https", "tls_config": tls, "authorization": {"credentials_file": str(tokens.path("prometheus"))},
             "static_configs": [{"targets": [f"127.0.0.1:{daemon.port}"]}]}]},
        "scrape_configs": [
            {"job_name": "shop", "static_configs": [{"targets": [f"127.0.0.1:{gauge.port}"]}]},
            {"job_name": "iwakan", "scheme": "https", "tls_config": tls,
             "authorization": {"credentials_file": str(tokens.path("metrics"))},
             "static_configs": [{"targets": [f"127.0.0.1:{daemon.port}"]}]}]}))
    url = f"https://127.0.0.1:{daemon.port}/v1/alertmanager"
    by_token = {"tls_config": tls, "authorization": {"credentials_file": str(tokens.path("am-token"))}}
    by_certificate = {"tls_config": {**tls, "cert_file": str(folder / "edge.pem"), "key_file": str(folder / "edge.key")}}
    (folder / "alertmanager.json").write_text(json.dumps({
        "route": {"receiver": "token", "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1s",
                  "routes": [{"receiver": "token", "continue": True}, {"receiver": "certificate"}]},
        "receivers": [{"name": "token", "webhook_configs": [{"url": url, "http_config": by_token}]},
                      {"name": "certificate", "webhook_configs": [{"url": url, "http_config": by_certificate}]}]}))
    alertmanager = Process("alertmanager", alertmanager_command(
        "--config.file=alertmanager.json", "--storage.path=alertmanager", f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address="), folder)
    prometheus_port = free_port()
    prometheus = Process("prometheus", [
        PEERS / "usr/bin/prometheus", "--config.file=prometheus.json", "--storage.tsdb.path=prometheus",
        f"--web.listen-address=127.0.0.1:{prometheus_port}", "--rules.alert.resend-delay=1s"], folder)
    with ending(gauge, alertmanager, prometheus):
        gauge.value = 0.2
        known = lambda source: daemon.metric_as(tokens["metrics"], "iwakan_source_requests_total", source=source)
        before = known("alertmanager")
        wait_until(lambda: known("prometheus") >= 1, "Prometheus posts with its token", 60)
        wait_until(lambda: known("alertmanager") >= before + 2, "Alertmanager posts with both", 60)
        asked = f"http://127.0.0.1:{port}/metrics"

        def failed():
            return sum(float(line.rsplit(" ", 1)[1]) for line in request("GET", asked)[1].splitlines()
                       if line.startswith("alertmanager_notification_requests_failed_total{"))
        check(failed() == 0, "Alertmanager was never refused")
        up = f"http://127.0.0.1:{prometheus_port}/federate?match%5B%5D=up%7Bjob%3D%22iwakan%22%7D"
        wait_until(lambda: "} 1 " in request("GET", up)[1], "Prometheus scrapes with its token", 30)


def nothing_secret_was_shown(daemon, folder, tokens):
    pages = [daemon.ask("GET", path, tokens["admin"])[1] for path in
             ("/metrics", "/api/v1/alerts", "/api/v1/incidents/INC-1", "/api/v1/deliveries", "/api/v2/status")]
    checked = subprocess.run([BUILD / "iwakand", "--config", folder / "iwakand.yaml", "--check-config"], capture_output=True, text=True, timeout=30)
    stored = b"".join(path.read_bytes() for path in (folder / "store").rglob("*") if path.is_file())
    for text in [*pages, daemon.log.read_text(), checked.stdout + checked.stderr, (folder / "out.jsonl").read_text(),
                 stored.decode("latin-1"), pathlib.Path(f"/proc/{daemon.child.pid}/cmdline").read_text()]:
        check("canary-" not in text, f"a secret was shown: {text[max(0, text.find('canary-') - 200):][:300]}")


def it_does_not_listen_carelessly(folder):
    def complaint(**changes):
        config = folder / "careless.yaml"
        config.write_text(json.dumps({"listen": "0.0.0.0:8119", "store": {"path": str(folder / "careless")}, **changes}))
        told = [subprocess.run([BUILD / "iwakand", "--config", config, *flag], capture_output=True, text=True, timeout=30)
                for flag in (["--check-config"], [])]
        check(told[0].stderr == told[1].stderr and told[1].returncode == 1, f"it starts nevertheless: {told[1].stderr}")
        return told[0].stderr
    both = complaint()
    check("add access:" in both and "behind_proxy: true" in both, both)
    check("add access:" in complaint(behind_proxy=True), "a proxy does not say who may")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        it_does_not_listen_carelessly(folder)
        ca, clients, strangers = (Authority(folder, name) for name in ("ca", "clients", "strangers"))
        ca.sign_server("server")
        tokens = Tokens(folder)
        daemon = SecureIwakand(folder, settings(folder, tokens), folder / "ca.pem")
        with ending(daemon):
            daemon.wait_ready()
            check(daemon.ask("POST", "/v1/alertmanager", tokens["am-token"], ALERT)[0] == 200, "the first alert")
            every_role_may_what_it_may(daemon, tokens)
            every_proof_works(daemon, folder, tokens, clients, strangers)
            the_proxy_vouches(daemon)
            a_mad_sender_is_told_to_come_back(daemon, tokens)
            tls_is_tls(daemon, folder, tokens)
            real_peers(daemon, folder, tokens)
            changes_without_a_restart(daemon, folder, tokens, ca)
            people_at_a_terminal(daemon, folder, tokens)
            for reason, source in (("unauthorized", "http"), ("forbidden", "http"), ("unauthorized", "alertmanager"), ("unavailable", "alertmanager")):
                check(daemon.metric_as(tokens["metrics"], "iwakan_requests_refused_total", reason=reason, source=source) > 0, f"counted: {reason} {source}")
            check("msg=\"request refused\"" in daemon.log.read_text(), "logged")
            nothing_secret_was_shown(daemon, folder, tokens)
            check(daemon.stop() == 0, f"a calm end:\n{daemon.tail()}")


main()
print("access: whoever may, and nobody else")
