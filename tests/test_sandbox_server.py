"""The fork server: workers that share nothing, from a server that comes back, or steps aside where it cannot work."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.sandbox import Crashed, ForkServer, Limits, Sandbox, SandboxUnavailable
from autograder.sandbox.bubblewrap import Namespaces

pytestmark = pytest.mark.sandbox

LIMITS = Limits(cpu_seconds=2, wall_seconds=10)


@pytest.fixture(scope="module")
def server():
    with ForkServer() as server:
        yield server
        assert server.why_not == ""


@pytest.fixture
def own_server():
    """For a test that does it harm."""
    with ForkServer() as server:
        yield server


def answer(box, source, *arguments):
    box.run(source, "cell 1")
    return box.call("f", *arguments).value


def forked(server, **changes) -> Sandbox:
    return Sandbox(replace(LIMITS, **changes), server=server)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children_of(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def server_of(box) -> int:
    """The id of the server's process: worker, watcher, server."""
    return parent_of(parent_of(box.pid))


def gone(pid: int) -> bool:
    """Whether the process ends within five seconds."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.005)
    return False


# --- workers of one server --------------------------------------------------------------------------------


def test_workers_of_one_server_are_forks_of_it(server):
    with forked(server) as one, forked(server) as other:
        assert one.pid != other.pid
        assert server_of(one) == server_of(other)


def test_what_a_worker_changes_in_python_or_numpy_is_gone_with_it(server):
    spoil = "import math, sys, numpy as np\nnp.matmul = math.sqrt = None\nsys.modules.clear()"
    look = "import json, math, numpy as np\ndef f(): return float(np.matmul(np.ones(3), np.ones(3))), math.sqrt(9)"
    with forked(server) as one:
        one.run(spoil, "cell 1")
        with forked(server) as beside:
            assert answer(beside, look) == (3.0, 3.0)
    with forked(server) as later:
        assert answer(later, look) == (3.0, 3.0)


def test_killing_one_worker_leaves_the_others_alone(server):
    with forked(server) as one, forked(server) as other:
        other.run("def f(): return 5", "cell 1")
        one.kill()
        assert gone(one.pid)
        assert other.call("f").value == 5
        with pytest.raises(Crashed):
            other.run("import os; os._exit(1)", "cell 2")
    with forked(server) as third:
        assert answer(third, "def f(): return 6") == 6


def test_each_worker_has_a_tmp_of_the_size_that_its_limits_say(server):
    fill = """
def f():
    written = 0
    try:
        with open("/tmp/x", "wb") as file:
            for _ in range(64):
                written += file.write(bytes(1 << 18))
                file.flush()
    except OSError:
        pass
    return written
"""
    for size in (1 << 20, 2 << 20, 1 << 20):
        with forked(server, scratch_bytes=size) as box:
            assert size - (1 << 18) <= answer(box, fill) <= size


def test_workers_are_made_for_several_threads_at_once(server):
    def work(number):
        with forked(server) as box:
            return answer(box, "def f(x): return 2 * x", number), box.pid

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(work, range(12)))
    assert [value for value, _ in answers] == [2 * number for number in range(12)]
    assert len({pid for _, pid in answers}) == 12


def test_a_server_passes_on_nothing_of_the_graders(monkeypatch):
    monkeypatch.setenv("GRADER_TOKEN", "very secret")
    secret = os.open(__file__, os.O_RDONLY)
    os.set_inheritable(secret, True)
    try:
        with ForkServer() as server, forked(server) as box:
            assert answer(box, "import os\ndef f(): return 'GRADER_TOKEN' in os.environ") is False
            for pid in (box.pid, parent_of(box.pid), server_of(box)):
                assert __file__ not in [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    finally:
        os.close(secret)


# --- a server that ends -----------------------------------------------------------------------------------


def test_a_server_that_was_killed_is_nobodys_crash_and_the_next_worker_has_a_new_one(own_server):
    with forked(own_server) as box:
        pid = server_of(box)
        box.run("import time\ndef f(): time.sleep(100)", "cell 1")
        threading.Timer(0.2, os.kill, [pid, signal.SIGKILL]).start()
        with pytest.raises(SandboxUnavailable, match="fork server ended while code was running"):
            box.call("f")
        assert not box.alive
    assert gone(box.pid)
    with forked(own_server) as box:
        assert server_of(box) != pid
        assert answer(box, "def f(): return 1") == 1
    assert own_server.why_not == ""


def test_a_worker_killed_before_it_was_needed_costs_nobody_else_anything(own_server):
    with forked(own_server) as box:
        box.run("def f(): return 7", "cell 1")
        for watcher in set(children_of(server_of(box))) - {parent_of(box.pid)}:
            for ready in children_of(watcher):
                os.kill(ready, signal.SIGKILL)
                assert gone(ready)
                assert gone(watcher)
        with forked(own_server) as second:
            assert answer(second, "def f(): return 8") == 8
            assert server_of(second) == server_of(box)
        assert box.call("f").value == 7


def test_leaving_the_context_ends_the_server_and_every_worker():
    with ForkServer() as server:
        box = forked(server).__enter__()
        pids = {box.pid, parent_of(box.pid), server_of(box), parent_of(server_of(box))} - {os.getpid()}
    assert all(map(gone, pids))
    with pytest.raises(SandboxUnavailable):
        box.run("", "cell 1")


# --- a machine on which forking does not isolate ----------------------------------------------------------


class Powerless(Namespaces):
    """A server without the right to make namespaces, as Ubuntu's profile for bwrap leaves it."""

    def server_command(self, control, held):
        command = super().server_command(control, held)
        at = command.index("--cap-add")
        return command[:at] + command[at + 2 :]


class Broken(Namespaces):
    def server_command(self, control, held):
        return ["/bin/sh", "-c", "echo no server today >&2; exit 1"]


class Missing(Namespaces):
    def server_command(self, control, held):
        raise SandboxUnavailable("this machine has no server")


@pytest.mark.parametrize(
    ("wall", "why"),
    [(Powerless, "namespaces were refused"), (Broken, "no server today"), (Missing, "has no server")],
)
def test_where_the_server_cannot_isolate_every_worker_is_a_fresh_one(monkeypatch, wall, why):
    monkeypatch.setattr("autograder.sandbox.forkserver.choose", lambda allow_weak: wall())
    with ForkServer() as server:
        for _ in range(2):
            with forked(server) as box:
                assert answer(box, "import os\ndef f(): return os.getpid()") == 1
                assert {"namespaces", "seccomp", "limits"} <= set(box.layers)
                assert why in server.why_not
