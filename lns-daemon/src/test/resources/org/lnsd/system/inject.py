"""Sends one PPP frame in an L2TP data message, as if the tunnel's LAC had: a subscriber's packet at a moment that the test chooses.

inject.py SOURCE SOURCE_PORT DESTINATION TUNNEL SESSION FRAME     (ids in decimal, the frame in hexadecimal)
"""

import socket
import struct
import sys

source, port, destination, tunnel, session, frame = sys.argv[1:]
message = struct.pack("!HHH", 0x0002, int(tunnel), int(session)) + bytes.fromhex(frame)
datagram = struct.pack("!HHHH", int(port), 1701, 8 + len(message), 0) + message  # without a checksum, as UDP over IPv4 may be
header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_UDP, 0, socket.inet_aton(source),
                     socket.inet_aton(destination))  # the kernel fills in length, identification and checksum
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
    raw.sendto(header + datagram, (destination, 0))
