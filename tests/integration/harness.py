"""What the integration tests share: processes that are ended by their own id, free loopback ports, and waiting
for a condition with a bound instead of sleeping and hoping. Debian's python3."""

import contextlib
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import described

SOURCE = pathlib.Path(os.environ["IWAKAN_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["IWAKAN_BUILD_DIR"])
PEERS = pathlib.Path(os.environ.get("IWAKAN_PEERS_DIR", "/"))


class TestFailed(AssertionError):
    pass


def check(condition, what):
    if not condition:
        raise TestFailed(what)


def wait_until(condition, what, seconds=30.0):
    """Looks every few milliseconds until condition() gives something true, which is returned."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise TestFailed(f"waited {seconds:.0f} s in vain: {what}")
        pause.wait(0.02)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Process:
    """A child with its output in a file; ended by its own id, waited for, never left behind."""

    def __init__(self, name, arguments, folder, environment=None):
        self.name = name
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.output = open(self.log, "ab")
        self.child = subprocess.Popen([str(a) for a in arguments], stdout=self.output, stderr=self.output,
                                      stdin=subprocess.DEVNULL, cwd=folder, env={**os.environ, **(environment or {})})

    def running(self):
        return self.child.poll() is None

    def stop(self, sign=signal.SIGTERM, seconds=20):
        if self.running():
            self.child.send_signal(sign)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
                raise TestFailed(f"{self.name} did not end within {seconds} s of {sign.name}")
        self.output.close()
        return self.child.returncode

    def tail(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def request(method, url, body=None, headers=None, seconds=10):
    """(status, text); status 0 when there was no answer. Calls under /api/v1 are held to their description."""
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    call = urllib.request.Request(url, data=data, method=method,
                                  headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(call, timeout=seconds) as answer:
            status, kind, text = answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as refused:
        status, kind, text = refused.code, refused.headers["Content-Type"], refused.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    described.hold(method, url, data, status, kind, text)
    return status, text


class Iwakand(Process):
    """The daemon under test. `settings` is its configuration; JSON is YAML."""

    def __init__(self, folder, settings, environment=None, name="iwakand"):
        folder = pathlib.Path(folder)
        self.settings = dict(settings)
        self.port = int(self.settings["listen"].rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"
        config = folder / "iwakand.yaml"
        config.write_text(json.dumps(self.settings, ensure_ascii=False))
        super().__init__(name, [BUILD / "iwakand", "--config", config], folder, environment)

    def wait_ready(self, seconds=30):
        def ready():
            check(self.running(), f"iwakand ended at start:\n{self.tail()}")
            return request("GET", self.url + "/-/ready")[0] == 200
        wait_until(ready, "iwakand ready", seconds)
        return self

    def stop(self, sign=signal.SIGTERM, seconds=20):
        """Ends it, and looks at every report that it wrote."""
        ended = self.running()
        code = super().stop(sign, seconds)
        store = self.settings.get("store", {}).get("path")
        if ended and code == 0 and store:
            looked = subprocess.run([BUILD / "sound_reports", store, self.log.parent / "iwakand.yaml"], capture_output=True, text=True)
            check(looked.returncode == 0, f"the reports are not as practice wants them: {looked.stdout}{looked.stderr}")
        return code

    def get(self, path):
        status, text = request("GET", self.url + path)
        check(status == 200, f"GET {path} answered {status}: {text}")
        return json.loads(text)

    def post(self, path, body):
        status, text = request("POST", self.url + path, body)
        check(200 <= status < 300, f"POST {path} answered {status}: {text}")
        return json.loads(text) if text else None

    def metric(self, name, **labels):
        """The sum of a metric's samples that have the labels."""
        total = 0.0
        for line in request("GET", self.url + "/metrics")[1].splitlines():
            if line.startswith(name + "{") or line.startswith(name + " "):
                if all(f'{key}="{value}"' in line for key, value in labels.items()):
                    total += float(line.rsplit(" ", 1)[1])
        return total


class Receiver:
    """An HTTP server that keeps what it is sent, and answers as told."""

    def __init__(self, answer=200, body=b""):
        self.requests = []
        self.answer = answer
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                received = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.requests.append((self.path, dict(self.headers), received))
                self.send_response(receiver.answer)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def alertmanager_command(*arguments):
    """Debian's Alertmanager reads its default templates from /usr/share/prometheus, where an unpacked one is not. So
    it gets a mount namespace of its own, in which they are; the process stays the same one."""
    mounts = ('mount -t tmpfs none /usr/share && mkdir /usr/share/prometheus && '
              'mount --bind "$0/usr/share/prometheus" /usr/share/prometheus && exec "$0/usr/bin/prometheus-alertmanager" "$@"')
    alone = ["--mount"] if os.geteuid() == 0 else ["--map-root-user", "--mount"]
    return ["unshare", *alone, "sh", "-c", mounts, PEERS, *arguments]


class Gauge:
    """A /metrics page with one number that the test moves."""

    def __init__(self, name):
        self.value = 0.0
        gauge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = f"# TYPE {name} gauge\n{name} {gauge.value}\n".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class MailServer:
    """A real SMTP server (aiosmtpd) that keeps the messages it accepted."""

    def __init__(self):
        from aiosmtpd.controller import Controller

        self.messages = []
        server = self

        class Handler:
            async def handle_DATA(self, _server, _session, envelope):
                server.messages.append((envelope.rcpt_tos, envelope.content))
                return "250 kept"

        self.controller = Controller(Handler(), hostname="127.0.0.1", port=free_port())
        self.controller.start()
        self.port = self.controller.port

    def stop(self):
        self.controller.stop()


def organisation(mail_sink, everybody_sink):
    """Two departments and one room for everybody; critical alerts open at level 3."""
    def department(ident, person, name):
        return {"id": ident, "name": name, "ask": {"ja": "お待ちください", "en": "please stand by"},
                "supervisor": {"id": person, "name": person,
                               "reach": [{"sink": mail_sink, "to": f"{person}@books.example"}]}}
    return {
        "departments": [department("cs", "hasegawa", {"ja": "CS", "en": "Customer support"}),
                        department("dev", "sato", {"ja": "開発", "en": "Engineering"})],
        "everybody": [{"sink": everybody_sink, "to": "all"}],
        "responders": [{"who": {"ja": "藤井", "en": "Fujii"}, "does": {"ja": "指揮", "en": "command"}}],
        "contact": {"ja": "#窓口", "en": "#desk"},
        "rules": {"open_when": {"statements": [{"match": ["severity=\"critical\""], "impact": "possible", "level": 3}]}},
    }


@contextlib.contextmanager
def ending(*things):
    """Stops everything it was given, in reverse order, whatever happened."""
    stack = contextlib.ExitStack()
    for thing in things:
        stack.callback(thing.stop)
    with stack:
        yield
