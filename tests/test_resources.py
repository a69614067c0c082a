"""What a hostile class takes from the machine stays bounded, and what killed graders leave is removed by the next one."""

import contextlib
import fcntl
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest
from conftest import ROOT, cells_notebook
from hostile import HOSTILE, LIMITS, MEBIBYTE, Use

from autograder.gradebook.pages import write_whole
from autograder.sandbox.folders import held_folder, remove, remove_abandoned

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(20)]

TIERS = {"tier 1": [], "tier 2": ["-m", "tests.dockerlike"]}
NOBODY = 65534
PAD = "import numpy as np\ndef pad(image, rows, columns):\n    return np.pad(image, (rows, columns))"


@pytest.fixture
def temporary(monkeypatch, tmp_path):  # that one is made first, elsewhere
    """This test's own place for temporary files, for what it starts too. A short name: sockets are bound in it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield Path(folder)


def start(tier: str, *arguments, **options) -> subprocess.Popen:
    command = [sys.executable, *TIERS[tier], *map(str, arguments)]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path}, **options,
    )  # fmt: skip


FOLDER = 64 << 10  # the names of as many files as there may be

# --- bounded ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", TIERS)
def test_a_hostile_class_takes_no_more_than_its_limits_and_gives_all_of_it_back(tier, temporary):
    run = start(tier, "-m", "tests.hostile", temporary, len(HOSTILE))
    out, errors = run.communicate()
    assert run.returncode == 0, errors[-2000:]
    before, peak, after, ended = (
        Use(**json.loads(out)[name]) for name in ("before", "peak", "after", "ended")
    )
    assert peak.memory < before.memory + LIMITS.memory_bytes + 64 * MEBIBYTE
    assert after.own_memory < before.own_memory + 16 * MEBIBYTE
    assert peak.temporary <= before.temporary + LIMITS.scratch_bytes + FOLDER
    assert peak.descriptors < before.descriptors + 64
    assert after.descriptors == before.descriptors
    assert after.processes <= before.processes + 2  # the next worker, with its watcher, may just be starting
    assert (after.temporary, after.files) == (before.temporary, before.files)
    assert (ended.processes, ended.files, ended.shared, peak.shared) == (1, 0, 0, 0)


# --- nothing stays after a kill ---------------------------------------------------------------------------


def submit(course: Path, *sources: str) -> None:
    folder = course / "submitted" / "ada" / "conv2d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conv2d.ipynb").write_bytes(cells_notebook(PAD, *sources))


def grade(tier: str, course: Path, key: Path) -> subprocess.Popen:
    arguments = ("grade", course / "submitted", "--results", course / "r.jsonl", "--jobs", "1", "--key", key)
    return start(tier, "-m", "autograder", *arguments, start_new_session=True)


@pytest.mark.parametrize("tier", TIERS)
def test_after_a_kill_the_next_run_leaves_no_process_and_no_file_behind(tier, temporary, tmp_path, key_file):
    submit(
        tmp_path, "open('here', 'w').write('I am')\nimport os\nos.symlink('/', 'root')", "while True: pass"
    )
    run = grade(tier, tmp_path, key_file)
    wait_for(lambda: any(map(is_looping, psutil.Process(run.pid).children(recursive=True))))
    family = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.communicate()
    assert psutil.wait_procs(family, timeout=20)[1] == []
    assert list(temporary.glob("sandbox-held-*"))  # there is something to remove
    submit(tmp_path)
    again = grade(tier, tmp_path, key_file)
    _, errors = again.communicate()
    assert again.returncode == 0, errors
    assert list(temporary.iterdir()) == []
    assert list(tmp_path.rglob("*.part")) == []


def is_looping(process: psutil.Process) -> bool:
    """Whether it is a worker in the middle of the student's endless loop: it took more than its start can take."""
    try:
        return any("server.py" in word for word in process.cmdline()) and process.cpu_times().user > 1
    except psutil.Error:
        return False


def wait_for(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_folder_that_somebody_holds_is_never_removed_however_many_sweep(temporary):
    stop = threading.Event()
    sweepers = [threading.Thread(target=sweep_until, args=(stop,)) for _ in range(2)]
    for sweeper in sweepers:
        sweeper.start()
    try:
        for _ in range(300):
            with held_folder() as folder:
                (Path(folder) / "file").write_text("mine")
                assert (Path(folder) / "file").read_text() == "mine"
    finally:
        stop.set()
        for sweeper in sweepers:
            sweeper.join()
    assert list(temporary.iterdir()) == []


def test_a_forked_child_that_forgets_a_folder_leaves_it_to_its_owner(temporary):
    held = contextlib.ExitStack()
    folder = Path(held.enter_context(held_folder()))
    child = multiprocessing.get_context("fork").Process(target=held.close)
    child.start()
    child.join()
    assert child.exitcode == 0 and folder.exists()
    held.close()
    assert not folder.exists()


def sweep_until(stop: threading.Event) -> None:
    while not stop.is_set():
        remove_abandoned()


def test_a_sweep_takes_only_abandoned_folders_of_this_user_and_follows_no_link(
    temporary, tmp_path, monkeypatch
):
    (tmp_path / "precious").write_text("x")
    (temporary / "sandbox-held-link").symlink_to(tmp_path)
    (temporary / "sandbox-held-file").write_text("x")
    os.mkfifo(temporary / "sandbox-held-pipe")
    (temporary / "another").mkdir()
    kept = set(temporary.iterdir())
    (temporary / "sandbox-held-abandoned").mkdir(mode=0o700)
    (temporary / "sandbox-held-abandoned" / "out").symlink_to(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: os.getuid() + 1)  # somebody else sweeps
        remove_abandoned()
    assert (temporary / "sandbox-held-abandoned").exists()
    with held_folder() as folder:
        remove_abandoned()
        assert set(temporary.iterdir()) == kept | {Path(folder)}
    assert set(temporary.iterdir()) == kept and (tmp_path / "precious").exists()


def test_folders_made_to_be_hard_to_remove_go_without_root_as_well(temporary):
    """Run by root, a child process becomes user 65534 for it."""
    temporary.chmod(0o777)
    child = multiprocessing.get_context("fork").Process(target=make_hard_and_remove, args=(temporary,))
    child.start()
    child.join()
    assert child.exitcode == 0
    assert list(temporary.iterdir()) == []


def make_hard_and_remove(temporary: Path) -> None:
    if os.getuid() == 0:
        os.setuid(NOBODY)
    hard = temporary / "hard"
    hard.mkdir()
    for name, mode in (("unlisted", 0o300), ("locked", 0o000), ("read only", 0o500)):
        (hard / name).mkdir()
        (hard / name / "file").write_text("x")
        (hard / name / "folder").mkdir(mode=0)
        (hard / name).chmod(mode)
    os.chdir(hard)
    for _ in range(1500):  # deeper than a recursion, and longer than a path may be
        Path("deep").mkdir()
        os.chdir("deep")
    os.chdir(temporary)
    remove(str(hard))


def test_a_page_is_written_whole_and_what_killed_writers_left_goes(tmp_path):
    page = tmp_path / "conv2d.ipynb"
    (tmp_path / ".conv2d.ipynb.1234.part").write_text("{")
    (tmp_path / ".conv2d.ipynb.alive.part").write_text("{")
    (tmp_path / ".timestamp.txt.1234.part").write_text("another file's")
    with (tmp_path / ".conv2d.ipynb.alive.part").open() as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        write_whole(page, "{}", 0o444)
    assert page.read_text() == "{}" and page.stat().st_mode & 0o777 == 0o444
    assert sorted(path.name for path in tmp_path.glob(".*")) == [
        ".conv2d.ipynb.alive.part",
        ".timestamp.txt.1234.part",
    ]


def test_many_writers_of_one_page_never_leave_a_broken_one(tmp_path):
    page = tmp_path / "conv2d.ipynb"
    texts = [letter * 100_000 for letter in "abcd"]
    threads = [
        threading.Thread(target=lambda: [write_whole(page, text, 0o444) for text in texts * 10])
        for _ in texts
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if page.exists():
            assert page.read_text() in texts
    assert list(tmp_path.iterdir()) == [page]
