"""What the kit keeps is for whoever grades alone: nobody else reads it, plants it, or has it lead elsewhere."""

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from autograder.classroom.attempts import Attempts, attempts_file
from autograder.classroom.lock import Locked, only_one
from autograder.classroom.private import NotPrivate
from autograder.classroom.results import Result, results_writer
from autograder.classroom.session import beside
from autograder.classroom.store import ReportStore
from autograder.classroom.watch.book import Book
from autograder.cli import main
from autograder.commands.passwords import without_password
from autograder.grading.submission import GradingLimits, damaged
from autograder.judge.rehearsal import EXAMPLE

ADA, BOB = 12345, 54321  # two users of one machine
REPORT = damaged("nothing was handed in", student="ada", assignment="conv2d")


def hold_the_lock(results: Path) -> None:
    with only_one(beside(results, ".lock"), "the results"):
        pass


def write_results(results: Path) -> None:
    with results_writer(results, lambda student: True) as write:
        write(Result(REPORT))


def keep_an_attempt(results: Path) -> None:
    with Attempts(results) as attempts:
        attempts.add(Result(REPORT, "0" * 64))


def keep_a_report(results: Path) -> None:
    store = ReportStore(beside(results, ".cache"), GradingLimits(), ("seccomp",), EXAMPLE)
    store.put("0" * 64, REPORT)
    store.get("0" * 64, "ada")


def open_a_watch(results: Path) -> None:
    with Book(results):
        pass


# What of the kit's uses each of these names beside a results file.
PLACES: dict[str, tuple[Callable[[Path], Path], Callable[[Path], None]]] = {
    "the results": (lambda results: results, write_results),
    "results that are being written": (lambda results: beside(results, ".part"), write_results),
    "the lock": (lambda results: beside(results, ".lock"), hold_the_lock),
    "the attempts": (attempts_file, keep_an_attempt),
    "the kept reports": (lambda results: beside(results, ".cache"), keep_a_report),
    "a report that is being kept": (
        lambda results: beside(results, ".cache") / "unfinished.part",
        keep_a_report,
    ),
    "a watch's folder": (lambda results: results.with_name("conv2d.watch"), open_a_watch),
    "what a watch took": (lambda results: results.with_name("conv2d.watch") / "taken.jsonl", open_a_watch),
}
FOLDERS = {"the kept reports", "a watch's folder"}
EVERY_PLACE = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder to which everybody may write, as /tmp is."""
    folder = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
    folder.chmod(0o1777)
    yield folder
    subprocess.run(["rm", "-rf", "--", str(folder)], check=True)


def as_user(user: int, action: Callable[..., object], *arguments: object) -> str:
    """What the action ends with for another user, in a process of its own: "" or its error."""
    reading, writing = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(
        target=_become, args=(user, writing, action, arguments)
    )
    child.start()
    child.join()
    return reading.recv()


def _become(user: int, writing, action: Callable[..., object], arguments: tuple[object, ...]) -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    try:
        action(*arguments)
        writing.send("")
    except Exception as error:
        writing.send(f"{type(error).__name__}: {error}")


NEEDS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="becoming two users needs root")


# --- nobody reads it --------------------------------------------------------------------------------------


@EVERY_PLACE
def test_files_are_made_for_their_owner_alone_whatever_the_umask(place, tmp_path):
    where, use = PLACES[place]
    results = tmp_path / "results" / "conv2d.jsonl"
    before = os.umask(0)
    try:
        if use is not hold_the_lock and use is not keep_an_attempt:
            write_results(results)
        else:
            results.parent.mkdir(mode=0o700)
        use(results)
    finally:
        os.umask(before)
    made = {path: path.stat().st_mode & 0o777 for path in results.parent.rglob("*")}
    assert {mode for path, mode in made.items() if path.is_file()} <= {0o600}
    assert {mode for path, mode in made.items() if path.is_dir()} <= {0o700}
    assert results.parent.stat().st_mode & 0o777 == 0o700
    assert where(results) in made or where(results).suffix == ".part"


def test_what_an_earlier_version_left_open_to_all_is_closed(tmp_path):
    lock = tmp_path / "r.jsonl.lock"
    lock.write_text('{"command": "python -m autograder record --db postgresql://ada:s3cret@host/grades"}')
    lock.chmod(0o644)
    with only_one(lock, "the results"):
        assert "s3cret" not in lock.read_text()
    assert lock.stat().st_mode & 0o777 == 0o600


# --- nobody plants it -------------------------------------------------------------------------------------


@EVERY_PLACE
def test_a_link_in_its_place_is_refused_and_what_it_leads_to_stays_as_it_was(place, tmp_path):
    where, use = PLACES[place]
    results, elsewhere = tmp_path / "conv2d.jsonl", tmp_path / "elsewhere"
    if place in FOLDERS:
        elsewhere.mkdir()
    else:
        elsewhere.write_text("precious")
    where(results).parent.mkdir(exist_ok=True)
    where(results).symlink_to(elsewhere)
    with pytest.raises(NotPrivate, match=r"is a link\. Name the file or folder"):
        use(results)
    assert list(elsewhere.iterdir()) == [] if place in FOLDERS else elsewhere.read_text() == "precious"


@NEEDS_ROOT
@EVERY_PLACE
def test_what_another_user_has_put_there_is_refused(place, shared):
    """Ada plants a file, a folder or a link to a file of Bob's own, before Bob begins."""
    where, use = PLACES[place]
    results, own = shared / "conv2d.jsonl", shared / "bobs"
    assert as_user(BOB, own.write_text, "precious") == ""
    if where(results).parent == shared:
        planted = as_user(ADA, where(results).mkdir if place in FOLDERS else where(results).touch)
        assert planted == ""
        assert "another user (number 12345)" in (said := as_user(BOB, use, results)), said
        assert as_user(ADA, where(results).rmdir if place in FOLDERS else where(results).unlink) == ""
        assert as_user(ADA, where(results).symlink_to, own) == ""
        assert "NotPrivate" in (said := as_user(BOB, use, results)), said
        assert own.read_text() == "precious"
    else:
        assert as_user(ADA, where(results).parent.mkdir, 0o777) == ""
        assert "another user (number 12345)" in (said := as_user(BOB, use, results)), said


@NEEDS_ROOT
def test_two_users_grade_on_one_machine_and_neither_reads_or_stops_the_other(shared):
    places = {user: shared / str(user) / "conv2d.jsonl" for user in (ADA, BOB)}
    for user, results in places.items():
        assert as_user(user, results.parent.mkdir, 0o755) == ""
        for use in (hold_the_lock, write_results, keep_an_attempt, keep_a_report, open_a_watch):
            assert as_user(user, use, results) == ""
    assert "PermissionError" in as_user(ADA, places[BOB].read_text)
    assert "PermissionError" in as_user(ADA, beside(places[BOB], ".lock").read_text)
    assert "PermissionError" in as_user(ADA, hold_the_lock, places[BOB])


@NEEDS_ROOT
def test_what_root_makes_in_somebodys_folder_can_be_read_by_them(shared):
    """As where a container grades a course that is mounted into it."""
    folder = shared / "course"
    assert as_user(ADA, folder.mkdir, 0o755) == ""
    for use in (write_results, keep_a_report, hold_the_lock):
        use(folder / "conv2d.jsonl")
    assert as_user(ADA, (folder / "conv2d.jsonl").read_text) == ""
    assert as_user(ADA, hold_the_lock, folder / "conv2d.jsonl") == ""


@NEEDS_ROOT
def test_kept_reports_that_somebody_else_planted_earn_no_points(shared):
    """Ada knows the name of every kept report: it follows from the notebook and the kit. She makes Bob's folder of them first."""
    cache = beside(shared / "conv2d.jsonl", ".cache")
    assert as_user(ADA, keep_a_report, shared / "conv2d.jsonl") == ""
    assert (cache / "00").is_dir()
    assert "NotPrivate" in as_user(BOB, keep_a_report, shared / "conv2d.jsonl")


def test_the_command_line_says_in_one_line_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real.jsonl").touch()
    (tmp_path / "r.attempts.jsonl").symlink_to("real.jsonl")
    (tmp_path / "r.jsonl").symlink_to("real.jsonl")
    monkeypatch.setattr("autograder.commands.grade._grade", lambda options: write_results(options.results))
    (tmp_path / "submitted").mkdir()
    assert main(["grade", "submitted", "--results", "r.jsonl"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "r.jsonl is a link. Name the file or folder that it leads to" in line


# --- no password ------------------------------------------------------------------------------------------

URL = "postgresql+psycopg://ada:s3cret@host:5432/grades?sslmode=require"


def test_a_lock_names_the_command_and_the_folder_and_nothing_else_of_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/kit/autograder/__main__.py", "record", "r.jsonl", "--db", URL])
    monkeypatch.chdir(tmp_path)
    with only_one(tmp_path / "lock", "the gradebook"):
        told = json.loads((tmp_path / "lock").read_text())
        with pytest.raises(Locked) as refused, only_one(tmp_path / "lock", "the gradebook"):
            pass
    assert (told["command"], told["folder"]) == ("__main__ record", str(tmp_path))
    assert f"(__main__ record, in {tmp_path})" in str(refused.value)
    assert "s3cret" not in json.dumps(told) + str(refused.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at postgresql://ada:s3cret@host/x now", "at postgresql://ada:***@host/x now"),
        ("postgresql://ada:p@ss:w/rd@host/x", "postgresql://ada:***@host/x"),
        ("postgresql://host/x?user=ada&password=s3cret&b=1", "postgresql://host/x?user=ada&password=***&b=1"),
        ("sqlite:///gradebook.db", "sqlite:///gradebook.db"),
        ("https://example.org/a:b", "https://example.org/a:b"),
    ],
)
def test_a_password_in_an_address_is_not_shown(text, shown):
    assert without_password(text) == shown


def test_other_users_do_not_find_the_password_in_the_list_of_processes():
    program = (
        "import sys; from pathlib import Path; from autograder.commands.passwords import hide_passwords; hide_passwords();"
        "print(Path('/proc/self/cmdline').read_bytes()); print(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "record", "--db", URL, f"--db={URL}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    seen, kept = done.stdout.splitlines()
    assert "s3cret" not in seen and seen.count("ada:******@host:5432/grades") == 2
    assert kept.count("s3cret") == 2  # the command itself goes on with what it was given


@pytest.mark.parametrize(
    "arguments",
    [
        ["record", "none.jsonl", "--db", URL],
        ["record", "none.jsonl", "--db", "postgresql://ada:s3cret@host:port/grades"],
        ["record", "none.jsonl", "--db", "nosuch://ada:s3cret@host/grades"],
        ["record", "none.jsonl", "--db", "postgresql+psycopg://ada:s3cret@127.0.0.1:1/grades"],
        ["record", "none.jsonl", "--dbb", URL],
        ["recordd", URL],
    ],
)
def test_no_message_of_a_command_repeats_a_password(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_results(tmp_path / "none.jsonl")
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    assert code == 2 and len(said.err.splitlines()) == 1
    assert "s3cret" not in said.out + said.err
