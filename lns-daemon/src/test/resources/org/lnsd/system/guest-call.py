"""guest-call.py ADDRESS PORT REQUEST: hands a request (JSON) to the agent of a guest and prints the answer."""

import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3) as agent:
    agent.settimeout(None)
    agent.sendall(sys.argv[3].encode() + b"\n")
    answer = b""
    while not answer.endswith(b"\n"):
        part = agent.recv(65536)
        if not part:
            break
        answer += part
sys.stdout.write(answer.decode())
