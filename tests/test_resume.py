"""A run that is stopped goes on; a second run grades only what changed; nothing is lost or doubled."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from conftest import cells_notebook
from liveness import group_is_empty
from test_class import PAD, submit

from autograder.classroom.accepted_key import accepted_key
from autograder.classroom.lock import Locked, only_one
from autograder.classroom.results import each_result
from autograder.classroom.session import Session, Wanted, Workers
from autograder.classroom.store import ReportStore
from autograder.classroom.submissions import NoSubmissions, find_submissions
from autograder.classroom.version import OtherVersion, Version, version
from autograder.grading.submission import GradingLimits, damaged
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox.probe import require

pytestmark = pytest.mark.sandbox

SLOW = "import time\ntime.sleep(60)"


@pytest.fixture
def course(tmp_path, give_key):
    """A folder with three submissions that are no notebooks: each gets its report at once."""
    give_key(tmp_path)
    for student in ("ada", "bob", "cleo"):
        write(tmp_path, student, f"{student} forgot the notebook")
    return tmp_path


def write(course, student, text):
    folder = course / "submitted" / student / "conv2d"
    if not folder.exists():
        folder = submit(course / "submitted", student)
    (folder / "conv2d.ipynb").write_text(text)


def notebook(*sources) -> str:
    """A notebook that earns the six points for padding, unless its cells say otherwise."""
    return cells_notebook(PAD, *sources).decode()


def grade(course, *, limits=None, only=None, changed=False, force=False, key=None) -> set[str]:
    """Grades in this process, with the course's key or another; gives the students for whom there was work to do."""
    key = key or accepted_key("conv2d", course)[0]
    submissions = find_submissions(course / "submitted", "conv2d")
    session = Session(course / "r.jsonl", submissions, Wanted(only, changed, force))
    done = session.run(Workers(2, require().layers), limits or GradingLimits(), key)
    return {graded.result.report.student for graded in done if not graded.earlier}


def scores(course) -> dict[str, float]:
    results = list(each_result(course / "r.jsonl"))
    found = {result.report.student: result.report.score for result in results}
    assert len(found) == len(results), "a student stands in the results twice"
    return found


def start(course, *arguments):
    """The command line in a process group of its own, as a shell starts it in the foreground."""
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        "submitted",
        "--results",
        "r.jsonl",
        "--jobs",
        "2",
    ]
    return subprocess.Popen(
        [*command, *arguments], cwd=course, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, preexec_fn=heed_ctrl_c,
    )  # fmt: skip


def heed_ctrl_c():
    """A shell's jobs in the background, these tests perhaps, pass on that they ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def kept(course) -> int:
    return len(list((course / "r.jsonl.cache").rglob("*.json")))


def wait_for(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


# --- what a second run does ------------------------------------------------------------------------------


def test_a_second_run_grades_only_what_changed(course):
    write(course, "ada", notebook())
    assert grade(course) == {"ada", "bob", "cleo"}
    before = (course / "r.jsonl").read_bytes()
    assert grade(course) == set()
    assert sorted((course / "r.jsonl").read_bytes().splitlines()) == sorted(before.splitlines())
    write(course, "bob", notebook("# bob"))
    write(course, "dora", "a new one")
    assert grade(course) == {"bob", "dora"}
    assert scores(course) == {"ada": 6.0, "bob": 6.0, "cleo": 0.0, "dora": 0.0}


def test_other_limits_mean_another_report_and_force_grades_all_again(course):
    assert len(grade(course)) == 3
    assert len(grade(course, limits=GradingLimits(total_seconds=200.0))) == 3
    assert grade(course) == set()
    assert len(grade(course, force=True)) == 3


def test_another_key_grades_everybody_again(course):
    assert len(grade(course)) == 3
    assert len(grade(course, key=EXAMPLE.for_("another course"))) == 3
    assert grade(course, key=EXAMPLE.for_("another course")) == set() == grade(course)


def test_a_copy_is_graded_once_and_stands_under_its_own_name(course):
    grade(course)
    write(course, "twin", "ada forgot the notebook")
    assert grade(course) == set()
    twin, ada = (next(r.report for r in each_result(course / "r.jsonl") if r.report.student == name)
                 for name in ("twin", "ada"))  # fmt: skip
    assert twin.reason == ada.reason and twin.reason is not None


def test_only_and_changed_leave_every_other_line_as_it_is(course):
    grade(course)
    for student in ("ada", "bob"):
        write(course, student, "")
    assert grade(course, only=["bob"], force=True) == {"bob"}
    assert empty(course) == {"bob"}
    new_limits = GradingLimits(
        total_seconds=200.0
    )  # as after a change of the tests: everybody's report is old
    assert grade(course, changed=True, limits=new_limits) == {"ada"}
    assert empty(course) == {"ada", "bob"} and len(scores(course)) == 3
    with pytest.raises(NoSubmissions, match="no submission of: nobody"):
        grade(course, only=["ada", "nobody"])


def empty(course) -> set[str]:
    """Whose result says that the file is empty."""
    results = each_result(course / "r.jsonl")
    return {result.report.student for result in results if "is empty" in result.report.reason}


def test_another_machine_with_other_tests_is_refused_by_what_differs():
    here = version("conv2d")
    with pytest.raises(OtherVersion, match=r"worker on tower .* NumPy \(1\.26 there, 2\.4 here\)"):
        Version(here.kit, here.python, "1.26").refuse_unless(Version(here.kit, here.python, "2.4"), "tower")
    with pytest.raises(OtherVersion, match="the kit's files"):
        Version("0" * 64, here.python, here.numpy).refuse_unless(here, "tower")
    here.refuse_unless(here, "tower")


DAMAGE = {
    "torn": lambda text: text[: len(text) // 2],
    "empty": lambda text: "",
    "zeros": lambda text: "\0" * len(text),
    "no report": lambda text: "[]",
    "nested": lambda text: "[" * 100_000,
    "points that are no number": lambda text: re.sub(r'"max_points": [\d.]+', '"max_points": NaN', text),
    "an unknown outcome": lambda text: text.replace('"outcome": "missing"', '"outcome": "won"'),
    "a message that is no text": lambda text: re.sub(r'"message": "[^"]+"', '"message": {"a": 1}', text),
    "no tests": lambda text: re.sub(r'"tests": \[.*\], "iso', '"tests": [], "iso', text),
    "a picture that is none": lambda text: text.replace(
        '"picture": null', '"picture": {"kind": "x", "y": ["a"]}', 1
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_kept_report_that_is_damaged_counts_as_missing(tmp_path, damage):
    store = ReportStore(tmp_path, GradingLimits(), ("namespaces",), EXAMPLE)
    report = damaged("It is empty.", student="ada", assignment="conv2d")
    name = store.name("conv2d", "0" * 64)
    store.put(name, report)
    assert store.get(name, "ada") == report
    (path,) = tmp_path.rglob("*.json")
    whole = path.read_text()
    assert damage(whole) != whole
    path.write_text(damage(whole))
    assert store.get(name, "ada") is None


# --- a run that is stopped -------------------------------------------------------------------------------


def test_ctrl_c_ends_at_once_keeps_what_is_done_and_says_how_to_go_on(course):
    grade(course)
    before = (course / "r.jsonl").read_bytes()
    write(course, "dora", notebook("# dora"))
    write(course, "slow", notebook(SLOW))
    run = start(course)
    wait_for(lambda: kept(course) == 4)
    begun = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)  # a terminal sends it to every process of the group
    _, errors = run.communicate(timeout=60)
    assert time.monotonic() - begun < 15, "it waited for the notebook that was being graded"
    assert run.returncode == 130 and "Traceback" not in errors
    assert "stopped after 4 of 5" in errors and "the same command goes on" in errors
    assert (course / "r.jsonl").read_bytes() == before
    wait_for(lambda: group_is_empty(run.pid))
    write(course, "slow", "quick now")
    assert grade(course) == {"slow"}
    assert scores(course) == {"ada": 0.0, "bob": 0.0, "cleo": 0.0, "dora": 6.0, "slow": 0.0}


def test_a_run_that_is_killed_leaves_no_process_behind_and_the_next_goes_on(course):
    write(course, "slow", notebook(SLOW))
    run = start(course)
    wait_for(lambda: kept(course) == 3)
    run.kill()
    run.communicate()
    wait_for(lambda: group_is_empty(run.pid))
    write(course, "slow", "quick now")
    assert grade(course) == {"slow"}
    assert set(scores(course)) == {"ada", "bob", "cleo", "slow"}


# --- two runs at once ------------------------------------------------------------------------------------


def test_a_second_run_at_the_same_time_is_told_who_is_at_it_and_since_when(course):
    write(course, "slow", notebook(SLOW))
    first = start(course)
    wait_for(lambda: kept(course) == 3)
    second = start(course)
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 2 and len(errors.strip().splitlines()) == 1
    assert f"process {first.pid} on" in errors and "since 20" in errors and "Wait until" in errors
    first.kill()
    first.communicate()
    with only_one(course / "r.jsonl.lock", "the results"):
        pass  # a dead process holds nothing


@pytest.mark.parametrize("text", ["", "{", "[]", '{"process": "x"}', '{"process": 1}'])
def test_a_lock_file_that_says_nothing_useful_still_locks(tmp_path, text):
    lock = tmp_path / "lock"
    with only_one(lock, "it"):
        lock.write_text(text)
        with pytest.raises(Locked, match="Another run is writing it: another process"), only_one(lock, "it"):
            pass


# --- progress --------------------------------------------------------------------------------------------


def test_programs_can_read_the_progress(course):
    run = start(course, "--progress", "json")
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    last = json.loads(errors.splitlines()[-1])
    assert (last["total"], last["done"], last["earlier"], last["damaged"]) == (3, 3, 0, 3)
    assert last["rate"] > 0 and last["seconds_left"] == 0
