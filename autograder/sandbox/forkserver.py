"""The trusted end of a fork server: a worker in milliseconds instead of the tenth of a second that NumPy needs."""

import contextlib
import socket
import struct
import threading

from autograder.sandbox.failures import Crashed, SandboxUnavailable
from autograder.sandbox.limits import Limits
from autograder.sandbox.processes import REAP_SECONDS, Bounds, Forked, Launched
from autograder.sandbox.walls import Wall, choose

NOTICE_SECONDS = 0.5  # a killed server's workers may be gone before bwrap is
REQUEST = struct.Struct("=QQ")  # what inside/server.py reads: bytes and files of the private /tmp


class ForkServer:
    """A context manager around one process that forks workers, for as many sandboxes as there are, from any thread.

    It keeps one worker ready in advance, so that the next sandbox need not wait for it. The first worker decides: where
    the machine does not let it have namespaces of its own, `why_not` says why and every sandbox starts a fresh worker
    behind the same wall instead, as if there were no server. A server that somebody killed is started again. It
    ends with the thread that started it.

    Attributes:
        wall: what stands around its workers; chosen on entering.
        why_not: why there is no server, in a sentence; "" where there is one.

    >>> from autograder.sandbox import Sandbox
    >>> with ForkServer() as server, Sandbox(server=server) as box:
    ...     box.run("def double(x): return 2 * x", "cell 1")
    ...     box.call("double", 21).value
    42
    """

    wall: Wall

    def __init__(self, *, allow_weak: bool = False):
        self.allow_weak = allow_weak
        self.why_not = ""
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._proven = False

    def __enter__(self) -> "ForkServer":
        """Returns at once: the server starts meanwhile. Raises `SandboxUnavailable` where nothing isolates."""
        self.wall = choose(self.allow_weak)
        self._replace(None)
        return self

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            running, self._running = self._running, None
            self.why_not = self.why_not or "the fork server was closed"
        if running is not None:
            running.end()

    def worker(self, limits: Limits, bounds: Bounds) -> Forked | None:
        """A worker that has started, and asks for the next; None where there is no server (see `why_not`).

        Raises `TimedOut`, and `SandboxUnavailable` where a new server does not work although the one before did.
        """
        for last_try in (False, True):
            running = self._running
            if running is None:
                return None
            child = None
            try:
                child = running.next_child(REQUEST.pack(limits.scratch_bytes, limits.files))
                child.meet(bounds)
            except (Crashed, OSError) as error:
                reason = running.said() or str(error)
                if child is not None:
                    child.kill()
                if self._proven and last_try:
                    raise SandboxUnavailable(f"The fork server does not work any more: {reason}") from None
                if not self._proven or running.has_ended():  # else only this worker was lost
                    self._replace(running, reason)
            except BaseException:
                if child is not None:
                    child.kill()
                raise
            else:
                self._proven = True
                return child
        return None

    def _replace(self, broken: "_Running | None", reason: str = "") -> None:
        """Starts another server, unless another thread did or the first one never worked."""
        with self._lock:
            if self._running is not broken or self.why_not:
                return
            if broken is not None:
                self._running = None
                broken.end()
            if broken is not None and not self._proven:
                self.why_not = reason
                return
            try:
                self._running = _Running(self.wall)
            except SandboxUnavailable as error:
                self.why_not = str(error)


class _Running:
    """One server process and the worker that it has ready."""

    def __init__(self, wall: Wall):
        self._wall = wall
        self._lock = threading.Lock()
        self._spare: tuple[bytes, Forked] | None = None
        self._control, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with contextlib.ExitStack() as failed, there:
            failed.callback(self._control.close)
            self._launched = Launched(
                lambda held: wall.server_command(there.fileno(), held), [there.fileno()]
            )
            failed.pop_all()

    def next_child(self, request: bytes) -> Forked:
        """The worker that is ready or on its way; asks for another to be so. Raises OSError where the server is gone."""
        with self._lock:
            spare, self._spare = self._spare, None
            if spare is not None and spare[0] != request:
                spare[1].kill()
                spare = None
            child = spare[1] if spare is not None else self._ask(request)
            try:
                self._spare = (request, self._ask(request))
            except BaseException:
                child.kill()
                raise
            return child

    def _ask(self, request: bytes) -> Forked:
        return Forked(self._wall, lambda descriptors: socket.send_fds(self._control, [request], descriptors))

    def said(self) -> str:
        return self._launched.said()

    def has_ended(self) -> bool:
        return self._launched.exit_code(NOTICE_SECONDS) is not None

    def end(self) -> None:
        """Every worker ends with it."""
        with self._lock:
            if self._spare is not None:
                self._spare[1].kill()
                self._spare = None
            self._control.close()
            self._launched.exit_code(REAP_SECONDS)
            self._launched.kill()
