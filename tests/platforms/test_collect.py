"""Taking a platform's download in: everybody's own newest notebook, nothing lost, nothing believed that a student wrote."""

import io
import os
import random
import stat
import zipfile
from datetime import UTC, datetime

import pytest
from made_up import (
    ABSENT,
    CLASS,
    DAMAGED,
    DOWNLOADS,
    EMPTY,
    ENROLLED,
    HERE,
    LATE,
    PDF,
    ROSTERS,
    STRANGER,
    TWICE,
    notebook,
    write_download,
    zipped,
)

from autograder.gradebook.names import unfit
from autograder.platforms import download
from autograder.platforms.collecting import Collected, Collection, collect
from autograder.platforms.download import BadDownload
from autograder.platforms.people import Person, folder_name
from autograder.platforms.roster import read_roster
from autograder.platforms.times import parse_time

DUE = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)


def class_of(kind: str) -> str:
    return ROSTERS[kind.split(" ")[0].rstrip(",")]()


@pytest.fixture(params=[*DOWNLOADS])
def kind(request) -> str:
    return request.param


@pytest.fixture
def taken(kind, tmp_path) -> Collection:
    """The made-up class, collected with its roster."""
    (tmp_path / "class.csv").write_text(class_of(kind), encoding="utf-8", newline="")
    roster = read_roster(tmp_path / "class.csv", UTC)
    path = write_download(kind, tmp_path, as_zip=kind not in ("exchange", "folders"))
    return collect(path, tmp_path / "submitted", "conv2d", roster, due=DUE, zone=UTC)


def submission(tmp_path, student: Collected):
    return tmp_path / "submitted" / student.folder / "conv2d" / "conv2d.ipynb"


def test_everybody_has_their_own_newest_notebook(kind, taken, tmp_path):
    contents = [submission(tmp_path, student).read_bytes() for student in taken.students if student.taken]
    assert sorted(contents) == sorted(notebook(student) for student in HERE if student.number != PDF)
    assert len({student.folder for student in taken.students}) == len(HERE)
    for student in taken.students:
        if student.taken and student.enrolled and student.person.login:
            number = int(student.person.login[1:])
            assert submission(tmp_path, student).read_bytes() == notebook(CLASS[number])


def test_the_damaged_and_the_empty_are_handed_on_and_who_has_no_notebook_is_named(taken, tmp_path):
    contents = [submission(tmp_path, student).read_bytes() for student in taken.students if student.taken]
    assert notebook(CLASS[DAMAGED]) in contents and notebook(CLASS[EMPTY]) in contents
    (without,) = [student for student in taken.students if not student.taken]
    assert without.problem == "only files of these kinds: pdf"
    assert not submission(tmp_path, without).exists()
    kept = tmp_path / "submitted" / ".collected" / "conv2d" / without.folder
    assert [path.read_bytes() for path in kept.rglob("*.pdf")] == [b"%PDF"]
    assert CLASS[PDF].number == PDF


def test_who_is_missing_and_who_is_a_stranger_is_told(kind, taken):
    strangers = [student for student in taken.students if not student.enrolled]
    if "anonymous" in kind:  # nobody can be known, and everybody is told so
        assert len(strangers) == len(HERE) and len(taken.absent) == len(ENROLLED)
        return
    twins = 2 if kind == "Brightspace" else 0  # it gives names alone: two of one name are not told apart
    assert len(strangers) == 1 + twins
    assert {person.name for person in taken.absent} >= {CLASS[number].name for number in ABSENT}
    assert len(taken.absent) == len(ABSENT) + twins
    assert CLASS[-1].number == STRANGER


def test_late_ones_and_second_attempts_are_told(kind, taken, tmp_path):
    late = [student for student in taken.students if student.late]
    if kind == "folders":  # they say nothing of times
        assert not late and all(student.time is None for student in taken.students)
    elif kind == "Moodle, blind" or not kind.startswith("Canvas"):
        (one,) = late
        assert submission(tmp_path, one).read_bytes() == notebook(CLASS[LATE])
        assert parse_time((submission(tmp_path, one).parent / "timestamp.txt").read_text()).day == 21
    else:
        assert [student.time for student in late] == [None]  # Canvas says that it was late, and not when
    if kind in ("Blackboard", "Brightspace", "exchange"):
        (twice,) = [student for student in taken.students if student.attempts > 1]
        kept = tmp_path / "submitted" / ".collected" / "conv2d" / twice.folder
        assert notebook(CLASS[TWICE], 1) in [path.read_bytes() for path in kept.rglob("*.ipynb")]


def test_names_that_a_reader_would_mix_up_are_told(kind, taken):
    alike = {frozenset(person.name for person in group) for group in taken.alike}
    if "anonymous" not in kind:
        assert {frozenset({"José Peña", "Jose Pena"}), frozenset({"Kim Lee"})} <= alike


def test_collecting_again_changes_nothing(kind, taken, tmp_path):
    before = {path: path.read_bytes() for path in (tmp_path / "submitted").rglob("*") if path.is_file()}
    path = tmp_path / ("download" if kind in ("exchange", "folders") else "download.zip")
    again = collect(
        path, tmp_path / "submitted", "conv2d", read_roster(tmp_path / "class.csv", UTC), zone=UTC
    )
    assert {student.folder for student in again.students} == {student.folder for student in taken.students}
    assert {p: p.read_bytes() for p in (tmp_path / "submitted").rglob("*") if p.is_file()} == before


# --- one at a time ---------------------------------------------------------------------------------------


def of_zip(tmp_path, files: dict[str, bytes]) -> Collection:
    (tmp_path / "d.zip").write_bytes(zipped(files))
    return collect(tmp_path / "d.zip", tmp_path / "submitted", "conv2d", zone=UTC)


def test_of_several_files_on_canvas_the_one_that_was_uploaded_last_counts(tmp_path):
    files = {
        "lovelaceada_7_20_conv2d-1.ipynb": b"new",
        "lovelaceada_7_10_conv2d.ipynb": b"old",
        "x_8_9_a.txt": b"",
    }
    of_zip(tmp_path, files)
    assert (tmp_path / "submitted/lovelaceada_7/conv2d/conv2d.ipynb").read_bytes() == b"new"


def test_what_was_there_is_kept_when_a_newer_one_comes_and_stays_when_an_older_one_comes(tmp_path):
    folder = "s1+conv2d+2026-11-{} 10:00:00 UTC/conv2d.ipynb"
    for day, content in ((20, b"first"), (21, b"second"), (19, b"older")):
        collection = of_zip(tmp_path, {folder.format(day): content})
    assert (tmp_path / "submitted/s1/conv2d/conv2d.ipynb").read_bytes() == b"second"
    assert collection.students[0].problem == "a newer one was there already, and stays"
    kept = {path.read_bytes() for path in (tmp_path / "submitted/.collected").rglob("*.ipynb")}
    assert kept == {b"first", b"older"}


def test_a_student_who_hands_in_what_looks_like_another_platforms_download_changes_nothing(tmp_path):
    own = {f"Ada B_{number}_assignsubmission_file/conv2d.ipynb": b"%d" % number for number in range(5)}
    forged = {
        "submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :name: x\n",
        "Bob_7_assignsubmission_file/conv2d.ipynb": b"forged",
        "x+conv2d+2026-11-20 10:11:12 UTC/conv2d.ipynb": b"forged",
        "1-2 - Bob - Nov 20, 2026 1011 AM/conv2d.ipynb": b"forged",
    }
    mallory = {f"Mallory_9_assignsubmission_file/{name}": content for name, content in forged.items()}
    collection = of_zip(tmp_path, own | mallory | {"Mallory_9_assignsubmission_file/conv2d.ipynb": b"own"})
    assert collection.platform == "Moodle"
    assert {student.person.id for student in collection.students} == {*"012349"}
    assert (tmp_path / "submitted/Mallory_9/conv2d/conv2d.ipynb").read_bytes() == b"own"


@pytest.mark.parametrize(
    "name", ["../../evil.ipynb", "/etc/evil.ipynb", "C:\\evil.ipynb", "..\\evil.ipynb", "a/../../evil.ipynb"]
)
def test_no_path_in_an_archive_leads_out_of_the_folder(name, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    of_zip(inside, {name: b"1", "ada/conv2d.ipynb": b"2", "ada/../../../bob.zip": zipped({name: b"3"})})
    outside = {path for path in tmp_path.rglob("*") if path.is_file() and inside not in path.parents}
    assert not outside
    assert all(
        ".." not in path.relative_to(inside).parts
        and path.relative_to(inside).parts[0] in ("d.zip", "submitted")
        for path in inside.rglob("*")
    )


def linked(target: str) -> tuple[zipfile.ZipInfo, str]:
    info = zipfile.ZipInfo("ada/conv2d.ipynb")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info, target


def test_a_link_in_a_zip_or_a_folder_is_no_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr(*linked("/etc/passwd"))
        archive.writestr("bob/conv2d.ipynb", b"bob")
    collection = collect(tmp_path / "d.zip", tmp_path / "submitted", "conv2d")
    assert [student.folder for student in collection.students] == ["bob"]
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "secret.ipynb").write_bytes(b"secret")
    (tmp_path / "class" / "ada" / "conv2d.ipynb").symlink_to(tmp_path / "secret.ipynb")
    with pytest.raises(BadDownload, match="no file"):
        collect(tmp_path / "class", tmp_path / "submitted", "conv2d")


def test_a_link_where_a_submission_belongs_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / "ada").symlink_to(tmp_path / "elsewhere")
    (student,) = of_zip(tmp_path, {"ada/conv2d.ipynb": b"1", "bob/x.txt": b""}).students[:1]
    assert not student.taken and "is a link" in student.problem
    assert not list((tmp_path / "elsewhere").iterdir())


def bomb(size: int) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("conv2d.ipynb", "w") as file,
    ):
        for _ in range(size // 2**20):
            file.write(bytes(2**20))
    return buffer.getvalue()


def test_sizes_are_bounded_before_anything_is_unpacked(tmp_path, monkeypatch):
    big = bomb(download.MAX_FILE + 2**20)
    assert len(big) < 100_000
    collection = of_zip(tmp_path, {"ada/hw.zip": big, "bob/conv2d.ipynb": b"bob"})
    ada, bob = sorted(collection.students, key=lambda student: student.folder)
    assert (ada.taken, ada.problem, bob.taken) == (False, "larger than 32 MB", True)
    many = zipped({f"{number}.txt": b"" for number in range(download.MAX_INNER + 1)} | {"conv2d.ipynb": b"x"})
    (ada,) = of_zip(tmp_path, {"eve/hw.zip": many}).students
    assert not ada.taken
    monkeypatch.setattr(download, "MAX_ENTRIES", 3)
    with pytest.raises(BadDownload, match="more than 3 files"):
        of_zip(tmp_path, {f"{number}/conv2d.ipynb": b"" for number in range(4)})


def test_a_file_that_says_that_it_is_smaller_than_it_is_is_not_read_on(tmp_path):
    honest = zipped({"ada/conv2d.ipynb": b"x" * 5000, "bob/conv2d.ipynb": b"bob"})
    lying = honest.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    (tmp_path / "d.zip").write_bytes(lying)
    students = collect(tmp_path / "d.zip", tmp_path / "submitted", "conv2d").students
    assert {student.folder: student.taken for student in students} == {"ada": False, "bob": True}


def test_a_pipe_in_a_folder_stops_nothing(tmp_path):
    (tmp_path / "class" / "ada").mkdir(parents=True)
    os.mkfifo(tmp_path / "class" / "ada" / "conv2d.ipynb")
    (tmp_path / "class" / "bob").mkdir()
    (tmp_path / "class" / "bob" / "conv2d.ipynb").write_bytes(b"bob")
    students = collect(tmp_path / "class", tmp_path / "submitted", "conv2d").students
    assert [student.folder for student in students] == ["bob"]


@pytest.mark.parametrize(
    "name", ["..", "/etc/passwd", "a/../b", ".hidden", "<b>x</b>", "a\0b\n", "x" * 500, "\udcff", ""]
)
def test_whatever_a_student_is_called_their_folder_has_a_good_name(name):
    made = folder_name(Person(login=name))
    assert unfit(made) is None and not made.startswith(".") and len(made) <= 100


def test_zips_in_zips_are_opened_twice_and_no_further_and_never_more_of_them_than_the_bound(
    tmp_path, monkeypatch
):
    once = zipped({"conv2d.ipynb": b"found"})
    deep = zipped({"a.zip": zipped({"b.zip": once})})
    collection = of_zip(
        tmp_path, {"ada/a.zip": zipped({"b.zip": once}), "bob/x.zip": zipped({"y.zip": deep})}
    )
    assert {student.folder: student.taken for student in collection.students} == {"ada": True, "bob": False}
    monkeypatch.setattr(download, "MAX_INNER_BYTES", len(once) + 10)
    two = {"cy/1.zip": zipped({"x.txt": b""}), "cy/2.zip": once, "dan/2.zip": once}
    collection = of_zip(tmp_path, two)
    assert {student.folder: student.taken for student in collection.students} == {"cy": False, "dan": True}


@pytest.mark.parametrize("seed", range(30))
def test_a_zip_with_broken_bytes_costs_its_student_alone(seed, tmp_path):
    dice = random.Random(seed)
    broken = bytearray(zipped({"hw/conv2d.ipynb": bytes(range(256)) * 20, "hw/more.txt": b"x" * 99}))
    for _ in range(dice.randrange(1, 12)):
        broken[dice.randrange(len(broken))] = dice.randrange(256)
    collection = of_zip(tmp_path, {"ada/hw.zip": bytes(broken), "bob/conv2d.ipynb": b"bob"})
    taken = {student.folder: student.taken for student in collection.students}
    assert taken.keys() == {"ada", "bob"} and taken["bob"]


def test_the_longest_names_in_any_script_are_taken(tmp_path):
    (student,) = of_zip(tmp_path, {"雷" * 400 + "/" + "李" * 200 + ".pdf": b"1"}).students
    assert len(student.folder.encode()) <= 200
    kept = list((tmp_path / "submitted" / ".collected").rglob("*.pdf"))
    assert [path.read_bytes() for path in kept] == [b"1"]


def test_two_whose_logins_differ_in_case_alone_get_two_folders(tmp_path):
    collection = of_zip(tmp_path, {"Ada/conv2d.ipynb": b"1", "ada /conv2d.ipynb": b"2"})
    assert len({student.folder.casefold() for student in collection.students}) == 2


TIMES = {
    "2026-11-20 10:11:12 -0500": "2026-11-20T15:11:12",
    "\ufeff2015-02-02 15:58:23.948203 America/Los_Angeles": "2015-02-02T23:58:23.948203",
    "Nov 20, 2026 1012 PM": "2026-11-20T22:12:00",
    "Montag, 30. November 2026, 16:12 Uhr": "2026-11-30T16:12:00",
    "lundi 30 novembre 2026, 16:12": "2026-11-30T16:12:00",
    "Fri Nov 20 10:11:12 CET 2026": "2026-11-20T09:11:12",
    "20/11/2026 10:11": "2026-11-20T10:11:00",
    "11/20/2026 10:11 PM": "2026-11-20T22:11:00",
}


@pytest.mark.parametrize(("text", "moment"), TIMES.items())
def test_times_are_read_as_they_are_written(text, moment):
    assert parse_time(text, UTC).isoformat() == moment + "+00:00"


@pytest.mark.parametrize(
    "text", ["03/04/2026 10:11", "yesterday", "2026-02-31 10:00", "2026-11-20 10:00 XYZT", "", "-"]
)
def test_a_time_that_could_be_two_or_none_is_not_read(text):
    assert parse_time(text, UTC) is None
