"""The trusted end of one worker: starts it, sends requests, bounds what it may take, and kills it for good."""

import contextlib
import fcntl
import os
import re
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from autograder.sandbox import bubblewrap
from autograder.sandbox.failures import (
    Crashed,
    Frame,
    NotDefined,
    OutOfMemory,
    ProtocolBreach,
    SandboxUnavailable,
    TimedOut,
    WorkerFailure,
    raised,
)
from autograder.sandbox.inside import wire
from autograder.sandbox.limits import Limits
from autograder.sandbox.syscalls import filter_program

POLL_SECONDS = 0.02  # how often a running worker's CPU clock is looked at
CHUNK = 1 << 20  # bytes moved at once; also the size asked for the pipes


@dataclass(frozen=True)
class Answer:
    """What a function gave back.

    Attributes:
        value: plain data (see `inside.wire`); `wire.Foreign` stands for anything else.
        arguments: the positional arguments as they were after the call, where `echo` asked for them.
        cpu_seconds: CPU time that the kernel charged the worker from its previous reply to this one, so that
            work done between calls, in a thread for instance, is paid for as well.
    """

    value: object
    arguments: list | None
    cpu_seconds: float


class Sandbox:
    """A context manager around one worker, a process that runs untrusted code behind the wall.

    Args:
        limits: what the code may use; see `Limits`.
        stand_ins: top-level modules which, since they are not there, are replaced by ones that do nothing.

    Raises `SandboxUnavailable` on entering where the machine cannot isolate it. Each request either answers or
    raises a `WorkerFailure`; after `TimedOut`, `Crashed` or `ProtocolBreach` the worker is dead (`alive` is False)
    together with everything it started, and a new Sandbox is needed.

    >>> with Sandbox() as box:
    ...     box.run("def double(x): return 2 * x", "cell 1")
    ...     box.call("double", 21).value
    42
    """

    def __init__(self, limits: Limits | None = None, stand_ins: Sequence[str] = ()):
        self.limits = limits or Limits()
        self.stand_ins = tuple(stand_ins)
        self.layers: tuple[str, ...] = ()
        self._process = None

    @property
    def alive(self) -> bool:
        return self._process is not None

    def __enter__(self) -> "Sandbox":
        program = filter_program()
        request_read, self._requests = os.pipe()
        self._replies, reply_write = os.pipe()
        info_read, info_write = os.pipe()
        passed = (request_read, reply_write, info_write)
        self._errors = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                bubblewrap.command(self.limits, *passed),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=passed,
            )
        finally:
            for descriptor in passed:
                os.close(descriptor)
            if self._process is None:
                for descriptor in (self._requests, self._replies, info_read):
                    os.close(descriptor)
                self._errors.close()
        for pipe in (self._requests, self._replies):
            _enlarge(pipe)
        os.set_blocking(self._requests, False)
        os.set_blocking(self._replies, False)
        self._start(program, info_read)
        return self

    def __exit__(self, *exception) -> None:
        self.kill()

    def run(self, source: str, block: str, *, cpu_seconds: float | None = None) -> None:
        """Runs a block of code; `block` is the name under which failures point to it."""
        text = np.frombuffer(source.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        self._ask({"do": "run", "block": block}, text, cpu_seconds)

    def call(self, function, *arguments, echo=False, cpu_seconds=None, **keywords) -> Answer:
        """Calls one of the code's functions. The arguments travel by value: nothing is shared."""
        return self._ask(
            {"do": "call", "function": function, "echo": echo},
            [list(arguments), [list(item) for item in keywords.items()]],
            cpu_seconds,
        )

    def kill(self) -> None:
        """Ends the worker and everything it started. Safe to call twice."""
        if self._process is None:
            return
        process, self._process = self._process, None
        if self._pid:
            _kill(self._pid)  # process 1 of its namespace: the kernel kills all others with it
        process.kill()
        process.wait()
        os.close(self._requests)
        os.close(self._replies)
        self._errors.close()

    # --- starting ------------------------------------------------------------------------------------------

    def _start(self, program, info_read):
        self._pid = 0
        self._number = 0
        self._clock_before = 0.0
        deadline = time.monotonic() + self.limits.start_seconds
        try:
            self._pid = _read_pid(info_read, deadline)
            setup = {
                "limits": asdict(self.limits),
                "scratch": bubblewrap.SCRATCH,
                "stand_ins": list(self.stand_ins),
            }
            message, _ = self._exchange(
                {**setup, "id": 0}, np.frombuffer(program, dtype=np.uint8), deadline, cpu_limit=None
            )
            if message.get("status") != "ready":
                raise ProtocolBreach("the worker did not say that it is ready")
            self.layers = ("namespaces", *map(str, message["layers"]))
            self._clock_before = self._clock()
        except (WorkerFailure, OSError, ValueError) as error:
            reason = self._said() or str(error)
            self.kill()
            raise SandboxUnavailable(f"A sandboxed worker did not start: {reason}") from None
        finally:
            os.close(info_read)

    def _said(self) -> str:
        """The last line that bwrap or a dying interpreter wrote: only read before untrusted code has run."""
        self._errors.seek(0)
        lines = self._errors.read(10_000).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    # --- one request ---------------------------------------------------------------------------------------

    def _ask(self, message, value, cpu_seconds) -> Answer:
        if not self.alive:
            raise Crashed("the worker is no longer running")
        self._number += 1
        deadline = time.monotonic() + self.limits.wall_seconds
        cpu_limit = self.limits.cpu_seconds if cpu_seconds is None else cpu_seconds
        try:
            reply, result = self._exchange({**message, "id": self._number}, value, deadline, cpu_limit)
            spent = self._charge()
            return self._interpret(reply, result, spent)
        except (TimedOut, Crashed, ProtocolBreach):
            self.kill()
            raise

    def _interpret(self, reply, result, spent) -> Answer:
        if reply.get("id") != self._number:
            raise ProtocolBreach("the reply does not belong to the request")
        match reply.get("status"):
            case "done":
                value, arguments = result if type(result) is tuple and len(result) == 2 else (result, None)
                return Answer(value, arguments if type(arguments) is list else None, spent)
            case "not defined":
                raise NotDefined("there is no such function")
            case "out of memory":
                raise OutOfMemory(f"more than {self.limits.memory_bytes >> 20} MiB of memory were needed")
            case "raised":
                raise _raised(reply)
        raise ProtocolBreach("the reply has no known status")

    def _exchange(self, message, value, deadline, cpu_limit):
        self._write(wire.encode(message, value), deadline, cpu_limit)
        prefix = self._read(wire.PREFIX.size, deadline, cpu_limit)
        try:
            count = wire.lengths(prefix, self.limits.reply_bytes)
            return wire.decode(prefix, self._read(count, deadline, cpu_limit))
        except wire.WireError as error:
            raise ProtocolBreach(str(error)) from None

    def _write(self, frame, deadline, cpu_limit):
        view = memoryview(frame)
        while view:
            self._wait(self._requests, select.POLLOUT, deadline, cpu_limit)
            try:
                view = view[os.write(self._requests, view[:CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise Crashed(self._how_it_ended()) from None

    def _read(self, count, deadline, cpu_limit) -> bytes:
        received = bytearray()
        while len(received) < count:
            self._wait(self._replies, select.POLLIN, deadline, cpu_limit)
            try:
                chunk = os.read(self._replies, min(CHUNK, count - len(received)))
            except BlockingIOError:
                continue
            if not chunk:
                raise Crashed(self._how_it_ended())
            received += chunk
        return bytes(received)

    def _wait(self, descriptor, event, deadline, cpu_limit):
        """Until the descriptor is ready, the deadline is over or the CPU time is used up."""
        poll = select.poll()
        poll.register(descriptor, event)
        while not poll.poll(POLL_SECONDS * 1000):
            self._check_time(deadline, cpu_limit)
        self._check_time(deadline, cpu_limit)  # a reply that drips in byte by byte is always "ready"

    def _check_time(self, deadline, cpu_limit):
        if time.monotonic() > deadline:
            raise TimedOut(f"no answer after {self.limits.wall_seconds:g} seconds")
        if cpu_limit is not None and self._clock() - self._clock_before > cpu_limit:
            raise TimedOut(f"no answer after {cpu_limit:g} seconds of computing")

    # --- the worker's CPU clock, read from outside ---------------------------------------------------------

    def _clock(self) -> float:
        """Seconds of CPU time that the kernel has charged the worker (clock_getcpuclockid of its process)."""
        try:
            return time.clock_gettime((~self._pid << 3) | 2)
        except OSError:  # it has just died; whoever reads the pipe will see that
            return self._clock_before

    def _charge(self) -> float:
        now = self._clock()
        spent, self._clock_before = now - self._clock_before, now
        return spent

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "the process closed its connection"
        number = -code if code < 0 else code - 128 if code > 128 else 0
        if number == signal.SIGXCPU or (number == signal.SIGKILL and self._clock_ran_out()):
            raise TimedOut(f"no answer after {self.limits.total_cpu_seconds} seconds of computing in all")
        if number:
            return f"the process was ended by {_signal_name(number)}"
        return f"the process ended itself with exit code {code}"

    def _clock_ran_out(self) -> bool:
        return self._clock_before >= self.limits.total_cpu_seconds - 1


def _enlarge(pipe):
    """Fewer wake-ups for a batch of pictures; a user's quota may refuse, and then it stays as it was."""
    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, CHUNK)


def _read_pid(descriptor, deadline) -> int:
    """The worker's process id, from the JSON that bwrap writes in pieces."""
    text = ""
    while not (found := re.search(r'"child-pid"\s*:\s*(\d+)', text)):
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(descriptor, 4096) if ready else b""
        if not chunk:
            raise Crashed("bwrap ended before it had started anything")
        text += chunk.decode("ascii", "replace")
    return int(found[1])


def _kill(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _signal_name(number) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _raised(reply):
    """The worker's description of an exception, made safe to show."""
    frames = [
        Frame(plain_text(item[0], 100), item[1])
        for item in reply.get("frames") or []
        if type(item) is list and len(item) == 2 and type(item[0]) is str and type(item[1]) is int
    ]
    type_name = plain_text(reply.get("type"), 60)
    if not type_name.isidentifier():
        type_name = "Exception"
    return raised(type_name, plain_text(reply.get("builtin"), 60), plain_text(reply.get("text"), 500), frames)


def plain_text(value: object, limit: int) -> str:
    """Untrusted text as one printable line: no control characters, no escape sequences, at most `limit` long."""
    text = str(value)[: 4 * limit] if isinstance(value, str) else ""
    text = re.sub(r"\s+", " ", text)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)[:limit]
