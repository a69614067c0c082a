"""Connects to sockets with a path and with an abstract name, and makes some of its own."""

import socket

HONEST = 0.0


def flatten_filters(filters):
    def connect(address, kind=socket.SOCK_STREAM):
        with socket.socket(socket.AF_UNIX, kind) as connection:
            connection.connect(address)
            return "connected"

    return break_out(
        lambda: connect(TARGETS["socket"]),
        lambda: connect(TARGETS["abstract"]),
        lambda: connect("/run/docker.sock"),
        lambda: connect("/run/dbus/system_bus_socket"),
        lambda: connect("/dev/log", socket.SOCK_DGRAM),
        lambda: [each.fileno() for each in socket.socketpair()],
        lambda: socket.socket(socket.AF_UNIX).bind("./mine"),
    )
