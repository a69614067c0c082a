"""Hidden inputs follow from a course's key: it is made once, kept to itself, and nothing learned of another's is worth anything."""

import multiprocessing
import os
import re
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from attacks.notebooks.another_courses_answers import written_down
from conftest import ROOT, cells_notebook, sample
from mutation.table import SOLUTIONS

from autograder.classroom.accepted_key import accepted_key
from autograder.classroom.course_key import NAME, BadKey, course_key, read_key
from autograder.classroom.run import Task
from autograder.classroom.version import version
from autograder.grading import Grader
from autograder.grading.rehearsed import portable, rehearsed
from autograder.grading.submission import GradingLimits
from autograder.judge import Mismatch
from autograder.judge.acceptance import (
    ENDLESS_SECONDS,
    MOST_DRAWS,
    NoKey,
    drawn,
    fails,
    first_accepted,
    objections,
)
from autograder.judge.arguments import Arguments
from autograder.judge.assignment import Assignment, Exercise
from autograder.judge.bank import Bank, Mistake
from autograder.judge.glimpses import Glimpse
from autograder.judge.hidden import Key, Numbers
from autograder.judge.outcomes import Outcome
from autograder.judge.programs import Fault, RightProgram, read_programs, written
from autograder.judge.rehearsal import EXAMPLE, HiddenTest, hidden_tests, rehearse
from autograder.suite import conv2d, suite_folder
from autograder.suite.conv2d.mistakes import bank

ANOTHER = EXAMPLE.for_("another course")
TESTS = hidden_tests(conv2d)
RIGHT = conv2d.ASSIGNMENT.right


# --- the file ----------------------------------------------------------------------------------------------


def test_a_key_is_made_once_and_is_there_for_its_owner_alone(tmp_path):
    key, made = course_key(tmp_path)
    assert made and course_key(tmp_path) == (key, False) and read_key(tmp_path / NAME) == key
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    other = tmp_path / "another course"
    other.mkdir()
    assert course_key(other)[0] != key


def test_of_several_runs_that_make_it_at_the_same_time_one_does(tmp_path):
    with multiprocessing.get_context("fork").Pool(8) as pool:
        found = pool.map(course_key, [tmp_path] * 32)
    assert len({key for key, _ in found}) == 1 and sum(made for _, made in found) == 1


def link(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to(file.with_name("elsewhere"))


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir(mode=0o700)


UNTRUSTED = {
    "others may read it": (lambda file: file.chmod(0o604), "chmod 600"),
    "the group may change it": (lambda file: file.chmod(0o660), "chmod 600"),
    "it is a link": (link, "is a link"),
    "it was cut": (lambda file: file.write_text(file.read_text()[:-9]), "does not hold a key"),
    "it is no text": (lambda file: file.write_bytes(bytes(range(256))), "does not hold a key"),
    "it holds a word": (lambda file: file.write_text("2026\n"), "64 digits"),
}


@pytest.mark.parametrize("spoil, words", UNTRUSTED.values(), ids=UNTRUSTED)
def test_a_key_that_cannot_be_trusted_is_refused_with_the_cure(spoil, words, tmp_path):
    course_key(tmp_path)
    spoil(tmp_path / NAME)
    with pytest.raises(BadKey, match=words) as refused:
        course_key(tmp_path)
    assert "\n" not in str(refused.value)


def test_a_key_of_another_user_is_refused_unless_it_is_named(tmp_path, monkeypatch):
    key, _ = course_key(tmp_path)
    monkeypatch.setattr("autograder.classroom.course_key.os.getuid", lambda: 12345)
    assert course_key(tmp_path)[0] == key  # it belongs to whom the folder belongs to
    real = os.fstat
    monkeypatch.setattr(
        "autograder.classroom.course_key.os.fstat",
        lambda descriptor: os.stat_result((*real(descriptor)[:4], 54321, *real(descriptor)[5:])),
    )
    with pytest.raises(BadKey, match="belongs to another user"):
        course_key(tmp_path)
    assert read_key(tmp_path / NAME) == key


def test_a_key_that_is_named_must_be_there(tmp_path, autograder):
    run = autograder("grade", ROOT / "docs", "--key", tmp_path / "none")
    assert run.returncode == 2 and run.stderr.count("\n") == 1
    with pytest.raises(BadKey, match=r"There is no key .*\.course-key"):
        read_key(tmp_path / "none")
    assert not list(tmp_path.iterdir())


def test_jupyterlab_neither_lists_nor_serves_it(tmp_path):
    from jupyter_server.services.contents.filemanager import FileContentsManager
    from tornado.web import HTTPError

    course_key(tmp_path)
    (tmp_path / "notes.txt").write_text("plain")
    served = FileContentsManager(root_dir=str(tmp_path))
    assert [each["name"] for each in served.get("")["content"]] == ["notes.txt"]
    with pytest.raises(HTTPError, match="404"):
        served.get(NAME)


def test_the_group_may_be_let_to_read_it(tmp_path):
    key, _ = course_key(tmp_path)
    (tmp_path / NAME).chmod(0o440)
    assert course_key(tmp_path) == (key, False)


# --- the numbers -------------------------------------------------------------------------------------------


FLOATS = [0.08119571553278915, 0.9898264318218866, -0.4688281055313279]
BYTES = [[206, 14], [156, 119]]
FINGERPRINT = "7ae5d64265d682dba67cbc4790ff8422"


def test_a_keys_numbers_stay_what_they_are():
    """An old class is asked the same with every later version: these must never change."""
    numbers = Numbers(EXAMPLE)
    assert numbers(7, 3).tolist() == FLOATS
    assert numbers(7, 2, 2, dtype="uint8").tolist() == BYTES
    assert drawn(EXAMPLE, "conv2d", 0).fingerprint == FINGERPRINT


def test_numbers_are_even_within_their_bounds_and_cannot_be_changed():
    numbers = Numbers(EXAMPLE)
    floats, whole = numbers(1, 10_000), numbers(1, 10_000, dtype="int64", low=-2, high=3)
    assert -1 <= floats.min() < -0.99 and 0.99 < floats.max() <= 1 and abs(floats.mean()) < 0.03
    assert np.unique(whole, return_counts=True)[1].min() > 1500 and sorted({*whole.tolist()}) == [
        *range(-2, 4)
    ]
    with pytest.raises(ValueError, match="read-only"):
        floats[0] = 0


def test_another_key_seed_or_shape_has_other_numbers():
    numbers = Numbers(EXAMPLE)
    drawings = [numbers(1, 6), numbers(2, 6), numbers(1, 2, 3), numbers(1, 6, low=0), Numbers(ANOTHER)(1, 6)]
    assert len(np.unique(np.concatenate([each.ravel() for each in drawings]))) == 30


def test_a_key_shows_itself_nowhere():
    key = Key(bytes(range(32)))
    task = Task("ada", "conv2d", b"", {}, "0", GradingLimits(), key, version("conv2d"))
    secret = re.compile(r"00010203|\\x00\\x01|x01.x02")
    for text in (repr(key), str(key), f"{task}", key.fingerprint, key.for_("x").fingerprint):
        assert not secret.search(text)
    with pytest.raises(ValueError, match="32 bytes"):
        Key(b"2026")


def test_the_key_that_everybody_knows_is_for_rehearsals_alone():
    for room in ("grading", "classroom", "gradebook", "commands", "reports"):
        for path in (ROOT / "autograder" / room).rglob("*.py"):
            assert "EXAMPLE" not in path.read_text(), path


# --- which key is taken ------------------------------------------------------------------------------------


SIZE = "def size(x):\n    return abs(x)\n"
FAULTS = {
    "a mistake": {"mistaken": lambda x: x},
    "a fault": {"programs": [RightProgram("size", SIZE, [Fault("size", 24, 30, "x", "test_sign")])]},
    "a right program": {"programs": [RightProgram("size", SIZE.replace("abs(x)", "x if x < 0.5 else 0"))]},
}


def asks_for_one_number(student, numbers):
    number = float(numbers(1, 1)[0])
    if student.size(number) != abs(number):
        raise Mismatch("values", "no")


def first(course, test=asks_for_one_number, mistaken=lambda x: None, programs=()) -> int:
    """The first key of an assignment of the function `size`, which is `abs`, with one hidden test and one mistake."""
    about = ("size", "sign_kept", "You keep the sign.", "1. Signs", False, False, False)
    mistake = Mistake(*about, faulty=lambda right, x: mistaken(x), implementations=(mistaken,))
    known = Bank({"size": abs}, {"size": (mistake,)}, {"size": (abs,)})
    assignment = Assignment("signs", "", "", (Exercise("size", 1, abs),), bank=lambda: known)
    tests = [HiddenTest(test, frozenset({"student", "numbers"}), "test_sign", "test_size", 1)]
    return first_accepted(course, "signs", lambda key: next(objections(assignment, programs, tests, key), ""))


def asked(course: Key, number: int) -> float:
    """What the hidden test asks for under the assignment's key of that number."""
    return float(Numbers(drawn(course, "signs", number))(1, 1)[0])


@pytest.mark.parametrize("what", ["a mistake", "a fault"])
def test_a_key_under_which_something_goes_unnoticed_is_passed_over(what):
    """It keeps the sign, so only a negative number shows it."""
    found = []
    for course in map(EXAMPLE.for_, "abcdefgh"):
        number = first(course, **FAULTS[what])
        assert asked(course, number) < 0 <= min((asked(course, n) for n in range(number)), default=0)
        found.append(number)
    assert len(set(found)) > 1


def test_a_key_under_which_a_right_program_loses_points_is_passed_over():
    """The test that is too strict for it asks for a number of 0.5 and more."""

    def too_strict(student, numbers):
        number = abs(float(numbers(1, 1)[0]))
        if student.size(number) != number:
            raise Mismatch("values", "no")

    found = []
    for course in map(EXAMPLE.for_, "abcdefgh"):
        number = first(course, too_strict, **FAULTS["a right program"])
        assert (
            abs(asked(course, number)) < 0.5 <= min((abs(asked(course, n)) for n in range(number)), default=1)
        )
        found.append(number)
    assert len(set(found)) > 1


def test_a_fault_that_never_ends_is_noticed():
    for text in ("[0 for _ in iter(int, 1)]", "next(_ for _ in iter(int, 1) if _)"):
        programs = [RightProgram("size", SIZE, [Fault("size", 24, 30, text, "test_sign")])]
        assert first(EXAMPLE, programs=programs) == 0


def test_what_takes_a_right_program_long_is_no_fault():
    """As a training does."""

    def slow(x):
        end = time.process_time() + 2 * ENDLESS_SECONDS
        while time.process_time() < end:
            sum(range(10_000))
        return abs(x)

    test = HiddenTest(asks_for_one_number, frozenset({"student", "numbers"}), "test_sign", "test_size", 1)
    assert not fails(test, {"size": slow}, {"size": slow}, EXAMPLE)
    assert fails(test, {"size": slow}, {"size": abs}, EXAMPLE)


def test_where_no_key_will_do_the_author_is_told_why():
    for told, wrong in {
        "do not catch the mistake sign_kept of size": {"mistaken": abs},
        "test_sign fails the right functions": {"test": lambda student, numbers: student.size("no number")},
        "test_sign fails the right program size": {
            "programs": [RightProgram("size", SIZE.replace("x)\n", "x) + 1\n"))]
        },
        "do not notice '[+]x' at character 28 of size": {
            "programs": [RightProgram("size", SIZE, [Fault("size", 28, 29, "+x", "test_sign")])]
        },
    }.items():
        with pytest.raises(NoKey, match=rf"{told}.*{MOST_DRAWS} keys"):
            first(EXAMPLE, **wrong)


def test_what_a_program_tells_numpy_of_errors_holds_for_itself_alone():
    before = np.geterr()
    assert RightProgram("loud", "np.seterr(all='raise')\n" + SIZE).functions()["size"](-1) == 1
    assert np.geterr() == before


def test_programs_are_read_as_they_were_written(tmp_path):
    programs = [
        RightProgram("size", SIZE, (Fault("size", 24, 30, "'x\n\"'", "test_sign"),)),
        RightProgram("b", ""),
    ]
    (tmp_path / "programs.json").write_text(written(programs), encoding="utf-8")
    assert read_programs(tmp_path) == programs
    assert read_programs(tmp_path / "another") == []


def test_new_keys_are_tried_with_the_programs_and_faults_that_the_tests_are_tried_with():
    """`test_mutation.py` compares the faults themselves."""
    programs = {each.name: each for each in read_programs(suite_folder("conv2d"))}
    files = [*(ROOT / "tests" / "fair").glob("*.py"), *map(ROOT.joinpath, SOLUTIONS)]
    assert {path.stem: path.read_text() for path in files} == {
        name: each.source for name, each in programs.items()
    }
    assert sum(len(each.faults) for each in programs.values()) > 2000


@pytest.mark.sandbox
def test_what_follows_from_a_key_is_kept_for_its_owner_and_believed_only_with_its_seal(key_file, tmp_path):
    key, memory = accepted_key("conv2d", key_file.parent)
    assert stat.S_IMODE(memory.file.stat().st_mode) == 0o600
    kept = rehearsed(conv2d.ASSIGNMENT, key, memory)
    assert len(kept.glimpses) == sum(map(len, bank().mistakes.values()))
    assert set(kept.foresight) == {test.name for test in TESTS}
    content = memory.file.read_bytes()
    forged = tmp_path / memory.file.name
    for spoilt in (b"", content[:-1], content[:-1] + bytes([content[-1] ^ 1])):
        forged.write_bytes(spoilt)
        assert not rehearsed(conv2d.ASSIGNMENT, key, replace(memory, file=forged)).glimpses
    assert not rehearsed(conv2d.ASSIGNMENT, ANOTHER, memory).glimpses
    assert not rehearsed(conv2d.ASSIGNMENT, key, replace(memory, made_with="other tests")).glimpses
    assert not rehearsed(conv2d.ASSIGNMENT, key, replace(memory, file=tmp_path / "none")).glimpses


def test_of_what_faulty_versions_return_that_is_kept_which_a_file_can_hold():
    kept = {
        ("pad", number): (Arguments(()), [Glimpse(Outcome(value))]) for number, value in enumerate((3, bank))
    }
    kept["pad", 2] = Arguments(()), [Glimpse(Outcome(value)) for value in (3, (each for each in "abc"))]
    assert set(portable(kept)) == {("pad", 0), ("pad", 1)}


# --- what it is for ----------------------------------------------------------------------------------------


@pytest.mark.sandbox
def test_answers_written_down_from_another_courses_key_earn_nothing():
    notebook = cells_notebook(written_down(EXAMPLE))
    with Grader() as grader:
        known, unknown = (
            grader.grade(notebook, student="ada", assignment="conv2d", key=key) for key in (EXAMPLE, ANOTHER)
        )
    assert known.score == 96  # all but speed: so much is at stake where a key is known
    assert unknown.score == 0


def test_two_keys_give_the_same_scores():
    """Right programs of three styles and every eighth mistake; `services/test_every_key.py` takes all."""
    for name in ("fourier", "taps_in_float32", "strided_views"):
        functions = functions_of((ROOT / "tests" / "fair" / f"{name}.py").read_text())
        assert failed(functions, EXAMPLE) == failed(functions, ANOTHER) == []
    known = bank()
    for mistake in [mistake for mistakes in known.mistakes.values() for mistake in mistakes][::8]:
        functions = {**known.right, mistake.function: mistake.implementation}
        own = [test for test in TESTS if test.cell == f"test_{mistake.function}"]
        assert failed(functions, EXAMPLE, own) == failed(functions, ANOTHER, own) != []


def failed(functions: dict, key: Key, tests: list[HiddenTest] = TESTS) -> list[str]:
    return [test.name for test in rehearse(tests, functions, key).failed]


def functions_of(source: str) -> dict:
    names: dict = {"np": np, "__name__": "program"}
    exec(source, names)
    return names


@pytest.mark.sandbox
@pytest.mark.slow
def test_after_grading_the_key_is_nowhere_but_in_its_file(tmp_path, give_key):
    """Not in any file that grading writes, not in what it prints, nor in a process's arguments or environment."""
    give_key(tmp_path)
    work = tmp_path / "submitted" / "ada" / "conv2d"
    work.mkdir(parents=True)
    (work / "conv2d.ipynb").write_bytes(cells_notebook(sample("same_mistake"), "import time; time.sleep(1)"))
    course = read_key(tmp_path / NAME)
    keys = (course, *(drawn(course, "conv2d", number) for number in range(3)))
    secrets = [part for key in keys for part in (key.secret, key.secret.hex().encode())]
    command = [sys.executable, "-m", "autograder", "grade", "submitted", "--jobs", "1", "--progress", "lines"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        seen = b""
        family: set[int] = set()
        while run.poll() is None:
            for process in psutil.Process(run.pid).children(recursive=True):
                family.add(process.pid)
                seen += look_at(process.pid)
            time.sleep(0.1)
        assert run.stdout is not None
        seen += run.stdout.read()
        assert run.returncode == 0, seen[-2000:]
    assert len(family) > 3 and b"forkserver" in seen
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != NAME]
    assert any(path.suffix == ".json" for path in files) and tmp_path / "results" / "conv2d.jsonl" in files
    for secret in secrets:
        assert secret not in seen
        assert not [
            path for path in files if secret in path.read_bytes() or secret.decode("latin-1") in path.name
        ]


def look_at(pid: int) -> bytes:
    """A process's arguments and environment; nothing where it has just ended."""
    try:
        return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
    except OSError:
        return b""
