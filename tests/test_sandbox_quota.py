"""A worker's files take no more than they may, however it hides them, and honest files work as they do everywhere."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from autograder.sandbox import Crashed, ForkServer, Limits, Sandbox
from autograder.sandbox.landlocked import Landlocked
from autograder.sandbox.walls import choose

pytestmark = pytest.mark.sandbox

MEBIBYTE = 1 << 20
LIMITS = Limits(
    cpu_seconds=5,
    wall_seconds=20,
    file_bytes=MEBIBYTE,
    scratch_bytes=4 * MEBIBYTE,
    files=50,
)
# A fresh worker behind Landlock alone differs in nothing that matters here from a forked one.
KINDS = ("namespaces, fresh", "namespaces, forked", "landlock, forked")


@pytest.fixture(scope="module", params=KINDS)
def kind(request) -> Iterator[tuple[Landlocked | None, ForkServer | None]]:
    """A wall and a fork server, either of them None."""
    wall_name, way = request.param.split(", ")
    wall = Landlocked() if wall_name == "landlock" else choose()
    if way == "fresh":
        yield wall, None
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.sandbox.forkserver.choose", lambda allow_weak: wall)
        with ForkServer() as server:
            yield None, server
            assert server.why_not == ""


@pytest.fixture
def box(kind) -> Iterator[Sandbox]:
    wall, server = kind
    with Sandbox(LIMITS, wall=wall, server=server) as box:
        box.run(TOOLS, "tools")
        yield box


@pytest.fixture
def disk_box() -> Iterator[Sandbox]:
    """A worker whose files lie on disk."""
    with Sandbox(LIMITS, wall=Landlocked()) as box:
        box.run(TOOLS, "tools")
        yield box


TOOLS = """
import ctypes, errno, mmap, os, threading
import numpy as np
kept, mapped, lost = [], [], []
def taken():
    "The bytes and the number of all files that are in use, seen or not."
    inodes, size, seen = set(), sum(map(len, mapped)), 0
    for descriptor in kept:
        status = os.fstat(descriptor)
        inodes.add(status.st_ino)
        size += 512 * status.st_blocks
    for folder, folders, files in os.walk("."):
        for name in folders + files:
            status = os.stat(os.path.join(folder, name))
            if status.st_ino not in inodes:
                inodes.add(status.st_ino)
                size += 512 * status.st_blocks
    return size, len(inodes)
def fill(descriptor, size=1 << 20):
    try:
        while size > 0:
            size -= os.write(descriptor, bytes(min(size, 1 << 16)))
    except OSError as error:
        lost.append(error.errno)
def make(name, flags=os.O_RDWR | os.O_CREAT):
    try:
        return os.open(name, flags, 0o600)
    except OSError as error:
        lost.append(error.errno)
def attack(way, times):
    for number in range(times):
        globals()[way](number)
    return taken(), sorted({errno.errorcode[each] for each in lost})
"""

HIDING = {
    "unlinked": """
def unlinked(number):
    if (descriptor := make("file")) is not None:
        os.unlink("file")
        kept.append(descriptor)
        fill(descriptor)
""",
    "filled and then unlinked": """
def filled_and_then_unlinked(number):
    if (descriptor := make("file")) is not None:
        kept.append(descriptor)
        fill(descriptor)
        os.unlink("file")
""",
    "renamed over another": """
def renamed_over_another(number):
    if (descriptor := make(f"new")) is not None:
        os.rename("new", "old")
        kept.append(descriptor)
        fill(descriptor)
""",
    "without a name": """
def without_a_name(number):
    if (descriptor := make(".", os.O_RDWR | os.O_TMPFILE)) is not None:
        kept.append(descriptor)
        fill(descriptor)
""",
    "mapped": """
def mapped_(number):
    if (descriptor := make(f"file {number}")) is None:
        return
    try:
        os.ftruncate(descriptor, 1 << 20)
        memory = mmap.mmap(descriptor, 1 << 20)
        memory.write(bytes(1 << 20))
        os.unlink(f"file {number}")
        mapped.append(memory)
    except OSError as error:
        lost.append(error.errno)
    finally:
        os.close(descriptor)
""",
    "in folders that nobody may list": """
def in_folders_that_nobody_may_list(number):
    try:
        os.mkdir(f"folder {number}", 0o300)
    except OSError as error:
        lost.append(error.errno)
        return
    if (descriptor := make(f"folder {number}/file")) is not None:
        kept.append(descriptor)
        fill(descriptor)
""",
    "by many threads": """
def by_many_threads(number):
    def work():
        if (descriptor := make(f"file {threading.get_native_id()}")) is not None:
            kept.append(descriptor)
            fill(descriptor)
            os.unlink(f"file {threading.get_native_id()}")
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
""",
    "small pieces far apart": """
def small_pieces_far_apart(number):
    if (descriptor := make(f"file {number}")) is not None:
        os.unlink(f"file {number}")
        kept.append(descriptor)
        try:
            for place in range(0, 1 << 20, 4096):
                os.pwrite(descriptor, b"x", place)
        except OSError as error:
            lost.append(error.errno)
""",
}


@pytest.mark.parametrize("way", HIDING)
def test_files_out_of_sight_take_no_more_than_all_files_may(box, way):
    name = HIDING[way].split("def ", 1)[1].split("(", 1)[0]
    box.run(HIDING[way], way)
    try:
        (size, _), refusals = box.call("attack", name, 30).value
    except Crashed as crash:  # the kernel's own bound, where a mapped file finds no more room
        assert "SIGBUS" in str(crash) and box.tier == 1
        return
    assert size <= LIMITS.scratch_bytes
    assert refusals


@pytest.mark.parametrize(
    "make",
    [
        "def make_one(number): os.close(os.open(f'file {number}', os.O_WRONLY | os.O_CREAT))",
        "def make_one(number): os.mkdir(f'folder {number}')",
        "def make_one(number): os.mkdir('x' * 60); os.chdir('x' * 60)",
        "def make_one(number): kept.append(os.open('file', os.O_RDWR | os.O_CREAT)); os.unlink('file')",
        "def make_one(number): os.close(os.open('a', os.O_RDWR | os.O_CREAT)); os.rename('a', f'file {number}')",
    ],
    ids=["files", "folders", "nested folders", "removed ones", "renamed ones"],
)
def test_files_are_not_more_than_they_may_be(box, make):
    box.run(make, "cell")
    ending = """
def attack():
    top, made = os.getcwd(), 0
    try:
        for number in range(5000):
            make_one(number)
            made += 1
    except OSError as error:
        os.chdir(top)
        return made, taken()[1], errno.errorcode[error.errno]
"""
    box.run(ending, "cell 2")
    made, number, refusal = box.call("attack").value
    assert number <= LIMITS.files
    assert refusal in ("ENOSPC", "EMFILE")
    assert made >= 20  # it is no wall against honest code


HONEST = """
import importlib, pickle, tempfile
def everyday():
    with open("notes.txt", "w") as file: file.write("a" * 1000)
    with open("notes.txt", "a") as file: file.write("b" * 1000)
    np.save("weights.npy", np.arange(1000.0))
    np.savez("both.npz", a=np.eye(3), b=np.zeros(5))
    with open("solution.py", "w") as file: file.write("def double(x): return 2 * x")
    importlib.invalidate_caches()
    import solution
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/model.pickle", "wb") as file: pickle.dump([1, 2], file)
    with tempfile.TemporaryFile() as file: file.write(b"x")
    os.makedirs("figures/one", exist_ok=True)
    os.replace("notes.txt", "figures/one/notes.txt")
    size = os.path.getsize("figures/one/notes.txt")
    total = float(np.load("weights.npy").sum() + np.load("both.npz")["a"].sum())
    print("a" * 100_000)
    return size, total, solution.double(4), sorted(os.listdir("."))
def saves_its_weights_after_every_step(times):
    for step in range(times):
        np.save("weights.npy", np.full(60_000, step))
        with open("log.txt", "a") as log: log.write(f"step {step}\\n")
    return float(np.load("weights.npy")[0])
"""


def test_honest_files_work_as_everywhere(box):
    box.run(HONEST, "cell")
    size, total, double, names = box.call("everyday").value
    assert (size, total, double) == (2000, 499503.0, 8)
    assert names == ["both.npz", "figures", "solution.py", "weights.npy"]


def test_one_file_may_be_written_again_and_again(kind):
    wall, server = kind
    with Sandbox(LIMITS, wall=wall, server=server) as box:  # 48 MB in all, where 4 MiB may be there at a time
        box.run(TOOLS + HONEST, "cell")
        assert box.call("saves_its_weights_after_every_step", 100).value == 99


# --- on disk: the kernel asks -----------------------------------------------------------------------------


def test_the_workers_pipes_are_not_taken_for_files_and_cannot_be_replaced(disk_box):
    attack = """
def attack():
    refused = 0
    libc = ctypes.CDLL(None, use_errno=True)
    file = make("file")
    tries = [lambda fd: os.close(fd), lambda fd: os.dup2(file, fd), lambda fd: os.dup2(file, fd, False)]
    for fd in range(5):
        for attempt in tries:
            try: attempt(fd)
            except PermissionError: refused += 1
        # The kernel looks at the lower half of the register alone.
        for call in (3, 436):
            refused += libc.syscall(call, ctypes.c_long(fd | 1 << 32), 1000, 0) < 0 and ctypes.get_errno() == errno.EPERM
    return refused
"""
    disk_box.run(attack, "cell")
    refused = disk_box.call("attack").value
    assert refused >= 5 * 3
    assert disk_box.call("taken").value


def test_a_step_between_two_requests_waits_for_the_next_one(disk_box):
    source = """
import time
def start():
    def work():
        for number in range(20): make(f"file {number}")
    threading.Thread(target=work).start()
def seen():
    time.sleep(0.3)
    return len(os.listdir("."))
"""
    disk_box.run(source, "cell")
    disk_box.call("start")
    time.sleep(0.3)
    assert disk_box.call("seen").value == 20


def test_signals_that_call_a_thread_away_while_the_kernel_asks_do_no_harm(disk_box):
    source = """
import signal, time
def attack():
    caught = []
    signal.signal(signal.SIGALRM, lambda *_: caught.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    end = time.monotonic() + 1
    while time.monotonic() < end:
        descriptor = make("file")
        if descriptor is not None:
            fill(descriptor, 1000)
            os.close(descriptor)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return len(caught), taken()
"""
    disk_box.run(source, "cell")
    caught, (size, number) = disk_box.call("attack").value
    assert caught > 100 and number == 1 and size <= LIMITS.scratch_bytes


def test_questions_without_end_end_the_worker(disk_box):
    disk_box.run("def attack():\n  while True: os.close(make('file'))", "cell")
    with pytest.raises(Crashed, match="files without end"):
        disk_box.call("attack")
    assert not disk_box.alive


def test_a_thread_that_dies_while_the_kernel_asks_keeps_nobody_waiting(disk_box):
    disk_box.run(
        "def attack():\n  for _ in range(8): threading.Thread(target=lambda: [os.close(make('file')) for _ in range(10**6)]).start()\n"
        "  os._exit(3)",
        "cell",
    )
    with pytest.raises(Crashed, match="exit code 3"):
        disk_box.call("attack")


def test_a_kernel_that_does_not_let_us_ask_is_told(monkeypatch):
    """As where a container's own supervisor of system calls has taken the one place that there is."""
    monkeypatch.setattr("autograder.sandbox.handle.number_of", lambda name: -1)
    with pytest.raises(Exception, match="does not let the grader bound files"):
        Sandbox(replace(LIMITS), wall=Landlocked()).__enter__()


def test_nothing_is_left_on_disk(kind, tmp_path, monkeypatch):
    wall, server = kind
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with contextlib.suppress(Crashed), Sandbox(LIMITS, wall=wall, server=server) as box:
        box.run("import os; open('file', 'w').write('x'); os.mkdir('folder', 0)", "cell")
    left = [path.name for path in tmp_path.iterdir()]
    assert len(left) <= (server is not None and wall is None)  # the next worker's, which waits
