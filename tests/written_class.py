"""A small class whose written answers wait for a person, in a course of nbgrader's: for the tests of marking."""

import contextlib
import json
import shutil
from pathlib import Path

import nbformat
from conftest import ROOT

from autograder.classroom.beside import digest_of
from autograder.classroom.results import Result
from autograder.gradebook.course import Course
from autograder.gradebook.recording import record
from autograder.gradebook.roster import Named, name_students
from autograder.grading.report import Report
from autograder.grading.suite_run import list_tests
from autograder.suite import suite_folder

CELLS = ("written_same_padding", "written_equivariance")
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOSTILE = (
    "# The end</textarea></article><script>window.stolen = 1</script><img src=x onerror='window.stolen=1'>\n\n"
    '<form action="https://elsewhere.example"><button>Save</button></form> [here](javascript:window.stolen=1) '
    "$\\href{javascript:1}{x}$ ![p](https://elsewhere.example/p.png)"
)
# By student: the two answers; None leaves one as it was released.
ANSWERS: dict[str, tuple[str | None, str | None]] = {
    "ada": ("Pixel (2, 3) alone, since $total = 1$ is odd.", "It moves along: **equivariant**."),
    "bob": (HOSTILE, HOSTILE),
    "cleo": (None, "Invariant."),
    "dan": (None, None),
    "eve": (f"As drawn: ![window](data:image/png;base64,{PIXEL})", "Equivariant."),
}


def make_class(released_course: Path, folder: Path) -> Path:
    """The course with everybody's answers recorded."""
    course = shutil.copytree(released_course, folder)
    hand_in(course, ANSWERS)
    return course


def hand_in(course: Path, answers: dict[str, tuple[str | None, str | None]]) -> None:
    """Hands these answers in and records them, as if the hidden tests had found nothing right."""
    released = (ROOT / "assignment" / "conv2d" / "conv2d.ipynb").read_text(encoding="utf-8")
    tests = tuple(list_tests(suite_folder("conv2d")))
    results = []
    for student, texts in answers.items():
        content = _answered(released, texts)
        folder = course / "submitted" / student / "conv2d"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "conv2d.ipynb").write_bytes(content)
        report = Report(student, "conv2d", tests, ("namespaces",), 1.0)
        results.append(Result(report, digest_of(content, {})))
    with contextlib.chdir(course):
        here = Course.here()
        problems = [each for each in record(here, "conv2d", course / "submitted", results) if each.problem]
        name_students(here, [Named("ada", "Ada", "Lovelace"), Named("eve", "<b>Eve</b>", "O'Neil")])
    assert problems == []


def _answered(released: str, texts: tuple[str | None, ...]) -> bytes:
    notebook = nbformat.from_dict(json.loads(released))
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in CELLS and (text := texts[CELLS.index(name)]) is not None:
            cell.source = text
    return json.dumps(notebook).encode()
