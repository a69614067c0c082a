"""docs/instructors.md is followed in a new folder, from the first command to the last, with a small class on Canvas."""

import csv
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import forked
import nbformat
import pytest
from conftest import ROOT, sample

from autograder.authoring.fill import fill

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(55)]
PAGE = (ROOT / "docs" / "instructors.md").read_text()
HEADER = ["Student", "ID", "SIS Login ID", "Section", "conv2d (11)", "Total"]
CLASS = {
    "lovelace": ("Lovelace, Ada", "71"),
    "hopper": ("Hopper, Grace", "72"),
    "noether": ("Noether, Emmy", "73"),
}


def commands() -> list[str]:
    """Every command of the page, in its order."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def notebook(course: Path, name: str, answer: str = "") -> bytes:
    released = nbformat.read(course / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    filled = fill(released, sample(name))
    for cell in filled.cells:
        if answer and cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("written"):
            cell.source = answer
    return nbformat.writes(filled).encode()


def download(course: Path, name: str, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(course / name, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)


def downloads(course: Path) -> None:
    """What the platform gives once students have handed in."""
    rows = [HEADER, ["    Points Possible", "", "", "", "110", "(read only)"]]
    rows += [[name, number, login, "A", "", "5"] for login, (name, number) in CLASS.items()]
    with (course / "gradebook.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    perfect, stub = notebook(course, "perfect", "It moves along."), notebook(course, "stub_left")
    files = {"lovelaceada_71_901_conv2d (1).ipynb": perfect, "hoppergrace_LATE_72_902_conv2d.ipynb": stub}
    download(course, "submissions.zip", files)
    download(course, "later.zip", {"noetheremmy_73_903_conv2d.ipynb": perfect})


def hand_in_through_the_exchange(course: Path) -> None:
    """What `nbgrader submit` leaves there."""
    place = course / "exchange" / "convolution" / "inbound" / "turing+conv2d+2026-11-28 10:11:12 UTC+abc"
    place.mkdir()
    (place / "conv2d.ipynb").write_bytes(notebook(course, "perfect"))
    (place / "timestamp.txt").write_text("2026-11-28 10:11:12.000000 UTC")
    (place / "submission_secret.txt").write_text("a secret of Turing's")


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


def run(course: Path, command: str) -> str:
    """A command as the page has it, in a process forked from one that has imported nbgrader."""
    words = [word for word in shlex.split(command) if word not in ("python", "-m")]
    done = forked.commands().run(course, *words, env=environment())
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout + done.stderr


def mark(course: Path, command: str) -> str:
    """Runs the command that serves pages of written answers, gives each answer 3 points, and ends it."""
    words = ["bash", "-c", f"exec {command}"]
    with subprocess.Popen(words, cwd=course, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline()
        url = re.search(r"http\S+", said)[0]
        for question in ("1", "2"):
            with urllib.request.urlopen(url + question) as page:
                answers = re.findall(r'data-answer="(\w+)"', page.read().decode())
            marks = [
                {"answer": answer, "score": 3, "comment": "- (+3) As in the model answer."}
                for answer in answers
            ]
            headers = {"Origin": url[: url.index("/", 8)], "Content-Type": "application/json"}
            request = urllib.request.Request(url + "marks", json.dumps({"marks": marks}).encode(), headers)
            urllib.request.urlopen(request).close()
        process.send_signal(signal.SIGINT)
        return said + process.communicate(timeout=60)[0]


@pytest.fixture(scope="module")
def followed(tmp_path_factory, give_key) -> tuple[Path, dict[str, str]]:
    """The folder after the last command, and what each printed."""
    course = tmp_path_factory.mktemp("course")
    give_key(course)
    shutil.copytree(ROOT / "solutions" / "source", course / "solutions" / "source")
    config = (ROOT / "nbgrader_config.py").read_text()
    (course / "nbgrader_config.py").write_text(f"{config}c.Exchange.root = 'exchange'\n")
    (course / "exchange").mkdir()
    (course / "exchange").chmod(0o777)  # as nbgrader wants it
    said = {}
    for command in commands():
        if "collect submissions.zip" in command:
            downloads(course)
        if "collect exchange" in command:
            hand_in_through_the_exchange(course)
        said[command] = (mark if command.endswith(" written") else run)(course, command)
    return course, said


def test_the_page_gives_a_command_for_every_step(followed):
    _, said = followed
    words = (
        "generate_assignment",
        "collect",
        "grade",
        "report",
        "insight",
        "similar",
        "return",
        "export",
        "--only",
        "gradescope-zip",
        "release_assignment",
        "release_feedback",
    )
    for word in words:
        assert any(word in command for command in said), word


def test_the_platforms_file_is_filled_and_feedback_is_packed(followed):
    course, said = followed
    filled = list(csv.DictReader((course / "filled.csv").open(encoding="utf-8", newline="")))
    assert [(row["SIS Login ID"], row["conv2d (11)"]) for row in filled[1:]] == [
        ("lovelace", "106"),  # and 3 points for each written answer
        ("hopper", "80"),
        ("noether", ""),
    ]
    with zipfile.ZipFile(course / "feedback.zip") as archive:
        assert sorted(archive.namelist()) == [
            "hoppergrace_LATE_72_902_feedback.html",
            "lovelaceada_71_901_feedback.html",
        ]
        page = archive.read("lovelaceada_71_901_feedback.html").decode()
    assert page.count("- (+3) As in the model answer.") == 2
    assert "All written answers are marked." in said["python -m autograder written"]
    (out,) = [text for command, text in said.items() if " return " in command]
    assert "1 in the file, without a grade" in out and "totals for 2 of 2 students" in out


def test_feedback_goes_back_through_the_exchange_to_whoever_came_through_it(followed):
    course, said = followed
    (page,) = (course / "exchange" / "convolution" / "feedback").iterdir()
    assert "Automatic checks: 100 of 100 points." in page.read_text()
    told = said["nbgrader release_feedback conv2d"]
    assert "'lovelace' is not released" in told and "'hopper' is not released" in told and "turing" in told


def test_a_second_download_is_graded_on_top(followed):
    course, said = followed
    (first, *_) = [text for command, text in said.items() if "collect submissions" in command]
    assert "Grace Hopper (hopper): the platform says so, not when" in first
    assert "Emmy Noether" in first.partition("in the roster, not here")[2]
    assert sorted(path.name for path in (course / "submitted").glob("[!.]*")) == [
        "hopper",
        "lovelace",
        "noether",
        "turing",
    ]
    assert len((course / "results" / "conv2d.jsonl").read_text().splitlines()) == 4


def test_every_file_and_every_option_that_the_page_names_is_there():
    for link in re.findall(r"\]\(([\w.-]+\.md)\)", PAGE):
        assert (ROOT / "docs" / link).is_file()
    named = set(re.findall(r"(?<![\w-])--[a-z]+", PAGE))
    help_of = [
        run(ROOT, f"python -m autograder {name} --help")
        for name in ("collect", "grade", "written", "return", "gradescope-zip")
    ]
    assert named - set(re.findall(r"--[a-z]+", " ".join(help_of))) <= {"--duedate"}
