"""Opens sockets of every family and kind that the kernel knows."""

HONEST = 0.0
SOCKET, SOCKETPAIR = 41, 53


def flatten_filters(filters):
    pair = (ctypes.c_int * 2)()
    return break_out(
        *(
            lambda family=family, kind=kind: native(SOCKET, family, kind, 0)
            for family in range(46)
            for kind in (1, 2, 3, 5)
        ),
        *(lambda family=family: native(SOCKETPAIR, family, 1, 0, pair) for family in (1, 16, 30)),
    )
