"""Handing results on: a CSV file that is data to every spreadsheet, and Gradescope's results.json."""

import csv
import json
import os

import pytest
from nbgrader.api import Gradebook

from autograder.classroom.results import Result, results_writer
from autograder.cli import main
from autograder.gradebook.csv_export import CsvExport
from autograder.gradebook.names import unfit
from autograder.gradebook.nbgrader_mends import make_alembic_reachable
from autograder.grading.report import Report, TestResult
from autograder.reports.spreadsheet import harmless_cell

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|'x'!A",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
)


def report(student, *outcomes, **changes) -> Report:
    """Two cells: pad, with all tests but the last, and conv2d with that one. Each test is worth 2.5 points."""
    cells = ["test_pad"] * (len(outcomes) - 1) + ["test_conv2d"]
    tests = tuple(
        TestResult(
            f"{cell}_{i}", cell, f"Title {i}", 2.5, outcome, "" if outcome == "passed" else f"Mend {i}."
        )
        for i, (cell, outcome) in enumerate(zip(cells, outcomes, strict=True))
    )
    return Report(student, "conv2d", tests, **({"isolation": ("namespaces",), "seconds": 0.5} | changes))


@pytest.fixture
def results(tmp_path):
    """A function that writes a results file with these reports."""

    def write(*reports):
        with results_writer(tmp_path / "r.jsonl") as write_result:
            for each in reports:
                write_result(Result(each))
        return tmp_path / "r.jsonl"

    return write


def rows(path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- what is refused or made harmless --------------------------------------------------------------------


@pytest.mark.parametrize("command", ["export", "gradescope"])
def test_a_file_that_is_no_results_file_is_one_clear_line_and_leaves_no_output(command, tmp_path, capsys):
    broken = tmp_path / "r.jsonl"
    broken.write_text('{"student": 3}\n')
    assert main([command, str(broken), str(tmp_path / "out")]) == 2
    assert "Line 1 of" in capsys.readouterr().err
    assert main([command, str(tmp_path / "none.jsonl"), str(tmp_path / "out")]) == 2
    assert "There is no results file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", FORMULAS)
def test_no_name_is_a_formula_in_the_csv_file(name, results, tmp_path):
    assert main(["export", str(results(report(name, "passed", "passed"))), str(tmp_path / "o.csv")]) == 0
    (row,) = rows(tmp_path / "o.csv")
    assert row["student"].startswith("'") and row["student"][1:].split() == name.split()
    assert row["score"] == "5.0"


def test_numbers_stay_numbers_even_negative_ones():
    assert harmless_cell(-2.5) == -2.5 and harmless_cell(None) is None
    assert harmless_cell("a-b=c") == "a-b=c"


def test_commas_quotes_and_line_breaks_in_a_name_shift_no_column(results, tmp_path):
    path = results(report('O"Neil, Jr', "passed", "failed"), report("two\nlines\x1b[31m", "failed", "passed"))
    main(["export", str(path), str(tmp_path / "o.csv")])
    assert [(row["student"], row["score"]) for row in rows(tmp_path / "o.csv")] == [
        ('O"Neil, Jr', "2.5"),
        ("two lines [31m", "2.5"),
    ]
    assert len((tmp_path / "o.csv").read_text().splitlines()) == 3


@pytest.mark.parametrize("name", ["..", ".", "", "../elsewhere", "/etc/x", "a\0b"])
def test_no_student_of_a_results_file_leads_out_of_the_gradescope_folder(name, results, tmp_path, capsys):
    path = results(report(name, "passed", "passed"), report("ada", "passed", "passed"))
    assert main(["gradescope", str(path), str(tmp_path / "out" / "here")]) == 1
    assert "is left out" in capsys.readouterr().err
    written = [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("results.json")]
    assert written == ["out/here/ada/results.json"]


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", 'a"b', "a\\", "a\nb", "..", "x" * 129, "\udcff"]
)
def test_names_that_nbgraders_pages_would_take_for_code_are_refused_with_the_cure(name):
    assert "folder" in unfit(name)


@pytest.mark.parametrize("name", ["ada", "O'Neil, Jr", "zoë@uni.example", "Łukasz Ω", "A&B", "=1", "李雷"])
def test_names_of_people_are_good_names(name):
    assert unfit(name) is None


# --- what is written -------------------------------------------------------------------------------------


def test_the_csv_file_has_a_row_for_each_student_with_the_points_of_each_cell(results, tmp_path, capsys):
    damaged = report("cleo", "missing", "missing", "missing", reason="The file is empty.", isolation=())
    path = results(report("zoë", "passed", "failed", "inconclusive"), damaged, report("ada", *["passed"] * 3))
    assert main(["export", str(path), str(tmp_path / "o.csv")]) == 0
    assert "3 submissions" in capsys.readouterr().out
    assert (tmp_path / "o.csv").read_text(encoding="utf-8").splitlines() == [
        "student,assignment,status,score,max_score,test_pad,test_conv2d,reason",
        "ada,conv2d,graded,7.5,7.5,5.0,2.5,",
        "cleo,conv2d,damaged,0.0,7.5,0.0,0.0,The file is empty.",
        "zoë,conv2d,graded,5.0,7.5,2.5,2.5,",
    ]
    assert not list(tmp_path.glob("*.part"))


def test_gradescope_reads_the_score_and_every_test_as_plain_text(results, tmp_path):
    path = results(report("ada", "passed", "failed", "inconclusive"))
    assert main(["gradescope", str(path), str(tmp_path), "--visibility", "after_published"]) == 0
    record = json.loads((tmp_path / "ada" / "results.json").read_text(encoding="utf-8"))
    assert record["score"] == 5.0 == sum(test["score"] for test in record["tests"])
    assert record["visibility"] == "after_published" and record["output_format"] == "text"
    assert [test["status"] for test in record["tests"]] == ["passed", "failed", "passed"]
    assert record["tests"][1] == {
        "number": "2",
        "name": "pad: Title 1",
        "name_format": "text",
        "score": 0.0,
        "max_score": 2.5,
        "status": "failed",
        "output": "✗ not yet\nMend 1.",
        "output_format": "text",
        "visibility": "after_published",
    }


def test_a_damaged_submission_says_why_on_gradescope(results, tmp_path):
    path = results(report("ada", "missing", "missing", reason="The file is empty.", isolation=()))
    main(["gradescope", str(path), str(tmp_path)])
    record = json.loads((tmp_path / "ada" / "results.json").read_text(encoding="utf-8"))
    assert record["score"] == 0.0 and record["output"].endswith("The file is empty.")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader 0.9 with SQLAlchemy 2
def test_nbgraders_export_writes_no_formula_and_shifts_no_column(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", os.environ["PATH"])  # as it was, when the test has ended
    make_alembic_reachable()
    with Gradebook(f"sqlite:///{tmp_path / 'g.db'}") as gradebook:
        gradebook.add_assignment("conv2d")
        gradebook.add_student("=cmd|' /C calc'!A0", first_name="@SUM(A1)", last_name='O"Neil, Jr', email="+1")
        gradebook.add_student("ada")
        gradebook.add_submission("conv2d", "ada")
        CsvExport(to=str(tmp_path / "g.csv")).export(gradebook)
        CsvExport(to=str(tmp_path / "ada.csv"), student=["ada"], assignment=["other"]).export(gradebook)
    by_student = {row["student_id"]: row for row in rows(tmp_path / "g.csv")}
    assert by_student.keys() == {"'=cmd|' /C calc'!A0", "ada"}
    hostile = by_student["'=cmd|' /C calc'!A0"]
    assert (hostile["first_name"], hostile["last_name"], hostile["email"]) == (
        "'@SUM(A1)",
        'O"Neil, Jr',
        "'+1",
    )
    assert by_student["ada"]["score"] == "0.0" and by_student["ada"]["first_name"] == ""
    assert rows(tmp_path / "ada.csv") == []
