"""Every mend of nbgrader is still needed, and does what nbgrader's own code does not.

Each test first calls nbgrader's own code in the situation that is mended. Where that does well by now, the test fails and
says which mend can be deleted.
"""

import contextlib
import csv
import logging
import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbconvert.exporters.html
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default.release_feedback import ExchangeReleaseFeedback
from nbgrader.plugins.export import CsvExportPlugin
from traitlets.config import Config

from autograder.gradebook import csv_export, nbgrader_mends

pytestmark = pytest.mark.slow

SECRET = "what only the grader may read"
NO_TIME = "teatime"


@contextlib.contextmanager
def nbgrader_still_fails(mended: str, error: type[Exception], match: str = "") -> Iterator[None]:
    """The block raises this error; where nothing is raised, what mends it can go."""
    try:
        yield
    except error as raised:
        assert match in str(raised)
    else:
        pytest.fail(can_go(mended))


def can_go(mended: str) -> str:
    return f"nbgrader has mended {mended} itself: delete it from autograder/gradebook"


@pytest.fixture
def course(tmp_path) -> CourseDirectory:
    """A course in which Ada has handed in a timestamp that is no time, and a link."""
    folder = tmp_path / "submitted" / "ada" / "conv2d"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(NO_TIME)
    (tmp_path / "secret.txt").write_text(SECRET)
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return CourseDirectory(root=str(tmp_path))


@pytest.fixture
def path_without_alembic(monkeypatch):
    """The PATH of somebody who starts the environment's Python by its path."""
    monkeypatch.setenv("PATH", "/nonexistent")


@pytest.fixture
def gradebook(monkeypatch, tmp_path):
    """A gradebook with one assignment and one student."""
    monkeypatch.setenv("PATH", os.environ["PATH"])  # as it was, when the test has ended
    nbgrader_mends.make_alembic_reachable()
    with Gradebook(f"sqlite:///{tmp_path / 'g.db'}") as book:
        book.add_assignment("conv2d")
        book.add_student("ada", last_name="Lovelace, Countess")
        yield book


def test_a_timestamp_that_is_no_time_ends_nbgraders_grading_and_counts_as_none_here(course):
    folder = course.format_path("submitted", "ada", "conv2d")
    with nbgrader_still_fails("`existing_timestamp`", AttributeError, "fail"):
        nbgrader_mends.own_existing_timestamp(course, folder)
    assert nbgrader_mends.existing_timestamp(course, folder) is None


@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments")  # nbgrader 0.9 misspells one
def test_feedback_without_an_exchange_is_a_traceback_of_nbgraders_and_one_line_with_the_cure_here(course):
    settings = Config(
        {"Exchange": {"root": str(Path(course.root) / "nowhere")}, "CourseDirectory": {"course_id": "c"}}
    )
    api = NbGraderAPI(coursedir=CourseDirectory(root=course.root, config=settings), config=settings)
    (Path(course.root) / "feedback" / "ada" / "conv2d").mkdir(parents=True)
    own = nbgrader_mends.own_release_feedback(api, "conv2d", "ada")
    assert "Traceback" in own["error"], can_go("`release_feedback`")
    told = nbgrader_mends.release_feedback(api, "conv2d", "ada")
    assert not told["success"] and "c.Exchange.root" in told["error"] and "nowhere" in told["error"]
    assert len(told["error"].splitlines()) == 1


def test_one_submission_from_elsewhere_ends_the_release_of_feedback_and_is_left_out_with_a_line_here(
    course, tmp_path, caplog
):
    course.assignment_id = "conv2d"
    for student in ("ada", "bob"):
        folder = tmp_path / "feedback" / student / "conv2d"
        folder.mkdir(parents=True)
        (folder / "conv2d.html").write_text(student)
    for name in ("timestamp.txt", "submission_secret.txt"):
        (folder / name).write_text("of bob's")
    exchange = ExchangeReleaseFeedback(coursedir=course, log=logging.getLogger("exchange"))
    exchange.init_src()
    exchange.dest_path = str(tmp_path / "released")
    Path(exchange.dest_path).mkdir()
    with nbgrader_still_fails("`copy_feedback`", FileNotFoundError, "timestamp.txt"):
        nbgrader_mends.own_copy_feedback(exchange)
    nbgrader_mends.copy_feedback(exchange)
    assert [path.read_text() for path in Path(exchange.dest_path).iterdir()] == ["bob"]
    assert "'ada' is not released" in caplog.text and course.student_id_exclude == ""


def test_a_timestamp_that_is_no_time_ends_formgraders_list_and_counts_as_none_here(course):
    api = NbGraderAPI(coursedir=course)
    with nbgrader_still_fails("`submitted_timestamp`", ValueError, NO_TIME):
        nbgrader_mends.own_submitted_timestamp(api, "conv2d", "ada")
    assert nbgrader_mends.submitted_timestamp(api, "conv2d", "ada") is None


def test_nbgrader_copies_what_a_students_link_leads_to_and_the_mend_copies_files_alone(course, tmp_path):
    converter = Autograde(coursedir=course)
    copied = tmp_path / "autograded" / "ada" / "conv2d"
    nbgrader_mends.own_init_assignment(converter, "conv2d", "ada")
    assert (copied / "link.txt").read_text() == SECRET, can_go("`init_assignment`")
    shutil.rmtree(copied)
    nbgrader_mends.init_assignment(converter, "conv2d", "ada")
    assert [(path.name, path.read_text()) for path in copied.iterdir()] == [("timestamp.txt", NO_TIME)]


def test_where_the_files_are_the_instructors_own_nbgrader_copies_them_as_ever(course, tmp_path):
    page = tmp_path / "autograded" / "ada" / "conv2d"
    page.mkdir(parents=True)
    (page / "link.txt").symlink_to(tmp_path / "secret.txt")
    nbgrader_mends.init_assignment(GenerateFeedback(coursedir=course), "conv2d", "ada")
    assert (tmp_path / "feedback" / "ada" / "conv2d" / "link.txt").read_text() == SECRET


def test_nbgrader_makes_no_gradebook_where_alembic_is_not_on_the_path_until_it_is_made_reachable(
    path_without_alembic, tmp_path
):
    with (
        nbgrader_still_fails("`make_alembic_reachable`", FileNotFoundError, "alembic"),
        Gradebook(f"sqlite:///{tmp_path / 'never.db'}"),
    ):
        pass
    nbgrader_mends.make_alembic_reachable()
    with Gradebook(f"sqlite:///{tmp_path / 'made.db'}") as book:
        assert book.students == []


@pytest.mark.parametrize("mended", [False, True])
def test_nbgrader_prints_warnings_for_every_submission_unless_they_are_silenced(gradebook, mended):
    with warnings.catch_warnings(record=True) as printed:
        warnings.simplefilter("always")
        if mended:
            nbgrader_mends.silence_warnings()
        gradebook.add_submission("conv2d", "ada")
    about_it = [str(each.message) for each in printed if nbgrader_mends.NOT_IN_SESSION in str(each.message)]
    assert bool(about_it) != mended, can_go("`silence_warnings`")


def test_a_comma_in_a_name_shifts_the_columns_of_nbgraders_own_csv_file_and_not_of_ours(gradebook, tmp_path):
    CsvExportPlugin(to=str(tmp_path / "own.csv")).export(gradebook)
    csv_export.CsvExport(to=str(tmp_path / "ours.csv")).export(gradebook)
    own, ours = (list(csv.reader((tmp_path / name).open(newline=""))) for name in ("own.csv", "ours.csv"))
    assert len(own[1]) == len(own[0]) + 1, can_go("`csv_export.CsvExport`")
    assert len(ours[1]) == len(ours[0]) and "Lovelace, Countess" in ours[1]


def test_nbconvert_parses_each_page_for_these_elements_alone_and_a_page_without_them_is_given_back(
    monkeypatch,
):
    asked: list[str] = []

    class Noting(nbgrader_mends.AsItIs):
        def select(self, selector: str) -> list[object]:
            asked.append(selector)
            return super().select(selector)

    monkeypatch.setattr(nbconvert.exporters.html, "BeautifulSoup", lambda html, features: Noting(html))
    nbconvert.exporters.HTMLExporter().from_notebook_node(nbformat.v4.new_notebook())
    assert set(asked) == {
        "img:not([alt])",
        ".jp-Notebook div.jp-Cell-inputWrapper",
        ".jp-Notebook div.jp-OutputArea-output",
    }
    same = "<p>a<br>b</p><img src='x' alt='a window'>"
    assert str(nbgrader_mends.parsed_page(same, "html.parser")) == same
    for other in ("<img src='x'>", "<main class='jp-Notebook'></main>"):
        assert isinstance(nbgrader_mends.parsed_page(other, "html.parser"), BeautifulSoup)
