"""Plain nbgrader commands on a real course: the same scores, every row written, nobody disturbed."""

import copy
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from courses import BIN, autograder_in, feedback, nbgrader, rows, submit
from forked import unprotected_commands
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades

from autograder.classroom.accepted_key import accepted_key
from autograder.classroom.results import read_results
from autograder.gradebook.get_marks import GetMarks
from autograder.judge.hidden import Numbers

# One process of a test run makes the courses, for all tests of them.
pytestmark = [pytest.mark.sandbox, pytest.mark.slow(60), pytest.mark.xdist_group("courses of nbgrader")]

PAYLOAD = "<script>alert('xss')</script><img src=x onerror=alert(1)>"


def grade_cell(notebook, grade_id):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def duplicated(notebook):
    """Copies a test cell, a solution cell (the copy untouched) and an answer, as students do."""
    for grade_id in ("test_conv2d", "pad", "written_equivariance"):
        cell = grade_cell(notebook, grade_id)
        place = notebook.cells.index(cell)
        notebook.cells.insert(place + 1, copy.deepcopy(cell))
    grade_cell(notebook, "written_equivariance").source = "My answer, in the first of the two cells."


def deleted(notebook):
    """Deletes a test cell, a solution cell with its test cell, and an answer; the function stands elsewhere."""
    code = grade_cell(notebook, "same_padding").source
    gone = ("test_pad", "same_padding", "test_same_padding", "written_same_padding")
    notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in gone]
    grade_cell(notebook, "output_size").source += "\n\n" + code


def edited(notebook):
    """Rewrites a test cell, its points, its schema version, and turns an answer into a code cell."""
    test = grade_cell(notebook, "test_conv2d")
    test.source, test.metadata.nbgrader.points = "5.0", 1000
    grade_cell(notebook, "pad").metadata.nbgrader.schema_version = 1
    answer = grade_cell(notebook, "written_equivariance")
    place = notebook.cells.index(answer)
    notebook.cells[place] = nbformat.v4.new_code_cell("# my answer", metadata=answer.metadata)


def without_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = {}


def with_payloads(notebook):
    """HTML and script wherever a student can put text."""
    grade_cell(notebook, "written_equivariance").source = f"An answer. {PAYLOAD}"
    grade_cell(notebook, "pad").source += f"\n# {PAYLOAD}"
    flatten = grade_cell(notebook, "flatten_filters")
    flatten.source = f'def flatten_filters(filters):\n    raise ValueError("{PAYLOAD}")'
    notebook.cells.append(nbformat.v4.new_markdown_cell(PAYLOAD))
    notebook.cells.append(nbformat.v4.new_raw_cell(PAYLOAD))
    output = nbformat.v4.new_output("display_data", data={"text/html": PAYLOAD})
    notebook.cells.append(nbformat.v4.new_code_cell("1", outputs=[output]))
    notebook.metadata["title"] = PAYLOAD


# student: (sample, what they did to the notebook, automatic score)
STUDENTS = {
    "perfect": ("perfect", None, 100.0),
    "same_mistake": ("same_mistake", None, 94.0),
    "crash": ("crash", None, 84.0),
    "duplicated": ("perfect", duplicated, 100.0),
    "deleted": ("perfect", deleted, 100.0),
    "edited": ("perfect", edited, 100.0),
    "without_metadata": ("perfect", without_metadata, 100.0),
    "with_payloads": ("perfect", with_payloads, 90.0),
    "not_json": (None, None, 0.0),
    "renamed": ("perfect", None, 0.0),
}

ANSWERED = {"duplicated", "edited", "with_payloads"}  # who wrote something where a person reads it


@pytest.fixture(scope="session")
def course(once, released_course) -> Path:
    """A course in which the whole class was graded and got feedback by plain nbgrader commands, to be looked at."""

    def make(course):
        shutil.copytree(released_course, course)
        for student, (name, change, _) in STUDENTS.items():
            submit(course, student, name, change)
        submitted = course / "submitted" / "renamed" / "conv2d" / "conv2d.ipynb"
        submitted.rename(submitted.with_name("conv2d (1).ipynb"))
        for command in ("autograde", "generate_feedback"):
            done = nbgrader(course, command, "conv2d")
            assert done.returncode == 0, done.stderr

    return once("graded-course", make)


@pytest.fixture(scope="session")
def recorded(once, released_course, course) -> Path:
    """The same class, graded and recorded by the kit's own command instead, with feedback; to be looked at."""

    def make(recorded):
        shutil.copytree(released_course, recorded)
        shutil.copytree(course / "submitted", recorded / "submitted")
        done = autograder_in(recorded, "grade", "submitted", "--record")
        assert done.returncode == 0, done.stderr
        done = autograder_in(recorded, "feedback")
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"Wrote the feedback of {len(STUDENTS)} students in feedback/\n"

    return once("recorded-course", make)


@pytest.fixture
def own_course(course, tmp_path) -> Path:
    """The graded course once more, to be changed."""
    return shutil.copytree(course, tmp_path / "course")


def id_of(course, student) -> str:
    """nbgrader's id of the submitted notebook, by which formgrader's pages are called."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return gradebook.find_submission_notebook("conv2d", "conv2d", student).id


def comments(course, student):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook("conv2d", "conv2d", student)
        return {comment.name: comment.auto_comment for comment in notebook.comments}


# --- tests that only look --------------------------------------------------------------------------------


@pytest.mark.parametrize("student", STUDENTS)
def test_every_student_has_the_right_score_in_every_row(course, student):
    graded = rows(course, student)
    automatic = {name: row for name, row in graded.items() if name.startswith("test_")}
    written = {name: row for name, row in graded.items() if name.startswith("written_")}
    assert len(automatic) == 10 and all(row[0] is not None and not row[2] for row in automatic.values())
    assert sum(row[0] for row in automatic.values()) == STUDENTS[student][2]
    waits, nothing = (
        (None, None, True),
        (0.0, None, False),
    )  # an answer left as it was released waits for nobody
    assert len(written) == 2
    answered = {"written_equivariance"} if student in ANSWERED else set()
    assert {name for name, row in written.items() if row == waits} == answered
    assert set(written.values()) <= {waits, nothing}


def test_nbgrader_gives_the_same_scores_as_the_command_line(course, recorded):
    for report in read_results(recorded / "results" / "conv2d.jsonl"):
        assert report.score == STUDENTS[report.student][2]
        for name, (score, _, _) in rows(course, report.student).items():
            if name.startswith("test_"):
                assert score == sum(test.points for test in report.of_cell(name)), (report.student, name)


def test_recording_leaves_the_rows_and_pages_that_nbgrader_itself_leaves(course, recorded):
    for student in STUDENTS:
        assert rows(recorded, student) == rows(course, student)
        assert comments(recorded, student) == comments(course, student)
        page = Path("autograded", student, "conv2d", "conv2d.ipynb")
        assert (recorded / page).read_bytes() == (course / page).read_bytes(), student


def test_feedback_on_recorded_results_is_what_nbgrader_writes(course, recorded):
    for student in STUDENTS:
        assert feedback(recorded, student) == feedback(course, student)


def test_a_page_of_feedback_has_the_marks_and_comments_that_nbgraders_own_preprocessor_finds(course):
    read = nbformat.read(course / "autograded" / "crash" / "conv2d" / "conv2d.ipynb", as_version=4)
    found = {}
    for each in (GetGrades, GetMarks):
        names = {
            "db_url": f"sqlite:///{course / 'gradebook.db'}",
            "notebook": "conv2d",
            "assignment": "conv2d",
        }
        page, resources = each().preprocess(copy.deepcopy(read), {"nbgrader": {**names, "student": "crash"}})
        for cell in page.cells:
            cell.metadata.get("nbgrader", {}).pop("unread", None)
        found[each] = page, resources
    assert found[GetMarks] == found[GetGrades]
    assert found[GetMarks][0] != read


@pytest.mark.parametrize("made_by", ["course", "recorded"])
def test_export_lists_the_whole_class(request, made_by, tmp_path):
    done = nbgrader(request.getfixturevalue(made_by), "export", "--to", str(tmp_path / "grades.csv"))
    assert done.returncode == 0, done.stderr
    header, *lines = (tmp_path / "grades.csv").read_text().splitlines()
    student, score = header.split(",").index("student_id"), header.split(",").index("score")
    scores = {line.split(",")[student]: float(line.split(",")[score]) for line in lines}
    assert scores == {name: expected for name, (_, _, expected) in STUDENTS.items()}


def test_feedback_shows_titles_points_and_messages(course):
    page = feedback(course, "same_mistake")
    assert "Of an odd number of zeros, the odd one comes after" in page and "0 / 3" in page
    assert "Number 0 of the result is wrong." in page
    assert "SAME with even filters: the odd zero comes after" in page and "4 / 4" in page
    assert "→ right, but for your same_padding" in page and "Mend same_padding first: with it right, " in page
    assert "The code ran isolated by: namespaces" in page
    assert "First to mend:" in page
    crash = feedback(course, "crash")
    assert "raised IndexError" in crash and "line 8:" in crash


def test_feedback_shows_no_hidden_input_and_no_test_code(course):
    numbers = Numbers(accepted_key("conv2d", course)[0])
    hidden = [f"{abs(value):.4f}"[2:] for value in numbers(45, 2, 6, 7, 2).ravel()[:40]]
    suite = "".join(path.read_text() for path in (ROOT / "autograder" / "suite" / "conv2d").glob("*.py"))
    code = [line.strip() for line in suite.splitlines() if re.search(r"numbers\(|reference\.|assert_", line)]
    for student in STUDENTS:
        page = feedback(course, student)
        assert not [value for value in hidden if f"0.{value}" in page]
        assert not [line for line in code if line in page]


def test_text_from_students_is_escaped_everywhere(course):
    page = feedback(course, "with_payloads")
    assert "alert" in page  # it is shown …
    assert "<script>alert" not in page and "<img src=x" not in page  # … as text
    stored = (course / "autograded" / "with_payloads" / "conv2d" / "conv2d.ipynb").read_text()
    for cell in json.loads(stored)["cells"]:
        if cell["cell_type"] != "code":
            assert "<script" not in "".join(cell["source"]) and "<img" not in "".join(cell["source"])
        for output in cell.get("outputs", []):
            assert "<script" not in "".join(output["data"]["text/html"])


def test_a_damaged_submission_has_a_page_that_says_why(course):
    page = feedback(course, "not_json")
    assert "This notebook could not be graded." in page and "JSON is broken" in page
    assert "Rename the right one to conv2d.ipynb" in feedback(course, "renamed")


def test_a_copied_answer_keeps_what_the_student_wrote(course):
    notebook = nbformat.read(course / "autograded" / "duplicated" / "conv2d" / "conv2d.ipynb", as_version=4)
    assert "My answer, in the first" in grade_cell(notebook, "written_equivariance").source
    ids = [c.metadata.nbgrader.grade_id for c in notebook.cells if c.metadata.get("nbgrader")]
    assert len(ids) == len(set(ids))


def test_edited_and_deleted_cells_come_back_as_they_were_released(course):
    released = nbformat.read(course / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    for student in ("edited", "deleted", "not_json"):
        notebook = nbformat.read(course / "autograded" / student / "conv2d" / "conv2d.ipynb", as_version=4)
        for cell in released.cells:
            if cell.metadata.get("nbgrader", {}).get("locked"):
                theirs = grade_cell(notebook, cell.metadata.nbgrader.grade_id)
                assert theirs.source == cell.source and theirs.metadata.nbgrader == cell.metadata.nbgrader


def test_an_untouched_answer_says_so_to_whoever_grades_it(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:

        def comment(student):
            return gradebook.find_comment("written_equivariance", "conv2d", "conv2d", student).auto_comment

        assert comment("perfect") == "No response." and comment("duplicated") is None


# --- tests that grade again ------------------------------------------------------------------------------


def test_a_regrade_leaves_no_old_score_and_keeps_what_was_graded_by_hand(own_course):
    with Gradebook(f"sqlite:///{own_course / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("written_equivariance", "conv2d", "conv2d", "perfect")
        grade.manual_score, grade.needs_manual_grade = 4.0, False
        gradebook.db.commit()

    def stubs_without_test_cells(notebook):
        notebook.cells = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("locked")]

    submit(own_course, "perfect", "stub_left", stubs_without_test_cells)
    again = nbgrader(own_course, "autograde", "conv2d", "--student", "perfect", "--force")
    assert again.returncode == 0, again.stderr
    graded = rows(own_course, "perfect")
    assert sum(row[0] for name, row in graded.items() if name.startswith("test_")) == 80.0
    assert graded["written_equivariance"][1] == 4.0


def test_where_nothing_isolates_nbgrader_refuses_and_keeps_every_grade(own_course):
    before = {student: rows(own_course, student) for student in STUDENTS}
    refused = unprotected_commands().run(own_course, "nbgrader", "autograde", "conv2d", "--force")
    assert refused.returncode != 0 and "bwrap" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert {student: rows(own_course, student) for student in STUDENTS} == before
    assert (own_course / "autograded" / "perfect" / "conv2d" / "conv2d.ipynb").exists()


def test_formgrader_lists_and_shows_recorded_results_links_to_insight_and_its_button_grades_again(
    recorded, tmp_path
):
    """The real formgrader in a real Jupyter server, asked as its pages ask it."""
    recorded = shutil.copytree(recorded, tmp_path / "recorded")
    insight = recorded / "results" / "conv2d.html"
    insight.parent.mkdir(exist_ok=True)
    insight.write_text("what the class says")
    submit(recorded, "button", "same_mistake")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t", "--no-browser"]
    server = subprocess.Popen(
        [str(BIN / "jupyter"), "lab", *options, "--allow-root", "--ServerApp.disable_check_xsrf=True"],
        cwd=recorded,
        stdout=subprocess.DEVNULL,
        stderr=(recorded / "server.log").open("w"),
    )
    formgrader = f"http://127.0.0.1:{port}/formgrader"
    try:
        answer = json.loads(_ask(f"{formgrader}/api/submission/conv2d/button/autograde?token=t", b""))
        listed = json.loads(_ask(f"{formgrader}/api/submissions/conv2d?token=t"))
        page = _ask(f"{formgrader}/submissions/{id_of(recorded, 'same_mistake')}/?token=t").decode()
        lists = ("gradebook/conv2d", "gradebook/conv2d/conv2d", "manage_submissions/conv2d")
        linked = [_ask(f"{formgrader}/{each}?token=t").decode() for each in lists]
        (address,) = {*re.findall(r'href="([^"]*)"[^>]*>What the class says<', "".join(linked))}
        followed = _ask(f"http://127.0.0.1:{port}{address}?token=t")
        insight.unlink()
        without = _ask(f"{formgrader}/{lists[0]}?token=t").decode()
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert answer["success"], answer
    assert sum(row[0] for name, row in rows(recorded, "button").items() if name.startswith("test_")) == 94.0
    scores = {one["student"]: one["score"] for one in listed}
    assert scores == {name: score for name, (_, _, score) in STUDENTS.items()} | {"button": 94.0}
    assert "SAME with even filters: the odd zero comes after" in page
    assert all("What the class says" in each and "Manual Grading" in each for each in linked)
    assert followed == b"what the class says"
    assert "What the class says" not in without and "Manual Grading" in without


def _ask(url, body: bytes | None = None) -> bytes:
    """GET, or POST where there is a body; waits until the server has started."""
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, body, timeout=60) as answer:
                return answer.read()
        except ConnectionRefusedError:
            time.sleep(0.5)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.5)
    raise AssertionError("the Jupyter server did not start")
