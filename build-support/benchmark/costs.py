#!/usr/bin/env python3
"""What rates and filters cost lnsd in CPU time, always as pairs of runs in turn (A B B A) on warm daemons; the result is the ratio of the pairs.

    costs.py [--only overhead,filter,shaped,lines] [--rounds 6] [--seconds 2] [--mbit 1000] [--speeds 4000,1000,100,20]

overhead  packets of a line without limits, against the same image without the feature (made by without-limits): both at once on the same core, half
          of --mbit each, so that whatever else happens happens to both; what the compiler made of each differs from start to start, so take several
filter    packets of a line with a filter of 100 rules, against the same line without
shaped    TCP to a line at a rate, against the same TCP to a line without one that its sender keeps to that speed: paced by its kernel, as TCP comes from
          afar, and by iperf3, which sends 128 KiB at once; cubic
lines     UDP to 1, 100 and 1,000 shaped lines, against as many packets to lines without a rate

Needs root, two cores and iperf3; IMAGE names the image.
"""
import argparse
import math
import os
import shutil
import subprocess
import tempfile
import threading
import time

import peers
import rates

WAYS = ("up", "down")


def pairs(name, rounds, one, other):
    """Prints the quotient of one by other; both give CPU in us a packet. Rounds go A B, B A, A B..., so that a drift hits both."""
    ones, others = [], []
    for number in range(rounds):
        order = (one, other) if number % 2 == 0 else (other, one)
        first, second = (measure() for measure in order)
        mine, its = (first, second) if number % 2 == 0 else (second, first)
        ones.append(mine)
        others.append(its)
    report(name, ones, others)


def report(name, ones, others):
    rounds = len(ones)
    quotients = [math.log(mine / its) for mine, its in zip(ones, others)]
    mean = sum(quotients) / rounds
    spread = math.sqrt(sum((quotient - mean) ** 2 for quotient in quotients) / max(1, rounds - 1) / rounds)
    differences = sorted(mine - its for mine, its in zip(ones, others))
    print(f"{name:32} {median(ones):7.3f} against {median(others):7.3f} us a packet: ratio {math.exp(mean):.3f} (x/ {math.exp(spread):.3f}), "
          f"difference {median(differences):+.3f} us, {rounds} pairs", flush=True)


def median(values):
    return sorted(values)[len(values) // 2]


def cpu_of_datagrams(line, way, mbit, seconds):
    before = peers.cpu_seconds(line.lns.pid)
    packets = line.datagrams(way, mbit, seconds)[1]
    return (peers.cpu_seconds(line.lns.pid) - before) / packets * 1e6


def cpu_of_tcp(line, seconds, *options):
    before = peers.cpu_seconds(line.lns.pid)
    bits = rates.bits_on_line(line.iperf(seconds, *options)) * seconds
    return cpu_of_bits(line, before, bits), bits / seconds


def cpu_of_bits(line, before, bits):
    return (peers.cpu_seconds(line.lns.pid) - before) / (bits / 8 / 1500) * 1e6


def warm(line, chosen):
    line.rate(0)
    for way in WAYS:
        line.datagrams(way, chosen.mbit, 2)


def overhead(work, chosen):
    without = f"{work}/without"
    subprocess.run((f"{rates.HERE}/without-limits", rates.IMAGE, without), check=True)
    with site(work, "with") as a, site(work, "without") as b, peers.Lnsd(a, rates.IMAGE, rates.USER) as lnsd, \
            peers.Lnsd(b, without, rates.USER) as bare:
        one, other = rates.Line(a, lnsd), rates.Line(b, bare)
        for line in (one, other):
            warm(line, chosen)
        mbit = chosen.mbit // 2
        for way in WAYS:
            both(f"overhead {way}", chosen.rounds, one, other, lambda line: cpu_of_datagrams(line, way, mbit, chosen.seconds))
        both("overhead tcp down", chosen.rounds, one, other, lambda line: cpu_of_tcp(line, chosen.seconds, "-R", "-b", f"{mbit}M")[0])


def both(name, rounds, one, other, measure):
    """Prints the quotient of two lines that are measured at the same time; each begins half of the rounds."""
    figures = []
    for number in range(rounds):
        found = {}
        order = (one, other) if number % 2 == 0 else (other, one)
        threads = [threading.Thread(target=lambda line=line: found.__setitem__(line, measure(line))) for line in order]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        figures.append((found[one], found[other]))
    report(name, [mine for mine, _ in figures], [its for _, its in figures])


def hundred_rules():
    """None of the first 98 matches, all must be looked at; both families, ports, prefixes, and flags."""
    rules = [f"deny udp 10.{i}.0.0/16 198.51.{i}.0/24 eq {6000 + i}" for i in range(1, 40)]
    rules += [f"deny tcp any host 203.0.113.{i} range {i} {i + 100}" for i in range(1, 40)]
    rules += [f"deny udp 2001:db8:{i}::/48 any eq {i}" for i in range(1, 21)]
    rules += ["permit tcp any any established", "permit any"]
    assert len(rules) <= 101
    return '[[filter]]\nname = "hundred"\nrules = [' + ",".join(f'"{rule}"' for rule in rules[-100:]) + "]\n"


def filter_of_100(work, chosen):
    with site(work, "filter") as a, peers.Lnsd(a, rates.IMAGE, rates.USER + hundred_rules()) as lnsd:
        line = rates.Line(a, lnsd)
        warm(line, chosen)

        def measured(way, name):
            line.control("set", "session", line.session, "filter-in" if way == "up" else "filter-out", name)
            return cpu_of_datagrams(line, way, chosen.mbit, chosen.seconds)

        for way in WAYS:
            measured(way, "hundred")
            pairs(f"filter of 100 {way}", chosen.rounds, lambda: measured(way, "hundred"), lambda: measured(way, "none"))


def shaped(work, chosen):
    with site(work, "shaped") as a, peers.Lnsd(a, rates.IMAGE, rates.USER) as lnsd:
        line = rates.Line(a, lnsd)
        warm(line, chosen)
        whole = round(cpu_of_tcp(line, chosen.seconds + 1, "-R")[1] / 1e6 * 0.7)
        for mbit in map(int, chosen.speeds.split(",")):
            compare_shaped(line, min(mbit, whole), chosen)


def compare_shaped(line, mbit, chosen):
    def measured(rate, *options):
        line.rate(rate)
        before = peers.cpu_seconds(line.lns.pid)
        bits = rates.bits_on_line(line.iperf_down(chosen.seconds, "-C", "cubic", *options)) * chosen.seconds
        return cpu_of_bits(line, before, bits)

    for _ in range(3):  # the compiler's work, which is counted
        measured(mbit)

    for kind, option in (("paced", "--fq-rate"), ("bursts", "-b")):
        pairs(f"shaped tcp {mbit} Mbit/s, {kind}", chosen.rounds, lambda: measured(mbit), lambda: measured(0, option, f"{mbit}M"))


def lines(work, chosen):
    for count, mbit in ((1, 20), (100, 4), (1000, 0.5)):
        with site(work, f"lines{count}") as a, peers.Lnsd(a, rates.IMAGE) as lnsd:
            for limited in (True, False, False, True):
                cpu_of_lines(a, lnsd, count, mbit, limited, chosen.seconds + 2)


def cpu_of_lines(site, lnsd, count, mbit, limited, seconds):
    path = f"{site.work}/lnsd.toml"
    with open(path) as file:
        text = file.read()
    limit = f'authentication = ["pap"]\nrate-down = "{round(mbit * 1000)}kbit/s"'
    text = text.replace(limit, 'authentication = ["pap"]')
    with open(path, "w") as file:
        file.write(text.replace('authentication = ["pap"]', limit) if limited else text)
    control = (f"{rates.IMAGE}/bin/lnsctl", "--socket", lnsd.socket, "--json")
    peers.run(*control, "reload")
    while rates.octets(control):  # those of the run before
        time.sleep(0.2)
    pps = round(count * mbit * 1e6 / 8 / 1428 * (1.15 if limited else 1))
    load = threading.Thread(target=lambda: peers.generate(
        site, rates.IMAGE, "--sessions", str(count), "--tunnels", "1", "--core", f"{peers.CORE_ADDRESS}:5002", "--core-netns", site.core,
        "--traffic", f"down,1400,pps={pps},seconds={seconds + 12}", "--hold", "0"))
    load.start()
    while passed(control) < count * mbit * 1e6 / 8 * 1.5:
        time.sleep(0.5)
    before, begun = passed(control), time.monotonic()
    cpu = peers.cpu_seconds(lnsd.pid)
    time.sleep(seconds)
    cpu = peers.cpu_seconds(lnsd.pid) - cpu
    after, ended = passed(control), time.monotonic()
    packets = (after - before) / 1428 / (ended - begun) * seconds  # lnsctl takes its time
    load.join()
    print(f"lines {count:4} of {mbit:g} Mbit/s {'shaped' if limited else 'unshaped':8} {packets / seconds:8.0f} packets/s, "
          f"CPU {cpu / packets * 1e6:.2f} us a packet, {cpu / seconds * 100:.1f} % of a core", flush=True)


def passed(control):
    return sum(octets for _, octets in rates.octets(control).values())


def site(work, name):
    folder = f"{work}/{name}-site"
    os.makedirs(folder)
    return peers.Site(f"lnsd-costs-{os.getpid()}-{name}", folder)


CASES = {"overhead": overhead, "filter": filter_of_100, "shaped": shaped, "lines": lines}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--only", default=",".join(CASES))
    options.add_argument("--rounds", type=int, default=6)
    options.add_argument("--seconds", type=int, default=2)
    options.add_argument("--mbit", type=int, default=1000)
    options.add_argument("--speeds", default="4000,1000,100,20", help="of shaped, Mbit/s; at most 0.7 of what passes")
    chosen = options.parse_args()
    work = tempfile.mkdtemp(prefix="lnsd-costs-")
    try:
        for case in chosen.only.split(","):
            CASES[case](work, chosen)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
