"""A class of forty, the whole way on each platform: in, graded, marked by hand in places, and back into the platform's own file.

The notebooks are the same on all platforms: they are graded once, and each platform's run finds the kept reports.
"""

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbgrader.api import Gradebook

sys.path.append(str(ROOT / "tests" / "platforms"))

import importers
import made_up
from made_up import (
    ABSENT,
    BY_HAND,
    CLASS,
    DAMAGED,
    EMPTY,
    EXCUSED,
    HERE,
    LATE,
    PDF,
    ROSTERS,
    STRANGER,
    Student,
    table,
)
from test_return import assert_only_filled

from autograder.cli import main
from autograder.gradebook.course import Course
from autograder.gradebook.written import NewMark, read_answers, save_marks

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(60), pytest.mark.xdist_group("the whole way")]

FLATTEN = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[3])"
PAD = "import numpy as np\n\ndef pad(image, rows, columns):\n    return np.pad(image, (rows, columns))"
CODE = ("", FLATTEN, PAD, f"{FLATTEN}\n\n{PAD}")  # 0, 6, 6 and 12 points
CHANGED, TO = 5, 4.0  # whose points for flatten_filters a person changes
WROTE = 4  # every fourth wrote an answer
DUE = "2026-11-20 23:59"
POLICY = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
RELEASED = ROOT / "assignment" / "conv2d" / "conv2d.ipynb"


def notebook(student: Student, attempt: int = 2) -> bytes:
    """What somebody hands in: a real notebook that is graded fast. The first attempt has nothing in it."""
    if student.number == DAMAGED:
        return b"no notebook at all"
    if student.number == EMPTY:
        return b""
    made = json.loads(RELEASED.read_text(encoding="utf-8"))
    if attempt == 2:
        made["cells"].append(_cell("code", CODE[student.number % len(CODE)]))
        for cell in made["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "written_equivariance" and _wrote(
                student
            ):
                cell["source"] = f"It moves along, says {student.login}."
    made["cells"].append(_cell("raw", f"{student.login} attempt {attempt}"))
    return json.dumps(made).encode()


def _cell(kind: str, source: str) -> dict:
    new = {"code": nbformat.v4.new_code_cell, "raw": nbformat.v4.new_raw_cell}[kind]
    return new(source, id=f"own-{kind}")


def _wrote(student: Student) -> bool:
    return student.number % WROTE == 0


def expected(student: Student, *, timed: bool) -> float:
    """What they have in the end: `timed` where the platform says when the late one handed in."""
    if student.number in (DAMAGED, EMPTY) or (timed and student.number == LATE):
        return 0.0
    automatic = (0, 6, 6, 12)[student.number % len(CODE)]
    changed = TO - 6 if student.number == CHANGED else 0
    return automatic + changed + (mark_of(student) if _wrote(student) else 0)


def mark_of(student: Student) -> float:
    return student.number % 11 / 2


@pytest.fixture(scope="session")
def graded(once, key_file) -> Path:
    """The kept reports of the whole class."""

    def grade(folder: Path) -> None:
        for student in HERE:
            place = folder / "submitted" / student.login / "conv2d"
            place.mkdir(parents=True)
            (place / "conv2d.ipynb").write_bytes(notebook(student))
        options = ["--results", folder / "r.jsonl", "--key", key_file]
        assert main(["grade", *map(str, [folder / "submitted", *options])]) == 0

    return once("whole-way", grade) / "r.jsonl.cache"


@pytest.fixture
def course(graded, released_course, tmp_path, monkeypatch) -> Path:
    """A course in which lateness costs everything, and the folder to work in."""
    monkeypatch.setattr(made_up, "notebook", notebook)
    course = shutil.copytree(released_course, tmp_path / "course")
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(POLICY)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("conv2d", duedate=f"{DUE} UTC")
    shutil.copytree(graded, course / "results" / "conv2d.jsonl.cache")
    monkeypatch.chdir(course)
    return course


def with_points(platform: str) -> bytes:
    """A platform that has no file of grades of its own gets a column in the list of its class."""
    rows = list(csv.reader(io.StringIO(ROSTERS[platform]())))
    return table([[*rows[0], "Points"], *([*row, ""] for row in rows[1:])]).encode()


def _by(key: str) -> Callable[[bytes], dict[str, float]]:
    def read(content: bytes) -> dict[str, float]:
        rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
        return {row[key]: float(row["Points"]) for row in rows if row["Points"]}

    return read


def own_file(platform: str) -> bytes:
    """The platform's file, as it exports it."""
    match platform:
        case "Blackboard":
            text = table(made_up.blackboard_table(), separator="\t", quote_all=True)
            return b"\xff\xfe" + text.encode("utf-16-le")
        case "Canvas" | "Moodle" | "Brightspace":
            return ROSTERS[platform]().encode()
    return with_points(platform)


# By platform: how its importer reads the file, by which of a student's names; whether times are known; the way of feedback.
PLATFORMS = {
    "Canvas": (
        lambda content: importers.canvas(content, "Conv2d (4711)"),
        "id",
        False,
        importers.canvas_feedback,
    ),
    "Moodle": (lambda content: importers.moodle(content, "en"), "id", True, importers.moodle_feedback),
    "Blackboard": (importers.blackboard, "login", True, None),
    "Brightspace": (importers.brightspace, "login", True, None),
    "Gradescope": (_by("Email"), "email", True, None),
    "exchange": (_by("Username"), "login", True, None),
    "folders": (_by("Username"), "login", False, None),
}


def there(platform: str, key: str) -> dict[str, float | str]:
    """What was graded or excused on the platform itself."""
    if platform in ("Gradescope", "exchange", "folders"):
        return {}
    stays: dict[str, float | str] = {getattr(CLASS[n], key): float(points) for n, points in BY_HAND.items()}
    return stays | ({getattr(CLASS[EXCUSED], key): "EX"} if platform == "Canvas" else {})


def mark_by_hand(folder_of: dict[int, str]) -> None:
    """A person marks what was written, question by question, and changes the points of one function."""
    course = Course.here()
    answers, untouched = read_answers(course, "conv2d", "written_equivariance")
    number_of = {folder: number for number, folder in folder_of.items()}
    assert {number_of[answer.student] for answer in answers} == {n for n in folder_of if _wrote(CLASS[n])}
    assert untouched == len(folder_of) - len(answers)
    for answer in answers:
        student = CLASS[number_of[answer.student]]
        assert f"says {student.login}." in answer.html
    marks = [
        NewMark(each.id, mark_of(CLASS[number_of[each.student]]), f"Read: {each.student}") for each in answers
    ]
    assert len(save_marks(course, "conv2d", marks)) == len(answers)
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        names = "test_flatten_filters", "conv2d", "conv2d", folder_of[CHANGED]
        gradebook.find_grade(*names).manual_score = TO
        gradebook.db.commit()


def folders() -> dict[int, str]:
    """The folder of each in the class who has a notebook."""
    found = {}
    for path in Path("submitted").glob("*/conv2d/conv2d.ipynb"):
        content = path.read_bytes()
        number = {b"no notebook at all": DAMAGED, b"": EMPTY}.get(content)
        if number is None:
            number = int(json.loads(content)["cells"][-1]["source"].split()[0].removeprefix("s"))
            assert content == notebook(CLASS[number])  # the second attempt, byte for byte
        found[number] = path.parent.parent.name
    return found


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader 0.9 with SQLAlchemy 2
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_class_of_forty_goes_in_is_graded_marked_by_hand_and_comes_back_with_every_cell_right(
    platform, course, autograder
):
    importer, key, timed, feedback = PLATFORMS[platform]
    made_up.write_download(platform, course)
    content = own_file(platform)
    (course / "export.csv").write_bytes(content)
    taken = autograder("collect", "download.zip", "--roster", "export.csv", "--timezone", "UTC", "--due", DUE)
    assert taken.returncode == 0, taken.stderr
    folder_of = folders()
    assert folder_of.keys() == {student.number for student in HERE} - {PDF}
    done = autograder("grade", "submitted", "--record", "--progress", "json")
    assert done.returncode == 0 and "37 from an earlier run" in done.stdout, (done.stdout, done.stderr)
    mark_by_hand(folder_of)
    if platform == "exchange":  # nothing is handed back through it without these
        for number, folder in folder_of.items():
            secret = Path("autograded", folder, "conv2d", "submission_secret.txt")
            assert secret.read_text() == f"secret 2 of {CLASS[number].login}"

    back = ["return", "results/conv2d.jsonl", "--into", "export.csv", "--out", "filled.csv"]
    back += (
        []
        if importer in (importers.blackboard, importers.brightspace) or feedback
        else ["--column", "Points"]
    )
    returned = autograder(*back, *(["--feedback", "feedback.zip"] if feedback else []))
    assert returned.returncode == 0, returned.stderr
    filled = (course / "filled.csv").read_bytes()
    twins = platform == "Brightspace"  # which tells two of one name apart by nothing
    found = {
        getattr(student, key): expected(student, timed=timed)
        for student in HERE
        if student.number not in (PDF, STRANGER) and not (twins and student.name == "Kim Lee")
    }
    stays = there(platform, key)
    assert importer(filled) == found | stays
    encoding = "utf-16" if content[:2] == b"\xff\xfe" else "utf-8"
    assert_only_filled(content, filled, encoding, len(found) - len(stays))
    assert (course / "export.csv").read_bytes() == content
    assert all(CLASS[number].name in returned.stdout for number in (*ABSENT, PDF))
    if feedback:
        pages = feedback(course / "feedback.zip")
        assert pages.keys() == {student.id for student in HERE if student.number != PDF}
        for number, folder in folder_of.items():
            student = CLASS[number]
            page = pages[student.id]
            assert f"{expected(student, timed=timed):g} of 110" in page
            assert (f"Read: {folder}" in page) == (_wrote(student) and number not in (DAMAGED, EMPTY))
