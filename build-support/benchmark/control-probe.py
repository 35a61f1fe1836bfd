#!/usr/bin/env python3
"""control-probe.py LOCAL LNS SECONDS: how long an LNS takes for control while it is busy with other things.

Opens a tunnel without a secret, with one call whose LCP opens; then sends, ten times a second in turn, a HELLO and an LCP Echo-Request, and opens
one more tunnel a second. Prints JSON: for each of the three how many were asked and answered, and the times in milliseconds. Nothing is repeated:
a message that is lost counts as not answered.
"""
import json
import os
import select
import socket
import struct
import sys
import time

SCCRQ, SCCRP, SCCCN, STOPCCN, HELLO, ICRQ, ICRP, ICCN = 1, 2, 3, 4, 6, 10, 11, 12
LCP, REQUEST, ACK, ECHO, REPLY = 0xC021, 1, 2, 9, 10
PATIENCE = 2.0


def avp(number, value):
    return struct.pack("!HHH", 0x8000 | 6 + len(value), 0, number) + value


class Tunnel:
    """One control connection; messages go once, what comes is acknowledged."""

    def __init__(self, local, lns, number):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((local, 0))
        self.socket.connect((lns, 1701))
        self.number, self.peer, self.session, self.ns, self.nr, self.acknowledged = number, 0, 0, 0, 0, 0

    def send(self, kind, session, *avps):
        body = avp(0, struct.pack("!H", kind)) + b"".join(avps) if kind else b""
        self.socket.send(struct.pack("!HHHHHH", 0xC802, 12 + len(body), self.peer, session, self.ns, self.nr) + body)
        if kind:
            self.ns = self.ns + 1 & 0xFFFF

    def frame(self, code, identifier, data=b""):
        self.socket.send(struct.pack("!HHHHHBBH", 2, self.peer, self.session, 0xFF03, LCP, code, identifier, 4 + len(data)) + data)

    def receive(self, until):
        """The next control message as (type, avps), or LCP packet as (None, code, identifier, data); None when the time is over."""
        while True:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return None
            octets = self.socket.recv(4096)
            flags = struct.unpack_from("!H", octets)[0]
            if flags & 0x8000:
                ns, nr = struct.unpack_from("!HH", octets, 8)
                self.acknowledged = nr
                found, at = {}, 12
                while at + 6 <= len(octets):
                    length, _, number = struct.unpack_from("!HHH", octets, at)
                    found[number] = octets[at + 6:at + (length & 0x3FF)]
                    at += max(6, length & 0x3FF)
                if not found:
                    return (0, found)
                self.nr = ns + 1 & 0xFFFF
                if self.peer:
                    self.send(0, 0)
                return (struct.unpack("!H", found[0])[0], found)
            frame = octets[6 + (2 if flags & 0x4000 else 0):]
            frame = frame[2:] if frame[:2] == b"\xff\x03" else frame
            if frame[:2] == b"\xc0\x21":
                code, identifier, length = struct.unpack_from("!BBH", frame, 2)
                return (None, code, identifier, frame[6:2 + length])

    def wait(self, wanted):
        until = time.monotonic() + PATIENCE
        message = self.receive(until)
        while message is not None and not wanted(message):
            message = self.receive(until)
        return message

    def open(self):
        self.send(SCCRQ, 0, avp(2, b"\1\0"), avp(3, b"\0\0\0\3"), avp(7, b"probe"), avp(9, struct.pack("!H", self.number)), avp(10, b"\0\20"))
        answer = self.wait(lambda message: message[0] == SCCRP)
        if answer is None:
            return False
        self.peer = struct.unpack("!H", answer[1][9])[0]
        self.send(SCCCN, 0)
        return self.wait(lambda message: message[0] is not None and self.acknowledged == self.ns) is not None

    def close(self):
        self.send(STOPCCN, 0, avp(9, struct.pack("!H", self.number)), avp(1, b"\0\1"))
        self.socket.close()

    def call(self):
        self.send(ICRQ, 0, avp(14, b"\0\1"), avp(15, b"\0\0\0\1"))
        answer = self.wait(lambda message: message[0] == ICRP)
        if answer is None:
            return False
        self.session = struct.unpack("!H", answer[1][14])[0]
        self.send(ICCN, self.session, avp(24, b"\0\1\0\0"), avp(19, b"\0\0\0\1"))
        self.wait(lambda message: message[0] is not None and self.acknowledged == self.ns)
        self.frame(REQUEST, 1)
        seen = set()
        while seen != {REQUEST, ACK}:
            message = self.wait(lambda message: message[0] is None)
            if message is None:
                return False
            if message[1] == REQUEST:
                self.frame(ACK, message[2], message[3])
            if message[1] in (REQUEST, ACK):
                seen.add(message[1])
        return True

    def hello(self):
        self.send(HELLO, 0)
        return self.wait(lambda message: message[0] is not None and self.acknowledged == self.ns) is not None

    def echo(self, identifier):
        self.frame(ECHO, identifier, bytes(4))
        return self.wait(lambda message: message[0] is None and message[1] == REPLY and message[2] == identifier) is not None


def timed(times, action):
    begun = time.monotonic()
    times.append((time.monotonic() - begun) * 1000 if action() else None)


def summary(times):
    answered = sorted(time for time in times if time is not None)
    return {"asked": len(times), "answered": len(answered), "p50-ms": answered[len(answered) // 2] if answered else None,
            "maximum-ms": answered[-1] if answered else None}


def main():
    local, lns, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    first = 1 + os.getpid() % 30_000
    tunnel = Tunnel(local, lns, first)
    if not tunnel.open() or not tunnel.call():
        raise SystemExit("control-probe: no tunnel or no LCP before the flood")
    print("ready", flush=True)
    sys.stdin.readline()
    hellos, echoes, tunnels = [], [], []
    begun = time.monotonic()
    number = 0
    while time.monotonic() - begun < seconds:
        number += 1
        timed(hellos, tunnel.hello)
        timed(echoes, lambda: tunnel.echo(number & 0xFF))
        if number % 10 == 1:
            other = Tunnel(local, lns, first + number)
            timed(tunnels, other.open)
            other.close()
        time.sleep(max(0, begun + number / 10 - time.monotonic()))
    tunnel.close()
    print(json.dumps({"hello": summary(hellos), "lcp-echo": summary(echoes), "new-tunnel": summary(tunnels)}), flush=True)


main()
