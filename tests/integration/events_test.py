#!/usr/bin/python3
"""Goal: whoever watches sees every entry of the timelines as it is written, in order, across a break and a restart of the daemon; who
reads too slowly is cut off and harms nobody; streams are bounded and kept alive. Method: iwakanctl watch, and raw sockets."""

import contextlib
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import BUILD, Iwakand, Process, check, ending, free_port, organisation, request, wait_until

STREAMS_MAX = 64


class Reader:
    """A connection to the stream, and what came by it."""

    def __init__(self, daemon, last=None, small=False):
        self.socket = socket.socket()
        if small:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", daemon.port))
        header = f"Last-Event-ID: {last}\r\n" if last else ""
        self.socket.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n{header}\r\n".encode())
        self.text = ""
        if not small:
            self.read_until("retry: " if not last else "")

    def read_until(self, words, seconds=30):
        while words not in self.text or "\r\n\r\n" not in self.text:
            piece = self.socket.recv(65536)
            check(piece, f"the stream ended before {words!r}: {self.text[-300:]}")
            self.text += piece.decode()

    def events(self):
        """(id, entry) of what came so far."""
        found = []
        for block in self.text.partition("\r\n\r\n")[2].split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
            if fields.get("event") == "timeline":
                found.append((fields["id"], json.loads(fields["data"])))
        return found

    def stop(self):
        self.socket.close()


def numbers(events):
    return [(entry["incident"], entry["number"]) for _, entry in events]


def note(daemon, text):
    daemon.post("/api/v1/incidents/INC-1/notes", {"text": text, "actor": "sato"})


def what_happens_is_seen(daemon):
    reader = Reader(daemon)
    with ending(reader):
        head = reader.text.partition("\r\n\r\n")[0]
        check("text/event-stream" in head and "Content-Length" not in head and "Connection: close" in head, head)
        daemon.post("/api/v1/incidents", {"subject": "checkout", "title": "Orders fail\nat times", "actor": "sato"})
        note(daemon, "the last one")
        reader.read_until("the last one")
        wait_until(lambda: not daemon.get("/api/v1/deliveries?state=pending")["deliveries"], "the reports are out")
        note(daemon, "really the last one")
        reader.read_until("really the last one")
        seen = reader.events()
        timeline = daemon.get("/api/v1/incidents/INC-1")["timeline"]
        check([{key: value for key, value in entry.items() if key != "incident"} for _, entry in seen] == timeline,
              f"each entry, whole and in order: {numbers(seen)}")
        return seen


def one_who_comes_back_misses_nothing(daemon, seen):
    for place in (0, 2, len(seen) - 2):
        again = Reader(daemon, last=seen[place][0])
        with ending(again):
            again.read_until("really the last one")
            check(again.events() == seen[place + 1:], f"what came after {seen[place][0]}: {numbers(again.events())}")
    for wrong in ("1", "a-b-c", "1-2-3-4", "9" * 40 + "-1-1"):
        status, text = request("GET", daemon.url + "/api/v1/events", headers={"Last-Event-ID": wrong})
        check(status == 400 and json.loads(text)["error"]["path"] == "Last-Event-ID", f"{wrong}: {status} {text}")
    check(request("HEAD", daemon.url + "/api/v1/events")[0] == 200, "its head alone")


def streams_are_bounded(daemon):
    readers = []

    def another():
        """False: those who left before still hold their places, until something is sent to them."""
        note(daemon, "is anybody there?")
        reader = Reader(daemon, small=True)
        reader.read_until("\r\n\r\n")
        readers.append(reader)
        if "200 OK" not in reader.text:
            readers.pop().stop()
        return len(readers) == STREAMS_MAX
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: [reader.stop() for reader in readers])
        wait_until(another, "as many streams as may be")
        status, text = request("GET", daemon.url + "/api/v1/events")
        check(status == 503 and "64" in text, f"one too many: {status} {text}")
        check(request("GET", daemon.url + "/-/ready")[0] == 200, "others are served")
    wait_until(lambda: free_again(daemon), "a place is free again once readers are gone")


def free_again(daemon):
    note(daemon, "is anybody there?")  # who is gone is found out when something is sent
    status = subprocess.run(["curl", "--silent", "--max-time", "1", "--output", "/dev/null", "--write-out", "%{http_code}",
                             daemon.url + "/api/v1/events"], capture_output=True, text=True, timeout=10).stdout
    return status == "200"


def a_slow_reader_is_cut_off(daemon):
    slow, quick = Reader(daemon, small=True), Reader(daemon)
    with ending(slow, quick):
        wait_until(lambda: slow.socket.recv(1, socket.MSG_PEEK), "the slow one is there")
        rounds = 12
        for number in range(rounds):
            lines = [{"source_id": f"{number}.{line}", "occurred_at": "2026-01-01T00:00:00Z", "author": "sato", "text": "x" * 1500} for line in range(300)]
            daemon.post("/api/v1/incidents/INC-1/chat", {"lines": lines})
            quick.read_until(f'"source_id":"{number}.299"')
        check(len([1 for _, entry in quick.events() if entry["kind"] == "chat"]) == rounds * 300, "the quick one got all")
        got = 0
        while True:
            try:
                piece = slow.socket.recv(1 << 20)
            except ConnectionResetError:
                break
            if not piece:
                break
            got += len(piece)
        check(0 < got < len(quick.text), f"the slow one was cut off after {got} of {len(quick.text)} bytes")


def it_is_kept_alive(daemon):
    reader = Reader(daemon)
    with ending(reader):
        reader.read_until(": still here")


def iwakanctl_watches(daemon, folder, settings):
    """Across a restart, without a gap."""
    watch = Process("watch", [BUILD / "iwakanctl", "--url", daemon.url, "--json", "watch", "INC-1"], folder)
    with ending(watch):
        lines = lambda: [json.loads(line) for line in watch.log.read_text().splitlines() if line.startswith("{")]

        def seen():
            note(daemon, "is the watch there?")
            return lines()
        wait_until(seen, "the watch is there")
        daemon.stop(signal.SIGTERM)
        again = Iwakand(folder, settings, name="again")
        with ending(again):
            again.wait_ready()
            note(again, "while nobody looked")
            wait_until(lambda: any("while nobody looked" in line["text"]["en"] for line in lines()), "it came back", 30)
            got = [line["number"] for line in lines()]
            check(got == list(range(got[0], got[0] + len(got))), f"nothing twice, nothing left out: {got}")
            shown = subprocess.run([BUILD / "iwakanctl", "--url", again.url, "watch", "--since", lines()[-2]["id"], "--count", "1"],
                                   capture_output=True, text=True, timeout=20)
            check(shown.returncode == 0 and "INC-1" in shown.stdout and "while nobody looked (sato)" in shown.stdout, f"{shown}")
            refused = subprocess.run([BUILD / "iwakanctl", "--url", again.url, "watch", "--since", "x"], capture_output=True, text=True, timeout=20)
            check(refused.returncode == 1 and "Last-Event-ID" in refused.stderr, f"{refused}")
            reader = Reader(again)
            with ending(reader):
                check(again.stop() == 0, "a stream does not hold the end up")
        check(watch.running(), "it goes on trying")
    nobody = subprocess.run([BUILD / "iwakanctl", "--url", f"http://127.0.0.1:{free_port()}", "watch"], capture_output=True, text=True, timeout=20)
    check(nobody.returncode == 3, f"{nobody}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        settings = {"listen": f"127.0.0.1:{free_port()}", "store": {"path": str(folder / "store")},
                    "sinks": {"out": {"kind": "file", "path": str(folder / "out.jsonl")}}, **organisation("out", "out")}
        daemon = Iwakand(folder, settings)
        with ending(daemon):
            daemon.wait_ready()
            seen = what_happens_is_seen(daemon)
            one_who_comes_back_misses_nothing(daemon, seen)
            streams_are_bounded(daemon)
            it_is_kept_alive(daemon)
            a_slow_reader_is_cut_off(daemon)
            iwakanctl_watches(daemon, folder, settings)


main()
print("events: whoever watches misses nothing")
