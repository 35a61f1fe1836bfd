"""Runs in the guest as process 1: takes commands over TCP, one JSON object a connection, and answers with one.

Request:  {"command": ["ping", ...], "input": "...", "timeout": seconds, "background": false}
Answer:   {"exit": code, "output": "standard output and error"}; a background command answers with its "pid" at once.
The command ["poweroff"] ends the guest.
"""

import ctypes
import json
import os
import signal
import socketserver
import subprocess

PORT = 7777
POWER_OFF = 0x4321FEDC


def run(request):
    command = request["command"]
    if command == ["poweroff"]:
        os.sync()
        ctypes.CDLL(None).reboot(POWER_OFF)
    if request.get("background"):
        with open(request.get("log", "/dev/null"), "ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        return {"exit": 0, "output": "", "pid": process.pid}
    try:
        done = subprocess.run(
            command,
            input=request.get("input", "").encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=request.get("timeout", 60),
            check=False,
        )
        return {"exit": done.returncode, "output": done.stdout.decode(errors="replace")}
    except subprocess.TimeoutExpired as late:
        return {"exit": 124, "output": (late.stdout or b"").decode(errors="replace")}
    except OSError as problem:
        return {"exit": 127, "output": str(problem)}


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline()
        if line:
            self.wfile.write(json.dumps(run(json.loads(line))).encode() + b"\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


signal.signal(signal.SIGHUP, signal.SIG_IGN)
with Server(("", PORT), Handler) as server:
    server.serve_forever()
