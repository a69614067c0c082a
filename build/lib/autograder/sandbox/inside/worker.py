"""The worker: locks itself in, then runs blocks of code and calls functions by name, one request at a time.

Started as `python worker.py REQUESTS REPLIES HELLO PARENT`, descriptors of two pipes and of a socket from which the
trusted side learns the process's id, and the id of the process that started this one; or forked by server.py. Everything after the first request may be under the control
of the code that runs here: the trusted side believes nothing that it says.
"""

import builtins
import itertools
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 -- pathlib would cost 5 ms a start
ROOT = os.path.dirname(HERE)  # noqa: PTH120
sys.path[:0] = [os.path.join(ROOT, "packages"), HERE]  # noqa: PTH118

import stand_ins  # noqa: E402
import wire  # noqa: E402
from IPython.core.inputtransformer2 import TransformerManager  # noqa: E402
from lockdown import die_with_parent, lock_down  # noqa: E402

GREETING = b"+"
MAX_FRAMES = 50
NO_MESSAGE = "(its message cannot be shown)"


def main(requests, replies, hello):
    os.write(hello, GREETING)  # the kernel adds the process's id, as the trusted side would see it
    os.close(hello)
    setup, filter_program = _receive(requests)
    limit = setup["limits"]["reply_bytes"]
    program = Program()
    _silence()
    readable = [ROOT, *setup["readable"]]
    layers = lock_down(setup["limits"], bytes(filter_program), readable, setup["scratch"])
    stand_ins.install(setup["stand_ins"], program.namespace["get_ipython"])
    os.environ["HOME"] = os.environ["TMPDIR"] = setup["scratch"]
    os.chdir(setup["scratch"])
    _send(replies, wire.encode({"id": setup["id"], "status": "ready", "layers": layers}))
    while True:
        message, value = _receive(requests)
        _send(replies, answer(program, message, value, limit))


def answer(program, message, value, limit):
    reply = {"id": message["id"]}
    try:
        if message["do"] == "run":
            program.run(bytes(value).decode("utf-8", "surrogatepass"), message["block"])
            return wire.encode({**reply, "status": "done"})
        function = program.namespace.get(message["function"])
        if not callable(function):
            return wire.encode({**reply, "status": "not defined"})
        arguments, keywords = value[0], dict(value[1])
        result = function(*arguments, **keywords)
        result = (result, arguments if message["echo"] else None)
        return wire.encode({**reply, "status": "done"}, result, limit)
    except MemoryError:
        return wire.encode({**reply, "status": "out of memory"})
    except BaseException as error:
        return wire.encode({**reply, "status": "raised", **_described(program, error)})


def _described(program, error):
    try:
        return program.describe(error)
    except BaseException:  # the exception's class is itself made to raise
        return {"type": "Exception", "builtin": "Exception", "text": NO_MESSAGE, "frames": []}


class Program:
    """The untrusted code: a namespace in which its blocks run in order, as the cells of a notebook do."""

    def __init__(self):
        main_module = types.ModuleType("__main__")
        sys.modules["__main__"] = main_module
        self.namespace = main_module.__dict__
        self.namespace["__builtins__"] = builtins
        shell = stand_ins.NotebookShell(self.execute)
        self.namespace["get_ipython"] = lambda: shell
        self.namespace["display"] = stand_ins.Silent()
        self.blocks = set()
        self.block = ""
        self.transform = TransformerManager().transform_cell

    def run(self, source, block):
        self.blocks.add(block)
        self.block = block
        self.execute(source, 0)

    def execute(self, source, lines_above):
        """Runs a piece of the block that begins below `lines_above` lines, so that failures name the right line."""
        exec(self._compiled(source, lines_above), self.namespace)

    def _compiled(self, source, lines_above):
        try:  # nearly every cell is plain Python, and needs no transformer
            return compile("\n" * lines_above + source, self.block, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            lines = source.splitlines()
        empty = len(
            list(itertools.takewhile(lambda line: not line.strip(), lines))
        )  # the transformer drops them
        text = "\n" * (lines_above + empty) + self.transform(source)
        return compile(text, self.block, "exec", dont_inherit=True)

    def describe(self, error):
        kind = type(error)
        ancestors = [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
        try:
            text = "".join(str(error)[:500])
        except BaseException:
            text = NO_MESSAGE
        return {
            "type": kind.__name__[:100],
            "builtin": ancestors[0] if ancestors else "BaseException",
            "text": text,
            "frames": self._frames(error),
        }

    def _frames(self, error):
        frames = []
        trace = error.__traceback__
        while trace is not None and len(frames) < MAX_FRAMES:
            name = trace.tb_frame.f_code.co_filename
            if name in self.blocks:
                frames.append([name, trace.tb_lineno])
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename in self.blocks and error.lineno:
            frames.append([error.filename, error.lineno])
        return frames


def _silence():
    """Nobody reads what the code prints; a flood of it costs nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _receive(descriptor):
    prefix = _read(descriptor, wire.PREFIX.size)
    return wire.decode(prefix, _read(descriptor, sum(wire.PREFIX.unpack(prefix))))


def _read(descriptor, count):
    chunks = []
    while count:
        chunk = os.read(descriptor, min(count, 1 << 20))
        if not chunk:
            os._exit(0)  # the trusted side has gone
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def _send(descriptor, frame):
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    die_with_parent(int(sys.argv[4]))
    main(*map(int, sys.argv[1:4]))
