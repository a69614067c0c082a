"""The kit in a course that exists: its other assignments go on as before, in the course's own folders."""

import shutil

import nbformat
import pytest
from conftest import ROOT, sample
from nbgrader.api import Gradebook
from test_nbgrader import nbgrader

from autograder.authoring.fill import fill

# Made once, for all tests of this file.
pytestmark = [pytest.mark.sandbox, pytest.mark.slow(44), pytest.mark.xdist_group("an existing course")]
OWN_STUB = "raise RuntimeError('the course has a stub of its own')"
BEFORE = f"""
c = get_config()
c.CourseDirectory.course_id = "maths"
c.ClearSolutions.code_stub = {{"python": {OWN_STUB!r}}}
"""
TWO_LINES = "from autograder.gradebook.settings import configure\nconfigure(c)\n"
ANSWERS = {"ada": "def double(x):\n    return 2 * x", "bob": "def double(x):\n    return 3 * x"}


def cell(kind: str, source: str, grade_id: str, **flags) -> nbformat.NotebookNode:
    marks = {
        "grade_id": grade_id,
        "schema_version": 3,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    }
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=grade_id, metadata={"nbgrader": marks | flags})


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(cells=list(cells))
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


def ps1(answer: str) -> nbformat.NotebookNode:
    """An assignment that nbgrader's own kernel grades; its notebook is not called like it."""
    solution = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION" if answer == ANSWERS["ada"] else answer
    return notebook(
        cell("code", solution, "double", solution=True),
        cell("code", "assert double(2) == 4", "test_double", grade=True, locked=True, points=5),
    )


def essay(answer: str) -> nbformat.NotebookNode:
    return notebook(cell("markdown", answer, "why", solution=True, grade=True, points=3))


def write(made: nbformat.NotebookNode, *path) -> None:
    file = path[0].joinpath(*path[1:])
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, file)


def scores(course) -> dict[tuple[str, str], tuple[float, bool]]:
    """Of each assignment and student: the score, and whether it waits for a person."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            (assignment.name, each.student_id): (each.score, each.needs_manual_grade)
            for assignment in gradebook.assignments
            for each in assignment.submissions
        }


def done(course, *command) -> str:
    result = nbgrader(course, *command)
    assert result.returncode == 0, result.stderr
    return result.stderr


@pytest.fixture(scope="module")
def before(tmp_path_factory, give_key):
    """The course as it was, and what plain nbgrader made of it."""
    course = tmp_path_factory.mktemp("maths")
    give_key(course)
    (course / "nbgrader_config.py").write_text(BEFORE)
    write(ps1(ANSWERS["ada"]), course, "source", "ps1", "problem.ipynb")
    write(essay("Write here."), course, "source", "essay", "essay.ipynb")
    for assignment in ("ps1", "essay"):
        done(course, "generate_assignment", assignment)
    for student, answer in ANSWERS.items():
        write(ps1(answer), course, "submitted", student, "ps1", "problem.ipynb")
        write(essay(f"Because, says {student}."), course, "submitted", student, "essay", "essay.ipynb")
    for assignment in ("ps1", "essay"):
        done(course, "autograde", assignment)
    released = {path.name: path.read_bytes() for path in (course / "release").rglob("*.ipynb")}
    return course, scores(course), released


@pytest.fixture(scope="module")
def after(before):
    """The same course with the two lines and the kit's assignment; everything graded again."""
    course, _, _ = before
    (course / "nbgrader_config.py").write_text(BEFORE + TWO_LINES)
    shutil.copytree(ROOT / "solutions" / "source" / "conv2d", course / "source" / "conv2d")
    for assignment in ("conv2d", "ps1", "essay"):
        done(course, "generate_assignment", assignment, "--force")
    released = nbformat.read(course / "release" / "conv2d" / "conv2d.ipynb", as_version=4)
    write(fill(released, sample("perfect")), course, "submitted", "ada", "conv2d", "conv2d.ipynb")
    said = {name: done(course, "autograde", name, "--force") for name in ("ps1", "essay", "conv2d")}
    return course, said


def test_other_assignments_get_the_scores_and_the_release_that_they_had(before, after):
    course, earlier, released = before
    assert earlier[("ps1", "ada")] == (5.0, False) and earlier[("ps1", "bob")] == (0.0, False)
    assert earlier[("essay", "ada")] == (0.0, True)
    now = scores(course)
    assert {key: now[key] for key in earlier} == earlier
    for name, content in released.items():
        (path,) = (course / "release").rglob(name)
        assert path.read_bytes() == content
    assert OWN_STUB.encode() in released["problem.ipynb"]


def test_the_kits_assignment_is_graded_in_the_sandbox_with_the_kits_stubs_in_the_courses_folders(after):
    course, _ = after
    assert scores(course)[("conv2d", "ada")][0] == 100.0
    released = (course / "release" / "conv2d" / "conv2d.ipynb").read_text()
    assert "Write this function, then run this cell" in released and "course has a stub" not in released
    assert not (course / "solutions").exists() and not (course / "assignment").exists()


def test_it_is_said_loudly_which_assignments_run_outside_the_sandbox(after):
    _, said = after
    for name in ("ps1", "essay"):
        (line,) = [line for line in said[name].splitlines() if "outside any sandbox" in line]
        assert f"'{name}' has no hidden suite" in line
    assert "outside any sandbox" not in said["conv2d"]


def test_feedback_is_made_anew_after_a_comment_changed(after):
    course, _ = after
    done(course, "generate_feedback", "essay", "--student", "ada")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission_notebook("essay", "essay", "ada")
        submission.comments[0].manual_comment = "A comment of later."
        gradebook.db.commit()
    page = course / "feedback" / "ada" / "essay" / "essay.html"
    assert "A comment of later." not in page.read_text()
    done(course, "generate_feedback", "essay", "--student", "ada")
    assert "A comment of later." in page.read_text()
