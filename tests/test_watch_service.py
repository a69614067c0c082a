"""A watch from hand-in to page, ended after each of its steps by a test; `tests/services/test_watch_alive.py` kills it for real."""

import json
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import cells_notebook
from test_class import PAD

from autograder.classroom import run
from autograder.classroom.attempts import attempts_file
from autograder.classroom.results import each_result
from autograder.classroom.session import Workers
from autograder.classroom.store import ReportStore
from autograder.classroom.watch import service
from autograder.classroom.watch.book import Book
from autograder.classroom.watch.desk import Rules
from autograder.classroom.watch.hours import Hours
from autograder.classroom.watch.service import Telling, Watch
from autograder.grading.report import Report, TestResult
from autograder.grading.submission import GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.platforms.mirror import Mirror
from autograder.platforms.shelf import Shelf
from solutions.conv2d.cases import CASES

# --- killed after each step, with made-up reports --------------------------------------------------------------


class Killed(BaseException):
    """The program ends here, and nothing that it would still do is done."""


class Course:
    """A folder with three hand-ins, watched by a program that may end at any step; grading is made up, and counted."""

    def __init__(self, folder: Path, *, visible: bool):
        self.folder, self.visible = folder, visible
        self.graded: Counter[tuple[str, bytes, bool]] = Counter()
        for student in ("ada", "bob", "cleo"):
            self.hand_in(student, f"# {student}")

    def hand_in(self, student: str, source: str) -> None:
        path = self.folder / "in" / student / "conv2d.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cells_notebook(source))

    def grade(self, task: run.Task) -> Report:
        self.graded[task.student, task.content, task.cases is not None] += 1
        test = TestResult("test_pad_nothing", "test_pad", "", 6.0, "passed")
        return Report(task.student, "conv2d", (test,), ("limits",), 1.0)

    def watch(self) -> None:
        """Takes and grades what is there."""
        limits, results = GradingLimits(), self.folder / "results" / "r.jsonl"
        results.parent.mkdir(exist_ok=True)
        rules = Rules(attempts=3, every=0.01, quiet=0.001, pause=0.0)
        telling = Telling(
            self.folder / "feedback",
            lambda report, number: f"{report.student}, attempt {number}: {report.score:g}",
            str,
            CASES if self.visible else None,
        )
        with Book(results) as book:
            mirror = Mirror(self.folder / "in", "conv2d")
            watch = Watch(
                mirror, self.folder / "submitted", book, rules, Hours(), telling, lambda *_: None, once=True
            )
            workers = Workers(1, ("limits",), ThreadPoolExecutor)
            store = ReportStore(self.folder / "cache", limits, ("limits",), EXAMPLE)
            watch.run(workers, limits, EXAMPLE, store)

    def state(self) -> dict[str, object]:
        """All that is to be the same in the end."""
        results = self.folder / "results" / "r.jsonl"
        return {
            "results": sorted((r.report.student, r.submission) for r in each_result(results)),
            "attempts": sorted((r.report.student, r.submission) for r in each_result(attempts_file(results))),
            "pages": {
                p.parent.parent.name: p.read_text() for p in (self.folder / "feedback").rglob("*.html")
            },
            "submitted": {
                p.parent.parent.name: p.read_bytes() for p in self.folder.glob("submitted/*/*/*.ipynb")
            },
            "index": json.loads((self.folder / "submitted/.collected/conv2d/index.json").read_text()),
        }


@pytest.fixture
def course(tmp_path, monkeypatch) -> Callable[..., Course]:
    def make(name: str, *, visible: bool = False) -> Course:
        made = Course(tmp_path / name, visible=visible)
        monkeypatch.setattr(run, "grade_task", made.grade)
        monkeypatch.setattr(service, "BREATH", 0.005)
        return made

    return make


STEPS = {
    "it lies in submitted": (Shelf, "put"),
    "it is noted as taken": (Book, "take"),
    "its report is kept": (ReportStore, "put"),
    "its attempt is noted": (Book, "grade"),
    "its page is kept": (Book, "keep_page"),
    "its page is out": (service, "publish"),
    "the results are written": (Book, "bring_up_to_date"),
}


@pytest.mark.parametrize("visible", (False, True), ids=("hidden", "visible"))
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ("before", "after"))
def test_a_watch_that_ends_at_any_step_goes_on_as_if_nothing_had_been(
    course, monkeypatch, step, when, visible
):
    undisturbed = course("undisturbed", visible=visible)
    undisturbed.watch()
    disturbed = course("disturbed", visible=visible)
    owner, name = STEPS[step]
    real, calls = getattr(owner, name), 0

    def ending(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if when == "after":
            real(*arguments)
        if calls == 2 or name == "bring_up_to_date":
            raise Killed
        return None if when == "after" else real(*arguments)

    if when == "after" and name == "put":  # what it returns is needed
        monkeypatch.setattr(owner, name, lambda *arguments: ending(*arguments) or "")
    else:
        monkeypatch.setattr(owner, name, ending)
    with pytest.raises(Killed):
        disturbed.watch()
    monkeypatch.setattr(owner, name, real)
    disturbed.watch()
    disturbed.watch()
    assert disturbed.state() == undisturbed.state()
    # What was on its way when the program ended is graded once more, and nothing whose report was kept.
    again = {key for key, number in disturbed.graded.items() if number > 1}
    assert (
        max(disturbed.graded.values()) <= 2
        and len(again) <= (step == "its report is kept" and when == "before") + 1
    )
    assert undisturbed.graded.keys() == disturbed.graded.keys() and max(undisturbed.graded.values()) == 1


def test_a_page_at_the_level_of_visible_checks_is_out_before_a_hidden_test_runs(course, monkeypatch):
    office = course("office", visible=True)
    order: list[str] = []
    monkeypatch.setattr(
        run, "grade_task", lambda task: order.append("v" if task.cases else "h") or office.grade(task)
    )
    monkeypatch.setattr(
        service, "publish", lambda feedback, student, *rest: order.append(f"page of {student}")
    )
    office.watch()
    assert sorted(order) == ["h"] * 3 + [f"page of {name}" for name in ("ada", "bob", "cleo")] + ["v"] * 3
    for place, what in enumerate(order):
        if what == "h":
            pages = sum(each.startswith("page") for each in order[:place])
            assert pages > sum(each == "h" for each in order[:place])


def test_the_same_bytes_of_two_students_are_two_attempts_with_a_page_for_each(course):
    office = course("office")
    office.watch()
    for student in ("dora", "emil"):
        office.hand_in(student, "# ada")
    office.watch()
    assert len(office.state()["attempts"]) == 5 and len(office.graded) == 3
    assert office.state()["pages"]["emil"] == "emil, attempt 1: 6"


# --- for real -------------------------------------------------------------------------------------------------------


@pytest.mark.sandbox
def test_what_students_are_told_holds_nothing_of_the_hidden_tests_but_what_was_chosen(
    tmp_path, monkeypatch, autograder, give_key
):
    pages = {}
    wrong = PAD.replace("(rows, columns))", "(columns, rows))")
    path = tmp_path / "in" / "ada" / "conv2d.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(cells_notebook(wrong))
    for level in ("checks", "totals"):
        (tmp_path / level).mkdir()
        give_key(tmp_path / level)
        monkeypatch.chdir(tmp_path / level)
        done = autograder("watch", "../in", "--once", "--every", "0.2", "--tell", level, "--jobs", "1")
        assert done.returncode == 0, done.stderr
        pages[level] = Path("feedback/ada/conv2d/conv2d.html").read_text()
        (result,) = each_result(Path("results/conv2d.jsonl"))
        assert not any(test.title in pages[level] for test in result.report.tests)
    assert "of 100 points" not in pages["checks"] and "of 100 points" in pages["totals"]
    (shown,) = re.findall(r"<code>pad</code></h2>(.*?)<h2>", pages["checks"], re.DOTALL)
    assert "✗ not yet: check 1 of 6" in shown
