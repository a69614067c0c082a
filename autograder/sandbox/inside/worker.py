"""The worker: locks itself in, then runs blocks of code and calls functions by name, one request at a time.

Started as `python worker.py REQUESTS REPLIES`, two descriptors of pipes. Everything after the first request
may be under the control of the code that runs here: the trusted side believes nothing that it says.
"""

import builtins
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 -- pathlib would cost 5 ms a start
sys.path[:0] = ["/packages", HERE]

import stand_ins  # noqa: E402
import wire  # noqa: E402
from IPython.core.inputtransformer2 import TransformerManager  # noqa: E402
from lockdown import lock_down  # noqa: E402

MAX_FRAMES = 50


def main(requests, replies):
    setup, filter_program = _receive(requests)
    program = Program()
    _silence()
    layers = lock_down(setup["limits"], bytes(filter_program), setup["scratch"])
    stand_ins.install(setup["stand_ins"])
    os.chdir(setup["scratch"])
    _send(replies, wire.encode({"id": setup["id"], "status": "ready", "layers": layers}))
    while True:
        message, value = _receive(requests)
        _send(replies, answer(program, message, value))


def answer(program, message, value):
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
        return wire.encode({**reply, "status": "done"}, (result, arguments if message["echo"] else None))
    except MemoryError as error:
        return wire.encode({**reply, "status": "out of memory", "text": str(error)[:500]})
    except BaseException as error:
        return wire.encode({**reply, "status": "raised", **program.describe(error)})


class Program:
    """The untrusted code: a namespace in which its blocks run in order, as the cells of a notebook do."""

    def __init__(self):
        main_module = types.ModuleType("__main__")
        sys.modules["__main__"] = main_module
        self.namespace = main_module.__dict__
        self.namespace["__builtins__"] = builtins
        shell = stand_ins.NotebookShell(lambda source: self.run(source, self.block))
        self.namespace["get_ipython"] = lambda: shell
        self.namespace["display"] = stand_ins.Silent()
        self.blocks = set()
        self.block = ""
        self.transform = TransformerManager().transform_cell

    def run(self, source, block):
        self.blocks.add(block)
        self.block = block
        exec(compile(self.transform(source), block, "exec"), self.namespace)

    def describe(self, error):
        kind = type(error)
        ancestors = [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
        frames = []
        trace = error.__traceback__
        while trace is not None and len(frames) < MAX_FRAMES:
            name = trace.tb_frame.f_code.co_filename
            if name in self.blocks:
                frames.append([name, trace.tb_lineno])
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename in self.blocks and error.lineno:
            frames.append([error.filename, error.lineno])
        try:
            text = str(error)
        except BaseException:
            text = "(its message cannot be shown)"
        return {
            "type": kind.__name__[:100],
            "builtin": ancestors[0] if ancestors else "BaseException",
            "text": text[:500],
            "frames": frames,
        }


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
    main(int(sys.argv[1]), int(sys.argv[2]))
