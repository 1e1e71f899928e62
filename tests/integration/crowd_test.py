#!/usr/bin/python3
"""Thousands of connections that say nothing, say it slowly, or ask for much, and a good sender among them: it is served within
a second, and the daemon's memory stays within bounds. Nothing ends by its time here: those who wait give way."""

import json
import pathlib
import resource
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import Iwakand, check, ending, free_port, organisation, request, wait_until

CROWD = 5_000
CONNECTIONS = 1_024  # limits.connections_max as it comes
REQUESTS = 400
KINDS = [b"", b"POST /v1/alertmanager HTTP/1.1\r\nHost: local",
         b"POST /v1/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n{"]


def settings(folder):
    return {"listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")},
            "limits": {"idle_time_max": "1h", "header_time_max": "10m", "body_time_max": "10m"},
            "sinks": {"out": {"kind": "file", "path": str(folder / "out.jsonl")}}, **organisation("out", "out")}


def alerts(first, count, **labels):
    return json.dumps({"alerts": [
        {"status": "firing", "labels": {"alertname": "Slow", "service": f"s{number % 50}", "n": str(number), **labels},
         "annotations": {}, "startsAt": "2031-05-14T01:00:00Z", "endsAt": "0001-01-01T00:00:00Z"}
        for number in range(first, first + count)]}).encode()


class Crowd:
    """Keeps CROWD connections, of 200 addresses, open or opening: who is cut off comes again."""

    def __init__(self, port):
        self.port = port
        self.sockets = selectors.DefaultSelector()
        self.made = 0
        self.cut = 0
        self.ending = threading.Event()
        self.full = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def connect(self):
        one = socket.socket()
        one.setblocking(False)
        one.bind((f"127.0.1.{self.made % 200 + 1}", 0))
        one.connect_ex(("127.0.0.1", self.port))
        self.sockets.register(one, selectors.EVENT_WRITE | selectors.EVENT_READ, KINDS[self.made % len(KINDS)])
        self.made += 1

    def run(self):
        while not self.ending.is_set():
            for _ in range(min(50, CROWD - len(self.sockets.get_map()))):
                self.connect()
            if self.made >= CROWD:
                self.full.set()
            for key, what in self.sockets.select(0.005):
                self.attend(key, what)
        for key in list(self.sockets.get_map().values()):
            key.fileobj.close()
        self.sockets.close()

    def attend(self, key, what):
        try:
            if what & selectors.EVENT_READ and not key.fileobj.recv(4096):
                raise ConnectionResetError
            if what & selectors.EVENT_WRITE:
                if key.data:
                    key.fileobj.send(key.data)
                self.sockets.modify(key.fileobj, selectors.EVENT_READ)
        except BlockingIOError:
            return
        except OSError:
            self.cut += 1
            self.sockets.unregister(key.fileobj)
            key.fileobj.close()

    def stop(self):
        self.ending.set()
        self.thread.join(30)


class Sender:
    """Posts on a connection that it keeps, and makes a new one when that was cut, as senders do."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def post(self, body):
        for _ in range(3):
            try:
                if self.connection is None:
                    self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
                self.connection.sendall(b"POST /v1/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                answer = self.connection.recv(4096)
                if answer.startswith(b"HTTP/1.1 200"):
                    return True
            except OSError:
                pass
            self.stop()
        return False

    def stop(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def memory(daemon):
    for line in pathlib.Path(f"/proc/{daemon.child.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def served(port, what, fresh):
    """Every request is taken, and nearly all within a second: on a kept connection, or each on a new one."""
    sender = Sender(port)
    took = []
    for number in range(REQUESTS):
        began = time.monotonic()
        check(sender.post(alerts(number % 20, 1)), f"{what}: request {number} was not taken")
        took.append(time.monotonic() - began)
        if fresh:
            sender.stop()
    sender.stop()
    p99 = statistics.quantiles(took, n=100)[98]
    print(f"{what}: median {statistics.median(took) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")
    check(p99 < 1, f"{what}: p99 is {p99:.2f} s")


def a_crowd_starves_nobody(daemon):
    before = memory(daemon)
    crowd = Crowd(daemon.port)
    with ending(crowd):
        check(crowd.full.wait(60), f"only {crowd.made} connections were made")
        served(daemon.port, "a kept connection in a crowd", fresh=False)
        served(daemon.port, "new connections in a crowd", fresh=True)
        open_now = daemon.metric("iwakan_http_connections")
        gave_way = daemon.metric("iwakan_http_connections_refused_total", reason="gave_way")
        grown = memory(daemon) - before
        print(f"crowd: {crowd.made} connections made, {open_now:.0f} open, {gave_way:.0f} gave way, {grown} MiB more")
        check(CONNECTIONS - 300 < open_now <= CONNECTIONS + 100, f"{open_now} connections are open")
        check(gave_way >= CROWD - CONNECTIONS - 100, f"only {gave_way} gave way")
        check(grown < 128, f"the daemon grew by {grown} MiB")
    wait_until(lambda: daemon.metric("iwakan_http_connections") < 10, "the crowd is gone")


def many_questions_starve_nobody(daemon):
    """Six clients ask for everything there is, again and again, while a sender posts."""
    for first in range(0, 5_000, 500):
        check(Sender(daemon.port).post(alerts(first, 500, severity="info")), "the alerts were not taken")
    asked = []
    ending_now = threading.Event()

    def ask(paths):
        while not ending_now.is_set():
            for path in paths:
                asked.append(request("GET", daemon.url + path, seconds=30)[0])
    paths = ["/api/v1/alerts?state=all", "/api/v2/alerts", "/api/v1/incidents", "/api/v2/alerts/groups", "/metrics", "/api/v1/suspicions"]
    threads = [threading.Thread(target=ask, args=(paths[n:] + paths[:n],), daemon=True) for n in range(6)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: len(asked) >= 6, "questions are answered")
        served(daemon.port, "beside many questions", fresh=False)
    finally:
        ending_now.set()
        for thread in threads:
            thread.join(60)
    check(set(asked) <= {200, 503}, f"questions were answered {set(asked)}")
    print(f"questions: {len(asked)}, memory {memory(daemon)} MiB")
    for first in range(5_000, 10_500, 500):
        check(Sender(daemon.port).post(alerts(first, 500, severity="info")), "the alerts were not taken")
    listed = len(daemon.get("/api/v1/alerts?state=all")["alerts"])
    check(listed == 10_000, f"an answer of {listed} alerts has no bound")


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    check(hard >= CROWD + 1000, f"the test may open {hard} files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (CROWD + 1000, hard))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))  # as a shell gives it to the daemon
        daemon = Iwakand(folder, settings(folder))
        resource.setrlimit(resource.RLIMIT_NOFILE, (CROWD + 1000, hard))
        with ending(daemon):
            daemon.wait_ready()
            a_crowd_starves_nobody(daemon)
            many_questions_starve_nobody(daemon)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print("crowd: all good")


if __name__ == "__main__":
    main()
