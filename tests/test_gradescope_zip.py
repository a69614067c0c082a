"""The zip for Gradescope holds what Gradescope looks for, and what runs there never leaves it without a record."""

import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import ROOT

from autograder.classroom.accepted_key import accepted_key
from autograder.gradescope.lateness import Lateness, read_lateness
from autograder.gradescope.pins import ROOTS, oldest_python, pinned
from autograder.gradescope.run import NOT_GRADED, _record, _written, main
from autograder.gradescope.settings import Settings, WrittenQuestion
from autograder.grading.report import Report, TestResult
from autograder.judge.rehearsal import EXAMPLE

KEY = EXAMPLE.secret.hex()
DUE = "2026-11-20T23:00:00.000000-08:00"


@pytest.fixture
def built(tmp_path, monkeypatch, autograder, key_file) -> tuple[zipfile.ZipFile, str]:
    """The zip of the repository's own folder, and what the command says."""
    monkeypatch.chdir(ROOT)
    done = autograder(
        *(
            "gradescope-zip",
            tmp_path / "g.zip",
            "--visibility",
            "after_published",
            "--late-penalty",
            "10",
            "--key",
            key_file,
        )
    )
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(tmp_path / "g.zip"), done.stdout


def test_the_zip_has_everything_at_its_top_and_the_choices_in_it(built, tmp_path, key_file):
    archive, said = built
    names = archive.namelist()
    (wheel,) = (name for name in names if name.endswith(".whl"))
    assert set(names) == {
        "setup.sh",
        "run_autograder",
        "settings.json",
        "requirements.txt",
        "python-version",
        wheel,
    }
    for script in ("setup.sh", "run_autograder"):
        assert archive.getinfo(script).external_attr >> 16 & 0o111 == 0o111
        assert archive.read(script).startswith(b"#!/usr/bin/env bash\n")
    settings = json.loads(archive.read("settings.json"))
    assert (settings["visibility"], settings["late_penalty"], settings["allow_weak"]) == (
        "after_published",
        10.0,
        False,
    )
    assert settings["key"] == accepted_key("conv2d", tmp_path, key_file)[0].secret.hex()
    assert [each["points"] for each in settings["written"]] == [5.0, 5.0]
    assert "refuses to grade there" in said and "no 0 either" in said
    assert "Written question 1 (5 points)" in said and "gives 100 points" in said


def test_the_kit_in_it_is_a_wheel_with_the_hidden_tests_and_without_the_authors_side(built):
    archive, _ = built
    (name,) = (name for name in archive.namelist() if name.endswith(".whl"))
    with archive.open(name) as file, zipfile.ZipFile(file) as wheel:
        names = wheel.namelist()
        record = wheel.read(next(each for each in names if each.endswith("/RECORD"))).decode()
    assert {"autograder/suite/conv2d/test_1_one_image.py", "solutions/reference/__init__.py"} <= set(names)
    assert not [
        each
        for each in names
        if each.startswith(("solutions/conv2d", "solutions/source")) or "__pycache__" in each
    ]
    assert {line.split(",")[0] for line in record.splitlines()} == set(names)


def test_the_choice_of_weak_isolation_is_told_in_plain_words(tmp_path, monkeypatch, autograder, give_key):
    monkeypatch.chdir(tmp_path)
    give_key(tmp_path)
    done = autograder("gradescope-zip", "g.zip", "--allow-weak-isolation")
    assert "can read the hidden tests" in done.stdout and "what you chose" in done.stdout
    assert "written answers are left out" in done.stderr
    assert json.loads(zipfile.ZipFile("g.zip").read("settings.json"))["allow_weak"] is True
    Path("no.ipynb").write_text("{}")
    done = autograder("gradescope-zip", "g2.zip", "--release", "no.ipynb")
    assert done.returncode == 2 and "is no released notebook" in done.stderr and not Path("g2.zip").exists()
    assert autograder("gradescope-zip", "g2.zip", "--late-penalty", "-1").returncode == 2


def test_every_package_that_grading_needs_is_pinned_and_jupyter_is_not_among_them():
    pins = pinned()
    assert set(ROOTS) < set(pins) and not {"nbgrader", "jupyterlab", "notebook", "matplotlib"} & set(pins)
    assert all(re.fullmatch(r"[\w.+!]+", version) for version in pins.values())
    assert oldest_python(pins) in ("3.11", "3.12")


# --- lateness --------------------------------------------------------------------------------------------


def metadata(tmp_path: Path, created: object, *extensions: str | None, due: str | None = DUE) -> Path:
    users = [{"assignment": {"due_date": each}} for each in extensions]
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps({"created_at": created, "assignment": {"due_date": due}, "users": users}))
    return path


@pytest.mark.parametrize(
    ("created", "extensions", "days"),
    [
        ("2026-11-20T22:59:59.365935-08:00", (), 0),
        ("2026-11-20T23:00:01.000000-08:00", (), 1),
        ("2026-11-21T07:00:01Z", (), 1),  # the same moment
        ("2026-11-22T23:30:00.000000-08:00", (), 3),
        ("2026-11-22T23:30:00.000000-08:00", ("2026-11-22T23:00:00.000000-08:00",), 1),
        ("2026-11-22T22:30:00.000000-08:00", (None, "2026-11-22T23:00:00.000000-08:00"), 0),
    ],
)
def test_each_day_that_has_begun_after_the_due_date_or_an_extension_counts(
    created, extensions, days, tmp_path
):
    assert read_lateness(metadata(tmp_path, created, *extensions)).days == days


def test_times_that_are_not_told_count_as_on_time_and_the_instructor_is_told(tmp_path):
    for path in (tmp_path / "none.json", metadata(tmp_path, 5), metadata(tmp_path, "soon")):
        lateness = read_lateness(path)
        assert lateness.days == 0 and "counts as on time" in lateness.problem
    assert read_lateness(metadata(tmp_path, "2026-11-21T07:00:01Z", due=None)) == Lateness(
        datetime(2026, 11, 21, 7, 0, 1, tzinfo=UTC)
    )


# --- the record ------------------------------------------------------------------------------------------

REPORT = Report(
    "submission",
    "conv2d",
    (
        TestResult("a", "test_pad", "Pads", 60.0, "passed"),
        TestResult("b", "test_pad", "Hidden", 40.0, "failed", "Mend it."),
    ),
    ("landlock", "seccomp"),
    1.0,
)
WRITTEN = (
    WrittenQuestion("why", "Why?", 5.0, "*Write here.*"),
    WrittenQuestion("how", "How?", 5.0, "*Write here.*"),
)


def test_the_record_has_the_penalty_the_written_answers_and_the_instructors_view():
    late = Lateness(datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
    cells = [{"cell_type": "markdown", "source": "So <b>.", "metadata": {"nbgrader": {"grade_id": "why"}}}]
    written = list(
        _written(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 4}).encode(), WRITTEN)
    )
    settings = Settings("conv2d", KEY, "after_published", late_penalty=10.0, written=WRITTEN)
    record = _record(REPORT, settings, late, written, ["holds landlock"])
    assert record["score"] == 40.0 and record["output"].startswith(
        "Handed in 2026-11-22 00:00 UTC, due 2026-11-20 00:00 UTC: 2 days late, which costs 20 points.\n"
    )
    *graded, why, how, doctor = record["tests"]
    assert [(test["score"], test["visibility"]) for test in graded] == [
        (60.0, "after_published"),
        (0.0, "after_published"),
    ]
    assert (why["output"], why["output_format"]) == ("So <b>.", "text") and "score" not in why
    assert how["output"].startswith("The answer's cell was not found")
    assert (doctor["visibility"], doctor["output"]) == ("hidden", "holds landlock")
    assert record["stdout_visibility"] == "hidden" and record["extra_data"]["late_days"] == 2
    settings = Settings("conv2d", KEY, late_penalty=70.0)
    assert _record(REPORT, settings, late, [], [])["score"] == 0.0  # never below


def test_whatever_goes_wrong_there_is_a_record_without_a_score(tmp_path, capsys):
    assert main(tmp_path) == 1
    record = json.loads((tmp_path / "results" / "results.json").read_text())
    assert (
        record["output"] == NOT_GRADED and "score" not in record and record["stdout_visibility"] == "hidden"
    )
    assert "settings.json" in capsys.readouterr().out
