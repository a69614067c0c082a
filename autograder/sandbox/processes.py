"""A worker's process as the trusted side holds it: how it starts, which it is, how it ended, and its end."""

import contextlib
import os
import select
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence

from autograder.sandbox.allowance import Charge
from autograder.sandbox.failures import Crashed, SandboxUnavailable, TimedOut
from autograder.sandbox.limits import Limits
from autograder.sandbox.quota import Quota
from autograder.sandbox.walls import Wall

GREETING, REFUSED = b"+", b"!"  # what inside/worker.py and inside/server.py say first
STATUS = struct.Struct("=ci")  # what inside/server.py says last
CREDENTIALS = struct.Struct("iII")  # struct ucred: process, user and group, as this side sees them
DESCRIPTOR = struct.Struct("i")
LONGEST_WORD = 600
REAP_SECONDS = 5


class Bounds:
    """How long an exchange may take, from now on; `cpu_seconds` may be None.

    Args:
        charge: its part of what all exchanges may take together; None for one that runs no untrusted code.

    Attributes:
        answered: CPU seconds that others computed for the code in the middle of it, which count as the code's own.
    """

    def __init__(self, wall_seconds: float, cpu_seconds: float | None = None, charge: Charge | None = None):
        self.wall_seconds = wall_seconds
        self.cpu_seconds = cpu_seconds
        self.charge = charge
        self.deadline = time.monotonic() + wall_seconds
        self.answered = 0.0

    @property
    def over(self) -> bool:
        return time.monotonic() > self.deadline

    def time_out(self) -> TimedOut:
        return TimedOut(f"no answer after {self.wall_seconds:g} seconds")


class Hello:
    """The socket on which a process says its first word, with which the kernel tells its id as this side sees it.

    Args:
        handed_over: closes the other end, which is for the process, after it was started.
    """

    def __init__(self, handed_over: contextlib.ExitStack):
        self._socket, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.other_end = handed_over.enter_context(there).fileno()

    def next_word(self, seconds: float) -> tuple[bytes, int] | None:
        """What was said next and the speaker's id; b"" where nobody is left to say more, None after those seconds."""
        if not _readable(self._socket, seconds):
            return None
        word, ancillary, _, _ = self._socket.recvmsg(LONGEST_WORD, socket.CMSG_SPACE(CREDENTIALS.size))
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                return word, CREDENTIALS.unpack(data)[0]
        return word, 0

    def next_descriptor(self) -> int | None:
        """The descriptor that was handed over; None where there is none."""
        room = socket.CMSG_SPACE(CREDENTIALS.size) + socket.CMSG_SPACE(DESCRIPTOR.size)
        _, ancillary, _, _ = self._socket.recvmsg(LONGEST_WORD, room, socket.MSG_DONTWAIT)
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                return int(DESCRIPTOR.unpack(data)[0])
        return None

    def close(self) -> None:
        self._socket.close()


class Launched:
    """A process that this one started: bwrap with a worker or the fork server in it, or either of them without bwrap.

    It ends with the thread that started it. `kill` may be called twice.

    Args:
        command: makes the command, given a stack that holds what it needs for as long as it runs.
        descriptors: what it inherits.
    """

    def __init__(self, command: Callable[[contextlib.ExitStack], list[str]], descriptors: Sequence[int]):
        self._held = contextlib.ExitStack()
        with _closed_after_a_failure(self._held):
            self._errors = self._held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            self._process = subprocess.Popen(
                command(self._held),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=descriptors,
                cwd="/",
                start_new_session=True,  # an interrupt at the keyboard is for the grader, not for the code's account
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def said(self) -> str:
        """The last line that bwrap or a dying interpreter wrote: only read before untrusted code has run."""
        self._errors.seek(0)
        lines = self._errors.read(10_000).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def exit_code(self, seconds: float) -> int | None:
        """Negative for a signal; None where it still runs after those seconds."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return 128 - code if code > 128 else code  # bwrap's way to tell the signal that ended its child

    def kill(self, inner: int = 0) -> None:
        """Ends it and `inner`, the process in it where that is another one."""
        # Where the process has ended, the id of the one in it may be another process's by now.
        if inner not in (0, self.pid) and self._process.poll() is None:
            kill(inner)  # process 1 of its namespace: the kernel kills all others with it
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(REAP_SECONDS)  # bwrap reaps the worker first: no zombie is left to anybody
        self._process.kill()
        self._process.wait()
        self._held.close()


class Child:
    """A worker's process, with this side's ends of its two pipes.

    Attributes:
        requests, replies: descriptors, closed by `kill`.
        pid: its id as seen from here; 0 before `meet`.
        scratch: its private folder.

    Args:
        wall: what stands around it.
        forked: whether a server makes it.
    """

    requests: int
    replies: int

    def __init__(self, wall: Wall, forked: bool):
        self.wall = wall
        self.pid = 0
        self._held = contextlib.ExitStack()
        self._quota: Quota | None = None
        self.scratch = wall.new_scratch(self._held, forked)

    def _connect(self, handed_over: contextlib.ExitStack) -> tuple[int, int, int]:
        """The three descriptors that are for the worker; `handed_over` closes them after it was started."""
        requests, self.requests = _pipe(handed_over, self._held)
        self.replies, replies = _pipe(self._held, handed_over)
        self._hello = self._held.enter_context(contextlib.closing(Hello(handed_over)))
        return requests, replies, self._hello.other_end

    def meet(self, bounds: Bounds) -> None:
        """Waits until the process has started and learns its id. Raises `Crashed` where it ends before that."""
        heard = self._hello.next_word(bounds.deadline - time.monotonic())
        if heard is None:
            raise bounds.time_out()
        word, pid = heard
        if word != GREETING:
            raise Crashed(word.removeprefix(REFUSED).decode("utf-8", "replace") or "it ended at once")
        self.pid = pid

    def bound_files(self, limits: Limits) -> None:
        """From now on the kernel's questions about its files are answered while `is_ready` waits."""
        listener = self._hello.next_descriptor()
        if listener is None:
            raise Crashed("it did not hand over the kernel's questions")
        self._held.callback(os.close, listener)
        self._quota = Quota(listener, self.scratch.outside, limits)

    def is_ready(self, descriptor: int, event: int, seconds: float) -> bool:
        """Waits for one of its pipes, or until the kernel has asked something, which is answered, or for those seconds."""
        poll = select.poll()
        poll.register(descriptor, event)
        if self._quota is not None:
            poll.register(self._quota.listener, select.POLLIN)
        ready = dict(poll.poll(seconds * 1000))
        if self._quota is not None and ready.get(self._quota.listener, 0) & select.POLLIN:
            self._quota.answer()
        return descriptor in ready

    def said(self) -> str:
        """Why it did not start, where it left a word about that."""
        return ""

    def exit_code(self, seconds: float) -> int | None:
        """How it ended, negative for a signal; None where it still runs after those seconds."""
        raise NotImplementedError

    def kill(self) -> None:
        """Ends it and everything it started. Safe to call twice."""
        self._held.close()


class Fresh(Child):
    """A worker in an interpreter of its own: about a tenth of a second."""

    def __init__(self, wall: Wall):
        super().__init__(wall, forked=False)
        with contextlib.ExitStack() as handed_over, _closed_after_a_failure(self._held):
            descriptors = self._connect(handed_over)
            self._launched = Launched(
                lambda held: wall.worker_command(self.scratch, descriptors, held), descriptors
            )

    def said(self) -> str:
        return self._launched.said()

    def exit_code(self, seconds: float) -> int | None:
        return self._launched.exit_code(seconds)

    def kill(self) -> None:
        self._launched.kill(self.pid)
        super().kill()


class Forked(Child):
    """A worker forked by a server.

    Args:
        ask: hands three descriptors to the server and returns at once.
    """

    def __init__(self, wall: Wall, ask: Callable[[tuple[int, int, int]], object]):
        super().__init__(wall, forked=True)
        self._status: int | None = None
        with contextlib.ExitStack() as handed_over, _closed_after_a_failure(self._held):
            ask(self._connect(handed_over))

    def meet(self, bounds: Bounds) -> None:
        super().meet(bounds)
        if self._hello.next_word(0) is not None:  # it waited for its turn and was killed meanwhile
            raise Crashed("it ended before it was needed")

    def exit_code(self, seconds: float) -> int | None:
        """Raises `SandboxUnavailable` where the server is gone: nobody knows, and it is not the code's doing."""
        if self._status is None:
            heard = self._hello.next_word(seconds)
            if heard is None:
                return None
            if len(heard[0]) != STATUS.size:
                raise SandboxUnavailable("The fork server ended while code was running. Please grade again.")
            self._status = STATUS.unpack(heard[0])[1]
        return self._status

    def kill(self) -> None:
        pid, self.pid = self.pid, 0
        if pid:
            with contextlib.suppress(SandboxUnavailable):  # the server is gone, and its workers with it
                if self.exit_code(0) is None:  # else the id may already be another process's
                    kill(pid)
                    self.exit_code(REAP_SECONDS)
        super().kill()


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def _closed_after_a_failure(stack: contextlib.ExitStack) -> Iterator[None]:
    try:
        yield
    except BaseException:
        stack.close()
        raise


def _pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe of which each end is closed with the stack that owns it."""
    read_end, write_end = os.pipe()
    reader.callback(os.close, read_end)
    writer.callback(os.close, write_end)
    return read_end, write_end


def _readable(file: socket.socket, seconds: float) -> bool:
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return bool(poll.poll(max(0, seconds) * 1000))
