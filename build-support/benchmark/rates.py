#!/usr/bin/env python3
"""What a line with a rate carries: iperf3 through one subscriber at several rates, TCP and UDP, up and down, and voice beside a full line.

    rates.py [--rates 1,20,100,1000] [--seconds 5] [--rounds 3] [--only tcp-up,tcp-down,udp-up,udp-down,voice,carrier-down,carrier-up]

Needs root, two cores and iperf3; IMAGE names the image. Each line of the result says the rate, what arrived as IP packets (headers included), their
quotient in percent, and the CPU time of lnsd for each packet. Voice is 100 packets of 100 octets a second to a line that TCP fills. Carrier is 1,000
lines that want 190 Mbit/s of the 100 that their LAC has, to them (carrier-down) and from them (carrier-up), all of 2 Mbit/s, and then half of them of 64
kbit/s. So many rounds of each but voice.
"""
import argparse
import ctypes
import json
import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import peers  # noqa: E402

IMAGE = os.environ.get("IMAGE", f"{HERE}/../../packaging/target/lnsd")
CLONE_NEWNET = 0x40000000
SECRET_USER = "u1@bench"
USER = f'[[user]]\nname = "{SECRET_USER}"\npassword = "secret"\n'
CARRIER_MBIT = 100
CARRIER_LINES = ((2000,), (64, 2000))
CASES = ("tcp-up", "tcp-down", "udp-up", "udp-down", "voice", "carrier-down", "carrier-up")


class Line:
    """One subscriber of the emulator with a device, and an iperf3 server behind the LNS."""

    def __init__(self, site, lns):
        self.site, self.lns = site, lns
        site.spawn(site.core, peers.GENERATOR_CORE, "iperf3", "iperf3", "-s", "-B", peers.CORE_ADDRESS)
        self.lac = site.spawn(site.lac, peers.GENERATOR_CORE, "lnsd-lac", f"{IMAGE}/bin/lnsd-lac", "--lns", peers.LNS_ADDRESS, "--local",
                              peers.LAC_ADDRESS, "--secret", peers.SECRET, "--auth", "pap", "--user", SECRET_USER, "--password", "secret",
                              "--sessions", "1", "--tun", "subs", "--tun-route", "198.51.100.0/24")
        until = time.monotonic() + 30
        while True:
            sessions = json.loads(self.control("show", "sessions"))
            if sessions and sessions[0]["state"] == "open":
                break
            if time.monotonic() > until:
                raise SystemExit("no session:\n" + open(f"{site.work}/lnsd-lac.log").read())
            time.sleep(0.1)
        self.address = sessions[0]["ipv4"]
        self.session = sessions[0]["id"]
        self.receiver = None
        time.sleep(0.5)

    def control(self, *words):
        return peers.run(f"{IMAGE}/bin/lnsctl", "--socket", self.lns.socket, "--json", *words)

    def rate(self, mbit):
        text = f"{mbit}Mbit/s" if mbit else "none"
        for direction in ("rate-up", "rate-down"):
            self.control("set", "session", self.session, direction, text)

    def counters(self):
        return json.loads(self.control("show", "session", self.session))

    def iperf(self, seconds, *options):
        text = self.site.inside(self.site.lac, "iperf3", "-J", "-c", peers.CORE_ADDRESS, "-B", self.address, "-t", str(seconds), *options)
        return json.loads(text)

    def iperf_down(self, seconds, *options):
        """TCP whose client is the sender to the subscriber: only a client takes --fq-rate."""
        if self.receiver is None:
            self.receiver = self.site.spawn(self.site.lac, peers.GENERATOR_CORE, "iperf3-subscriber", "iperf3", "-s", "-B", self.address)
            time.sleep(0.5)
        text = self.site.inside(self.site.core, "iperf3", "-J", "-c", self.address, "-B", peers.CORE_ADDRESS, "-t", str(seconds), *options)
        return json.loads(text)

    def datagrams(self, direction, mbit, seconds):
        """A stream of so many Mbit/s of IP packets one way; returns the bits a second that arrived once it had run for a second,
        and how many packets were sent in all."""
        ends = [(self.site.lac, self.address), (self.site.core, peers.CORE_ADDRESS)]
        (sender, source), (receiver, target) = ends if direction == "up" else reversed(ends)
        program = ("taskset", "-c", peers.GENERATOR_CORE, "python3", f"{HERE}/datagrams.py")
        arrived = subprocess.Popen(("ip", "netns", "exec", receiver, *program, "receive", f"{target}:5003", "1", str(seconds)),
                                   stdout=subprocess.PIPE, text=True)
        peers.favour(arrived.pid)
        arrived.stdout.readline()
        sent = json.loads(subprocess.check_output(("ip", "netns", "exec", sender, *program, "send", source, f"{target}:5003", str(mbit),
                                                   str(seconds + 1.5)), text=True))
        arrived = json.loads(arrived.communicate(timeout=30)[0])
        if sent["octets"] * 8e-6 / sent["seconds"] < mbit * 0.98:
            print(f"  sent only {sent['octets'] * 8e-6 / sent['seconds']:.1f} of {mbit:g} Mbit/s")
        return arrived["octets"] * 8 / arrived["seconds"], sent["packets"]


def bits_on_line(result):
    payload = result["start"].get("tcp_mss_default") or 1448
    return result["end"]["sum_received"]["bits_per_second"] * (payload + 52) / payload


def measured(line, case, mbit, seconds):
    protocol, direction = case.split("-")
    line.rate(mbit)
    cpu, before = peers.cpu_seconds(line.lns.pid), line.counters()
    if protocol == "udp":
        bps = line.datagrams(direction, mbit * 1.2, seconds)[0]
    else:
        bps = bits_on_line(line.iperf(seconds, "-O", "1", *(["-R"] if direction == "down" else [])))
    cpu, after = peers.cpu_seconds(line.lns.pid) - cpu, line.counters()
    way = "in" if direction == "up" else "out"
    packets, passed, dropped = (after[f"{name}-{way}"] - before[f"{name}-{way}"] for name in ("packets", "octets", "dropped"))
    print(f"{case:9} {mbit:7g} Mbit/s: {bps / 1e6:9.3f} Mbit/s, {bps / mbit / 1e4:6.2f} %, passed {passed / 1e6:.2f} MB, {packets} packets, "
          f"dropped {dropped}, CPU {cpu / max(1, packets) * 1e6:.2f} us a packet", flush=True)
    return bps / mbit / 1e4


def several(line, case, mbit, chosen):
    """What TCP catches up after a timeout may come when a run is over, so that one run may be some percent off."""
    percents = [measured(line, case, mbit, chosen.seconds) for _ in range(chosen.rounds)]
    print(f"{case:9} {mbit:7g} Mbit/s: median {statistics.median(percents):.2f} %, {min(percents):.2f} to {max(percents):.2f}", flush=True)


def voice(line, mbit, seconds):
    """100 packets of 100 octets a second (IP) from the core beside TCP down; sender and receiver share the clock."""
    line.rate(mbit)
    delays, sent = [], 0
    receiver = inside(line.site.lac, lambda: udp_socket(line.address, 7000))
    sender = inside(line.site.core, lambda: udp_socket(peers.CORE_ADDRESS, 7001))
    receiver.settimeout(1)
    stop = threading.Event()

    def receive():
        while not stop.is_set():
            try:
                data = receiver.recv(2048)
            except TimeoutError:
                continue
            delays.append(time.monotonic() - struct.unpack("d", data[:8])[0])

    reader = threading.Thread(target=receive)
    reader.start()
    load = threading.Thread(target=lambda: line.iperf(seconds, "-R", "-P", "4"))
    load.start()
    due = time.monotonic()
    while load.is_alive():
        sender.sendto(struct.pack("d", time.monotonic()) + bytes(64), (line.address, 7000))
        sent += 1
        due += 0.01
        time.sleep(max(0, due - time.monotonic()))
    load.join()
    time.sleep(1)
    stop.set()
    reader.join()
    delays.sort()
    print(f"voice     {mbit:7g} Mbit/s: {sent} sent, {sent - len(delays)} lost, delay p50 {delays[len(delays) // 2] * 1e3:.2f} ms, "
          f"p99 {delays[len(delays) * 99 // 100] * 1e3:.2f} ms, worst {delays[-1] * 1e3:.2f} ms", flush=True)


def udp_socket(address, port):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, port))
    return made


def inside(space, action):
    """Runs the action in a namespace: a thread of its own enters it and ends."""
    made = []

    def enter():
        with open(f"/run/netns/{space}") as there:
            if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"cannot enter {space}")
        made.append(action())

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    return made[0]


def lines_of_a_carrier(way, rates_kbit):
    """A thousand users, with these rates in turn."""
    return "".join(f'[[user]]\nname = "u{line}@bench"\npassword = "secret"\nrate-{way} = "{rates_kbit[line % len(rates_kbit)]}kbit/s"\n'
                   for line in range(1, 1001))


def carrier(work, way, rates_kbit, seconds):
    """A thousand lines share what their LAC has: the sum and the smallest share of what is fair (max-min), from lnsd's own counters."""
    with peers.Site(f"lnsd-rates-{os.getpid()}", work) as site, peers.Lnsd(site, IMAGE, lines_of_a_carrier(way, rates_kbit)) as lns:
        path = f"{site.work}/lnsd.toml"
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace('name = "bench"', f'name = "bench"\nrate-{way} = "{CARRIER_MBIT}Mbit/s"'))
        control = (f"{IMAGE}/bin/lnsctl", "--socket", lns.socket, "--json")
        peers.run(*control, "reload")
        load = threading.Thread(target=lambda: peers.generate(
            site, IMAGE, "--sessions", "1000", "--tunnels", "4", "--core", f"{peers.CORE_ADDRESS}:5002", "--core-netns", site.core,
            "--traffic", f"{way},1400,pps=17000,seconds={seconds + 8}", "--hold", "0"))
        load.start()
        before = octets(control, way)
        while sum(octets for _, octets in before.values()) < 20e6:
            time.sleep(0.5)
            before = octets(control, way)
        before, begun = octets(control, way), time.monotonic()
        time.sleep(seconds)
        after, ended = octets(control, way), time.monotonic()
        lasted = ended - begun
        load.join()
    fair = fair_shares([user_rate(user, rates_kbit) for user, _ in after.values()])
    got = [octets - before[line][1] for line, (_, octets) in after.items()]
    shares = sorted(octets * 8 / lasted / bps for octets, bps in zip(got, fair))
    print(f"carrier {way:4} {len(shares)} lines of {' or '.join(map(str, rates_kbit))} kbit/s: {sum(got) * 8e-6 / lasted:.2f} of {CARRIER_MBIT} Mbit/s, "
          f"smallest share {shares[0] * 100:.1f} %, largest {shares[-1] * 100:.1f} % of the fair one", flush=True)


def user_rate(user, rates_kbit):
    return rates_kbit[int(user[1:user.index("@")]) % len(rates_kbit)] * 1000


def fair_shares(rates):
    """Max-min fairness: nobody has more than its rate, and what that leaves is the others'."""
    left, share = CARRIER_MBIT * 1e6, {}
    for place, line in enumerate(sorted(range(len(rates)), key=rates.__getitem__)):
        share[line] = min(rates[line], left / (len(rates) - place))
        left -= share[line]
    return [share[line] for line in range(len(rates))]


def octets(control, way="down"):
    """Of each session: its user, and what went to it, or came from it."""
    return {line["id"]: (line["user"], line["octets-out" if way == "down" else "octets-in"]) for line in json.loads(peers.run(*control, "show", "sessions"))}


def on_a_line(line, chosen):
    for case in chosen.only.split(","):
        if case == "voice":
            voice(line, 20, chosen.seconds)
        elif not case.startswith("carrier"):
            for mbit in chosen.rates.split(","):
                several(line, case, float(mbit), chosen)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rates", default="1,20,100,1000")
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default=",".join(CASES))
    chosen = options.parse_args()
    work = tempfile.mkdtemp(prefix="lnsd-rates-")
    cases = chosen.only.split(",")
    try:
        if any(not case.startswith("carrier") for case in cases):
            with peers.Site(f"lnsd-rates-{os.getpid()}", work) as site, peers.Lnsd(site, IMAGE, USER) as lns:
                on_a_line(Line(site, lns), chosen)
        for case in cases:
            if case.startswith("carrier"):
                for rates_kbit in CARRIER_LINES:
                    for _ in range(chosen.rounds):
                        carrier(work, case.split("-")[1], rates_kbit, chosen.seconds)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
