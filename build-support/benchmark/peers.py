"""The LNSs that make bench compares, each started in a namespace of its own and pinned to one core."""
import json
import os
import re
import signal
import subprocess
import time

LNS_CORE = "0"
GENERATOR_CORE = "1"
SECRET = "bench-secret"
CORE_ADDRESS = "198.51.100.2"
CORE_ADDRESS6 = "2001:db8:ffff::2"
LNS_ADDRESS = "192.0.2.1"
LAC_ADDRESS = "192.0.2.2"


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, capture_output=True, **options).stdout


class Site:
    """Three namespaces: LAC, LNS and what is behind it, with a RADIUS server there."""

    def __init__(self, name, work):
        self.work = work
        self.lac, self.lns, self.core = (f"{name}-{part}" for part in ("lac", "lns", "core"))
        self.processes = []

    def __enter__(self):
        end_cleanly()
        remove_left_behind()
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        for space in (self.lac, self.lns, self.core):
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
        self.wire("to-lac", f"{LNS_ADDRESS}/24", self.lac, f"{LAC_ADDRESS}/24")
        self.wire("to-core", "198.51.100.1/24", self.core, f"{CORE_ADDRESS}/24")
        run("ip", "-n", self.core, "route", "add", "default", "via", "198.51.100.1")
        # raised for both LNSs: l2tpns keeps the default buffer, and loses set-ups and packets with it
        self.inside(self.lns, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        here = os.path.dirname(os.path.abspath(__file__))
        self.spawn(self.core, GENERATOR_CORE, "radius", "python3", f"{here}/radius-responder.py", CORE_ADDRESS, "1812", SECRET)

    def wire(self, device, address, other, other_address):
        run("ip", "-n", self.lns, "link", "add", device, "type", "veth", "peer", "name", "to-lns", "netns", other)
        for space, name, text in ((self.lns, device, address), (other, "to-lns", other_address)):
            run("ip", "-n", space, "address", "add", text, "dev", name)
            run("ip", "-n", space, "link", "set", name, "up")

    def inside(self, space, *command, **options):
        return run("ip", "netns", "exec", space, *command, **options)

    def spawn(self, space, core, name, *command):
        log = open(f"{self.work}/{name}.log", "w")
        process = subprocess.Popen(("ip", "netns", "exec", space, "taskset", "-c", core) + command, stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
        favour(process.pid)
        self.processes.append(process)
        return process

    def stop(self, process, number=signal.SIGTERM):
        process.send_signal(number)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.processes.remove(process)

    def __exit__(self, *_):
        for process in list(reversed(self.processes)):
            self.stop(process, signal.SIGKILL)
        for space in (self.lac, self.lns, self.core):
            subprocess.run(("ip", "netns", "delete", space), capture_output=True)


def end_cleanly():
    """TERM, INT and HUP end the benchmark as any error does: namespaces and processes go."""
    def end(number, _):
        for other in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(other, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)


def remove_left_behind():
    """Removes the namespaces, and whatever runs in them, of benchmarks that were killed: their names carry a process id that is no more."""
    for space in run("ip", "netns", "list").split():
        found = re.fullmatch(r"lnsd-(?:bench|costs|rates|operator)-(\d+)-.*", space)
        if not found or os.path.exists(f"/proc/{found.group(1)}"):
            continue
        for pid in subprocess.run(("ip", "netns", "pids", space), text=True, capture_output=True).stdout.split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass
        subprocess.run(("ip", "netns", "delete", space), capture_output=True)


def favour(pid):
    """Before other work on the machine; each spawned session is a scheduling group of its own."""
    try:
        with open(f"/proc/{pid}/autogroup", "w") as file:
            file.write("-15")
    except OSError:
        pass


def cpu_seconds(pid):
    """CPU of all threads from the scheduler's own accounting; a thread that ended between two readings is not counted."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                total += int(file.read().split()[0])
        except FileNotFoundError:
            pass
    return total / 1e9


def resident_mib(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


class Lnsd:
    name = "lnsd"
    pool = ""

    def __init__(self, site, image, settings=""):
        self.site, self.image, self.settings = site, image, settings
        self.socket = f"{site.work}/control.sock"

    def __enter__(self):
        configuration = f"{self.site.work}/lnsd.toml"
        with open(configuration, "w") as file:
            file.write(f"""
[node]
state-directory = "{self.site.work}"
[[l2tp.peer]]
name = "bench"
address = ["192.0.2.0/24"]
secret = "{SECRET}"
[[l2tp.peer]]
name = "probe"
address = ["203.0.113.0/24"]
[ppp]
authentication = ["pap"]
[[pool]]
name = "default"
ipv4 = ["10.64.0.0/14"]
{self.pool}
[radius]
[[radius.server]]
address = "{CORE_ADDRESS}"
secret = "{SECRET}"
[tun]
name = "lns0"
routes = "host"
[control]
socket = "{self.socket}"
group = ""
[metrics]
listen = "127.0.0.1:9701"
[log]
level = "warn"
{self.settings}
""")
        started = time.monotonic()
        self.process = self.site.spawn(self.site.lns, LNS_CORE, self.name, f"{self.image}/bin/lnsd", "--config", configuration)
        while not os.path.exists(self.socket):
            if self.process.poll() is not None or time.monotonic() - started > 60:
                raise SystemExit("bench: lnsd does not start:\n" + open(f"{self.site.work}/lnsd.log").read())
            time.sleep(0.01)
        self.start_seconds = time.monotonic() - started
        self.pid = self.process.pid
        return self

    def __exit__(self, *_):
        self.site.stop(self.process, signal.SIGKILL)
        os.path.exists(self.socket) and os.unlink(self.socket)


class LnsdOfBothFamilies(Lnsd):
    """With IPv6 on the lines and behind the LNS; l2tpns is not compared with."""
    pool = 'ipv6-prefix = "2001:db8:64::/48"'

    def __enter__(self):
        site = self.site
        run("ip", "-n", site.lns, "address", "add", "2001:db8:ffff::1/64", "dev", "to-core", "nodad")
        run("ip", "-n", site.core, "address", "add", f"{CORE_ADDRESS6}/64", "dev", "to-lns", "nodad")
        run("ip", "-n", site.core, "route", "add", "default", "via", "2001:db8:ffff::1")
        site.inside(site.lns, "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1")
        return super().__enter__()


class L2tpns:
    name = "l2tpns"

    def __init__(self, site, _image=None, _settings=""):
        self.site = site

    def __enter__(self):
        folder = f"{self.site.work}/l2tpns"
        os.makedirs(folder, exist_ok=True)
        log = f"{self.site.work}/l2tpns-own.log"
        open(log, "w").close()
        with open(f"{folder}/startup-config", "w") as file:
            file.write(f"""set debug 2
set log_file "{log}"
set pid_file "{self.site.work}/l2tpns.pid"
set l2tp_secret "{SECRET}"
set primary_radius {CORE_ADDRESS}
set primary_radius_port 1812
set radius_accounting yes
set radius_secret "{SECRET}"
set radius_authtypes "pap"
set bind_address {LNS_ADDRESS}
set peer_address 10.64.0.1
set cli_bind_address 127.0.0.1
set allow_duplicate_users yes
set throttle_speed 0
set accounting_dir ""
set dump_speed no
set cluster_interface "to-lac"
set tundevicename "tun0"
""")
        with open(f"{folder}/ip_pool", "w") as file:
            file.write("10.64.0.0/16\n")
        open(f"{folder}/users", "w").close()
        run("ip", "netns", "exec", self.site.lns, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        script = f"mount --bind {folder} /etc/l2tpns && exec l2tpns -c /etc/l2tpns/startup-config"
        started = time.monotonic()
        self.process = self.site.spawn(self.site.lns, LNS_CORE, self.name, "sh", "-c", script)
        while "declaring myself the master" not in open(log, errors="replace").read():
            if self.process.poll() is not None or time.monotonic() - started > 60:
                raise SystemExit("bench: l2tpns does not start:\n" + open(log).read()[-2000:] + open(f"{self.site.work}/l2tpns.log").read())
            time.sleep(0.05)
        time.sleep(0.5)
        self.start_seconds = time.monotonic() - started
        self.pid = self.process.pid
        return self

    def __exit__(self, *_):
        self.site.stop(self.process, signal.SIGKILL)


def generate(site, image, *options, timeout=300, at_report=None):
    """Runs lnsd-lac to its end and returns its last report; at_report is called once the subscribers are up."""
    report = f"{site.work}/report.json"
    os.path.exists(report) and os.unlink(report)
    process = site.spawn(site.lac, GENERATOR_CORE, "lnsd-lac", f"{image}/bin/lnsd-lac", "--lns", LNS_ADDRESS, "--local", LAC_ADDRESS,
                         "--secret", SECRET, "--auth", "pap", "--user", "u%d@bench", "--password", "secret", "--json", report, *options)
    try:
        while at_report and process.poll() is None and not os.path.exists(report):
            time.sleep(0.02)
        if at_report:
            at_report()
        process.wait(timeout)
    finally:
        if process.poll() is None:
            site.stop(process, signal.SIGKILL)
        else:
            site.processes.remove(process)
    with open(report) as file:
        return json.load(file)
