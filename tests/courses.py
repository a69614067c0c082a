"""Courses of nbgrader's: how tests make one, run commands in it, hand something in and look at what came of it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
from conftest import ROOT, sample
from forked import commands
from nbgrader.api import Gradebook

from autograder.authoring.fill import fill

BIN = Path(sys.executable).parent


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess:
    """nbgrader's command, started in the course's folder."""
    return commands().run(course, "nbgrader", *arguments)


def autograder_in(course: Path, *arguments: str) -> subprocess.CompletedProcess:
    """The kit's command, started in the course's folder."""
    return commands().run(course, "autograder", *arguments)


def make_course(folder: Path, settings: str = "") -> Path:
    """A course with its assignment released and nothing submitted. Copying `released_course` takes less."""
    shutil.copytree(ROOT / "solutions" / "source", folder / "solutions" / "source")
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + settings)
    made = nbgrader(folder, "generate_assignment", "conv2d")
    assert made.returncode == 0, made.stderr
    return folder


def submit(
    course: Path,
    student: str,
    sample_name: str | None,
    change: Callable[[nbformat.NotebookNode], object] | None = None,
) -> None:
    """Hands in a sample student's notebook, changed; without a sample's name, half a notebook."""
    path = course / "submitted" / student / "conv2d" / "conv2d.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if sample_name is None:
        path.write_text('{"cells": [ half a notebook')
        return
    released = nbformat.read(course / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    notebook = fill(released, sample(sample_name))
    if change:
        change(notebook)
    path.write_text(json.dumps(notebook))


def rows(course: Path, student: str) -> dict[str, tuple]:
    """Each graded cell's (automatic, manual, needs a person) in the gradebook."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook("conv2d", "conv2d", student)
        return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades}


def feedback(course: Path, student: str) -> str:
    return (course / "feedback" / student / "conv2d" / "conv2d.html").read_text()
