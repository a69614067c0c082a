"""Names that are easily taken for one another stay apart on every way, and are told."""

import csv
import unicodedata

import pytest

from autograder.classroom.results import Result, each_result, results_writer
from autograder.cli import main
from autograder.grading.submission import damaged
from autograder.platforms.filling import fill_in
from autograder.platforms.index import Index
from autograder.platforms.people import mixed_up
from autograder.platforms.sheet import Sheet

PAIRS = {
    "case": ("Bob", "bob"),
    "a blank behind": ("cleo", "cleo "),
    "a blank before": ("dan", " dan"),
    "a blank that does not break": ("eve x", "eve\N{NO-BREAK SPACE}x"),
    "a sign without width": ("fay", "fa\N{ZERO WIDTH JOINER}y"),
    "a sign that turns the writing": ("gus", "g\N{RIGHT-TO-LEFT MARK}us"),
    "Unicode forms": (unicodedata.normalize("NFC", "josé"), unicodedata.normalize("NFD", "josé")),
    "full width": ("hal", "\N{FULLWIDTH LATIN SMALL LETTER H}al"),
    "a Cyrillic letter": ("ian", "i\N{CYRILLIC SMALL LETTER A}n"),
    "a Greek letter": ("otto", "\N{GREEK SMALL LETTER OMICRON}tto"),
    "ss": ("strasse", "straße"),
    "an apostrophe before a formula": ("=1", "'=1"),
}
EVERY_PAIR = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
FAR_APART = ["ada", "adam", "ada.l", "ada-1", "ada-11", "1-ada", "zoë", "zoe2", "学生1", "学生2", "=2"]


@EVERY_PAIR
def test_two_such_names_are_told(pair):
    assert mixed_up([*FAR_APART, *pair]) == [sorted(pair)]


def test_other_names_are_not():
    assert mixed_up(FAR_APART) == []


@pytest.fixture
def graded(tmp_path):
    """A results file with all of them."""
    file = tmp_path / "r.jsonl"
    with results_writer(file) as write:
        for student in (name for pair in PAIRS.values() for name in pair):
            write(Result(damaged("nothing was handed in", student=student, assignment="conv2d")))
    return file


@pytest.mark.sandbox
def test_grading_keeps_them_apart_and_tells_them(tmp_path, key_file, capsys):
    for names in PAIRS.values():
        for name in names:
            folder = tmp_path / "submitted" / name / "conv2d"
            folder.mkdir(parents=True)
            (folder / "conv2d.ipynb").write_text("no notebook")
    results = tmp_path / "r.jsonl"
    options = ["--results", results, "--jobs", "1", "--key", key_file]
    assert main(["grade", *map(str, [tmp_path / "submitted", *options])]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "easily taken for one student" in line]
    assert len(told) == len(PAIRS)
    assert any(r"'jose\u0301', 'jos\xe9'" in line for line in told)
    assert sorted(result.report.student for result in each_result(results)) == sorted(sum(PAIRS.values(), ()))


def test_a_spreadsheet_has_a_row_for_each_and_they_are_told(graded, tmp_path, capsys):
    assert main(["export", str(graded), str(tmp_path / "scores.csv")]) == 0
    with (tmp_path / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * len(PAIRS)
    assert capsys.readouterr().err.count("easily taken for one student") == len(PAIRS)
    assert (tmp_path / "scores.csv").stat().st_mode & 0o077 == 0


@EVERY_PAIR
@pytest.mark.parametrize("row", [0, 1])
def test_a_platforms_row_is_filled_for_its_own_student_or_for_nobody(pair, row, tmp_path):
    """The table has one of the two, as the platform writes names: without blanks at the ends."""
    table = tmp_path / "table.csv"
    table.write_text(f"Login,Points\n{pair[row].strip()},\n", encoding="utf-8")
    sheet = Sheet.read(table)
    grades = {pair[0]: 20.0, pair[1]: 10.0}
    fill_in(sheet, grades, Index({}), "conv2d", column="Points")
    there = sheet.texts()[1][1]
    assert there in ("", f"{grades[pair[row]]:g}")
