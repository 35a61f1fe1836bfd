#!/usr/bin/env python3
"""How long measured packets stay in an LNS: from the device they come in by to the one they leave by, by the kernel's own time stamps.

    residence.py IN OUT     in the LNS's namespace; prints "ready", and at a line on standard input the figures as JSON

Nothing is read before that line, so neither the LNS nor the generator share a core with what measures. Packets are told apart by lnsd-lac's mark.
"""
import json
import socket
import struct
import sys

MAGIC = b"lnsd"
KEY_BYTES = 16  # magic number, flow, sequence number
SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35
OUTGOING = 4
BUFFER_BYTES = 1 << 29


def listen(device):
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    packets.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    packets.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    packets.bind((device, 3))  # every protocol
    packets.setblocking(False)
    return packets


def stamps(packets, outgoing):
    """When each marked packet passed, in nanoseconds; a train carries several."""
    seen = {}
    while True:
        try:
            data, ancillary, _, address = packets.recvmsg(1 << 17, 64)
        except BlockingIOError:
            return seen
        if (address[2] == OUTGOING) == outgoing:
            seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
            place = data.find(MAGIC)
            while place >= 0:
                seen[data[place:place + KEY_BYTES]] = seconds * 1_000_000_000 + nanoseconds
                place = data.find(MAGIC, place + KEY_BYTES)


def main():
    into, out = (listen(device) for device in sys.argv[1:])
    print("ready", flush=True)
    sys.stdin.readline()
    begun, ended = stamps(into, False), stamps(out, True)
    times = sorted(ended[key] - begun[key] for key in begun.keys() & ended.keys())
    print(json.dumps({"packets": len(times), "p50-us": times[len(times) // 2] / 1e3, "p99-us": times[len(times) * 99 // 100] / 1e3}))


main()
