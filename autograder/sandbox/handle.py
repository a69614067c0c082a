"""The trusted side's handle on one worker: sends requests, bounds what it may take, and kills it for good.

The worker itself, on the other side of the wall, is `inside/worker.py`.
"""

import contextlib
import fcntl
import os
import secrets
import select
import signal
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from autograder.sandbox.ahead import Foreseen, Reply, Sent, is_question
from autograder.sandbox.allowance import PATIENCE, Allowance
from autograder.sandbox.answers import LEAST_ANSWER, Answer, Answering, Question, decoded
from autograder.sandbox.failures import (
    Crashed,
    Frame,
    NotDefined,
    OutOfMemory,
    ProtocolBreach,
    Raised,
    SandboxUnavailable,
    TimedOut,
    WorkerFailure,
    raised,
)
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.inside import wire
from autograder.sandbox.limits import Limits
from autograder.sandbox.processes import Bounds, Child, Fresh
from autograder.sandbox.quota import asking_program
from autograder.sandbox.syscalls import filter_program, number_of
from autograder.sandbox.text import plain_text
from autograder.sandbox.walls import Wall, choose

POLL_SECONDS = 0.02  # how often a running worker's CPU clock is looked at
CHUNK = 1 << 20  # bytes moved at once; also the size asked for the pipes
READ = 1 << 16  # bytes that are taken in at least, where they are there
DROP_SECONDS = 0.05  # for answers that nobody waits for any more; a new worker is not much dearer
UNSEEN = (
    0.006  # CPU seconds of a worker's start and end that its own clock does not show: measured, 5.5 to 6.4 ms
)
MAX_FRAMES = 50
MAX_FAILURES = 20  # of one step
MAX_LINE = 1_000_000


@dataclass(frozen=True)
class Step:
    """How far a block has run.

    Attributes:
        following: the number of the statement to go on with; None at the block's end.
        failures: how statements ended that raised; they did not keep the next ones from running.
        cpu_seconds: as in `Answer`.
    """

    following: int | None
    failures: tuple[WorkerFailure, ...]
    cpu_seconds: float


class Sandbox:
    """A context manager around one worker, a process that runs untrusted code behind the wall.

    Args:
        limits: what the code may use; see `Limits`.
        stand_ins: top-level modules which, since they are not there, are replaced by ones that do nothing.
        allowance: what this worker and others may take together; without one only `limits` hold. A request that would take more
            ends in `OutOfTime`, and so does one that is made afterwards.
        server: forks the worker, where it can; without one, and where it cannot, the worker is an interpreter of its own.
        allow_weak: run the code even where nothing keeps it from the grader's files and memory. `layers` then says
            what is left, and `missing` what does not hold. With a server, the server's own `allow_weak` counts.
        wall: the wall to put around it, without a server; by default the strongest one here.

    `pid` is the worker's process id, as seen from here; `layers`, `missing` and `tier` say what protects. Raises
    `SandboxUnavailable` on entering where the machine cannot isolate it. Each request either answers or raises a
    `WorkerFailure`; after `TimedOut`, `Crashed` or `ProtocolBreach` the worker is dead (`alive` is False) together with
    everything it started, and a new Sandbox is needed. The worker also ends with the thread that entered the
    context, or that started the server. Requests are one thread's business; `kill` may come from any.

    >>> with Sandbox() as box:
    ...     box.run("def double(x): return 2 * x", "cell 1")
    ...     box.call("double", 21).value
    42
    """

    def __init__(
        self,
        limits: Limits | None = None,
        stand_ins: Sequence[str] = (),
        *,
        allowance: Allowance | None = None,
        server: ForkServer | None = None,
        allow_weak: bool = False,
        wall: Wall | None = None,
    ):
        self.limits = limits or Limits()
        self.allowance = allowance or Allowance()
        self.stand_ins = tuple(stand_ins)
        self.layers: tuple[str, ...] = ()
        self.missing: tuple[str, ...] = ()
        self.pid = 0
        self.tier = 0
        self._server = server
        self._allow_weak = allow_weak
        self._wall = wall
        self._child: Child | None = None
        # Whoever holds it uses the worker's descriptors. Without it, a `kill` in another thread could close them between two
        # reads, and the next file opened under the same number would be taken for the worker's reply.
        self._in_use = threading.RLock()
        self._ending = False  # asks the thread that holds it to let go
        self._clock_before = 0.0  # the worker's CPU time at its last reply, and when it was last looked at
        self._clock_seen = 0.0
        self._received = bytearray()  # of replies that nobody has asked for yet
        self._ahead: deque[tuple[int, Foreseen]] = deque()  # what was sent ahead, with the requests' numbers
        self._room = 0  # bytes that the pipe takes without a reader

    @property
    def alive(self) -> bool:
        return self._child is not None

    def __enter__(self) -> "Sandbox":
        with self._in_use:
            try:
                self._start(Bounds(self.limits.start_seconds))
            except (WorkerFailure, OSError) as error:
                reason = (self._child.said() if self._child else "") or str(error)
                self.kill()
                raise SandboxUnavailable(f"A sandboxed worker did not start: {reason}") from None
            except BaseException:
                self.kill()
                raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()

    def run(self, source: str, block: str, *, cpu_seconds: float | None = None) -> None:
        """Runs a block of code to its end; `block` is the name under which failures point to it.

        A statement that raises does not keep the next ones from running. Raises the first such failure afterwards.
        """
        step = self.step(block, source, cpu_seconds=cpu_seconds)
        failures = [*step.failures]
        while step.following is not None:
            step = self.step(block, start=step.following, cpu_seconds=cpu_seconds)
            failures += step.failures
        if failures:
            raise failures[0]

    def put(self, name: str, content: bytes) -> None:
        """Writes a file, read-only, into the folder in which the code runs. `name` is a plain one, without a folder."""
        self._ask({"do": "put", "block": name}, np.frombuffer(content, dtype=np.uint8), None)

    def read(self, source: str, block: str) -> None:
        """Parses a block without running any of it. Raises `Raised` for a SyntaxError."""
        self._ask({"do": "read", "block": block}, _as_bytes(source), None)

    def step(
        self,
        block: str,
        source: str | None = None,
        start: int = 0,
        *,
        left_out: Collection[int] = (),
        slow: Collection[int] = (),
        released: bool = False,
        cpu_seconds: float | None = None,
    ) -> Step:
        """Runs a block from one of its statements on, up to the next that may take long or end the worker.

        Args:
            source: the block's code; None where it was read before.
            start: the number of the statement, from 0 on.
            left_out: statements that do not run.
            slow: statements that run only where they make data which a function needs, of all blocks that were read.
            released: run only imports and definitions, and only of names that are not taken yet.

        Raises `Raised` where the code cannot be parsed.
        """
        message = {"do": "run", "block": block, "start": start, "released": released}
        message |= {"left_out": sorted(left_out), "slow": sorted(slow)}
        reply, answer = self._ask(message, None if source is None else _as_bytes(source), cpu_seconds)
        following = reply.get("next")
        if following is not None and not (type(following) is int and start < following <= MAX_LINE):
            self.kill()
            raise ProtocolBreach("the worker goes on with a statement that is none")
        return Step(following, self._failures(reply.get("failures")), answer.cpu_seconds)

    def hand_over(self, functions: Collection[str]) -> None:
        """From now on these functions of the code are the trusted side's: the code that calls one asks `answering` of `call`.

        In their place stand functions that send their arguments out and wait for the value. No code comes in, so that
        the code learns what it asks for and nothing else.
        """
        self._ask({"do": "hand over", "functions": sorted(functions)}, None, None)

    def call(
        self,
        function: str,
        *arguments: object,
        echo: bool = False,
        cpu_seconds: float | None = None,
        answering: Answering | None = None,
        **keywords: object,
    ) -> Answer:
        """Calls one of the code's functions. The arguments travel by value: nothing is shared.

        `answering` answers for the functions that were handed over. What that takes is paid for by the call, as if the
        code had computed it itself; without it, a question is a `ProtocolBreach`.
        """
        _, answer = self._ask(
            {"do": "call", "function": function, "echo": echo},
            [list(arguments), [list(item) for item in keywords.items()]],
            cpu_seconds,
            answering,
        )
        return answer

    def send_ahead(self, calls: Sequence[Foreseen]) -> int:
        """Makes these calls, the first of them or none, before anybody waits for an answer; returns how many.

        Then `next_replies` gives the replies to them, in their order, or `drop_replies` lets them be, before any other request.
        """
        with self._in_use, self.allowance.request() as charge:
            numbers = [secrets.randbits(62) for _ in calls]
            requests, size = [], 0
            for number, call in zip(numbers, calls, strict=True):
                requests.append(call.request(number))
                size += len(requests[-1])
                if size > self._room:  # nobody may have to wait for the worker to read
                    requests.pop()
                    break
            try:
                bounds = Bounds(self.limits.wall_seconds, self.limits.cpu_seconds, charge)
                self._write(b"".join(requests), bounds)
            except BaseException:
                self.kill()
                raise
            self._ahead.extend(zip(numbers[: len(requests)], calls, strict=False))
            return len(requests)

    def next_replies(self, answering: Answering | None = None) -> tuple[list[Sent], float]:
        """The reply to the next of the calls that were sent ahead, those to later ones that have come with it, and what they
        cost together; `understood` reads them. Raises as `call` does where the next one does not come.

        `answering` is as for `call`; only one call may be on its way then.

        The worker goes on with the next call at once. What it does until somebody looks at its clock is counted for the call
        before: so where a reply has come already, that call is not held to have taken too long. All of it is charged.
        """
        with self._in_use, self.allowance.request() as charge:
            number, call = self._ahead.popleft()
            try:
                bounds = Bounds(self.limits.wall_seconds, self.limits.cpu_seconds, charge)
                self._take_in()
                frame = self._reply(number, answering, bounds)
                spent = self._charge(is_last=not self._ahead) + bounds.answered
                charge.computed = spent
                replies = [call.sent(number, *frame)]
                while self._ahead and (received := self._received_frame()):
                    number, call = self._ahead.popleft()
                    replies.append(call.sent(number, *received))
                return replies, spent
            except BaseException:
                self.kill()
                raise

    def _received_frame(self) -> tuple[bytearray, bytearray] | None:
        """The next frame where all of it has been received, of no more bytes than are allowed."""
        begin = wire.PREFIX.size
        prefix = self._received[:begin]
        if len(prefix) < begin:
            return None
        try:
            end = begin + wire.lengths(prefix, self.limits.reply_bytes)
        except wire.WireError:
            return None
        if len(self._received) < end:
            return None
        body = self._received[begin:end]
        del self._received[:end]
        return prefix, body

    def understood(self, sent: Sent) -> Reply:
        """What a reply says; raises `ProtocolBreach` for what is none, and ends the worker."""
        if sent.known is not None:
            return sent.known
        with self.allowance.request():  # reading what code has sent is paid for by it
            try:
                return sent.call.read(sent.number, sent.prefix, sent.body)
            except wire.WireError as error:
                self.kill()
                raise ProtocolBreach(str(error)) from None
            except ProtocolBreach:
                self.kill()
                raise

    def drop_replies(self) -> None:
        """Nobody will ask for the replies that are still due. Where they do not come at once, the worker is killed."""
        with self._in_use, self.allowance.request() as charge:
            bounds = Bounds(DROP_SECONDS, DROP_SECONDS, charge)
            try:
                for _ in range(len(self._ahead)):
                    self._ahead.popleft()
                    self._take_in()
                    self._frame(bounds)
                charge.computed = self._charge()
            except WorkerFailure:
                self.kill()
            except BaseException:
                self.kill()
                raise

    def interpret(self, reply: Reply, spent: float) -> Answer:
        """What `call` gives or raises for such a reply.

        Args:
            spent: the CPU seconds that it cost.
        """
        try:
            return self._interpret(reply.message, reply.value, spent)
        except ProtocolBreach:
            self.kill()
            raise

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """While the block lasts the worker does nothing: threads of its own, which run between calls, stand still, too."""
        stopped = self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            if stopped:
                self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Ends the worker and everything it started. Safe to call twice, and from any thread.

        A request that is on its way in another thread ends in `Crashed`, within moments; this waits for that.
        """
        self._ending = True
        with self._in_use:
            child, self._child = self._child, None
            if child is not None:
                child.kill()

    def _signal(self, number: signal.Signals) -> bool:
        """Sends the worker a signal; False where it has ended, when its id may be another process's by now."""
        with self._in_use:
            if self._child is None or self._child.exit_code(0) is not None:
                return False
            with contextlib.suppress(ProcessLookupError):  # it has ended this very moment
                os.kill(self.pid, number)
                return True
            return False

    # --- starting ------------------------------------------------------------------------------------------

    def _start(self, bounds: Bounds) -> None:
        self._launch(bounds)
        child = self._worker
        wall = child.wall
        self.pid = child.pid
        for pipe in (child.requests, child.replies):
            _enlarge(pipe)
            os.set_blocking(pipe, False)
        self._room = fcntl.fcntl(child.requests, fcntl.F_GETPIPE_SZ)
        setup = {
            "id": secrets.randbits(62),
            "limits": asdict(self.limits),
            "readable": wall.readable(),
            "scratch": child.scratch.inside,
            "stand_ins": list(self.stand_ins),
            "seccomp": number_of("seccomp"),
        }
        on_disk = child.scratch.outside != ""
        programs = (filter_program(wall.tier == 1), asking_program() if on_disk else b"")
        message, _ = self._exchange(setup, tuple(np.frombuffer(each, np.uint8) for each in programs), bounds)
        if message.get("status") != "ready":
            raise ProtocolBreach(
                plain_text(message.get("why"), 300) or "the worker did not say that it is ready"
            )
        if missing := wall.required - set(message["layers"]):
            raise ProtocolBreach(f"the worker could not put on {', '.join(sorted(missing))}")
        if on_disk:
            child.bound_files(self.limits)
        self.tier = wall.tier
        self.missing = wall.missing
        self.layers = (
            *wall.layers,
            *(str(layer) for layer in message["layers"] if layer not in wall.missing),
        )
        self.allowance.charge(self._charge() + UNSEEN)

    def _launch(self, bounds: Bounds) -> None:
        """A worker that the server forks; an interpreter of its own where there is no server, or it cannot."""
        if self._server is not None:
            self._child = self._server.worker(self.limits, bounds)
        if self._child is None:
            wall = self._server.wall if self._server else self._wall or choose(self._allow_weak)
            self._child = fresh = Fresh(wall)
            fresh.meet(bounds)

    @property
    def _worker(self) -> Child:
        """The worker's process. Raises `Crashed` where it was killed."""
        if self._child is None:
            raise Crashed("the worker is no longer running")
        return self._child

    # --- one request ---------------------------------------------------------------------------------------

    def _ask(
        self,
        message: dict[str, Any],
        value: object,
        cpu_seconds: float | None,
        answering: Answering | None = None,
    ) -> tuple[dict[str, Any], Answer]:
        """The reply's message, and what came with it."""
        with self._in_use, self.allowance.request() as charge:
            cpu_seconds = self.limits.cpu_seconds if cpu_seconds is None else cpu_seconds
            number = secrets.randbits(62)  # nobody can write the reply to a request that he has not read
            try:
                bounds = Bounds(self.limits.wall_seconds, cpu_seconds, charge)
                self._write(wire.encode({**message, "id": number}, value), bounds)
                reply, result = decoded(*self._reply(number, answering, bounds))
                spent = charge.computed = self._charge() + bounds.answered
                if reply.get("id") != number:
                    raise ProtocolBreach("the reply does not belong to the request")
                return reply, self._interpret(reply, result, spent)
            except (Raised, NotDefined, OutOfMemory):
                raise
            except BaseException:  # an interrupt too: a late reply would be taken for a breach
                self.kill()
                raise

    def _interpret(self, reply: dict[str, Any], result: object, spent: float) -> Answer:
        match reply.get("status"):
            case "done":
                value, arguments = result if type(result) is tuple and len(result) == 2 else (result, None)
                return Answer(value, arguments if type(arguments) is list else None, spent)
            case "not defined":
                raise NotDefined("there is no such function")
            case "out of memory" | "raised":
                raise self._failure(reply)
        raise ProtocolBreach("the reply has no known status")

    def _failure(self, described: dict[str, Any]) -> WorkerFailure:
        if described.get("status") == "raised":
            return _raised(described)
        memory, reply = self.limits.memory_bytes >> 20, self.limits.reply_bytes >> 20
        return OutOfMemory(f"it needed more than {memory} MiB of memory, or {reply} MiB for its answer")

    def _failures(self, given: object) -> tuple[WorkerFailure, ...]:
        known = given[:MAX_FAILURES] if type(given) is list else []
        return tuple(self._failure(each) for each in known if type(each) is dict)

    def _exchange(
        self, message: dict[str, Any], value: object, bounds: Bounds
    ) -> tuple[dict[str, Any], object]:
        self._write(wire.encode(message, value), bounds)
        return decoded(*self._frame(bounds))

    def _reply(self, number: int, answering: Answering | None, bounds: Bounds) -> tuple[bytearray, bytearray]:
        """The next frame that is no question of the request of that number; until then its questions are answered."""
        frame = self._frame(bounds)
        while answering is not None and is_question(number, frame[1]):
            answer = answering(Question(number, *frame))
            bounds.answered += LEAST_ANSWER + answer.cpu_seconds
            self._write(answer.frame, bounds)
            frame = self._frame(bounds)
        return frame

    def _frame(self, bounds: Bounds) -> tuple[bytearray, bytearray]:
        """The prefix and the body of what the worker says next."""
        prefix = self._read(wire.PREFIX.size, bounds)
        try:
            count = wire.lengths(prefix, self.limits.reply_bytes)
        except wire.WireError as error:
            raise ProtocolBreach(str(error)) from None
        return prefix, self._read(count, bounds)

    def _write(self, frame: bytes, bounds: Bounds) -> None:
        view, pipe = memoryview(frame), self._worker.requests
        while view:
            try:
                view = view[os.write(pipe, view[:CHUNK]) :]
            except BlockingIOError:
                self._wait(pipe, select.POLLOUT, bounds)
            except BrokenPipeError:
                raise Crashed(self._how_it_ended()) from None

    def _read(self, count: int, bounds: Bounds) -> bytearray:
        while len(self._received) < count:
            self._wait(self._worker.replies, select.POLLIN, bounds)
            self._take_in(count - len(self._received))
        if len(self._received) == count:
            received, self._received = self._received, bytearray()
            return received
        received = self._received[:count]
        del self._received[:count]
        return received

    def _take_in(self, wanted: int = 0) -> None:
        """Reads what is there. Raises `Crashed` where the worker has ended and nothing is."""
        try:
            chunk = os.read(self._worker.replies, max(READ, min(CHUNK, wanted)))
        except BlockingIOError:
            return
        if not chunk and wanted:
            raise Crashed(self._how_it_ended())
        self._received += chunk

    def _wait(self, descriptor: int, event: int, bounds: Bounds) -> None:
        """Until the descriptor is ready, the deadline is over, the CPU time is used up or another thread ends the worker."""
        while not self._worker.is_ready(descriptor, event, POLL_SECONDS):
            self._check(bounds)
        self._check(bounds)  # a reply that drips in byte by byte is always "ready"

    def _check(self, bounds: Bounds) -> None:
        if self._ending:
            raise Crashed("the worker is no longer running")
        self._clock()
        spent = self._clock_seen - self._clock_before + bounds.answered
        if bounds.charge is not None:
            bounds.charge.computed = spent
            bounds.charge.refuse()
        if time.monotonic() > bounds.deadline + (0 if bounds.cpu_seconds is None else PATIENCE * spent):
            raise bounds.time_out()
        if bounds.cpu_seconds is not None and spent > bounds.cpu_seconds:
            raise TimedOut(f"no answer after {bounds.cpu_seconds:g} seconds of computing")

    # --- the worker's CPU clock, read from outside ---------------------------------------------------------

    def _clock(self) -> float | None:
        """Seconds of CPU time that the kernel has charged the worker (clock_getcpuclockid of its process)."""
        try:
            self._clock_seen = time.clock_gettime((~self.pid << 3) | 2)
        except OSError:  # there is no such process any more
            return None
        return self._clock_seen

    def _charge(self, is_last: bool = True) -> float:
        now = self._clock()
        if now is None and not is_last:  # it has answered this call and ended in a later one
            now = self._clock_seen
        if now is None:  # it answered and ended itself at once: nobody can tell how long it took
            raise Crashed(self._how_it_ended())
        spent, self._clock_before = now - self._clock_before, now
        return spent

    def _how_it_ended(self) -> str:
        code = self._worker.exit_code(2)
        if code is None:
            return "the process closed its connection"
        number = max(-code, 0)
        if number == signal.SIGXCPU or (number == signal.SIGKILL and self._clock_ran_out()):
            raise TimedOut(f"no answer after {self.limits.total_cpu_seconds} seconds of computing in all")
        if number:
            return f"the process was ended by {_signal_name(number)}"
        return f"the process ended itself with exit code {code}"

    def _clock_ran_out(self) -> bool:
        return self._clock_seen >= self.limits.total_cpu_seconds - 0.5


def _as_bytes(source: str) -> np.ndarray:
    return np.frombuffer(source.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _enlarge(pipe: int) -> None:
    """Fewer wake-ups for a batch of pictures; a user's quota may refuse, and then it stays as it was."""
    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, CHUNK)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _raised(reply: dict[str, Any]) -> Raised:
    """The worker's description of an exception, made safe to show."""
    given = reply.get("frames")
    frames = [
        Frame(plain_text(item[0], 100), item[1])
        for item in (given[:MAX_FRAMES] if type(given) is list else [])
        if type(item) is list and [type(part) for part in item] == [str, int] and 0 < item[1] <= MAX_LINE
    ]
    type_name = plain_text(reply.get("type"), 60)
    if not type_name.isidentifier():
        type_name = "Exception"
    return raised(type_name, plain_text(reply.get("builtin"), 60), plain_text(reply.get("text"), 500), frames)
