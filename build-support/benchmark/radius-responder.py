#!/usr/bin/env python3
"""radius-responder.py ADDRESS AUTHENTICATION-PORT SECRET: accepts everybody, acknowledges accounting. For benchmarks only: it checks nothing."""
import hashlib
import hmac
import selectors
import socket
import struct
import sys

address, port, secret = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
ACCEPT, ACCOUNTING_RESPONSE = 2, 5
sockets = selectors.DefaultSelector()
for number in (port, port + 1):
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    listener.bind((address, number))
    listener.setblocking(False)
    sockets.register(listener, selectors.EVENT_READ)


def answer(request):
    code, identifier, authenticator = request[0], request[1], request[4:20]
    if code == 4:
        header = struct.pack("!BBH", ACCOUNTING_RESPONSE, identifier, 20)
        return header + hashlib.md5(header + authenticator + secret).digest()
    # Service-Type Framed, Framed-Protocol PPP, Message-Authenticator
    attributes = bytes((6, 6, 0, 0, 0, 2, 7, 6, 0, 0, 0, 1))
    header = struct.pack("!BBH", ACCEPT, identifier, 20 + 18 + len(attributes))
    blank = bytes((80, 18)) + bytes(16)
    signature = hmac.new(secret, header + authenticator + blank + attributes, hashlib.md5).digest()
    attributes = bytes((80, 18)) + signature + attributes
    return header + hashlib.md5(header + authenticator + attributes + secret).digest() + attributes


while True:
    for key, _ in sockets.select():
        try:
            while True:
                request, peer = key.fileobj.recvfrom(4096)
                if len(request) >= 20:
                    key.fileobj.sendto(answer(request), peer)
        except BlockingIOError:
            pass
