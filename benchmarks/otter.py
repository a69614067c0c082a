"""otter-grader on the notebooks of `benchmarks.against_nbgrader`: an environment, an autograder's zip file, a run each.

`otter run` is what otter does without Docker; `otter grade` runs the same in a container for each submission, which can
only take longer. otter is in an environment of its own, `.bench-otter`, made once: it is no package that the kit needs.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

import nbformat

from benchmarks import environments

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".bench-otter"
OTTER = ("otter-grader==7.0.0", "ipykernel")
TEST = '''OK_FORMAT = True
CODE = """>>> import plain_checks
>>> plain_checks.check({function})
{speed}"""
test = {{
    "name": "{function}",
    "points": 1,
    "suites": [
        {{
            "cases": [{{"code": CODE, "hidden": True, "locked": False}}],
            "scored": True,
            "setup": "",
            "teardown": "",
            "type": "doctest",
        }}
    ],
}}
'''
FILES = (
    "plain_checks.py",
    "textbook.py",
    "hidden.pickle",
    "checks.py",
)  # of the course, beside each submission
SPEED = ">>> plain_checks.check_speed(conv2d_matmul)\n"


def environment() -> Path:
    """Make `.bench-otter` unless it is there; return the folder of its commands."""
    return environments.environment(HOME, lambda pip: subprocess.run([*pip, *OTTER], check=True)).parent


def make_autograder(course: Path, functions: list[str]) -> None:
    """`autograder.zip` in the course's folder: the checks of the nbgrader course beside it, as otter's hidden tests."""
    tests = course / "tests"
    tests.mkdir()
    for function in functions:
        speed = SPEED if function == "conv2d_matmul" else ""
        (tests / f"{function}.py").write_text(TEST.format(function=function, speed=speed))
    (course / "requirements.txt").write_text("numpy\n")
    source = course / "source" / "conv2d"
    for file in FILES:
        shutil.copy(source / file, course)
    _otter(course, "generate", "-t", tests, "-o", "autograder.zip", *FILES)


def seconds(course: Path) -> float:
    """What `otter run` takes for all submissions, one after the other; their notebooks without nbgrader's checks."""
    taken = 0.0
    for path in sorted(course.glob("submitted/*/conv2d/conv2d.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if "plain_checks" not in cell.source]
        alone = course / "otter" / f"{path.parts[-3]}.ipynb"
        alone.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, alone)
        begun = time.perf_counter()
        _otter(course, "run", "--no-logo", "-a", "autograder.zip", "-o", alone.parent, alone)
        taken += time.perf_counter() - begun
    return taken


def _otter(course: Path, *arguments: object) -> None:
    commands = environment()
    path = f"{commands}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [commands / "otter", *map(str, arguments)],
        cwd=course,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"otter {arguments[0]} failed:\n{done.stderr[-2000:]}")
