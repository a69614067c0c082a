"""What a watch takes from a folder in which students write, whose turn it is, and what it never forgets; no code is run here."""

import hashlib
import math
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT, cells_notebook

from autograder.classroom.attempts import attempts_file
from autograder.classroom.results import BadResults, Result, each_result
from autograder.classroom.watch import desk as desk_module
from autograder.classroom.watch.book import Book
from autograder.classroom.watch.desk import Desk, Rules
from autograder.classroom.watch.feedback import publish
from autograder.classroom.watch.hours import BadHours, Hours, Span
from autograder.grading.gate import IN_ALL
from autograder.grading.report import OUTCOMES, Report, TestResult
from autograder.grading.suite_run import list_tests
from autograder.platforms import exchange, folders, mirror
from autograder.platforms.mirror import Mirror
from autograder.platforms.people import Person
from autograder.platforms.roster import Enrolled
from autograder.reports.levels import bits_of_totals, refused, told
from autograder.suite import find, suite_folder

LONG = 100.0  # seconds after which everything is settled, and no longer waited for


class Clock:
    """In place of the module `time`."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Office:
    """A desk over a folder of its own, with what it said and refused."""

    def __init__(
        self, tmp_path: Path, clock: Clock, *, roster: list[Enrolled] | None = None, **options: object
    ):
        self.folder, self.submitted = tmp_path / "in", tmp_path / "submitted"
        self.folder.mkdir(exist_ok=True)
        self.said: list[str] = []
        self.refused: list[str] = []
        self.clock = clock
        rules = {"attempts": 3, "every": 1.0, "quiet": 3.0, "patience": 60.0, "pause": 0.0}
        rules |= {name: value for name, value in options.items() if name in rules}
        others = {name: value for name, value in options.items() if name not in rules}
        self.mirror = Mirror(self.folder, "conv2d", roster=roster or (), zone=UTC, **others)
        self.book = Book(tmp_path / "r.jsonl")
        self.book.__enter__()
        self.desk = Desk(
            self.mirror,
            self.submitted,
            self.book,
            Rules(**rules),
            lambda whom, what: self.said.append(f"{whom}: {what}"),
            lambda whom, why: self.refused.append(whom),
        )

    def hand_in(self, student: str, content: bytes | str, name: str = "conv2d.ipynb") -> Path:
        """Replaces the student's notebook."""
        path = self.folder / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else cells_notebook(content))
        return path

    def looks(self, after: float = LONG) -> list[str]:
        """Looks, waits, looks again; takes whatever is taken then. Whose it was, in order."""
        self.desk.look()
        self.clock.now += after
        self.desk.look()
        return list(self.takes())

    def takes(self) -> Iterator[str]:
        while (submission := self.desk.next()) is not None:
            yield submission.student

    def finish(self, *students: str) -> None:
        for student in students:
            self.desk.done(student)

    def content(self, student: str) -> bytes:
        return (self.submitted / student / "conv2d" / "conv2d.ipynb").read_bytes()


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    for module in (mirror, desk_module):
        monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def office(tmp_path, clock) -> Office:
    return Office(tmp_path, clock)


# --- when something is taken ---------------------------------------------------------------------------------


def test_what_appears_is_taken_into_the_layout_that_grade_knows(office):
    path = office.hand_in("ada", "x = 1")
    assert office.looks() == ["ada"]
    assert office.content("ada") == path.read_bytes()


def test_what_still_changes_is_not_taken_until_it_has_been_quiet(office):
    for number in range(4):
        office.hand_in("ada", f"x = {number}")
        assert office.looks(after=2.9) == []
    office.clock.now += 0.2
    office.desk.look()
    assert list(office.takes()) == ["ada"] and office.content("ada") == cells_notebook("x = 3")


def test_a_notebook_that_ends_in_the_middle_is_waited_for_and_taken_in_the_end(office):
    whole = cells_notebook("x = 1")
    office.hand_in("ada", whole[:-20])
    assert office.looks(after=59) == []
    office.hand_in("ada", whole)
    assert office.looks(after=5) == ["ada"] and office.content("ada") == whole
    office.hand_in("bob", whole[:-20])
    assert office.looks(after=61) == ["bob"]


def test_a_notebook_that_is_written_on_between_the_look_and_its_turn_is_not_taken_in_halves(office):
    office.hand_in("ada", "x = 1")
    office.desk.look()
    office.clock.now += LONG
    office.desk.look()
    office.hand_in("ada", "x = 22")
    assert list(office.takes()) == [] and office.said == []
    assert office.looks() == ["ada"] and office.content("ada") == cells_notebook("x = 22")


def test_a_folder_that_is_written_with_its_old_time_counts_as_changed(office):
    path = office.hand_in("ada", "x = 1")
    before = path.stat()
    assert office.looks() == ["ada"]
    office.finish("ada")
    path.write_bytes(cells_notebook("x = 2"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert office.looks() == ["ada"]


def test_the_last_look_takes_only_what_has_been_quiet_and_waits_for_nothing_else(office):
    office.hand_in("ada", cells_notebook("x = 1")[:-20])
    office.hand_in("bob", "x = 1")
    office.desk.look()
    office.clock.now += 4
    office.hand_in("cleo", "x = 1")
    office.desk.look(last=True)
    assert list(office.takes()) == ["ada", "bob"]
    office.finish("ada", "bob")
    assert office.desk.is_empty


# --- what is not taken again -----------------------------------------------------------------------------------


def test_the_same_bytes_are_never_taken_twice_not_even_by_the_next_program(tmp_path, clock, office):
    path = office.hand_in("ada", "x = 1")
    assert office.looks() == ["ada"]
    office.finish("ada")
    path.touch()
    assert office.looks() == [] and office.said == []
    office.hand_in("ada", "x = 2")
    assert office.looks() == ["ada"]
    office.finish("ada")
    office.hand_in("ada", "x = 1")
    assert office.looks() == [] and office.said == ["ada: attempt 1 again; nothing new is graded."]
    office.book.__exit__()
    again = Office(tmp_path, clock)
    again.hand_in("ada", "x = 2")
    assert again.looks() == [] and again.said == []


def test_attempts_are_counted_over_programs_and_what_comes_after_the_last_is_left(tmp_path, clock, office):
    for number in range(3):
        office.hand_in("ada", f"x = {number}")
        assert office.looks() == ["ada"]
        office.finish("ada")
    office.book.__exit__()
    office = Office(tmp_path, clock)
    path = office.hand_in("ada", "x = 3")
    assert office.looks() == [] and office.said == ["ada: has had 3 of 3 attempts; left where it is."]
    assert path.exists() and office.content("ada") == cells_notebook("x = 2")


def test_a_student_waits_for_the_page_and_a_pause_before_the_next_attempt(tmp_path, clock):
    office = Office(tmp_path, clock, pause=500.0)
    office.hand_in("ada", "x = 1")
    assert office.looks() == ["ada"]
    office.hand_in("ada", "x = 2")
    assert office.looks() == [] and not office.desk.is_empty
    office.finish("ada")
    assert office.looks(after=LONG) == []
    assert office.looks(after=500 - LONG) == ["ada"]


def test_an_earlier_submission_is_kept_when_the_next_attempt_is_taken(office):
    for number in range(2):
        office.hand_in("ada", f"x = {number}")
        office.looks()
        office.finish("ada")
    kept = [path.read_bytes() for path in (office.submitted / ".collected").rglob("conv2d.ipynb")]
    assert kept == [cells_notebook("x = 0")]


# --- whose turn it is --------------------------------------------------------------------------------------------


def test_whoever_had_fewest_attempts_goes_first_and_then_whoever_was_seen_first(office):
    office.hand_in("zoe", "x = 1")
    assert office.looks() == ["zoe"]
    office.finish("zoe")
    office.hand_in("zoe", "x = 2")
    office.looks(after=1)
    office.hand_in("yan", "x = 1")
    office.looks(after=1)
    office.hand_in("ada", "x = 1")
    assert office.looks() == ["yan", "ada", "zoe"]


def test_a_student_who_hands_in_in_a_loop_has_one_place_in_the_queue_and_their_attempts_alone(
    tmp_path, clock
):
    office = Office(tmp_path, clock, platform=exchange)
    turns = []
    for number in range(30):
        office.hand_in(f"loop+conv2d+2026-11-20 10:{number:02}:00 UTC", f"x = {number}")
        office.hand_in(f"s{number:02}+conv2d+2026-11-20 10:00:00 UTC", "y = 1")
        office.desk.look()
        office.clock.now += LONG
        office.desk.look()
        turn = list(office.takes())
        turns.append(turn)
        office.finish(*turn)
    assert [turn for turn in turns if "loop" in turn] == [["loop", "s00"], ["s01", "loop"], ["s02", "loop"]]
    assert all(f"s{number:02}" in turn for number, turn in enumerate(turns))
    assert office.said == ["loop: has had 3 of 3 attempts; left where it is."]


# --- folders that are made to harm ---------------------------------------------------------------------------------


def test_links_pipes_devices_and_floods_of_files_cost_their_own_student_alone(office, monkeypatch):
    monkeypatch.setattr(mirror, "MOST_OF_ONE", 50)
    secret = office.hand_in("../secret", "key = 1")
    for name in ("linked", "piped", "deep", "flood", "old", "named"):
        (office.folder / name).mkdir()
    (office.folder / "linked" / "conv2d.ipynb").symlink_to(secret)
    (office.folder / "link").symlink_to(secret.parent)
    os.mkfifo(office.folder / "piped" / "conv2d.ipynb")
    deep = office.folder / "deep"
    for _ in range(100):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "conv2d.ipynb").write_bytes(cells_notebook("x = 1"))
    for number in range(60):
        (office.folder / "flood" / f"{number}.ipynb").touch()
    os.utime(office.hand_in("old", "x = 1"), (1e11, 1e11))  # the year 5138 is one for a file, and for Python
    office.hand_in("named", "x = 1", name="-rf *\n\x1b[31m.ipynb")
    office.hand_in("ada", "x = 1")
    assert sorted(office.looks()) == ["ada", "named", "old"]
    assert office.said == ["flood: left out: more than 50 files."]
    office.looks()
    assert len(office.said) == 1


def test_a_flood_of_names_is_looked_at_up_to_a_number_and_told_of(office, monkeypatch):
    monkeypatch.setattr(mirror, "MOST_ON_TOP", 5)
    for number in range(20):
        office.hand_in(f"s{number}", "x = 1")
    assert len(office.looks()) == 5
    assert office.said == ["the folder: left out: more than 5 names; some are not looked at."]


def test_names_that_come_and_go_take_no_more_memory_than_there_are_places(office, monkeypatch):
    monkeypatch.setattr(desk_module, "MOST_STUDENTS", 3)
    for number in range(9):
        path = office.hand_in(f"s{number}", "x = 1")
        office.looks()
        path.unlink()
    assert office.book.students() == ["s0", "s1", "s2"]


def test_whoever_has_no_notebook_is_told_once_and_looked_at_more_rarely(office):
    office.hand_in("ada", b"%PDF", name="conv2d.pdf")
    assert office.looks(after=10) == [] and office.said == []
    assert office.looks() == [] and office.looks() == []
    assert office.said == [
        "ada: there is no notebook in it (only files of these kinds: pdf)."
    ] and office.refused == ["ada"]
    for number in range(20):
        office.hand_in("ada", b"%PDF" * number, name="conv2d.pdf")
        office.looks()
    assert len(office.refused) < 12


def test_a_name_in_an_exchange_counts_only_with_its_account_where_owners_are_asked_for(
    tmp_path, clock, monkeypatch
):
    office = Office(tmp_path, clock, platform=exchange, owners=True)
    monkeypatch.setattr(mirror.pwd, "getpwuid", lambda uid: SimpleNamespace(pw_name="ada"))
    for student in ("ada", "bob"):
        office.hand_in(f"{student}+conv2d+2026-11-20 10:00:00 UTC", "x = 1")
    assert office.looks() == ["ada"]
    assert office.said == ["bob+conv2d+2026-11-20 10:00:00 UTC: left out: belongs to the account 'ada'."]


def test_only_students_of_the_roster_are_graded_where_there_is_one(tmp_path, clock):
    office = Office(tmp_path, clock, roster=[Enrolled(Person(login="ada"), None)])
    for student in ("ada", "made-up"):
        office.hand_in(student, "x = 1")
    assert office.looks() == ["ada"] and office.said == ["made-up: is not in the roster; left where it is."]


def test_a_single_students_two_folders_are_not_taken_for_two_students(office):
    office.hand_in("ada/conv2d", "x = 1")
    office.hand_in("ada/bob", "y = 1", name="other.ipynb")
    assert office.looks() == ["ada"]


def test_a_class_cannot_be_renamed_by_whoever_writes_names_of_another_platform(office):
    office.hand_in("ada", "x = 1")
    assert office.looks() == ["ada"] and office.mirror.platform is folders
    for number in range(5):
        office.hand_in(f"ada+conv2d+2026-11-20 10:00:0{number} UTC", f"x = {number}")
    office.hand_in("bob", "x = 1")
    assert "bob" in office.looks() and office.mirror.platform is folders


# --- hours -----------------------------------------------------------------------------------------------------------

MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    (
        ("mon-fri 08:00-20:00", ["30 08:00", "30 19:59"], ["30 07:59", "30 20:00", "29 12:00"]),
        ("sun 10:00-12:00", ["29 10:00"], ["30 10:00"]),
        ("22:00-06:00", ["30 22:00", "30 05:59", "29 23:00"], ["30 06:00", "30 21:59"]),
        ("Sat-Mon  9:00-24:00", ["28 09:00", "30 23:59"], ["27 12:00", "30 08:59"]),
        ("fri 22:00-02:00", ["27 23:00", "28 01:59"], ["27 01:00", "28 22:00"]),
    ),
)
def test_hours_of_the_week_are_as_they_are_written(text, inside, outside):
    hours = Hours((Span.read(text),), zone=UTC)
    moments = [
        datetime.strptime(f"2026-11-{each}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        for each in (*inside, *outside)
    ]
    assert [hours.are_open(moment) for moment in moments] == [True] * len(inside) + [False] * len(outside)


@pytest.mark.parametrize(
    "text", ("", "8-20", "mon 08:00", "mo-fr 08:00-20:00", "mon-fri 08:00-25:00", "8:60-9:00")
)
def test_what_names_no_hours_is_refused_with_an_example(text):
    with pytest.raises(BadHours, match="mon-fri 08:00-20:00"):
        Span.read(text)


def test_a_watch_is_always_open_without_hours_and_over_from_its_end_on():
    assert Hours().are_open(MONDAY) and not Hours().are_over(MONDAY)
    assert Hours(until=MONDAY).are_over(MONDAY)


# --- what is never forgotten -------------------------------------------------------------------------------------------


def report(student: str) -> Report:
    test = TestResult("test_pad_nothing", "test_pad", "Nothing to add", 6.0, "passed")
    return Report(student, "conv2d", (test,), ("limits",), 1.0)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_was_taken_is_known_to_the_next_program_even_if_a_line_is_torn(tmp_path):
    with Book(tmp_path / "r.jsonl") as book:
        book.take("ada", digest("1"))
        book.take("ada", digest("2"))
        book.take("bob", digest("3"))
    with (tmp_path / "r.watch" / "taken.jsonl").open("a") as file:
        file.write('{"student": "bob", "sub')
    with Book(tmp_path / "r.jsonl") as book:
        assert (book.students(), len(book.taken("ada")), len(book.taken("bob"))) == (["ada", "bob"], 2, 1)


def test_a_line_that_is_none_of_a_watchs_is_told_with_what_to_do(tmp_path):
    (tmp_path / "r.watch").mkdir()
    (tmp_path / "r.watch" / "taken.jsonl").write_text("[1]\n")
    with (
        pytest.raises(BadResults, match=r"Line 1 of .* is not one of a watch. Restore the file"),
        Book(tmp_path / "r.jsonl"),
    ):
        pass


def test_a_result_that_a_killed_watch_had_not_written_to_the_results_is_written_by_the_next(tmp_path):
    results = tmp_path / "r.jsonl"
    with Book(results) as book:
        for student in ("ada", "bob"):
            book.take(student, digest(student))
            book.grade(Result(report(student), digest(student)))
            if student == "ada":
                book.bring_up_to_date()
    assert [r.report.student for r in each_result(results)] == ["ada"]
    with Book(results) as book:
        book.bring_up_to_date()
    assert sorted(r.report.student for r in each_result(results)) == ["ada", "bob"]
    assert len(list(each_result(attempts_file(results)))) == 2


# --- what is told ----------------------------------------------------------------------------------------------------------


def test_pages_are_written_through_no_link_and_over_no_folder(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    feedback = tmp_path / "feedback"
    feedback.mkdir()
    (feedback / "eve").symlink_to(outside)
    with pytest.raises(OSError):
        publish(feedback, "eve", "conv2d", {"conv2d.html": b"page"})
    (feedback / "mallory" / "conv2d").mkdir(parents=True)
    (feedback / "mallory" / "conv2d" / "conv2d.html").symlink_to(outside / "conv2d.html")
    (feedback / "mallory" / "conv2d" / ".conv2d.html.part").symlink_to(outside / "part")
    publish(feedback, "mallory", "conv2d", {"conv2d.html": b"page"})
    assert list(outside.iterdir()) == []
    written = feedback / "mallory" / "conv2d" / "conv2d.html"
    assert written.read_bytes() == b"page" and not written.is_symlink()
    (feedback / "trent" / "conv2d" / "conv2d.html").mkdir(parents=True)
    with pytest.raises(OSError):
        publish(feedback, "trent", "conv2d", {"conv2d.html": b"page"})


def test_a_page_that_is_there_and_the_same_is_left_alone(tmp_path):
    publish(tmp_path, "ada", "conv2d", {"conv2d.html": b"page"})
    path = tmp_path / "ada" / "conv2d" / "conv2d.html"
    before = path.stat().st_ino
    publish(tmp_path, "ada", "conv2d", {"conv2d.html": b"page"})
    assert path.stat().st_ino == before
    publish(tmp_path, "ada", "conv2d", {"conv2d.html": b"pages"})
    assert path.read_bytes() == b"pages"


def results(*outcomes: str, message: str = "300 of 300 numbers differ.") -> Report:
    tests = tuple(
        TestResult(f"test_pad_{number}", "test_pad", f"Title {number}", 2.0 * number, outcome, message)
        for number, outcome in enumerate(outcomes, 1)
    )
    return Report("ada", "conv2d", tests, ("limits",), 1.0, remarks=("Cell 3 failed: NameError",))


def test_function_totals_tell_points_and_no_hidden_test():
    page = told("totals", results("passed", "failed"), find("conv2d"), "Attempt 1 of 3.")
    assert "<td>2 of 6</td>" in page and "Attempt 1 of 3." in page and "Cell 3 failed: NameError" in page
    assert "Title" not in page and "differ" not in page


def test_the_whole_page_tells_each_hidden_test():
    page = told("page", results("passed", "failed"), find("conv2d"), "Attempt 1 of 3.")
    assert "Title 2" in page and "300 of 300" in page and "Attempt 1 of 3." in page


@pytest.mark.parametrize("level", ("checks", "totals", "page"))
def test_no_text_of_a_report_becomes_a_part_of_any_page(level):
    evil = "<script>alert(1)</script>"
    page = told(level, results("failed", message=evil), find("conv2d"), evil) + refused(find("conv2d"), evil)
    assert "<script" not in page and "&lt;script&gt;" in page


def test_totals_hold_as_many_bits_as_there_are_sums_of_points():
    equal = [TestResult(f"t{i}", "test_pad", "", 2.0, "passed") for i in range(3)]  # 0, 2, 4 or 6 points
    other = [TestResult(f"u{i}", "test_convolve", "", float(2**i), "passed") for i in range(3)]  # 0 to 7
    assert bits_of_totals([*equal, *other]) == pytest.approx(2 + 3)
    halves = math.log2(7) + math.log2(15)  # 0 to 6 points and 0 to 7 in halves, follow-through keeping a half
    assert bits_of_totals([*equal, *other], 0.5) == pytest.approx(halves)


def test_the_manual_has_the_bits_of_each_level():
    tests = list_tests(suite_folder("conv2d"))
    manual = " ".join((ROOT / "docs" / "watch.md").read_text().split())
    assert f"at most {math.ceil(bits_of_totals(tests))} bits for each attempt" in manual
    page = math.ceil(IN_ALL + len(tests) * math.log2(len(OUTCOMES)))
    assert f"{IN_ALL:g} bits of messages, and for each of the {len(tests)} tests" in manual
    assert f"{page} bits for each attempt" in manual
    # Of a test that ended in one of four of the seven ways, also which helpers it was right but for.
    helpers = {exercise.cell: len(exercise.builds_on) for exercise in find("conv2d").exercises}
    more = sum(math.log2((3 + 4 * 2 ** helpers[test.cell]) / 7) for test in tests)
    assert f"at most {math.ceil(more)} more by [follow-through]" in manual


# --- the command -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    (
        (["--attempts", "0"], "is no number of attempts; use 1 to 100"),
        (["--hours", "noon"], "write such as 'mon-fri 08:00-20:00'"),
        (["--every", "-1"], "is no number of seconds"),
        (["--until", "soon"], "is no time that is sure"),
        (["--owners", "--platform", "moodle"], "--owners is for an nbgrader exchange"),
        (["--feedback", "in/feedback"], "is in 'in', where students hand in"),
        (["--to", "in"], "is in 'in', where students hand in"),
    ),
)
def test_what_cannot_be_used_ends_in_one_line(options, said, autograder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    done = autograder("watch", "in", *options)
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_folder_that_is_not_there_is_told(autograder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "There is no folder 'inbound'" in autograder("watch", "inbound").stderr
