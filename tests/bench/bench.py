#!/usr/bin/python3
"""iwakand beside Alertmanager: alerts a second (new and known, 1, 64 and 256 a request), resident memory at 10,000,
100,000 and 500,000 active alerts, and the time from a request to the first report. Prints Markdown."""

import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from harness import BUILD, Iwakand, Process, Receiver, alertmanager_command, ending, free_port, organisation, request, wait_until

SECONDS = float(os.environ.get("IWAKAN_BENCH_SECONDS", "4"))
KNOWN = 6400
SIZES = [int(n) for n in os.environ.get("IWAKAN_BENCH_SIZES", "10000,100000,500000").split(",")]


class Measured(Iwakand):
    """Ended without a look at its reports, which tests take: it is measured by itself."""
    stop = Process.stop


def load(to, port, **options):
    arguments = [BUILD / "load", "--to", to, "--port", str(port)]
    for name, value in options.items():
        arguments += [f"--{name}", str(value)]
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if not done.stdout:
        raise SystemExit(f"load failed: {done.stderr}")
    return json.loads(done.stdout)


def resident_kib(process):
    for line in pathlib.Path(f"/proc/{process.child.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def fdatasyncs_per_second(folder):
    path = pathlib.Path(folder) / "sync-probe"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    count, began = 0, time.monotonic()
    while time.monotonic() < began + 2:
        os.pwrite(descriptor, b"x" * 4096, count * 4096)
        os.fdatasync(descriptor)
        count += 1
    os.close(descriptor)
    path.unlink()
    return count / (time.monotonic() - began)


def start_iwakand(folder):
    port = free_port()
    daemon = Measured(folder, {"listen": f"127.0.0.1:{port}", "store": {"path": str(pathlib.Path(folder) / "store")},
                              "log_level": "warning", "rules": {"never_seen": "off", "unusual_frequency": "off"}})
    return daemon.wait_ready()


def start_alertmanager(folder):
    port = free_port()
    config = {"route": {"receiver": "nobody", "group_by": ["alertname"]}, "receivers": [{"name": "nobody"}]}
    (pathlib.Path(folder) / "alertmanager.json").write_text(json.dumps(config))
    process = Process("alertmanager", alertmanager_command(
        "--config.file=alertmanager.json", "--storage.path=alertmanager", f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=", "--log.level=error"), folder)
    process.port = port
    wait_until(lambda: request("GET", f"http://127.0.0.1:{port}/-/ready")[0] == 200, "Alertmanager", 60)
    return process


STARTERS = {"iwakand": start_iwakand, "alertmanager": start_alertmanager}


def throughput(to, size, known):
    with tempfile.TemporaryDirectory() as folder:
        process = STARTERS[to](folder)
        with ending(process):
            options = {"alerts": size, "seconds": SECONDS, "connections": 2}
            if known:
                # The same episodes: a later start would be a new one, which is written.
                options |= {"distinct": KNOWN, "starts-at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())}
                load(to, process.port, **options | {"alerts": 64, "requests": KNOWN // 64, "connections": 1})
            return load(to, process.port, **options)


def memory(to):
    """Kibibytes resident with nothing, and at each size."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        process = STARTERS[to](folder)
        with ending(process):
            figures[0] = resident_kib(process)
            sent = 0
            for size in SIZES:
                requests = (size - sent + 255) // 256
                load(to, process.port, alerts=256, first=sent, requests=requests, connections=1, seconds=600)
                sent += requests * 256
                time_to_settle()
                figures[size] = resident_kib(process)
    return figures


def time_to_settle():
    end = time.monotonic() + 3
    wait_until(lambda: time.monotonic() > end, "three seconds", 5)


def first_report(rounds=200):
    """Seconds from sending a request that opens an incident until the report is at a local webhook."""
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        receiver = Receiver()
        secret = folder / "secret"
        secret.write_text("whsec_aXdha2FuZC10ZXN0LXNlY3JldC0wMTIzNDU2Nzg5YWJjZGVm")
        secret.chmod(0o600)
        port = free_port()
        people = organisation("hook", "hook")
        people["departments"] = people["departments"][:1]
        daemon = Measured(folder, {
            "listen": f"127.0.0.1:{port}", "store": {"path": str(folder / "store")}, "log_level": "warning",
            "sinks": {"hook": {"kind": "webhook", "url": f"http://127.0.0.1:{receiver.port}/hook",
                               "secrets": [{"file": str(secret)}]}}, **people}).wait_ready()
        with ending(receiver, daemon):
            for number in range(rounds):
                body = {"version": "4", "alerts": [{
                    "status": "firing", "labels": {"alertname": "Down", "service": f"s{number}", "severity": "critical"},
                    "annotations": {}, "startsAt": "2031-05-14T01:00:00Z", "endsAt": "0001-01-01T00:00:00Z"}]}
                began = time.monotonic()
                request("POST", daemon.url + "/v1/alertmanager", body)
                while len(receiver.requests) <= number:
                    if time.monotonic() > began + 10:
                        raise SystemExit("a first report did not come within 10 s")
                taken.append(time.monotonic() - began)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.99)]


def main():
    with tempfile.TemporaryDirectory() as folder:
        syncs = fdatasyncs_per_second(folder)
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    print(f"Machine: {os.cpu_count()} cores of {model}, {platform.system()} {platform.release()}; load, daemon and disk share it.")
    print(f"Raw fdatasync of 4 KiB appends: {syncs:,.0f} a second.\n")
    print("| alerts | a request | iwakand, alerts/s | p99 | Alertmanager, alerts/s | p99 | ratio |")
    print("|---|---|---|---|---|---|---|")
    for known in (True, False):
        for size in (1, 64, 256):
            ours, theirs = throughput("iwakand", size, known), throughput("alertmanager", size, known)
            ratio = ours["alerts_per_second"] / theirs["alerts_per_second"]
            print(f"| {'known' if known else 'new'} | {size} | {ours['alerts_per_second']:,} | {ours['p99_ms']:.1f} ms | "
                  f"{theirs['alerts_per_second']:,} | {theirs['p99_ms']:.1f} ms | {ratio:.1f} |", flush=True)
    print("\n| active alerts | iwakand resident | bytes an alert | Alertmanager resident | bytes an alert | ratio |")
    print("|---|---|---|---|---|---|")
    ours, theirs = memory("iwakand"), memory("alertmanager")
    for size in SIZES:
        each = [(figures[size] - figures[0]) * 1024 / size for figures in (ours, theirs)]
        print(f"| {size:,} | {ours[size] / 1024:,.0f} MiB | {each[0]:,.0f} | {theirs[size] / 1024:,.0f} MiB | {each[1]:,.0f} | "
              f"{each[0] / each[1]:.2f} |", flush=True)
    print(f"\n(With nothing: iwakand {ours[0] / 1024:,.0f} MiB, Alertmanager {theirs[0] / 1024:,.0f} MiB; bytes an alert are beyond that.)")
    p50, p99 = first_report()
    print(f"\nFrom a request to the first report at a local webhook: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms "
          "(every step synced: alert, attempt).")


main()
