#!/usr/bin/python3
"""kill -9 at every step between receiving and delivered, and at random moments. After each: nothing acknowledged is
lost (I1), supervisors were told before everybody (I2), every intent is delivered or still to be (I3), a possible
repeat is marked (I4), the journal replays to the same bytes and its chain holds (I5, I6)."""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import (BUILD, Iwakand, Receiver, check, ending, free_port, organisation, request, wait_until)

STEPS = ["before_commit", "after_commit", "before_answer", "delivery_before_start", "delivery_before_send",
         "delivery_after_answer"]
PASSAGES = [1, 2, 3, 5]
RANDOM_ROUNDS = 6
SERVICES = 4


def alert(number):
    return {"status": "firing", "labels": {"alertname": "Down", "service": f"s{number % SERVICES}", "severity": "critical",
                                           "instance": f"i{number}"},
            "annotations": {"summary": f"number {number}"}, "startsAt": "2031-05-14T01:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z"}


def webhook(numbers):
    return {"version": "4", "groupKey": "{}:{}", "status": "firing", "receiver": "iwakan", "truncatedAlerts": 0,
            "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "",
            "alerts": [alert(number) for number in numbers]}


class Sender(threading.Thread):
    """Sends alerts one request after the other until told to stop; remembers which were acknowledged."""

    def __init__(self, url, first):
        super().__init__(daemon=True)
        self.url, self.next, self.acknowledged, self.stopping = url, first, [], False

    def run(self):
        while not self.stopping:
            numbers = [self.next, self.next + 1]
            self.next += 2
            status, _ = request("POST", self.url + "/v1/alertmanager", webhook(numbers), seconds=5)
            if status == 200:
                self.acknowledged += numbers
            elif status == 0:
                return


class Round:
    def __init__(self, folder, receiver):
        self.folder, self.receiver = pathlib.Path(folder), receiver
        secret = self.folder / "secret"
        secret.write_text("whsec_aXdha2FuZC10ZXN0LXNlY3JldC0wMTIzNDU2Nzg5YWJjZGVm")
        secret.chmod(0o600)
        port = free_port()
        levels = {str(n): {"name": "level", "supervisors_within": "1s", "everybody_within": "2s",
                           "next_report_within": "30m"} for n in (2, 3)}
        self.settings = {
            "listen": f"127.0.0.1:{port}", "store": {"path": str(self.folder / "store")}, "levels": levels,
            "sinks": {"hook": {"kind": "webhook", "url": f"http://127.0.0.1:{receiver.port}/hook",
                               "secrets": [{"file": str(secret)}]}},
            **organisation("hook", "hook")}

    def crash(self, environment, after=None):
        """Runs until the failpoint (or `after` acknowledged alerts) kills it; what was acknowledged."""
        daemon = Iwakand(self.folder, self.settings, environment)
        sender = None
        try:
            up = lambda: not daemon.running() or request("GET", daemon.url + "/-/ready")[0] == 200
            wait_until(up, "ready or gone", 30)
            sender = Sender(daemon.url, 0)
            sender.start()
            if after is not None:
                wait_until(lambda: len(sender.acknowledged) >= after, "enough acknowledged", 30)
                daemon.child.kill()
            wait_until(lambda: not daemon.running(), f"the end at {environment}\n{daemon.tail()}", 30)
        finally:
            if sender is not None:
                sender.stopping = True
                sender.join(10)
            daemon.child.kill()
            daemon.child.wait()
            daemon.output.close()
        check(daemon.child.returncode == -9, f"ended by {daemon.child.returncode}, not by the kill:\n{daemon.tail()}")
        return sender.acknowledged if sender else []

    def recover_and_check(self, acknowledged, what):
        daemon = Iwakand(self.folder, self.settings).wait_ready()
        with ending(daemon):
            daemon.post("/v1/alertmanager", webhook([10_000_000]))  # there is an incident at any rate
            known = {a["labels"]["instance"] for a in daemon.get("/api/v1/alerts?state=all")["alerts"]}
            lost = [n for n in acknowledged if f"i{n}" not in known]
            check(not lost, f"{what}: acknowledged and lost: {lost[:10]}")
            incidents = [i["id"] for i in daemon.get("/api/v1/incidents?status=all")["incidents"]]
            wait_until(lambda: all_told(daemon), f"{what}: everything delivered", 30)
            deliveries = daemon.get("/api/v1/deliveries?state=delivered")["deliveries"]
            check(daemon.stop() == 0, f"{what}: did not end well\n{daemon.tail()}")
        self.check_deliveries(incidents, deliveries, what)
        verified = subprocess.run([BUILD / "iwakand", "--check-store", "--config", self.folder / "iwakand.yaml"],
                                  capture_output=True, text=True, timeout=60)
        check(verified.returncode == 0, f"{what}: --check-store: {verified.stdout}{verified.stderr}")

    def check_deliveries(self, incidents, deliveries, what):
        order = [json.loads(body)["data"] for _, _, body in self.receiver.requests]
        ids = [headers_id(headers) for _, headers, _ in self.receiver.requests]
        for incident in incidents:
            mine = {d["edition"]: d for d in deliveries if d["incident"] == incident}
            check(set(mine) == {"cs", "dev", "everybody"}, f"{what}: {incident} was delivered to {sorted(mine)}")
            check(all(id_of(d) in ids for d in mine.values()), f"{what}: {incident}: delivered, but never received")
            starts = [d["queued_at"] for d in (mine["cs"], mine["dev"])]
            check(max(starts) <= mine["everybody"]["queued_at"], f"{what}: {incident}: everybody before supervisors")
            came = {edition: ids.index(id_of(delivery)) for edition, delivery in mine.items()}
            check(max(came["cs"], came["dev"]) < came["everybody"], f"{what}: {incident}: everybody heard first")
        for ident in set(ids):
            copies = [order[i] for i in range(len(ids)) if ids[i] == ident]
            check(len(copies) <= 3, f"{what}: {ident} came {len(copies)} times")
            check(all(c.get("maybe_repeat") for c in copies[1:]), f"{what}: a repeat of {ident} is not marked as one")


def all_told(daemon):
    """Every wave has gone, and (looked at after that) nothing is left to be delivered."""
    incidents = daemon.get("/api/v1/incidents?status=all")["incidents"]
    gone = all(wave["state"] == "sent" for incident in incidents for wave in incident["waves"])
    return gone and daemon.get("/api/v1/deliveries?state=pending")["deliveries"] == []


def headers_id(headers):
    return {k.lower(): v for k, v in headers.items()}["webhook-id"]


def id_of(delivery):
    return delivery["id"].replace(".", "_")


def main():
    rounds = [({"IWAKAN_FAILPOINT": f"{step}:{passage}"}, None) for step in STEPS for passage in PASSAGES]
    chance = random.Random(20311405)
    rounds += [({}, chance.randint(1, 60)) for _ in range(RANDOM_ROUNDS)]
    for environment, after in rounds:
        what = environment.get("IWAKAN_FAILPOINT") or f"kill after {after} alerts"
        receiver = Receiver()
        with tempfile.TemporaryDirectory() as folder, ending(receiver):
            round_ = Round(folder, receiver)
            acknowledged = round_.crash(environment, after)
            round_.recover_and_check(acknowledged, what)
        print(f"{what}: {len(acknowledged)} acknowledged, none lost", flush=True)
    print(f"{len(rounds)} crashes survived")


main()
