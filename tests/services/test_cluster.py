"""Grading on a Dask cluster: a real scheduler and real workers, some of which die or have other tests."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT, cells_notebook
from distributed import Client
from wheel import InstalledKit, install_kit

from autograder.classroom.cluster import cluster
from autograder.classroom.results import each_result
from autograder.classroom.session import NoWorkers
from autograder.classroom.version import OtherVersion
from autograder.sandbox import SandboxUnavailable

PAD = "import numpy as np\ndef pad(image, rows, columns):\n    return np.pad(image, (rows, columns))"
pytestmark = [pytest.mark.slow(90), pytest.mark.xdist_group("cluster")]


@pytest.fixture(scope="module")
def kit(once):
    """The kit as a cluster's workers have it: from its wheel, without the checkout."""
    return InstalledKit(once("installed-kit", install_kit))


@pytest.fixture
def scheduler(tmp_path, kit, give_key):
    """Starts a scheduler on a free port; gives its address and a function that starts a worker."""
    give_key(tmp_path)
    processes = []
    about = tmp_path / "scheduler.json"

    def run(*arguments, through=(kit.dask,), **environment):
        with (tmp_path / "dask.log").open("a") as log:
            processes.append(
                subprocess.Popen(
                    [*through, *arguments],
                    cwd=tmp_path,
                    env=kit.environment(**environment),
                    stdout=log,
                    stderr=log,
                )
            )
        return processes[-1]

    def start_worker(threads=1, **environment):
        run("worker", address, "--nthreads", str(threads), "--no-nanny", "--no-dashboard", **environment)

    run("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(about))
    wait_for(about.exists)
    with Client(scheduler_file=str(about), set_as_default=False) as client:
        address = client.scheduler.address
        yield client, start_worker
    for process in processes:
        process.kill()
        process.wait()


def wait_for(condition, seconds=120.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def submit(course, student, *sources):
    folder = course / "submitted" / student / "conv2d"
    folder.mkdir(parents=True)
    (folder / "conv2d.ipynb").write_bytes(cells_notebook(PAD, f"# {student}", *sources))


def start(course, address, *arguments):
    command = [sys.executable, "-m", "autograder", "grade", "submitted", "--scheduler", address, *arguments]
    return subprocess.Popen(command, cwd=course, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_worker_that_is_killed_is_replaced_and_counted(scheduler, tmp_path, key_file):
    client, start_worker = scheduler
    for _ in range(2):
        start_worker()
    client.wait_for_workers(2, timeout=120)
    pids = client.run(os.getpid)
    assert len(set(pids.values())) == 2
    for number in range(6):
        submit(tmp_path, f"s{number}", "import time\ntime.sleep(2)")
    run = start(tmp_path, client.scheduler.address, "--key", str(key_file))
    wait_for(lambda: all(client.processing().values()))  # both have something to grade
    os.kill(next(iter(pids.values())), signal.SIGKILL)
    out, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors
    assert "1 worker ended unexpectedly" in out and "graded again elsewhere" in out
    results = [result.report for result in each_result(tmp_path / "results" / "conv2d.jsonl")]
    assert {report.student: report.score for report in results} == {f"s{n}": 6.0 for n in range(6)}
    assert all("seccomp" in report.isolation for report in results) and len(results) == 6


def test_a_worker_on_which_nothing_isolates_is_refused_unless_that_is_allowed_and_told(
    scheduler, kit, tmp_path
):
    client, start_worker = scheduler
    start_worker()
    weakly = (
        kit.python,
        ROOT / "tests" / "dockerlike.py",
        "--no-landlock",
        kit.dask,
    )  # where nothing isolates
    start_worker(through=weakly)
    client.wait_for_workers(2, timeout=120)
    with pytest.raises(SandboxUnavailable, match=r"tcp://.*Missing: namespaces and landlock"):
        cluster(client.scheduler.address).__enter__()
    for number in range(6):
        submit(tmp_path, f"s{number}", "import time\ntime.sleep(1)")
    run = start(tmp_path, client.scheduler.address, "--allow-weak-isolation")
    out, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors
    assert "isolated by seccomp, limits." in out and "Weak isolation: namespaces and landlock" in errors
    results = [result.report for result in each_result(tmp_path / "results" / "conv2d.jsonl")]
    assert {report.weak_isolation for report in results} == {(), ("namespaces", "landlock")}


def test_a_worker_with_other_hidden_tests_is_refused_by_name(scheduler, tmp_path):
    client, start_worker = scheduler
    other = tmp_path / "other"
    for room in ("autograder", "solutions"):
        shutil.copytree(ROOT / room, other / room, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "autograder" / "suite" / "conv2d" / "test_4_gradients.py").open("a") as suite:
        suite.write("\n# another version\n")
    start_worker(PYTHONPATH=str(other))
    with (
        pytest.raises(OtherVersion, match=r"would grade with something else .* the kit's files"),
        cluster(client.scheduler.address),
    ):
        pass


def test_workers_that_cannot_be_used_are_told_with_the_cure(scheduler):
    with (
        pytest.raises(NoWorkers, match="No Dask scheduler answers"),
        cluster("tcp://127.0.0.1:1", patience=1),
    ):
        pass
    client, start_worker = scheduler
    start_worker(threads=3)
    with (
        pytest.raises(NoWorkers, match=r"has 3 threads.*--nworkers 3 --nthreads 1"),
        cluster(client.scheduler.address),
    ):
        pass


def test_a_scheduler_that_goes_away_ends_the_run_with_one_line_and_keeps_what_was_done(scheduler, tmp_path):
    client, start_worker = scheduler
    start_worker()
    for number in range(3):
        submit(tmp_path, f"s{number}", "import time\ntime.sleep(2)")
    run = start(tmp_path, client.scheduler.address)
    kept = tmp_path / "results" / "conv2d.jsonl.cache"
    wait_for(lambda: list(kept.rglob("*.json")))
    client.shutdown()
    _, errors = run.communicate(timeout=120)
    assert run.returncode == 2 and "The scheduler is gone" in errors and "Traceback" not in errors, errors
