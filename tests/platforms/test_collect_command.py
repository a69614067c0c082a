"""`collect` as it is typed: the table that it ends with, the names in the gradebook, one clear line for what cannot be."""

import re

import pytest
from made_up import HERE, ROSTERS, write_download
from nbgrader.api import Gradebook

from autograder.cli import main


@pytest.fixture
def course(tmp_path, monkeypatch):
    """An empty folder to work in, with Blackboard's download and roster."""
    monkeypatch.chdir(tmp_path)
    write_download("Blackboard", tmp_path)
    (tmp_path / "class.csv").write_text(ROSTERS["Blackboard"](), encoding="utf-8", newline="")
    return tmp_path


def counts(out: str) -> dict[str, int]:
    """The table's rows and their numbers."""
    rows = re.findall(r"^│ ?([a-zA-Z,][^│]*?) *│ *(\d+) *│", out, re.MULTILINE)
    return {title: int(number) for title, number in rows}


def test_it_ends_with_a_table_of_all_that_needs_a_look(course, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    arguments = [
        "collect",
        "download.zip",
        "--roster",
        "class.csv",
        "--due",
        "2026-11-20 23:59",
        "--timezone",
        "UTC",
    ]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert counts(out) == {
        "taken": len(HERE) - 1,
        "late": 1,
        "handed in more than once": 1,
        "without a notebook": 1,
        "with a remark": 0,
        "in the roster, not here": 2,
        "here, not in the roster": 1,
        "names that look alike": 2,
    }
    assert "Łukasz Żółw" not in out and "First39 Last39 (s39)" in out and "雷 李 (s03): 2026-11-21" in out
    assert "Took 37 of 38 from Blackboard's download into submitted." in out
    assert "Names were not put into a gradebook. There is no gradebook" in out


@pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader 0.9 with SQLAlchemy 2
def test_names_and_addresses_are_in_the_gradebook(course, capsys):
    db = f"sqlite:///{course / 'gradebook.db'}"
    with Gradebook(db) as gradebook:
        gradebook.add_student("s01", first_name="old", lms_user_id="4711")
    assert main(["collect", "download.zip", "--roster", "class.csv", "--db", db]) == 0
    assert "Names of 37 students are in sqlite" in capsys.readouterr().out
    with Gradebook(db) as gradebook:
        named = {each.id: (each.first_name, each.last_name, each.email) for each in gradebook.students}
        assert gradebook.find_student("s01").lms_user_id == "4711"
    assert named["s01"] == ("Zoë", "O'Neil-Çelik", None)
    assert "s39" not in named  # in no list of the class


BAD = {
    "nothing there": (["collect", "no.zip"], "There is no 'no.zip'"),
    "no zip": (["collect", "class.csv"], "neither a folder nor a zip"),
    "no roster": (["collect", "download.zip", "--roster", "no.csv"], "no.csv"),
    "a roster that is a zip": (["collect", "download.zip", "--roster", "download.zip"], "Download it as CSV"),
    "no time": (["collect", "download.zip", "--due", "03/04/2026"], "2026-11-30 23:59"),
    "no zone": (["collect", "download.zip", "--timezone", "Nowhere/X"], "Europe/Berlin"),
}


@pytest.mark.parametrize(("arguments", "words"), BAD.values(), ids=BAD)
def test_what_cannot_be_is_one_clear_line_and_writes_nothing(arguments, words, course, capsys):
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert words in line and not (course / "submitted").exists()
