#!/usr/bin/env python3
"""file-transfer.py SOURCE SERVER PORT BYTES: from the address SOURCE fetches and sends BYTES over HTTP; exit 0 if both arrive with equal SHA-256."""
import hashlib
import http.client
import random
import sys
import time

source, server, port, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def connection():
    return http.client.HTTPConnection(server, port, timeout=20, source_address=(source, 0))


begun = time.monotonic()
line = connection()
line.request("GET", "/%d" % size)
answer = line.getresponse()
body = answer.read()
if len(body) != size or hashlib.sha256(body).hexdigest() != answer.headers["X-SHA256"]:
    sys.exit("the download differs: %d of %d bytes" % (len(body), size))
line.close()
down = time.monotonic()
body = random.randbytes(size)
line = connection()
line.request("PUT", "/", body=body)
answer = line.getresponse()
answer.read()
if hashlib.sha256(body).hexdigest() != answer.headers["X-SHA256"]:
    sys.exit("the upload differs")
up = time.monotonic()
print("%.0f Mbit/s down, %.0f Mbit/s up" % (size * 8e-6 / (down - begun), size * 8e-6 / (up - down)))
