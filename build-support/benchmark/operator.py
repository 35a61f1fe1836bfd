#!/usr/bin/env python3
"""What operators get from a daemon with many sessions, while a flow runs beside it.

    build-support/benchmark/operator.py [SESSIONS]        50,000 without a number

Needs root, two cores, jq and a built image (IMAGE names another). Prints for each question how long the daemon took (a client on its control
socket) and how long a whole lnsctl took, and what the flow lost. Exit code 1 if a goal of docs/OPERATIONS.md is missed.
"""
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import peers  # noqa: E402

IMAGE = os.environ.get("IMAGE", f"{HERE}/../../packaging/target/lnsd")
SESSIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
FLOW_PPS = 5_000
FLOW_SECONDS = 15
GOAL_MS = 100
missed = []


class Client:
    """A client of the control socket, see docs/CONTROL.md."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.lines = self.socket.makefile("rwb")
        self.lines.readline()

    def ask(self, request):
        """Returns (milliseconds, lines, octets) of the answer."""
        started = time.monotonic()
        self.lines.write(request.encode() + b"\n")
        self.lines.flush()
        count = octets = 0
        while not (line := self.lines.readline()).startswith(b"="):
            count, octets = count + 1, octets + len(line)
        if line != b"=0\n":
            raise SystemExit(f"{request}: {line.decode()}")
        return (time.monotonic() - started) * 1000, count, octets


def say(what, text, good=True):
    print(f"{what:44} {text}{'' if good else '   MISSED'}", flush=True)
    good or missed.append(what)


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def ask(lns):
    started = time.monotonic()
    command = f"{IMAGE}/bin/lnsctl --socket {lns.socket} show sessions --json | jq length"
    length = int(subprocess.run(("sh", "-c", command), check=True, text=True, capture_output=True).stdout)
    say("lnsctl show sessions --json | jq length", f"{length} in {time.monotonic() - started:.2f} s", length == SESSIONS)
    client = Client(lns.socket)
    last = f"u{SESSIONS}@bench"
    names = [last, "10.64.0.9", "u17@bench"]
    milliseconds, lines, octets = client.ask("show sessions --json")
    say("show sessions --json", f"{milliseconds:.0f} ms, {octets / 2**20:.1f} MiB in {lines} lines")
    for request in [f"show session {name}" for name in names] + [
            f"show sessions --user {last}", "show sessions --calling 0301*", "show sessions --limit 20", "show status", "show top", "words show session u4999",
            f"show history session {last}", "show pools", "show counters"]:
        times = sorted(client.ask(request)[0] for _ in range(9))
        fast = times[-1] < GOAL_MS or not request.startswith("show session ")
        say(request, f"{statistics.median(times):.1f} ms, {times[-1]:.1f} at most, of the daemon", fast)
    times, before = [], cpu_of_children()
    for _ in range(9):
        started = time.monotonic()
        subprocess.run((f"{IMAGE}/bin/lnsctl", "--socket", lns.socket, "show", "session", last), check=True, capture_output=True)
        times.append((time.monotonic() - started) * 1000)
    say(f"lnsctl show session {last}", f"{statistics.median(times):.0f} ms, {max(times):.0f} at most, "
        f"{(cpu_of_children() - before) / 9 * 1000:.0f} ms of CPU, with the start of lnsctl")


def main():
    work = tempfile.mkdtemp(prefix="lnsd-operator-")
    steps = [part for direction in ("up", "down")
             for part in ("--traffic", f"{direction},512,pps={FLOW_PPS},train=1,seconds={FLOW_SECONDS}")]
    try:
        with peers.Site(f"lnsd-operator-{os.getpid()}", work) as site, peers.Lnsd(site, IMAGE) as lns:
            started = time.monotonic()

            def at_report():
                say(f"{SESSIONS} sessions", f"open after {time.monotonic() - started:.1f} s, {peers.resident_mib(lns.pid):.0f} MiB resident")
                ask(lns)
            report = peers.generate(site, IMAGE, "--sessions", str(SESSIONS), "--tunnels", "10", "--in-flight", "100", "--hold", "0",
                                    "--core", f"{peers.CORE_ADDRESS}:5001", "--core-netns", site.core, *steps, at_report=at_report)
            for step in report["traffic"]:
                lost = step["sent"] - step["received"]
                say(f"flow {step['direction']} beside it", f"{step['sent']} packets of 512 octets, {lost} lost, one-way p99 "
                    f"{step['one-way-p99-us'] / 1000:.1f} ms", lost == 0)
            say("resident afterwards", f"{peers.resident_mib(lns.pid):.0f} MiB")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
