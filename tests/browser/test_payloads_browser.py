"""What students write, in a real Chromium: nbgrader's feedback, formgrader and JupyterLab run and load nothing of it."""

import contextlib
import hashlib
import json
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from conftest import ROOT
from courses import nbgrader
from nbgrader.api import Gradebook
from payloads import PAYLOADS, hostile_notebook

from autograder.classroom.results import Result, each_result, results_writer
from autograder.gradebook.course import Course
from autograder.gradebook.recording import record
from autograder.grading.report import Report
from autograder.grading.suite_run import list_tests
from autograder.suite import suite_folder
from browser.jupyter import HOST, START_SECONDS, Jupyter, _await, _command, _environment

pytestmark = pytest.mark.slow(40)

RELEASED = json.loads((ROOT / "assignment" / "conv2d" / "conv2d.ipynb").read_text(encoding="utf-8"))
STUDENTS = {f"student{number:02}": name for number, name in enumerate(PAYLOADS)}
SCORES_ARE_IN_PLACE = "() => formgrader.grades?.loaded && formgrader.comments?.loaded && MathJax.loaded"
UNFIT = "<img src=x onerror=alert(1)>"  # a folder's name


@dataclass
class Watched:
    """A page and everything that happened in it that should not."""

    page: object
    own: str  # where it may load from
    happened: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)
        self.page.on("crash", lambda: self.happened.append("crashed"))
        self.page.on("popup", lambda page: self.happened.append(f"opened {page.url}"))
        self.page.on("pageerror", lambda error: self.happened.append(f"error {error}"))

    def _dialog(self, dialog):
        self.happened.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _request(self, request):
        local = urlsplit(request.url).scheme in ("data", "blob", "attachment")
        if not local and not request.url.startswith(self.own):
            self.happened.append(f"asked for {request.url}")

    def visit(self, address: str) -> None:
        self.page.goto(address, wait_until="load")
        self.page.evaluate("() => new Promise(done => setTimeout(done, 200))")  # what comes after "load"
        if self.page.url.split("?")[0].rstrip("/") != address.split("?")[0].rstrip("/"):
            self.happened.append(f"went to {self.page.url}")


@pytest.fixture(scope="module")
def course(tmp_path_factory, released_course) -> Path:
    """A course with a student for each payload: results recorded, feedback written."""
    course = shutil.copytree(released_course, tmp_path_factory.mktemp("payloads") / "course")
    tests = list_tests(suite_folder("conv2d"))
    with results_writer(course / "r.jsonl") as write:
        for student, name in STUDENTS.items():
            content = hostile_notebook(RELEASED, PAYLOADS[name])
            hand_in(course, student, content)
            shown = tuple(replace(test, outcome="error", message=PAYLOADS[name]) for test in tests)
            report = Report(student, "conv2d", shown, ("namespaces",), 1.0)
            write(Result(report, hashlib.sha256(content).hexdigest()))
    with contextlib.chdir(course):
        done = record(Course.here(), "conv2d", course / "submitted", each_result(course / "r.jsonl"))
        assert [recorded.problem for recorded in done] == [None] * len(STUDENTS)
    with gradebook(course) as book:
        book.update_or_create_student("student00", first_name=f'">{UNFIT}', last_name=f"</script>{UNFIT}")
    made = nbgrader(course, "generate_feedback", "conv2d")
    assert made.returncode == 0, made.stderr
    hand_in(course, UNFIT, hostile_notebook(RELEASED, "Plain words."))
    return course


def hand_in(course, student, content: bytes) -> None:
    folder = course / "submitted" / student / "conv2d"
    folder.mkdir(parents=True)
    (folder / "conv2d.ipynb").write_bytes(content)


def gradebook(course) -> Gradebook:
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}")


@pytest.fixture(scope="module")
def formgrader(course):
    """A Jupyter with nbgrader's formgrader, started in the course."""
    with tempfile.TemporaryDirectory() as home, socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
        free.close()
        server, log = Jupyter(course, f"http://{HOST}:{port}", "token"), Path(home, "log")
        with log.open("w") as output:
            process = subprocess.Popen(
                _command(server, port), cwd=course, env=_environment(home), stdout=output, stderr=output
            )
        try:
            _await(server, process, log)
            yield server
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def watched(browser):
    """A function that opens an empty page which may load from one place only."""
    with contextlib.ExitStack() as pages:

        def open_page(own, **context):
            page = browser.new_page(**context)
            pages.callback(page.close)
            return Watched(page, own)

        yield open_page


@pytest.fixture
def instructor(formgrader, watched):
    """A page of somebody who is logged in to the course's Jupyter, and its address."""
    logged_in = {"Authorization": f"token {formgrader.token}"}
    return watched(formgrader.url, extra_http_headers=logged_in), f"{formgrader.url}/formgrader"


@pytest.fixture(scope="module")
def submissions(course) -> dict[str, str]:
    """nbgrader's id of each student's submitted notebook."""
    with gradebook(course) as book:
        return {each.student.id: each.id for each in book.notebook_submissions("conv2d", "conv2d")}


# --- the watch itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["img onerror", "svg onload", "script", "iframe", "details ontoggle"])
def test_the_watch_sees_script_that_runs(name, watched, tmp_path):
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><body>{PAYLOADS[name]}")
    page = watched("file:///")
    page.visit((tmp_path / "page.html").as_uri())
    assert "dialog 1" in page.happened


@pytest.mark.parametrize("name", ["img from elsewhere", "stylesheet link", "style import", "embed"])
def test_the_watch_sees_what_is_loaded_from_elsewhere(name, watched, tmp_path):
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><body>{PAYLOADS[name]}")
    page = watched("file:///")
    page.visit((tmp_path / "page.html").as_uri())
    assert any(entry.startswith("asked for http://evil.example/") for entry in page.happened)


# --- nbgrader's pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("student", STUDENTS, ids=STUDENTS.values())
def test_the_feedback_page_runs_and_loads_nothing(student, course, watched):
    page = watched("file:///")
    page.visit((course / "feedback" / student / "conv2d" / "conv2d.html").as_uri())
    assert page.happened == []
    assert "0 of 110 points" in page.page.locator("main > p").first.text_content()


@pytest.mark.parametrize("student", STUDENTS, ids=STUDENTS.values())
def test_formgraders_page_runs_and_loads_nothing_and_scores_go_where_they_belong(
    student, submissions, instructor
):
    page, address = instructor
    page.visit(f"{address}/submissions/{submissions[student]}/")
    page.page.wait_for_function(SCORES_ARE_IN_PLACE)
    assert page.happened == []
    names = page.page.locator("input.score").evaluate_all("inputs => inputs.map(input => input.id)")
    assert len(names) == 12 and [page.page.locator(f'[id="{name}"]').count() for name in names] == [1] * 12
    # nbgrader shows a name in an address as it is; so no answer may hold a link to such a page.
    assert page.page.locator(".rendered_html a").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "manage_assignments",
        "manage_submissions/conv2d",
        "gradebook",
        "gradebook/conv2d",
        "gradebook/conv2d/conv2d",
        "manage_students",
        "manage_students/student00",
        "manage_students/student00/conv2d",
    ],
)
def test_formgraders_lists_run_and_load_nothing_of_a_name(path, instructor):
    page, address = instructor
    page.visit(f"{address}/{path}")
    page.page.locator("tbody tr").first.wait_for()
    assert page.happened == []


def test_the_stored_notebooks_run_and_load_nothing_in_jupyterlab(course, jupyter_server, watched):
    stored = [
        nbformat.read(course / "autograded" / student / "conv2d" / "conv2d.ipynb", as_version=4)
        for student in STUDENTS
    ]
    answers = [cell for notebook in stored for cell in notebook.cells if _is_answer(cell)][::2]
    assert len(answers) == len(STUDENTS)
    for number, cell in enumerate(answers):
        cell.id = f"answer{number}"
    nbformat.write(nbformat.v4.new_notebook(cells=answers), jupyter_server.folder / "answers.ipynb")
    page = watched(jupyter_server.url)
    page.visit(f"{jupyter_server.url}/lab/tree/answers.ipynb?token={jupyter_server.token}")
    shown = page.page.locator(".jp-MarkdownCell .jp-RenderedMarkdown")
    shown.nth(len(answers) - 1).wait_for(timeout=1000 * START_SECONDS)
    assert shown.count() == len(answers) and page.happened == []


def _is_answer(cell) -> bool:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("written_")


# --- names -----------------------------------------------------------------------------------------------


def test_autograde_leaves_out_a_student_whose_name_is_markup_and_says_why(course):
    done = nbgrader(course, "autograde", "conv2d", "--student", UNFIT)
    assert "is left out" in done.stderr and "Rename the folder." in done.stderr and done.returncode != 0
    assert "Traceback" not in done.stderr
    with gradebook(course) as book:
        assert UNFIT not in {student.id for student in book.students}
