"""Sends datagrams, asks for names, opens raw, netlink and virtual-machine sockets, and tries io_uring."""

import ctypes
import socket

HONEST = 0.0


def flatten_filters(filters):
    def send():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
            return connection.sendto(b"x", ("127.0.0.1", TARGETS["udp"]))

    kinds = [(socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_PACKET, socket.SOCK_RAW, 3), (16, 3, 0), (40, 1, 0),
             (38, 5, 0), (44, 3, 0), (1, 5, 0), (socket.AF_INET6, 1, 262)]  # fmt: skip
    return break_out(
        send,
        lambda: socket.gethostbyname("example.org"),
        lambda: socket.getaddrinfo("localhost", TARGETS["tcp"]),
        *(lambda kind=kind: socket.socket(*kind).fileno() for kind in kinds),
        lambda: native(425, 8, ctypes.create_string_buffer(120)),  # io_uring_setup
        lambda: native(42, 0, b"\2\0", 16),  # connect on a descriptor that is no socket
    )
