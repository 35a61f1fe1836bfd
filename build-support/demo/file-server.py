#!/usr/bin/env python3
"""The Internet's end of the demonstration: GET /BYTES gives that many pseudo-random bytes with their SHA-256, PUT answers with the SHA-256 of what came."""
import hashlib
import http.server
import random
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, body, digest):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-SHA256", digest)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        body = random.randbytes(min(int(self.path.lstrip("/") or 0), 1 << 28))
        self.answer(body, hashlib.sha256(body).hexdigest())

    def do_PUT(self):
        digest, left = hashlib.sha256(), int(self.headers["Content-Length"])
        while left > 0:
            part = self.rfile.read(min(left, 65536))
            if not part:
                return
            digest.update(part)
            left -= len(part)
        self.answer(b"", digest.hexdigest())


http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
