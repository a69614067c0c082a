"""Recording a class's results in nbgrader's gradebook: in bulk, again and again, and never halfway."""

import contextlib
import dataclasses
import datetime
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT
from nbgrader.api import Gradebook

from autograder.classroom.lock import Locked, only_one
from autograder.classroom.results import Result, each_result, results_writer
from autograder.gradebook import recording
from autograder.gradebook.course import Course
from autograder.gradebook.errors import NoGradebook
from autograder.gradebook.folders import unread_timestamp
from autograder.grading.report import Report
from autograder.grading.suite_run import list_tests
from autograder.suite import suite_folder

NOTEBOOK = (ROOT / "assignment" / "conv2d" / "conv2d.ipynb").read_bytes()


@pytest.fixture
def course(released_course, tmp_path) -> Path:
    """A course with three students' results, of 100, 6 and 0 points."""
    course = shutil.copytree(released_course, tmp_path / "course")
    hand_in(course, {"ada": None, "bob": "test_pad", "cleo": ""})
    return course


def hand_in(course, cells: dict[str, str | None]) -> None:
    """Submissions and a results file in which each student passes the tests of one cell; None means of all."""
    with results_writer(course / "r.jsonl") as write:
        for student, cell in cells.items():
            content = NOTEBOOK + b" " * len(student)
            folder = course / "submitted" / student / "conv2d"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "conv2d.ipynb").write_bytes(content)
            write(Result(report_of(student, cell), hashlib.sha256(content).hexdigest()))


def report_of(student, cell) -> Report:
    tests = tuple(
        dataclasses.replace(test, outcome="passed") if cell in (None, test.cell) else test
        for test in list_tests(suite_folder("conv2d"))
    )
    return Report(student, "conv2d", tests, ("namespaces",), 1.0)


def record(course, *, db=None, only=None) -> dict[str, str | None]:
    """Records in this process; gives each student's problem, None where there is none."""
    results = (r for r in each_result(course / "r.jsonl") if only in (None, r.report.student))
    with contextlib.chdir(course):
        done = recording.record(Course.here(db), "conv2d", course / "submitted", results)
        return {recorded.student: recorded.problem for recorded in done}


def gradebook(course) -> Gradebook:
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}")


def scores(course) -> dict[str, float]:
    with gradebook(course) as book:
        return {
            submission.student_id: submission.score for submission in book.assignment_submissions("conv2d")
        }


def contents(course) -> dict:
    """Everything that recording writes: the rows, without their random ids, and the pages."""
    with gradebook(course) as book:
        rows = {
            submission.student_id: (
                submission.timestamp,
                [
                    (
                        notebook.late_submission_penalty,
                        sorted(
                            (g.name, g.auto_score, g.manual_score, g.needs_manual_grade)
                            for g in notebook.grades
                        ),
                        sorted((c.name, c.auto_comment) for c in notebook.comments),
                    )
                    for notebook in submission.notebooks
                ],
            )
            for submission in book.assignment_submissions("conv2d")
        }
    pages = course / "autograded"
    files = {str(path.relative_to(pages)): path.read_bytes() for path in pages.rglob("*") if path.is_file()}
    return {"rows": rows, "files": files}


# --- what is refused -------------------------------------------------------------------------------------


def test_a_gradebook_that_cannot_be_used_is_named_with_the_cure(course, tmp_path):
    with pytest.raises(NoGradebook, match=r"There is no gradebook .* generate_assignment"):
        record(course, db=f"sqlite:///{tmp_path}/none.db")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(NoGradebook, match="of the form sqlite:///FILE or postgresql"):
        record(course, db="gradebook.db")
    with pytest.raises(NoGradebook, match="cannot be opened") as refusal:
        record(course, db="postgresql+psycopg://me:secret@127.0.0.1:1/grades")
    assert "secret" not in str(refusal.value)
    (tmp_path / "empty.db").touch()
    with pytest.raises(NoGradebook, match="does not know 'conv2d'"):
        record(course, db=f"sqlite:///{tmp_path}/empty.db")


def test_the_command_names_what_it_could_not_record_and_records_the_rest(course, autograder, monkeypatch):
    (course / "submitted" / "bob" / "conv2d" / "conv2d.ipynb").write_bytes(NOTEBOOK)
    monkeypatch.chdir(course)
    done = autograder("record", "r.jsonl")
    assert done.returncode == 1
    assert "bob was not recorded: The notebook has changed" in done.stderr
    assert "2 of 3 recorded, 1 could not be" in done.stdout
    assert scores(course) == {"ada": 100.0, "cleo": 0.0}


def test_names_that_are_no_students_folders_are_left_out(course):
    names = ["../../evil", "..", "", "a" * 129, "half \udcff", "/tmp/evil"]
    with (course / "r.jsonl").open("a") as file:
        for name in names:
            file.write(json.dumps(Result(report_of(name, None)).to_json()) + "\n")
    before = {path.name for path in course.parent.iterdir()}
    problems = record(course)
    assert {name for name, problem in problems.items() if problem} == set(names)
    assert set(scores(course)) == {"ada", "bob", "cleo"}
    assert {path.name for path in course.parent.iterdir()} == before


def test_a_second_recorder_is_told_who_is_at_it(course):
    with (
        only_one(course / "gradebook.db.lock", "the gradebook"),
        pytest.raises(Locked, match=rf"writing the gradebook .*: process {os.getpid()} on .*, since 20"),
    ):
        record(course)
    record(course)  # the lock went with its holder


# --- what is recorded ------------------------------------------------------------------------------------


def test_scores_given_by_hand_survive_and_the_person_is_asked_to_look_again(course):
    record(course)
    assert scores(course) == {"ada": 100.0, "bob": 6.0, "cleo": 0.0}
    with gradebook(course) as book:
        for cell, points in (("written_equivariance", 4.0), ("test_pad", 3.0)):
            grade = book.find_grade(cell, "conv2d", "conv2d", "bob")
            grade.manual_score, grade.needs_manual_grade = points, False
        book.find_comment("pad", "conv2d", "conv2d", "bob").manual_comment = "Nearly."
        book.db.commit()
    hand_in(course, {"ada": None, "bob": "test_convolve", "cleo": ""})
    record(course, only="bob")
    assert scores(course)["bob"] == 4.0 + 3.0 + 12.0
    with gradebook(course) as book:
        grade = book.find_grade("test_pad", "conv2d", "conv2d", "bob")
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (0.0, 3.0, True)
        assert book.find_comment("pad", "conv2d", "conv2d", "bob").comment == "Nearly."


def test_recording_twice_changes_nothing_and_writes_no_page_again(course):
    record(course)
    before, page = contents(course), course / "autograded" / "ada" / "conv2d" / "conv2d.ipynb"
    written = page.stat().st_mtime_ns
    record(course)
    assert contents(course) == before and page.stat().st_mtime_ns == written


def test_an_answer_left_as_released_gets_nothing_and_asks_nobody(course):
    record(course)
    with gradebook(course) as book:
        grades = book.find_submission("conv2d", "ada").notebooks[0].grades
        written = [grade for grade in grades if grade.cell_type == "markdown"]
        assert written and {(grade.auto_score, grade.needs_manual_grade) for grade in written} == {
            (0.0, False)
        }


def test_a_gradebook_of_an_older_nbgrader_is_told_with_the_command_that_upgrades_it(course):
    with sqlite3.connect(course / "gradebook.db") as connection:
        connection.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    with pytest.raises(NoGradebook, match=r"older nbgrader.*nbgrader db upgrade"):
        record(course)


def test_the_courses_late_policy_holds(course):
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    with gradebook(course) as book:
        book.update_or_create_assignment("conv2d", duedate="2026-02-02 12:00:00 UTC")
    times = {"ada": "2026-02-02 11:59:59 UTC", "bob": "\ufeff2026-02-02 07:00:01 -0500", "cleo": "teatime"}
    for student, text in times.items():
        (course / "submitted" / student / "conv2d" / "timestamp.txt").write_text(text)
    record(course)
    remarks = {student: unread_timestamp(course / "submitted" / student / "conv2d") for student in times}
    assert remarks["ada"] is remarks["bob"] is None
    assert remarks["cleo"].startswith(
        "timestamp.txt says no time that is sure ('teatime'), so it counts as on time."
    )
    with gradebook(course) as book:
        late = {
            s.student_id: (s.timestamp, s.late_submission_penalty)
            for s in book.assignment_submissions("conv2d")
        }
    assert late["ada"] == (datetime.datetime(2026, 2, 2, 11, 59, 59), 0.0)
    assert late["bob"] == (datetime.datetime(2026, 2, 2, 12, 0, 1), 6.0)
    assert late["cleo"] == (None, 0.0)


# --- killed at any moment --------------------------------------------------------------------------------


def kill_and_compare(released, tmp_path, *, kills: int) -> None:
    """Grades and records one class twice: undisturbed, and killed `kills` times on the way."""
    undisturbed = large_class(released, tmp_path / "undisturbed")
    begun = time.monotonic()
    assert start(undisturbed).wait() == 0
    duration = time.monotonic() - begun
    disturbed = large_class(released, tmp_path / "disturbed")
    chance = random.Random(1)
    for _ in range(kills):
        run = start(disturbed)
        try:
            run.wait(timeout=chance.uniform(0.2, 1.0) * duration)
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
            run.wait()
    assert start(disturbed).wait() == 0
    expected = contents(undisturbed)
    assert len(expected["rows"]) == len(expected["files"]) == 60
    assert contents(disturbed) == expected


def large_class(released, folder) -> Path:
    """Sixty students, some of whom handed in something that is no notebook, and nobody the same."""
    course = shutil.copytree(released, folder)
    for number in range(60):
        submission = course / "submitted" / f"s{number:02}" / "conv2d"
        submission.mkdir(parents=True)
        (submission / "conv2d.ipynb").write_text(f"no notebook, number {number}")
    return course


def start(course) -> subprocess.Popen:
    command = [sys.executable, "-m", "autograder", "grade", "submitted", "--record", "--progress", "lines"]
    return subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
