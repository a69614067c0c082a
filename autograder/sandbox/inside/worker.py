"""The worker: locks itself in, then runs blocks of code and calls functions by name, one request at a time.

Started as `python worker.py REQUESTS REPLIES HELLO PARENT`, descriptors of two pipes and of a socket from which the
trusted side learns the process's id, and the id of the process that started this one; or forked by server.py. Everything after the first request may be under the control
of the code that runs here: the trusted side believes nothing that it says.
"""

import _thread
import builtins
import fcntl
import os
import sys
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 -- pathlib would cost 5 ms a start
ROOT = os.path.dirname(HERE)  # noqa: PTH120
sys.path[:0] = [os.path.join(ROOT, "packages"), HERE]  # noqa: PTH118

if TYPE_CHECKING:
    from autograder.sandbox.inside import stand_ins, wire
    from autograder.sandbox.inside.cells import Cells
    from autograder.sandbox.inside.lockdown import (
        FIRST_FREE,
        REPLIES,
        REQUESTS,
        ask_about_files,
        die_with_parent,
        lock_down,
    )
else:  # in the sandbox this folder stands alone
    import stand_ins
    import wire
    from cells import Cells
    from lockdown import FIRST_FREE, REPLIES, REQUESTS, ask_about_files, die_with_parent, lock_down

GREETING = b"+"
MAX_FRAMES = 50
NO_MESSAGE = "(its message cannot be shown)"

Message = dict[str, Any]  # the JSON of a request or a reply; see `sandbox.handle` for its fields


def main(requests: int, replies: int, hello: int) -> NoReturn:
    os.write(hello, GREETING)  # the kernel adds the process's id, as the trusted side would see it
    hello = _put_in_place(requests, replies, hello)
    setup, (filter_program, asking_program) = _receive(REQUESTS)
    limit = setup["limits"]["reply_bytes"]
    untrusted = Untrusted(TrustedSide(limit))
    _silence()

    def let_ask() -> None:
        if asking_program.size:
            _hand_over(hello, ask_about_files(bytes(asking_program), setup["seccomp"]))
        os.close(hello)

    readable = [ROOT, *setup["readable"]]
    try:
        layers = lock_down(setup["limits"], readable, setup["scratch"], bytes(filter_program), let_ask)
    except OSError as error:
        _send(REPLIES, wire.encode({"id": setup["id"], "status": "refused", "why": str(error)}))
        raise
    stand_ins.install(setup["stand_ins"], untrusted.namespace["get_ipython"])
    os.environ["HOME"] = os.environ["TMPDIR"] = setup["scratch"]
    os.chdir(setup["scratch"])
    # As in Jupyter: modules that a cell writes, or that lie beside the notebook.
    sys.path.insert(0, setup["scratch"])
    _send(REPLIES, wire.encode({"id": setup["id"], "status": "ready", "layers": layers}))
    while True:
        message, value = _receive(REQUESTS)
        _send(REPLIES, answer(untrusted, message, value, limit))


def answer(untrusted: "Untrusted", message: Message, value: Any, limit: int) -> bytes:
    reply: Message = {"id": message["id"]}
    untrusted.trusted.request = message["id"]
    try:
        if message["do"] != "call":
            return wire.encode({**reply, "status": "done", **untrusted.run(message, value)})
        function = untrusted.namespace.get(message["function"])
        if not callable(function):
            return wire.encode({**reply, "status": "not defined"})
        arguments, keywords = value[0], dict(value[1])
        result = function(*arguments, **keywords)
        result = (result, arguments if message["echo"] else None)
        return wire.encode({**reply, "status": "done"}, result, limit)
    except BaseException as error:
        return wire.encode({**reply, **untrusted.described(error)})


class Untrusted:
    """The code that nobody trusts: a namespace in which its blocks run in order, as the cells of a notebook do.

    Attributes:
        namespace: its global names.
        trusted: whom it asks where functions of its own were handed over.
    """

    def __init__(self, trusted: "TrustedSide") -> None:
        self.trusted = trusted
        main_module = types.ModuleType("__main__")
        sys.modules["__main__"] = main_module
        self.namespace: dict[str, object] = main_module.__dict__
        self.namespace["__builtins__"] = builtins
        self.namespace["display"] = stand_ins.Silent()
        self.cells = Cells(self.namespace)

    def run(self, message: Message, value: Any) -> Message:
        """Reads a block, where its text came along, or goes on with one, and says how far it came and what failed."""
        if message["do"] == "put":
            _put(message["block"], bytes(value))
        elif message["do"] == "hand over":
            self.namespace |= {name: self.trusted.stand_in(name) for name in message["functions"]}
        elif value is not None:
            self.cells.read(bytes(value).decode("utf-8", "surrogatepass"), message["block"])
        following = None
        if message["do"] == "run":
            left_out, slow = frozenset(message["left_out"]), frozenset(message["slow"])
            following = self.cells.step(
                message["block"], message["start"], left_out, slow, message["released"]
            )
        return {"next": following, "failures": [self.described(error) for error in self.cells.failures()]}

    def described(self, error: BaseException) -> Message:
        """The status and the description of an exception."""
        try:
            if isinstance(error, MemoryError):
                return {"status": "out of memory"}
            return {"status": "raised", **self._description(error)}
        except BaseException:  # the exception's class is itself made to raise
            return {
                "status": "raised",
                "type": "Exception",
                "builtin": "Exception",
                "text": NO_MESSAGE,
                "frames": [],
            }

    def _description(self, error: BaseException) -> Message:
        kind = type(error)
        ancestors = [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
        try:
            text = "".join(str(error)[:500])
            if kind is AttributeError and text.startswith("module 'numpy' has no attribute"):
                text = text.partition(".")[
                    0
                ]  # for names of old, NumPy's advice follows: nobody's words but its own pass
        except BaseException:
            text = NO_MESSAGE
        return {
            "type": kind.__name__[:100],
            "builtin": ancestors[0] if ancestors else "BaseException",
            "text": text,
            "frames": self._frames(error),
        }

    def _frames(self, error: BaseException) -> list[tuple[str, int]]:
        frames: list[tuple[str, int]] = []
        trace = error.__traceback__
        while trace is not None and len(frames) < MAX_FRAMES:
            name = trace.tb_frame.f_code.co_filename
            if name in self.cells.blocks:
                frames.append((name, trace.tb_lineno))
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename in self.cells.blocks and error.lineno:
            frames.append((error.filename, error.lineno))
        return frames


class TrustedSide:
    """The trusted side as code meets it in the middle of a call: it answers for the functions that were handed over to it.

    Attributes:
        request: the number of the call that is under way.
    """

    def __init__(self, limit: int) -> None:
        self.request = 0
        self._limit = limit
        self._one_at_a_time = _thread.allocate_lock()

    def stand_in(self, name: str) -> Callable[..., object]:
        """What stands in the place of a function that was handed over."""

        def stand_in(*arguments: object, **keywords: object) -> object:
            return self._ask(name, arguments, keywords)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def _ask(self, name: str, arguments: tuple[object, ...], keywords: dict[str, object]) -> object:
        question = {"id": self.request, "status": "asks", "function": name}
        given = [list(arguments), [list(item) for item in keywords.items()]]
        with self._one_at_a_time:
            _send(REPLIES, wire.encode(question, given, self._limit))
            answer, value = _receive(REQUESTS)
        if answer["raise"] is not None:
            raise getattr(builtins, answer["raise"], Exception)(f"{name} does not take these arguments")
        return value


def _put(name: str, content: bytes) -> None:
    """Nothing of the code has run yet in this worker: the folder is empty."""
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _put_in_place(requests: int, replies: int, hello: int) -> int:
    """Moves the pipes to the descriptors that the filters know them by; the socket's new one."""
    moved = [fcntl.fcntl(each, fcntl.F_DUPFD, 2 * FIRST_FREE) for each in (requests, replies, hello)]
    for each in (requests, replies, hello):
        os.close(each)
    for each, place in zip(moved, (REQUESTS, REPLIES), strict=False):
        os.dup2(each, place)
        os.close(each)
    return moved[-1]


def _hand_over(hello: int, descriptor: int) -> None:
    """Gives the trusted side a descriptor, and keeps none."""
    import socket  # 4 ms of a start, which other workers need not spend

    with socket.socket(fileno=os.dup(hello)) as speaker:
        socket.send_fds(speaker, [GREETING], [descriptor])
    os.close(descriptor)


def _silence() -> None:
    """Nobody reads what the code prints; a flood of it costs nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _receive(descriptor: int) -> tuple[Message, Any]:
    prefix = _read(descriptor, wire.PREFIX.size)
    return wire.decode(prefix, _read(descriptor, sum(wire.PREFIX.unpack(prefix))))


def _read(descriptor: int, count: int) -> bytes:
    chunks = []
    while count:
        chunk = os.read(descriptor, min(count, 1 << 20))
        if not chunk:
            os._exit(0)  # the trusted side has gone
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def _send(descriptor: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    die_with_parent(int(sys.argv[4]))
    main(*map(int, sys.argv[1:4]))
