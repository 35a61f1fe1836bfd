"""A checked transfer over TCP.

transfer.py serve ADDRESS PORT                  serves get and put until it is ended
transfer.py get|put ADDRESS PORT BYTES [FROM]   transfers that many octets; both ends print "octets sha256"; they must be equal
"""

import hashlib
import random
import socket
import socketserver
import sys

BLOCK = 1 << 16


def send(connection, octets):
    content = random.Random(octets).randbytes(octets)
    connection.sendall(content)
    return f"{octets} {hashlib.sha256(content).hexdigest()}"


def receive(stream, octets):
    digest = hashlib.sha256()
    received = 0
    while received < octets:
        block = stream.read(min(BLOCK, octets - received))
        if not block:
            break
        digest.update(block)
        received += len(block)
    return f"{received} {digest.hexdigest()}"


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        verb, octets = self.rfile.readline().decode().split()
        if verb == "get":
            report = send(self.connection, int(octets))
        else:
            report = receive(self.rfile, int(octets))
            self.wfile.write(report.encode() + b"\n")
        print(verb, report, flush=True)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


verb, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
if verb == "serve":
    with Server((address, port), Handler) as server:
        server.serve_forever()
octets = int(sys.argv[4])
source = (sys.argv[5], 0) if len(sys.argv) > 5 else None
with socket.create_connection((address, port), timeout=60, source_address=source) as connection:
    connection.sendall(f"{verb} {octets}\n".encode())
    with connection.makefile("rb") as stream:
        if verb == "get":
            print(receive(stream, octets))
        else:
            sent = send(connection, octets)
            received = stream.readline().decode().strip()
            print(received if received == sent else f"sent {sent} but received {received}")
            sys.exit(received != sent)
