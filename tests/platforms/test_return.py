"""Grades back into the platform's own file: every cell right, every other byte as it was, nobody by a guess."""

import csv
import re
import zipfile
from functools import partial
from pathlib import Path

import importers
import pytest
from made_up import (
    ABSENT,
    BY_HAND,
    CLASS,
    ENROLLED,
    EXCUSED,
    HERE,
    PDF,
    ROSTERS,
    STRANGER,
    blackboard_table,
    brightspace_table,
    canvas_table,
    moodle_table,
    table,
    write_download,
)
from nbgrader.api import Gradebook

from autograder.classroom.results import Result, results_writer
from autograder.cli import main
from autograder.gradebook.csv_export import CsvExport
from autograder.grading.report import Report, TestResult
from autograder.platforms.columns import read_columns
from autograder.platforms.filling import fill_in
from autograder.platforms.index import Index, Known
from autograder.platforms.people import People, Person
from autograder.platforms.sheet import BadSheet, Sheet
from autograder.reports.csv_scores import PARTS

# What each platform exports, by country and version: the download's kind, the file's bytes, how its importer reads it.
_german = [
    [cell.replace("7.00", "7,00").replace("93.00", "93,00") for cell in row]
    for row in canvas_table(points="100,00")
]
DIALECTS = {
    "Canvas": ("Canvas", table(canvas_table(), end="\n").encode(), "canvas"),
    "Canvas, German": ("Canvas", b"\xef\xbb\xbf" + table(_german, separator=";").encode(), "canvas"),
    "Canvas, all quoted": ("Canvas", table(canvas_table(), quote_all=True).encode(), "canvas"),
    "Moodle": ("Moodle", table(moodle_table(), end="\n").encode(), "en"),
    "Moodle, German": ("Moodle without folders", b"\xef\xbb\xbf" + table(moodle_table("de")).encode(), "de"),
    "Moodle, French": ("Moodle before 4.1", table(moodle_table("fr"), end="\n").encode(), "fr"),
    "Blackboard": (
        "Blackboard",
        b"\xff\xfe" + table(blackboard_table(), separator="\t", quote_all=True).encode("utf-16-le"),
        "blackboard",
    ),
    "Blackboard, CSV": (
        "Blackboard",
        b"\xef\xbb\xbf" + table(blackboard_table(), quote_all=True).encode(),
        "blackboard",
    ),
    "Brightspace": ("Brightspace", table(brightspace_table()).encode(), "brightspace"),
}
IMPORTERS = {
    "canvas": lambda content: importers.canvas(content, "Conv2d (4711)"),
    **{language: partial(importers.moodle, language=language) for language in ("en", "de", "fr")},
    "blackboard": importers.blackboard,
    "brightspace": importers.brightspace,
}


def report(student: str, failed: int) -> Report:
    """One test is worth 60 points, the other what is left; `failed` hundredths of a point are lost in it."""
    tests = (
        TestResult("a", "test_pad", "Pads <all>", 60.0, "passed"),
        TestResult("b", "test_conv2d", "Strides", 40.0 - failed / 100, "passed"),
        TestResult("c", "test_conv2d", "Hidden", failed / 100, "failed", "Mend it."),
    )
    return Report(student, "conv2d", tests, ("namespaces",), 0.1)


def points_of(number: int) -> float:
    return 100 - number * 25 / 100


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A function that takes a platform's class in and grades everybody; returns the folders by number in the class."""
    monkeypatch.chdir(tmp_path)

    def take_in(kind: str, roster: bytes | None = None) -> dict[int, str]:
        (tmp_path / "roster.csv").write_bytes(roster or ROSTERS[kind.split(" ")[0].rstrip(",")]().encode())
        path = write_download(kind, tmp_path)
        assert main(["collect", str(path), "--roster", "roster.csv", "--timezone", "UTC"]) == 0
        folder_of = {}
        with results_writer(tmp_path / "r.jsonl") as write:
            for file in sorted(Path("submitted").glob("*/conv2d/conv2d.ipynb")):
                number = _number_of(file)
                folder_of[number] = file.parent.parent.name
                write(Result(report(folder_of[number], number * 25)))
        return folder_of

    return take_in


def _number_of(file: Path) -> int:
    """Whose notebook it is; the damaged and the empty one are told by what is left."""
    found = re.search(rb"s(\d\d) attempt", file.read_bytes())
    return int(found[1]) if found else 9 if file.read_bytes() else 10


def graded(*, twins: bool) -> dict[int, float]:
    """The grade of everybody who handed in a notebook and can be found in the platform's table."""
    return {
        student.number: points_of(student.number)
        for student in HERE
        if student.number not in (PDF, STRANGER) and not (twins and student.name == "Kim Lee")
    }


def assert_only_filled(old: bytes, new: bytes, encoding: str, count: int) -> None:
    """Every line is the old one with at most one text put in."""
    before, after = (content.decode(encoding).splitlines(keepends=True) for content in (old, new))
    assert len(before) == len(after)
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == count
    for a, b in changed:
        more = len(b) - len(a)
        assert any(a[:place] + b[place : place + more] + a[place:] == b for place in range(len(a)))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_class_goes_in_is_graded_and_comes_back_with_every_cell_right_and_nothing_else_changed(
    dialect, course, tmp_path, capsys
):
    kind, content, importer = DIALECTS[dialect]
    course(kind, content)
    (tmp_path / "export.csv").write_bytes(content)
    assert main(["return", "r.jsonl", "--into", "export.csv", "--out", "filled.csv"]) == 0
    out = capsys.readouterr().out
    filled = (tmp_path / "filled.csv").read_bytes()
    found = IMPORTERS[importer](filled)
    expected = graded(twins=kind == "Brightspace")
    key = "login" if importer in ("blackboard", "brightspace") else "id"
    there = {number: float(points) for number, points in BY_HAND.items()}
    there |= {EXCUSED: "EX"} if importer == "canvas" else {}
    assert found == {getattr(CLASS[number], key): points for number, points in (expected | there).items()}
    encoding = "utf-16" if content[:2] == b"\xff\xfe" else "utf-8"
    assert_only_filled(content, filled, encoding, len(expected) - len(there))
    assert f"{len(there)} left as they are" in out
    assert (tmp_path / "export.csv").read_bytes() == content
    not_here = 1 + (2 if kind == "Brightspace" else 0)
    assert f"{not_here} graded, but not in the file" in out
    assert f"{len(ENROLLED) - len(expected)} in the file, without a grade" in out
    for number in (*ABSENT, PDF):
        assert CLASS[number].name in out.partition("without a grade")[2]
    assert "There is no gradebook" in out and "automatic points alone" in out


@pytest.mark.parametrize("kind", ["Canvas", "Moodle", "Moodle without folders"])
def test_feedback_goes_back_under_the_names_that_the_importer_needs(kind, course, tmp_path, capsys):
    course(kind)
    (tmp_path / "export.csv").write_text(ROSTERS[kind.split()[0]](), newline="", encoding="utf-8")
    into = ["--into", "export.csv", "--out", "filled.csv", "--feedback", "feedback.zip"]
    assert main(["return", "r.jsonl", *into]) == 0
    read = importers.canvas_feedback if kind == "Canvas" else importers.moodle_feedback
    pages = read(tmp_path / "feedback.zip")
    assert pages.keys() == {student.id for student in HERE if student.number != PDF}
    for number, points in graded(twins=False).items():
        page = pages[CLASS[number].id]
        assert f"Automatic checks: {points:g} of 100 points." in page
        assert "Mend it." in page and "Pads &lt;all&gt;" in page
        assert not re.search(r"src=|href=(?!.#)|<script|@import|url\(", page)  # it needs no other file


def test_platforms_that_take_no_feedback_files_are_told_so(course, tmp_path, capsys):
    course("Blackboard")
    (tmp_path / "e.csv").write_text(ROSTERS["Blackboard"](), newline="", encoding="utf-8")
    into = ["--into", "e.csv", "--out", "f.csv", "--feedback", "feedback.zip"]
    assert main(["return", "r.jsonl", *into]) == 2
    assert "go back to Canvas and Moodle; Blackboard take none" in capsys.readouterr().err


# --- what stays, and who is not meant --------------------------------------------------------------------


def one_row(content: str, grades: dict[str, float], **options) -> tuple[str, object]:
    sheet = Sheet(content.encode(), "f.csv")
    filled = fill_in(sheet, grades, Index(), "conv2d", **options)
    return sheet.content().decode(), filled


CANVAS_HEAD = "Student,ID,SIS Login ID,Section,conv2d (1)\n"


@pytest.mark.parametrize(
    ("there", "replaced", "why"),
    [
        ("EX", "EX", "excused"),
        ("50", "92.5", "it says 50 there, not 92.5"),
        ("late?", "late?", "it says late? there, not 92.5"),
    ],
)
def test_what_was_graded_by_hand_or_excused_stays(there, replaced, why):
    content = f'{CANVAS_HEAD}"L, Ada",7,ada,A,{there}\n'
    text, filled = one_row(content, {"ada": 92.5})
    assert text == content and filled.stayed == [("ada", why)]
    text, _ = one_row(content, {"ada": 92.5}, replace=True)
    assert text == f'{CANVAS_HEAD}"L, Ada",7,ada,A,{replaced}\n'


def test_a_grade_that_is_there_already_is_not_written_again():
    content = f"{CANVAS_HEAD}Ada,7,ada,A,92.50\n"
    text, filled = one_row(content, {"ada": 92.5})
    assert text == content and (filled.same, filled.filled, filled.stayed) == (1, 0, [])


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_what_moodle_has_locked_stays_even_where_grades_are_replaced(language):
    content = table(moodle_table(language, locked=2))
    _, filled = one_row(content, {"s02@uni.example": 50.0, "s05@uni.example": 92.5}, replace=True)
    assert filled.stayed == [("s02@uni.example", "the platform says that it cannot be changed")]
    assert filled.filled == 1


def test_the_numbers_are_written_as_the_file_writes_its_own():
    text, _ = one_row(table(moodle_table("de")), {"s05@uni.example": 92.5, "s06@uni.example": 90.0})
    assert ',"92,5","100,00",Ja,' in text and ',90,"100,00",Ja,' in text


@pytest.mark.parametrize(
    ("rows", "student"),
    [
        ("Kim Lee,1,kim,A,\nKim Lee,2,kimmy,A,\n", "Kim Lee"),  # two of one name
        ("Kim Lee,1,kim,A,\nLee Kim,2,kimmy,A,\n", "Kim L."),  # nobody of this name
        ("Ada,1,kim,A,\n", "adam"),  # not the beginning of a name either
    ],
)
def test_nobody_is_filled_in_by_a_guess(rows, student):
    text, filled = one_row(CANVAS_HEAD + rows, {student: 50.0})
    assert text == CANVAS_HEAD + rows and len(filled.not_in_table) == 1


def test_two_students_who_could_be_one_row_are_both_left_out():
    people = People({0: Person(id="1", login="kim", name="Kim Lee")})
    assert people.find(Person(id="1")) == (0, False)
    text, filled = one_row(f"{CANVAS_HEAD}Kim Lee,1,kim,A,\n", {"kim": 50.0, "Kim Lee": 60.0})
    assert text.endswith("kim,A,\n")
    assert filled.not_in_table == [
        "kim (several people could be meant)",
        "Kim Lee (several people could be meant)",
    ]


def test_an_id_decides_before_a_login_and_a_login_before_a_name():
    people = People(
        {
            0: Person(id="1", login="ada", name="X"),
            1: Person(id="2", login="bob", name="Ada"),
            2: Person(id="3", name="Cy"),
        }
    )
    assert people.find(Person(id="2", login="ada", name="X")) == (1, False)
    assert people.find(Person(login="ada", name="Ada")) == (0, False)
    assert people.find(Person(login="ADA")) == (0, False)
    assert people.find(Person(id="9", name="Cy")) == (None, False)  # another number: another Cy


def test_canvas_writes_names_in_one_column_or_in_two():
    content = "LastName,FirstName,ID,SIS Login ID,Section,conv2d (1)\n    Points Possible,,,,,100\nLovelace,Ada,1,al,A,\n"
    text, filled = one_row(content, {"Ada Lovelace": 50.0})
    assert text.endswith("Lovelace,Ada,1,al,A,50\n") and filled.possible == 100.0


def test_canvas_points_and_its_test_student_are_nobody():
    rows = [[*row] for row in canvas_table()]
    columns = read_columns(rows)
    assert sum(columns.is_student(row) for row in rows[1:]) == len(ENROLLED)


COLUMNS = {
    "which of two": ("Student,ID,Section,conv2d (1),conv2d late (2)\nA,1,A,,\n", "conv2d (1)"),
    "one of its name": ("Student,ID,Section,quiz (1),conv2d late (2)\nA,1,A,,\n", "conv2d late (2)"),
    "the only one": ("Student,ID,Section,homework (1)\nA,1,A,\n", "homework (1)"),
}


@pytest.mark.parametrize(("content", "title"), COLUMNS.values(), ids=COLUMNS)
def test_the_column_is_the_one_that_is_called_like_the_assignment(content, title):
    _, filled = one_row(content, {"A": 1.0})
    assert filled.column == title


def test_a_column_that_is_not_clear_has_to_be_named():
    content = "Student,ID,Section,conv2d early (1),conv2d late (2),Conv2d Total\n    Points Possible,,,1,1,(read only)\nA,1,A,,,\n"
    with pytest.raises(BadSheet, match=r"--column: 'conv2d early \(1\)', 'conv2d late \(2\)'\.$"):
        one_row(content, {"A": 1.0})
    text, _ = one_row(content, {"A": 1.0}, column="conv2d late")
    assert text.endswith("A,1,A,,1,\n")
    with pytest.raises(BadSheet, match="--column"):
        one_row(content, {"A": 1.0}, column="Conv2d Total")


def test_any_table_with_logins_is_filled_when_the_column_is_named():
    text, filled = one_row("Username;Points\nada;\nbob;\n", {"ada": 1.25}, column="points")
    assert text == "Username;Points\nada;1.25\nbob;\n"
    assert filled.without_grade == [Person(login="bob")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_the_same_bytes_but_for_what_is_filled(encoding, end):
    text = end.join(['Username,"Na""me",Points', 'zoë,"Ö, \n x",  ', "", '"bob" ,,""', "last,,"])
    content = text.encode(encoding)
    assert Sheet(content, "f.csv").content() == content
    sheet = Sheet(content, "f.csv")
    fill_in(sheet, {"zoë": 5.0, "bob": 6.0, "last": 7.0}, Index(), "x", column="Points")
    expected = text.replace('x",  ', 'x",5').replace(',,""', ',,"6"').replace("last,,", "last,,7")
    assert sheet.content() == expected.encode(encoding)


BAD_FILES = {
    "a spreadsheet": (b"PK\x03\x04rest", "Download it as CSV"),
    "an open quote": (b'Username,Points\n"ada,\n', "line 2 does not close"),
    "nothing": (b"", "no table"),
    "a short row": (b"Username,Name,Points\nada\n", "Row 2 has fewer cells"),
}


@pytest.mark.parametrize(("content", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_table_is_one_clear_line_and_nothing_is_written(
    content, words, course, tmp_path, capsys
):
    with results_writer(tmp_path / "r.jsonl") as write:
        write(Result(report("ada", 0)))
    (tmp_path / "f.csv").write_bytes(content)
    assert main(["return", "r.jsonl", "--into", "f.csv", "--out", "o.csv", "--column", "Points"]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert words in line and not (tmp_path / "o.csv").exists()


def test_the_platforms_own_file_is_never_written(course, tmp_path, capsys):
    with results_writer(tmp_path / "r.jsonl") as write:
        write(Result(report("ada", 0)))
    (tmp_path / "f.csv").write_text("Username,Points\nada,\n")
    assert main(["return", "r.jsonl", "--into", "f.csv", "--out", "./f.csv", "--column", "Points"]) == 2
    assert (tmp_path / "f.csv").read_text() == "Username,Points\nada,\n"


# --- one total -------------------------------------------------------------------------------------------


@pytest.fixture
def marked(course, tmp_path) -> str:
    """A gradebook in which ada has every kind of mark, bob is not marked yet, and cy is not there at all."""
    db = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(db) as gradebook:
        gradebook.add_assignment("conv2d")
        gradebook.add_notebook("conv2d", "conv2d")
        for cell, points, kind in (
            ("test_pad", 60, "code"),
            ("test_conv2d", 40, "code"),
            ("why", 10, "markdown"),
        ):
            gradebook.add_grade_cell(cell, "conv2d", "conv2d", max_score=points, cell_type=kind)
        gradebook.add_solution_cell("why", "conv2d", "conv2d")
        for student in ("ada", "bob"):
            gradebook.add_student(student)
            notebook = gradebook.add_submission("conv2d", student).notebooks[0]
            for grade in notebook.grades:
                grade.auto_score = {"test_pad": 60.0, "test_conv2d": 30.0}.get(grade.name)
            if student == "ada":
                of_cell = {grade.name: grade for grade in notebook.grades}
                of_cell["test_conv2d"].manual_score = 35.0
                of_cell["why"].manual_score = 7.5
                of_cell["why"].extra_credit = 2.0
                notebook.comments[0].manual_comment = "Good <b>."
                notebook.late_submission_penalty = 10.0
        gradebook.db.commit()
    with results_writer(tmp_path / "r.jsonl") as write:
        for student in ("ada", "bob", "cy"):
            write(Result(report(student, 1000)))
    return db


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader 0.9 with SQLAlchemy 2
def test_the_grade_is_the_gradebooks_total_and_what_it_lacks_is_said(marked, tmp_path, capsys):
    (tmp_path / "f.csv").write_text("Username,Points\nada,\nbob,\ncy,\n")
    arguments = [
        "return",
        "r.jsonl",
        "--into",
        "f.csv",
        "--out",
        "o.csv",
        "--column",
        "Points",
        "--db",
        marked,
    ]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert (tmp_path / "o.csv").read_text() == "Username,Points\nada,94.5\nbob,90\ncy,90\n"
    assert "totals for 2 of 3 students. 1 got the automatic points alone: without written answers" in out
    assert "1 have written answers that nobody has marked; these count as 0." in out


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader 0.9 with SQLAlchemy 2
def test_every_way_out_shows_the_same_total_and_its_parts(marked, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "150")
    assert main(["export", "r.jsonl", "scores.csv", "--db", marked]) == 0
    rows = {row["student"]: row for row in csv.DictReader((tmp_path / "scores.csv").open(encoding="utf-8"))}
    parts = {name: float(rows["ada"][name]) for name in PARTS}
    assert parts == {"automatic": 90, "by_hand": 5, "written": 7.5, "extra_credit": 2, "late_penalty": -10}
    assert sum(parts.values()) == float(rows["ada"]["score"]) == 94.5
    assert [rows[name]["max_score"] for name in ("ada", "bob", "cy")] == ["110.0", "110.0", "100.0"]
    assert (rows["cy"]["score"], rows["cy"]["automatic"], rows["cy"]["written"]) == ("90.0", "90.0", "")
    with Gradebook(marked) as gradebook:
        CsvExport(to=str(tmp_path / "nbgrader.csv")).export(gradebook)
    own = {
        row["student_id"]: row for row in csv.DictReader((tmp_path / "nbgrader.csv").open(encoding="utf-8"))
    }
    assert {name: own[name]["score"] for name in own} == {name: rows[name]["score"] for name in own}
    assert own.keys() == {"ada", "bob"}
    assert main(["report", "r.jsonl", "--db", marked]) == 0
    table = capsys.readouterr().out
    assert re.search(r"ada +│ +90 / 100 │ +94.5 / 110 │", table) and re.search(r"cy +│ +90 / 100 │ +│", table)


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader 0.9 with SQLAlchemy 2
def test_the_feedback_shows_the_total_its_parts_and_what_a_person_wrote(marked, course, tmp_path):
    index = Index({"ada": Known(Person(id="1"), "ada_1_2_", "Canvas")})
    index.write(tmp_path / "submitted" / ".collected" / "conv2d" / "index.json")
    (tmp_path / "f.csv").write_text("Username,Points\nada,\nbob,\ncy,\n")
    into = ["--into", "f.csv", "--out", "o.csv", "--column", "Points", "--db", marked, "--feedback", "z.zip"]
    assert main(["return", "r.jsonl", *into]) == 0
    with zipfile.ZipFile(tmp_path / "z.zip") as archive:
        assert archive.namelist() == ["ada_1_2_feedback.html"]
        page = archive.read("ada_1_2_feedback.html").decode()
    text = " ".join(re.sub(r"<[^>]*>", " ", page.replace("&lt;", "‹").replace("&gt;", "›")).split())
    assert (
        "Automatic checks 90 Changed by hand 5 Written answers 7.5 Extra credit 2 Late penalty -10 Total 94.5 of 110"
        in text
    )
    assert "Written answer: why 7.5 of 10 points. Good ‹b›." in text
