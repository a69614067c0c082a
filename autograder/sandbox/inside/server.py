"""The fork server: has Python and NumPy ready, runs no untrusted code ever, and forks a worker for each request.

Started as `python server.py CONTROL KIND PARENT`, the descriptor of a socket, "namespaces" or "plain", and the id of
the process that started it. A request on the socket is how many bytes and how many files the private /tmp may hold, with
three descriptors: the worker's two pipes and its hello socket.

    server ── watcher ── worker        (one watcher for each worker)

The watcher enters new namespaces, forks the worker as their first process, waits for it and tells on the hello socket how
it ended. A worker holds nothing that the server, a watcher or another worker holds: every other descriptor is
closed, and what memory it shares with them it can only copy.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 -- pathlib would cost 5 ms a start
sys.path.insert(0, HERE)

import gc  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import struct  # noqa: E402
from typing import TYPE_CHECKING, NoReturn  # noqa: E402

if TYPE_CHECKING:
    from autograder.sandbox.inside import worker
    from autograder.sandbox.inside.lockdown import (
        die_with_parent,
        hide_memory,
        mount_tmpfs,
        unshare_namespaces,
    )
else:  # in the sandbox this folder stands alone
    import worker
    from lockdown import die_with_parent, hide_memory, mount_tmpfs, unshare_namespaces

SCRATCH = "/tmp"
REQUEST = struct.Struct("=QQ")
STATUS = struct.Struct("=ci")  # b"=", then an exit code, negative for a signal
REFUSED = b"!"  # then the reason, in place of a worker's greeting


def serve(control: socket.socket, kind: str) -> list[int]:
    """Never returns in the server; in each worker it returns the three descriptors."""
    hide_memory()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a watcher, and none stays as a zombie
    gc.collect()
    gc.freeze()  # a collection in a worker would otherwise copy every page that holds an object
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, REQUEST.size, 3)
        if not request:
            os._exit(0)  # the trusted side has gone
        server = os.getpid()
        if os.fork() == 0:
            os.close(control.detach())
            return become_worker(server, kind, REQUEST.unpack(request), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def become_worker(server: int, kind: str, most: tuple[int, int], descriptors: list[int]) -> list[int]:
    """Forks the worker, in which alone this returns. What goes wrong is told in place of its greeting."""
    hello = descriptors[2]
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        die_with_parent(server)
        if kind == "namespaces":
            unshare_namespaces()
        watcher = os.getpid()
        child = os.fork()
        if child:
            watch(child, descriptors)
        die_with_parent(watcher)
        os.setsid()
        close_all_but(descriptors)
        if kind == "namespaces":
            mount_tmpfs(SCRATCH, *most)
            mount_tmpfs("/dev/pts", 4096, 1, writable=False)  # bwrap's is the same for all forks
    except OSError as error:
        os.write(hello, REFUSED + str(error).encode()[:500])
        os._exit(1)
    return descriptors


def watch(child: int, descriptors: list[int]) -> NoReturn:
    """Waits for the worker and tells how it ended. Never returns."""
    requests, replies, hello = descriptors
    os.close(requests)
    os.close(replies)
    _, status = os.waitpid(child, 0)
    try:
        os.write(hello, STATUS.pack(b"=", os.waitstatus_to_exitcode(status)))
    finally:  # the trusted side may have gone
        os._exit(0)


def close_all_but(descriptors: list[int]) -> None:
    """Closes the server's own; 0, 1 and 2 are the worker's to silence."""
    kept = sorted(descriptors)
    for below, above in zip([2, *kept], [*kept, 1 << 20], strict=True):
        os.closerange(below + 1, above)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[3]))
    control_socket = socket.socket(fileno=int(sys.argv[1]))
    worker.main(*serve(control_socket, sys.argv[2]))
