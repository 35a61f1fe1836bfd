#!/usr/bin/env python3
"""One stream of UDP datagrams at a pace, and what arrives of it: trains by UDP_SEGMENT and UDP_GRO, so that one core sends and counts gigabits.

    datagrams.py send FROM TO:PORT MBIT SECONDS       packets of 1,428 octets (IP), MBIT of them a second
    datagrams.py receive AT:PORT SKIP SECONDS         JSON: packets and octets (IP) in the seconds after SKIP seconds from the first packet on
"""
import json
import socket
import sys
import time

UDP_SEGMENT, UDP_GRO, SO_RCVBUFFORCE = 103, 104, 33  # linux/udp.h, asm-generic/socket.h
PAYLOAD_BYTES = 1400
IP_BYTES = PAYLOAD_BYTES + 28
LONGEST_TRAIN = 44


def endpoint(text):
    address, port = text.rsplit(":", 1)
    return address, int(port)


def send(source, target, mbit, seconds):
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.bind((source, 0))
    to = endpoint(target)
    packets_a_second = mbit * 1e6 / 8 / IP_BYTES
    train = max(1, min(LONGEST_TRAIN, int(packets_a_second / 1000)))  # about a millisecond's
    out.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, PAYLOAD_BYTES)
    data = bytes(train * PAYLOAD_BYTES)
    begun = time.monotonic()
    sent = 0
    while (now := time.monotonic() - begun) < seconds:
        if sent < now * packets_a_second:
            out.sendto(data, to)
            sent += train
        else:
            time.sleep((sent - now * packets_a_second) / packets_a_second)
    print(json.dumps({"packets": sent, "octets": sent * IP_BYTES, "seconds": now}))


def receive(at, skip, seconds):
    into = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    into.setsockopt(socket.IPPROTO_UDP, UDP_GRO, 1)
    into.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
    into.bind(endpoint(at))
    into.settimeout(20)
    print("ready", flush=True)
    into.recv(65536)
    counted_from = time.monotonic() + skip
    packets = 0
    while (now := time.monotonic()) < counted_from + seconds:
        arrived = len(into.recv(65536)) // PAYLOAD_BYTES
        packets += arrived if now >= counted_from else 0
    print(json.dumps({"packets": packets, "octets": packets * IP_BYTES, "seconds": now - counted_from}))


def main():
    role, words = sys.argv[1], sys.argv[2:]
    if role == "send":
        send(words[0], words[1], float(words[2]), float(words[3]))
    else:
        receive(words[0], float(words[1]), float(words[2]))


main()
