"""A real course with one student of each kind of damage, and what must hold of each of them in nbgrader."""

import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import nbformat
from conftest import ROOT, sample
from courses import BIN, nbgrader, rows
from nbgrader.api import Gradebook

from autograder.authoring.fill import fill
from damage.contents import CONTENTS
from damage.folders import FOLDERS, hand_in

KINDS = CONTENTS | FOLDERS


def sound_notebook() -> dict:
    """A notebook with every answer, as plain JSON."""
    released = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    return json.loads(nbformat.writes(fill(released, sample("perfect"))))


def submit(submitted: Path, name: str, notebook: dict) -> None:
    """Makes a student of the kind's name, whose submission is of that kind; the notebook may be changed."""
    student = submitted / name
    student.mkdir(parents=True)
    if name in CONTENTS:
        hand_in(student, CONTENTS[name].make(notebook))
    else:
        FOLDERS[name].make(student, json.dumps(notebook).encode())


@contextlib.contextmanager
def graded_course(released: Path, folder: Path, names: Iterable[str]) -> Iterator[Path]:
    """A class with one student of each of these kinds, graded and given feedback by plain nbgrader commands.

    It is removed at the end: pytest, which clears old folders when some later run ends, fails at folders so deep.
    """
    course = shutil.copytree(released, folder / "course")
    try:
        for name in names:
            submit(course / "submitted", name, sound_notebook())
        for command in ("autograde", "generate_feedback"):
            done = nbgrader(course, command, "conv2d")
            assert done.returncode == 0, done.stderr[-3000:]
            assert "Traceback" not in done.stderr, done.stderr
        yield course
    finally:
        subprocess.run(["rm", "-rf", course], check=True)


def assert_score(course: Path, name: str) -> None:
    """Every row of the gradebook is set: an intact answer loses nothing, what cannot be read earns nothing."""
    automatic = {cell: row for cell, row in rows(course, name).items() if cell.startswith("test_")}
    assert len(automatic) == 10 and all(row[0] is not None and not row[2] for row in automatic.values())
    assert sum(row[0] for row in automatic.values()) == (100.0 if KINDS[name].says is None else 0.0)


def assert_pages(course: Path, name: str) -> None:
    """The page in `autograded/` is a valid notebook with nbgrader's cells each once; the feedback tells the result."""
    page = nbformat.read(course / "autograded" / name / "conv2d" / "conv2d.ipynb", as_version=4)
    nbformat.validate(page)
    ids = [cell.metadata.nbgrader.grade_id for cell in page.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids)) == 24
    feedback = (course / "feedback" / name / "conv2d" / "conv2d.html").read_text()
    assert "Hidden checks" in feedback
    assert ("Automatic checks: 100 of 100 points" in feedback) == (KINDS[name].says is None)
    assert ("This notebook could not be graded." in feedback) == (KINDS[name].says is not None)


LISTS = (
    "manage_assignments", "manage_submissions/conv2d", "manage_students", "gradebook/conv2d/conv2d",
    "api/assignments", "api/submissions/conv2d", "api/notebooks/conv2d", "api/submitted_notebooks/conv2d/conv2d",
    "api/students",
)  # fmt: skip


def assert_formgrader_opens(course: Path, names: Iterable[str]) -> None:
    """The real formgrader shows its lists and the page of every student."""
    names = list(names)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        ids = [gradebook.find_submission_notebook("conv2d", "conv2d", name).id for name in names]
    with _formgrader(course) as ask:
        assert {path: status for path in LISTS if (status := ask(path)[0]) != 200} == {}
        listed = json.loads(ask("api/submissions/conv2d")[1])
        assert {each["student"] for each in listed if each["autograded"]} == set(names)
        for name, id in zip(names, ids, strict=True):
            status, text = ask(f"submissions/{id}/")
            assert status == 200 and ("Automatic checks" in text or "could not be graded" in text), name


@contextlib.contextmanager
def _formgrader(course: Path) -> Iterator[Callable[[str], tuple[int, str]]]:
    """A function that asks a Jupyter server with formgrader; it gives the status and the text."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t", "--no-browser"]
    server = subprocess.Popen(
        [str(BIN / "jupyter"), "lab", *options, "--allow-root"],
        cwd=course, stdout=subprocess.DEVNULL, stderr=(course / "server.log").open("w"),
    )  # fmt: skip

    def ask(path: str) -> tuple[int, str]:
        try:
            url = f"http://127.0.0.1:{port}/formgrader/{path}?token=t"
            with urllib.request.urlopen(url, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    try:
        _wait_for(port)
        yield ask
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < end, "the Jupyter server did not start"
            time.sleep(0.2)
