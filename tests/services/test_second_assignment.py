"""The second assignment goes every way that the first one goes, and its notebook learns what it promises."""

import csv
import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from courses import autograder_in, nbgrader
from nbclient import NotebookClient
from nbgrader.api import Gradebook

from autograder.authoring.fill import fill

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(60), pytest.mark.xdist_group("the second assignment")]

NAME = "network"
SAMPLES = ROOT / "demo" / "samples" / NAME
EXPECTED = {"perfect": 100.0, "same_mistake": 92.0, "stub_left": 79.0}


def done(course: Path, *command: str) -> str:
    ended = autograder_in(course, *command)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course in which three students handed in by a platform's zip, and were graded and recorded."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions" / "source", folder / "solutions" / "source")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    assert nbgrader(folder, "generate_assignment", NAME).returncode == 0
    released = nbformat.read(folder / "assignment" / NAME / f"{NAME}.ipynb", as_version=4)
    with zipfile.ZipFile(folder / "download.zip", "w") as download:
        for sample in SAMPLES.glob("*.py"):
            download.writestr(
                f"{sample.stem}/{NAME}.ipynb", nbformat.writes(fill(released, sample.read_text()))
            )
    (folder / "gradebook.csv").write_text("Username,network\n" + "".join(f"{name},\n" for name in EXPECTED))
    done(folder, "collect", "download.zip", "--assignment", NAME, "--roster", "gradebook.csv")
    done(folder, "grade", "submitted", "--assignment", NAME, "--jobs", "1", "--record")
    return folder


def test_results_and_gradebook_have_the_same_scores(course):
    lines = (course / "results" / f"{NAME}.jsonl").read_text().splitlines()
    results = {each["student"]: each for each in map(json.loads, lines)}
    assert {student: each["score"] for student, each in results.items()} == EXPECTED
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        scores = {
            each.student.id: sum(
                grade.auto_score or 0 for notebook in each.notebooks for grade in notebook.grades
            )
            for each in gradebook.assignment_submissions(NAME)
        }
    assert scores == EXPECTED
    tests = {test["name"]: test for test in results["same_mistake"]["tests"]}
    # Under some keys a network trained with such a conv2d still reaches the bound; its losses are never right.
    assert tests["test_train_one_step"]["follow_through"] == "conv2d"
    assert tests["test_cross_entropy_values"]["misconception"] == "sum_for_mean"


def test_a_class_a_platform_and_gradescope_take_it(course):
    done(course, "insight", f"results/{NAME}.jsonl", "class.html")
    assert "You add up the losses of the batch" in (course / "class.html").read_text()
    into = ("--into", "gradebook.csv", "--out", "filled.csv", "--column", NAME)
    done(course, "return", f"results/{NAME}.jsonl", "--assignment", NAME, *into)
    with (course / "filled.csv").open() as filled:
        grades = {row["Username"]: float(row[NAME]) for row in csv.DictReader(filled)}
    assert grades == EXPECTED
    done(course, "gradescope-zip", "--assignment", NAME, "gradescope.zip")
    with zipfile.ZipFile(course / "gradescope.zip") as packed:
        assert {"setup.sh", "run_autograder"} <= set(packed.namelist())


def test_students_read_whose_mistake_it_was_in_their_feedback(course):
    assert nbgrader(course, "generate_feedback", NAME).returncode == 0
    page = (course / "feedback" / "same_mistake" / NAME / f"{NAME}.html").read_text()
    assert "Right, but for your conv2d" in page


def test_the_notebook_checks_its_gradients_and_reads_at_least_85_percent_of_new_clothes(monkeypatch):
    monkeypatch.setitem(os.environ, "OPENBLAS_NUM_THREADS", "1")
    folder = ROOT / "solutions" / "source" / NAME
    notebook = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    printed = "".join(
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    )
    (share,) = re.findall(r"([\d.]+)% of 500 new pictures are right", printed)
    assert float(share) >= 85
    assert "10 of 10 pictures right" in printed
    nudged = re.findall(r"(?m)^(?:filters|bias|weights)\S* +(-?[\d.]+) +(-?[\d.]+)$", printed)
    assert len(nudged) == 6 and all(float(a) == pytest.approx(float(b), abs=2e-4) for a, b in nudged)
    assert "14 of 14 functions pass their checks" in printed
