"""How requests to a sandbox end: with plain values, or with a failure whose class tells what happened."""

import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from liveness import is_running

from autograder.sandbox import (
    Crashed,
    Frame,
    NotDefined,
    OutOfMemory,
    ProtocolBreach,
    Raised,
    Sandbox,
    TimedOut,
    WorkerFailure,
)
from autograder.sandbox.inside.wire import Foreign
from autograder.sandbox.text import plain_text

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(40)]

pytest_plugins = ["sandbox_kinds"]


def answer(box, source, *arguments, **options):
    """What the function `f` of that source gives back."""
    box.run(source, "cell 1")
    return box.call("f", *arguments, **options).value


def failure(box, source, *arguments) -> Raised:
    with pytest.raises(Raised) as caught:
        answer(box, source, *arguments)
    return caught.value


def assert_killed(box, pid):
    assert not box.alive
    assert not is_running(pid)
    with pytest.raises(Crashed, match="no longer running"):
        box.call("f")


# --- code that does not come back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "exec('try:\\n  while True: pass\\nexcept BaseException: f()')",
        "import numpy as np; [np.ones((400, 400)) @ np.ones((400, 400)) for _ in range(10**6)]",
        "import threading; t = threading.Thread(target=lambda: sum(range(10**12))); t.start(); t.join()",
        "'a' * 30 == __import__('re').match('(a+)+b', 'a' * 30)",
    ],
    ids=["loop", "loop that catches everything", "numpy", "thread", "regular expression"],
)
def test_computing_without_end_is_stopped_by_the_cpu_clock(sandbox, body):
    with sandbox(cpu_seconds=0.3) as box:
        pid, start = box.pid, time.monotonic()
        with pytest.raises(TimedOut, match=r"0\.3 seconds of computing"):
            answer(box, f"def f():\n  {body}")
        assert time.monotonic() - start < 8
        assert_killed(box, pid)


def test_a_cell_that_never_ends_is_stopped_like_a_function(sandbox):
    with sandbox(cpu_seconds=0.3) as box:
        with pytest.raises(TimedOut):
            box.run("while True: pass", "cell 1")
        assert not box.alive


FORGE = """
import fcntl, json, os, stat, struct, sys, time
def pipe(access):
    return next(fd for fd in range(3, 64) if is_pipe(fd) and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == access)
def is_pipe(fd):
    try:
        return stat.S_ISFIFO(os.fstat(fd).st_mode)
    except OSError:
        return False
REQUESTS, REPLIES = pipe(os.O_RDONLY), pipe(os.O_WRONLY)
def own_id():
    frame = sys._getframe()
    while frame.f_code.co_name != "answer":
        frame = frame.f_back
    return frame.f_locals["message"]["id"]
def frame(message, value=("none",), payload=b""):
    header = json.dumps({"message": message, "value": value}).encode()
    return struct.pack("<II", len(header), len(payload)) + header + payload
def send(message, value=("none",), payload=b""):
    os.write(REPLIES, frame(message, value, payload))
def drip(data):
    for byte in data:
        os.write(REPLIES, bytes([byte]))
        time.sleep(0.05)
"""


@pytest.mark.parametrize(
    "body",
    [
        "time.sleep(100)",
        "os.write(REPLIES, b'\\x10'); time.sleep(100)",
        "drip(frame({'id': own_id(), 'status': 'done'}))",
        "drip(struct.pack('<II', 1_000_000, 0) + b' ' * 1_000_000)",
        "__import__('signal').pause()",
        "__import__('threading').Lock().acquire() and __import__('threading').Event().wait()",
    ],
    ids=["sleep", "half a prefix", "drip a right reply", "drip a long one", "pause", "deadlock"],
)
def test_waiting_without_end_is_stopped_by_real_time_even_when_bytes_drip_in(sandbox, body):
    with sandbox(wall_seconds=0.5) as box:
        pid, start = box.pid, time.monotonic()
        with pytest.raises(TimedOut, match=r"0\.5 seconds"):
            answer(box, f"{FORGE}\ndef f(): {body}")
        assert time.monotonic() - start < 5
        assert_killed(box, pid)


def test_a_worker_that_does_not_read_its_requests_is_stopped_by_real_time(sandbox):
    with sandbox(wall_seconds=0.7) as box:
        box.run(f"{FORGE}\ndef f(): send({{'id': own_id(), 'status': 'done'}}); time.sleep(100)", "cell 1")
        box.call("f")
        with pytest.raises(TimedOut):
            box.call("f", np.zeros(1_000_000))  # larger than the pipe
        assert not box.alive


def test_the_kernel_ends_a_worker_that_used_up_its_whole_life(sandbox):
    with (
        sandbox(cpu_seconds=30, total_cpu_seconds=1) as box,
        pytest.raises(TimedOut, match="1 seconds of computing in"),
    ):
        answer(
            box, "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\ndef f():\n  while True: pass"
        )


# --- code that ends the worker ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("__import__('os')._exit(0)", "exit code 0"),
        ("__import__('os')._exit(3)", "exit code 3"),
        ("__import__('os').abort()", "SIG"),
        ("__import__('ctypes').string_at(0)", "SIGSEGV"),
        (
            "exec('x = ()\\nfor _ in range(10**6): x = (x,)\\nhash(x)')",
            "SIG|exit",
        ),
    ],
    ids=["exit 0", "exit 3", "abort", "segmentation fault", "C stack"],
)
def test_ending_the_process_is_a_crash(sandbox, body, reason):
    with sandbox() as box:
        pid = box.pid
        with pytest.raises(Crashed, match=reason):
            answer(box, f"{FORGE}\ndef f(): {body}")
        assert_killed(box, pid)


@pytest.mark.parametrize("body", ["os.closerange(3, 60)", "os.close(REPLIES)"], ids=["all", "its replies"])
def test_closing_its_pipes_is_a_crash_or_refused_where_they_must_not_become_files(sandbox, body):
    with sandbox() as box:
        pid, on_disk = box.pid, box._child.scratch.outside
        try:
            answer(box, f"{FORGE}\ndef f(): {body}")
        except Crashed as crash:
            assert not on_disk and re.search("exit code|connection", str(crash))
            assert_killed(box, pid)
        except Raised as refusal:
            assert on_disk and refusal.type_name == "PermissionError"
        else:
            assert on_disk and answer(box, "def f(): return 1") == 1


def test_sys_exit_is_an_exception_like_any_other(box):
    assert failure(box, "import sys\ndef f(): sys.exit(0)").type_name == "SystemExit"
    assert failure(box, "def f(): raise KeyboardInterrupt").builtin_name == "Exception"


def test_too_much_memory_at_once_leaves_the_worker_usable(sandbox):
    with sandbox(memory_bytes=300 << 20) as box:
        with pytest.raises(OutOfMemory, match="300 MiB"):
            answer(box, "def f(): return len(bytearray(10**9))")
        with pytest.raises(OutOfMemory):
            answer(box, "import numpy as np\ndef f(): return np.zeros((10**5, 10**5))")
        assert answer(box, "def f(): return 7") == 7


@pytest.mark.parametrize(
    "body",
    [
        "x = [[None] * 100]\n  while True: x.append([None] * 100)",
        "x = 'a'\n  while True: x += x",
        "return 1 << 10**11",
    ],
)
def test_a_memory_bomb_is_reported_whether_the_worker_survives_it_or_not(sandbox, body):
    with sandbox(memory_bytes=200 << 20) as box, pytest.raises((OutOfMemory, Crashed)):
        answer(box, f"def f():\n  {body}")


def test_an_answer_larger_than_is_read_is_too_much_memory_and_no_breach(box):
    with pytest.raises(OutOfMemory):
        answer(box, "import numpy as np\ndef f(): return np.broadcast_to(1.0, (3000, 3000, 3000))")
    assert box.alive


# --- code that forges replies -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "send({'id': 1, 'status': 'done'}, ['int', '42'])",
        "send({'id': own_id() + 1, 'status': 'done'}, ['int', '42'])",
        "send({'id': True, 'status': 'done'}, ['int', '42'])",
        "send({'id': [own_id()], 'status': 'done'}, ['int', '42'])",
        "send({'id': str(own_id()), 'status': 'done'}, ['int', '42'])",
        "send({'id': None, 'status': 'done'}, ['int', '42'])",
        "send({'status': 'done'}, ['int', '42'])",
        "send({'id': own_id(), 'status': ['done']}, ['int', '42'])",
        "send({'id': own_id(), 'status': 'ready'}, ['int', '42'])",
        "send({'id': own_id(), 'status': 'done'}, ['int', 42])",
        "os.write(REPLIES, b'HTTP/1.1 200 OK\\r\\n\\r\\n' * 10)",
        "os.write(REPLIES, b'\\xff' * 100)",
        "os.write(REPLIES, b'\\0' * 8)",
        "os.write(REPLIES, struct.pack('<II', 10, 0xfffffff0) + b'x' * 10)",
        "os.write(REPLIES, struct.pack('<II', 100_000, 0) + b'[' * 100_000)",
    ],
)
def test_a_forged_frame_is_a_breach_and_never_an_answer(sandbox, body):
    with sandbox() as box:
        pid = box.pid
        with pytest.raises(ProtocolBreach):
            answer(box, f"{FORGE}\ndef f(): {body}")
        assert_killed(box, pid)


def test_a_reply_written_before_its_request_was_read_is_a_breach(sandbox):
    source = f"{FORGE}\nfor number in range(100): send({{'id': number, 'status': 'done'}}, ['int', '42'])\n"
    with sandbox() as box, pytest.raises(ProtocolBreach):
        answer(box, source + "def f(): return 1")


def test_a_reply_to_an_earlier_request_is_a_breach(sandbox):
    with sandbox() as box:
        box.run(
            f"{FORGE}\ndef f():\n  send({{'id': own_id(), 'status': 'done'}}, ['int', '1'])\n  return 2",
            "cell 1",
        )
        assert box.call("f").value == 1  # its own answer to its own call: as good as any
        with pytest.raises(ProtocolBreach, match="does not belong"):
            box.call("f")  # finds the first call's second reply


@pytest.mark.parametrize(
    "fields",
    [
        "'frames': 5",
        "'frames': 'cell 1'",
        "'frames': {'cell 1': 1}",
        "'frames': [5, None, ['cell 1'], ['cell 1', '1'], [1, 1], ['cell 1', True]]",
        "'frames': [['cell 1', 10**4000], ['cell 1', 0], ['cell 1', -1]]",
        "'type': 5, 'builtin': [], 'text': {}",
        "'type': '__class__', 'builtin': '__build_class__'",
        "'builtin': 'ExceptionGroup', 'text': ''",
        "'builtin': 'UnicodeDecodeError'",
        "'builtin': 'object'",
        "'builtin': '\\ud800', 'type': '\\ud800'",
        "'builtin': 'KeyboardInterrupt'",
    ],
)
def test_a_forged_description_of_an_exception_is_still_only_a_failure(box, fields):
    error = failure(
        box, f"{FORGE}\ndef f(): send({{'id': own_id(), 'status': 'raised', {fields}}}); hide()\n" + HIDE
    )
    assert error.frames == []
    assert str(error).isprintable()


# After a forged reply: leaves the worker waiting for the next request instead of replying once more.
HIDE = """
def hide():
    import worker
    frame = sys._getframe()
    while frame.f_code.co_name != "main":
        frame = frame.f_back
    here = frame.f_locals
    while True:
        message, value = sys.modules["__main__"].__dict__.get("_receive", worker._receive)(REQUESTS)
        worker._send(REPLIES, worker.answer(here["untrusted"], message, value, here["limit"]))
"""


def test_a_forged_exception_names_at_most_fifty_places(box):
    many = "[['cell 1', 1]] * 10_000"
    source = (
        f"{FORGE}\ndef f(): send({{'id': own_id(), 'status': 'raised', 'frames': {many}}}); hide()\n{HIDE}"
    )
    assert len(failure(box, source).frames) == 50


def test_garbage_on_the_printing_descriptors_is_harmless(box):
    flood = "for _ in range(200): print('x' * 10**6); print('y' * 10**5, file=sys.stderr); os.write(1, b'z' * 10**5)"
    assert answer(box, f"import os, sys\ndef f():\n  {flood}\n  return 5") == 5


# --- the clock --------------------------------------------------------------------------------------------

BURN = """
import threading, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""


def test_work_in_threads_is_charged_to_the_call(box):
    box.run(
        f"{BURN}\ndef f():\n  t = threading.Thread(target=burn, args=(0.2,)); t.start(); t.join()", "cell 1"
    )
    assert 0.2 <= box.call("f").cpu_seconds < 0.5


def test_work_between_two_calls_is_charged_to_the_second(box):
    box.run(
        f"{BURN}\ndef f(): threading.Thread(target=burn, args=(0.2,)).start()\ndef g(): return 1", "cell 1"
    )
    box.call("f")
    deadline = time.monotonic() + 10  # a busy machine may need long for so little
    while box._clock() - box._clock_before < 0.15 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert 0.15 <= box.call("g").cpu_seconds < 0.6


def test_a_worker_that_stands_still_computes_nothing_not_even_in_its_threads(sandbox):
    with sandbox() as box:
        box.run(f"{BURN}\ndef f(): threading.Thread(target=burn, args=(0.6,)).start()", "cell 1")
        box.call("f")
        with box.still():
            time.sleep(0.02)  # a signal takes a moment
            before = box._clock()
            time.sleep(0.2)
            assert box._clock() - before < 0.01
        deadline = time.monotonic() + 10
        while box._clock() - before < 0.1 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert box._clock() - before >= 0.1
        box.call("f")


def test_a_worker_may_end_while_it_is_to_stand_still(sandbox):
    with sandbox() as box:
        pid = box.pid
        with box.still():
            box.kill()
        assert_killed(box, pid)
        with box.still():
            pass


def test_sleeping_costs_no_cpu_time(box):
    box.run("import time\ndef f(): time.sleep(0.2)", "cell 1")
    assert box.call("f").cpu_seconds < 0.05


def test_setting_clocks_inside_changes_nothing(box):
    lies = "import resource\ntime.process_time = time.perf_counter = time.monotonic = lambda: 0.0"
    box.run(f"{BURN}\ndef f(): sum(range(5_000_000))\n{lies}", "cell 1")
    assert box.call("f").cpu_seconds > 0.02
    box.run("import importlib; importlib.reload(time)", "cell 2")


class BusyGrader(Sandbox):
    """A grader on a machine with so much load that it reads every reply late."""

    def _read(self, count, bounds):
        time.sleep(0.1)
        return super()._read(count, bounds)


def test_replying_and_dying_at_once_does_not_make_an_answer_free(sandbox):
    """The clock of a process that is gone tells nothing: then the answer does not count."""
    slow = "sum(range(3_000_000)); send({'id': own_id(), 'status': 'done'}, ['int', '42']); os._exit(0)"
    with sandbox(BusyGrader) as box:
        box.run(f"{FORGE}\ndef f(): {slow}", "cell 1")
        try:
            spent = box.call("f").cpu_seconds
        except Crashed:
            return
        assert spent > 0.01  # not yet reaped when the clock was read


def test_a_call_may_have_a_cpu_limit_of_its_own(sandbox):
    with sandbox(cpu_seconds=0.2) as box:
        box.run(f"{BURN}\ndef f(): burn(0.4); return 1", "cell 1")
        assert box.call("f", cpu_seconds=2).value == 1
        with pytest.raises(TimedOut):
            box.call("f")


# --- values -----------------------------------------------------------------------------------------------


def test_arguments_and_results_travel_by_value(box):
    given = np.arange(6.0).reshape(2, 3)
    box.run("def f(x, *, k=1):\n  x += k\n  return x[::-1]", "cell 1")
    got = box.call("f", given, k=np.float32(2), echo=True)
    np.testing.assert_array_equal(got.value, (given + 2)[::-1])
    np.testing.assert_array_equal(got.arguments[0], given + 2)
    assert given[0, 0] == 0


@pytest.mark.parametrize(
    ("body", "type_name"),
    [
        ("class C:\n  __eq__ = lambda s, o: True\ndef f(): return C()", "C"),
        ("class C:\n  __class__ = property(lambda s: 1 / 0)\ndef f(): return C()", "C"),
        (
            "class C:\n  __class__ = np.ndarray\n  dtype = np.dtype('f8')\n  shape = (2,)\ndef f(): return C()",
            "C",
        ),
        ("class C(np.float64):\n  __module__ = 'numpy'\ndef f(): return C(1)", "C"),
        ("class C(int):\n  bit_length = lambda s: 0\ndef f(): return C(1)", "C"),
        ("class C(list):\n  __len__ = lambda s: -5\n  __iter__ = lambda s: 1 / 0\ndef f(): return C()", "C"),
        ("class C(np.ndarray): pass\ndef f(): return np.zeros(3).view(C)", "C"),
        ("def f(): return np.ma.masked_array([1.0], mask=[True])", "MaskedArray"),
        ("def f(): return np.array([1.0, None])", "ndarray"),
        (
            "def f():\n  path = __import__('os').environ['HOME'] + '/m'\n"
            "  open(path, 'wb').write(bytes(24))\n  return np.memmap(path, dtype='f8', mode='c')",
            "memmap",
        ),
        (
            "def f(): return type('\\x1b[31m<script>' + 'x' * 10**7, (), {})()",
            "\N{REPLACEMENT CHARACTER}[31m<script>",
        ),
        ("def f(): return (x for x in 'abc')", "generator"),
        ("def f(): return 1 << 10**6", "int"),
        ("def f(): return f", "function"),
    ],
)
def test_an_object_that_pretends_arrives_as_foreign(box, body, type_name):
    value = answer(box, f"import numpy as np\n{body}")
    assert type(value) is Foreign
    assert value.type_name[: len(type_name)] == type_name
    assert value != Foreign("C", "something else")
    assert len(value.type_name) <= 100


def test_nan_and_infinity_are_plain_values(box):
    value = answer(box, "import numpy as np\ndef f(): return np.array([np.nan, np.inf]), float('nan')")
    assert np.isnan(value[0][0])
    assert np.isinf(value[0][1])
    assert np.isnan(value[1])


def test_a_lazy_or_broadcast_array_arrives_as_its_numbers(box):
    value = answer(box, "import numpy as np\ndef f(): return np.broadcast_to(np.arange(2), (3, 2))[:, ::-1]")
    assert value.tolist() == [[1, 0]] * 3
    assert value.flags.owndata


def test_values_nested_too_deeply_end_as_foreign(box):
    value = answer(box, "def f():\n  x = []\n  for _ in range(10**5): x = [x]\n  return x")
    depth = 0
    while type(value) is list:
        depth, value = depth + 1, value[0]
    assert (depth, value) == (7, Foreign("list"))


# --- exceptions -------------------------------------------------------------------------------------------


def test_an_exception_names_its_type_its_text_and_the_line_of_each_block(box):
    box.run("\n\ndef g(x):\n  return x[5]", "cell 1")
    with pytest.raises(IndexError) as caught:
        answer_in_cell_2(box)
    assert caught.value.type_name == "IndexError"
    assert caught.value.text == "list index out of range"
    assert caught.value.frames == [Frame("cell 2", 2), Frame("cell 1", 4)]


def answer_in_cell_2(box):
    box.run("def f():\n  return g([])", "cell 2")
    return box.call("f").value


def test_a_syntax_error_names_its_line(box):
    with pytest.raises(SyntaxError) as caught:
        box.run("\nx = 1\ndef f(:\n", "cell 9")
    assert caught.value.frames == [Frame("cell 9", 3)]


def test_lines_are_right_inside_a_timed_cell_and_below_empty_lines(box):
    with pytest.raises(ZeroDivisionError) as caught:
        box.run("\n \n%%time\nx = 1\n1 / 0", "cell 1")
    assert caught.value.frames[-1] == Frame("cell 1", 5)
    with pytest.raises(ZeroDivisionError) as caught:
        box.run("x = 1\n%time 1 / 0", "cell 1")
    assert caught.value.frames[-1] == Frame("cell 1", 2)


def test_an_exception_of_the_codes_own_is_caught_as_the_built_in_that_it_derives_from(box):
    with pytest.raises(ValueError, match="ShapeError: bad shape"):
        answer(box, "class ShapeError(ValueError): pass\ndef f(): raise ShapeError('bad shape')")


@pytest.mark.parametrize(
    ("source", "type_name", "text"),
    [
        (
            "class E(Exception):\n  def __str__(self): 1 / 0\ndef f(): raise E",
            "E",
            "(its message cannot be shown)",
        ),
        (
            "class S(str):\n  __getitem__ = len\nclass E(Exception):\n  __str__ = lambda s: S('x')\ndef f(): raise E",
            "E",
            None,
        ),
        ("def f(): raise ValueError('x' * 10**7)", "ValueError", "x" * 500),
        ("def f(): raise ValueError('\\x1b[2J\\r\\n\\x00 ::set-output \\u202e\\ud800')", "ValueError", None),
        ("def f(): raise type('\\x1b]0;' + 'E' * 10**7, (Exception,), {})", "Exception", ""),
        (
            "class M(type):\n  __name__ = property(len)\nclass E(Exception, metaclass=M): pass\ndef f(): raise E",
            "Exception",
            None,
        ),
        ("def f():\n  e = SyntaxError('x'); e.filename = []; raise e", "Exception", None),
        (
            "def f(): raise ExceptionGroup('several', [ValueError(1)])",
            "ExceptionGroup",
            "several (1 sub-exception)",
        ),
        ("def f(): raise UnicodeDecodeError('utf8', b'x', 0, 1, 'why')", "UnicodeDecodeError", None),
        ("class E(OSError):\n  def __init__(self): pass\ndef f(): raise E", "E", None),
        ("def f(): return f()", "RecursionError", None),
        ("def f(): return input('name? ')", "EOFError", None),
        ("def f(): raise BaseException('odd')", "BaseException", "odd"),
        ("import scipy.signal", "ModuleNotFoundError", "No module named 'scipy'"),
        ("from torch import nn", "ModuleNotFoundError", "No module named 'torch'"),
    ],
)
def test_a_hostile_or_odd_exception_is_one_short_printable_line(box, source, type_name, text):
    error = failure(box, source)
    assert error.type_name == type_name
    assert text is None or error.text == text
    assert error.text.isprintable()
    assert len(error.text) <= 500
    assert len(error.frames) <= 50


def test_an_exception_cannot_end_a_loop_of_the_grader_without_a_word(box):
    box.run("def f(x): raise StopIteration", "cell 1")
    with pytest.raises(Raised, match="StopIteration"):
        list(map(lambda x: box.call("f", x), [1, 2, 3]))


def test_plain_text_is_one_printable_line():
    assert (
        plain_text("a\x1b[31m\n\tb\u202e", 100) == "a\N{REPLACEMENT CHARACTER}[31m b\N{REPLACEMENT CHARACTER}"
    )
    assert plain_text("x" * 10**7, 5) == "xxxxx"
    assert plain_text(b"bytes", 5) == plain_text(None, 5) == ""


# --- what notebooks contain besides functions -------------------------------------------------------------


def test_a_function_that_is_missing_or_no_function_is_not_defined(box):
    box.run("number = 5", "cell 1")
    for name in ("nothing_of_that_name", "number", "__name__"):
        with pytest.raises(NotDefined):
            box.call(name)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n\n",
        "# nothing but a comment",
        "%matplotlib inline",
        "%load_ext autoreload\n%autoreload 2",
        "!ls -la /",
        "!pip install torch",
        "files = !ls\nassert files == []",
        "%cd /",
        "%%bash\nrm -rf /tmp/x\nexit 1",
        "%%html\n<b>bold</b>",
        "%%writefile solution.py\nx = 1",
        "%%capture out\nprint(1)",
        "%timeit -n 1 print",
        "print?",
        "get_ipython().system('ls')",
        "get_ipython().events.register('pre_run_cell', print)",
        "display(1)",
        "from IPython.display import HTML, display\ndisplay(HTML('<b>'))",
        "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')",
        "%%time\nreached = 1\n%time reached += 1\nassert reached == 2",
        "from __future__ import annotations",
        "import matplotlib.pyplot as plt\nplt.plot([1]); plt.show()",
        "from matplotlib import pyplot as plt\nfig, ax = plt.subplots(); ax.imshow([[1]], cmap=plt.cm.gray)",
        "import matplotlib.pyplot as plt\nfig, (a, b) = plt.subplots(1, 2, figsize=(4, 2)); a.set_title('x')",
        "import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2, 3)\nfor ax in axes.flat: ax.axis('off')",
        "import matplotlib.pyplot as plt\nfig, axes = plt.subplots(nrows=2, ncols=3)\naxes[1, 2].plot([1], [2])",
        "import matplotlib\nmatplotlib.rcParams['figure.figsize'] = (3, 3)\nmatplotlib.use('Agg')",
        "import seaborn as sns\nsns.heatmap([[1]], annot=True)",
        "from tqdm.auto import tqdm, trange\nassert [*tqdm([1, 2], desc='x'), *trange(2)] == [1, 2, 0, 1]",
        "from tqdm import tqdm\nbar = tqdm(range(3))\nfor i in bar: bar.set_postfix(x=i)\nassert len(bar) == i + 1",
        "from tqdm import tqdm\nwith tqdm(total=3) as bar: bar.update(1)",
    ],
)
def test_a_cell_with_magics_or_pictures_runs_and_does_nothing(box, source):
    box.run(source, "cell 1")
    assert box.alive


def test_what_a_timed_cell_or_line_defines_is_defined(box):
    box.run("%%time\ndef timed(): return 1", "cell 1")
    assert box.call("timed").value == 1
    box.run("%time x = 6 * 7\ndef f(): return x", "cell 2")
    assert box.call("f").value == 42


def test_blocks_share_one_namespace_which_is_main(box):
    box.run("import __main__\nx = 1", "cell 1")
    assert answer(box, "def f(): return __main__.x, __name__, __main__.f is f") == (1, "__main__", True)


def test_the_same_code_gives_the_same_answer_in_every_worker(sandbox):
    source = "def f(): return hash('convolution'), list({'a', 'b', 'c', 'd'})"
    with sandbox() as first, sandbox() as second:
        assert answer(first, source) == answer(second, source)


# --- ending -----------------------------------------------------------------------------------------------


def test_kill_ends_the_process_and_may_be_called_twice(sandbox):
    with sandbox() as box:
        box.run("import threading, time\nthreading.Thread(target=time.sleep, args=(100,)).start()", "cell 1")
        pid = box.pid
        assert is_running(pid)
        box.kill()
        assert_killed(box, pid)
        box.kill()


class Reading(Sandbox):
    """Tells when it waits for a reply."""

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.waits = threading.Event()

    def _wait(self, *arguments):
        self.waits.set()
        super()._wait(*arguments)


def test_kill_ends_a_request_that_another_thread_waits_for_as_a_crash(sandbox):
    with sandbox(Reading, cpu_seconds=50, wall_seconds=50) as box, ThreadPoolExecutor(1) as other:
        box.run("import time\ndef f(): time.sleep(60)", "cell 1")
        pid = box.pid
        box.waits.clear()
        request = other.submit(box.call, "f")
        box.waits.wait()
        box.kill()
        with pytest.raises(Crashed, match="no longer running"):
            request.result()
        assert_killed(box, pid)


def test_a_worker_that_dies_between_two_calls_is_a_crash_of_the_second(sandbox):
    with sandbox() as box:
        box.run("import os, threading\ndef f(): threading.Timer(0.05, os._exit, [0]).start()", "cell 1")
        box.call("f")
        time.sleep(0.3)
        with pytest.raises(Crashed):
            box.call("f")
        assert not box.alive


def test_an_interrupt_at_the_keyboard_does_not_reach_the_worker_or_what_holds_it(sandbox):
    with sandbox() as box:
        processes = [box.pid]
        while (parent := parent_of(processes[-1])) != os.getpid():
            processes.append(parent)
        assert os.getsid(0) not in map(os.getsid, processes)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_an_interrupted_call_leaves_no_worker_that_answers_late(sandbox):
    class Interrupted(Sandbox):
        def _interpret(self, *arguments):
            raise KeyboardInterrupt

    with sandbox(Interrupted) as box:
        with pytest.raises(KeyboardInterrupt):
            box.run("", "cell 1")
        assert not box.alive


def test_every_failure_of_a_worker_is_a_worker_failure():
    for kind in (NotDefined, TimedOut, OutOfMemory, Crashed, ProtocolBreach, Raised):
        assert issubclass(kind, WorkerFailure)


def test_twenty_sandboxes_leave_no_descriptor_no_process_and_no_zombie(sandbox):
    with sandbox():
        pass
    descriptors, processes = open_descriptors(), number_of_descendants()
    for number in range(20):
        with sandbox() as box:
            if number % 2:
                with pytest.raises(Crashed):
                    box.run("import os; os._exit(1)", "cell 1")
    assert open_descriptors() == descriptors
    deadline = time.monotonic() + 5  # a fork server's workers are reaped beside us
    while number_of_descendants() > processes and time.monotonic() < deadline:
        time.sleep(0.01)
    assert number_of_descendants() <= processes


def open_descriptors() -> list[str]:
    """What this process has open, by kind."""
    links = [entry.readlink().name for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]
    return sorted(re.sub(r"(?<=^sandbox-held-).*|\d+", "", link) for link in links)


def number_of_descendants(pid: int | str = "self") -> int:
    """Zombies count."""
    try:
        tasks = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    children = " ".join(tasks).split()
    return len(children) + sum(map(number_of_descendants, children))
