"""`make demo`: releases both assignments, fills in sample students, grades them, and hands feedback back.

Everything is written to demo/course, a course of its own: a real course's gradebook is never touched.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.authoring.fill import fill_file
from autograder.classroom.results import read_results

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "demo" / "samples"
COURSE = ROOT / "demo" / "course"
FIRST = "conv2d"
ASSIGNMENTS = {FIRST: SAMPLES, "network": SAMPLES / "network"}  # with their sample students
CONFIG = """\
from autograder.gradebook.settings import configure

c = get_config()
configure(c)
c.CourseDirectory.course_id = "convolution-demo"
"""
console = Console()


class DemoFailed(Exception):
    """A step did not do what it should; the message says which and where its log is."""


def main() -> int:
    started = time.monotonic()
    try:
        new_course()
        for title, step in STEPS:
            with console.status(title):
                begun = time.monotonic()
                said = step()
            console.print(f"[bold]✓[/bold] {title} ({time.monotonic() - begun:.0f} s)")
            print(said or "", end="", flush=True)
    except DemoFailed as failure:
        console.print(f"✗ {failure}", markup=False)
        return 1
    closing_screen(time.monotonic() - started)
    return 0


def new_course() -> None:
    shutil.rmtree(COURSE, ignore_errors=True)
    shutil.copytree(ROOT / "solutions" / "source", COURSE / "solutions" / "source")
    (COURSE / "nbgrader_config.py").write_text(CONFIG)


def release() -> None:
    for name in ASSIGNMENTS:
        command("-m", "nbgrader", "generate_assignment", name)


def fill_samples() -> None:
    for name in ASSIGNMENTS:
        released = COURSE / "assignment" / name / f"{name}.ipynb"
        for sample in samples(name):
            fill_file(released, sample, submitted(sample.stem, name))


def submitted(student: str, name: str) -> Path:
    """A student's notebook."""
    return COURSE / "submitted" / student / name / f"{name}.ipynb"


def grade() -> str:
    """What the command prints: the tables of both."""
    options = {name: ("--assignment", name, "--results", f"{name}.jsonl") for name in ASSIGNMENTS}
    return "".join(command("-m", "autograder", "grade", "submitted", *each) for each in options.values())


def record_beside_the_lab() -> None:
    """Each of the two keeps one core busy."""
    with ThreadPoolExecutor() as beside:
        lab = beside.submit(run_lab)
        for name in ASSIGNMENTS:
            command("-m", "nbgrader", "autograde", name)
        lab.result()


def give_feedback() -> str:
    """Each of the two keeps one core busy, mostly with starting nbgrader; beside them its gradebook is looked into."""
    with ThreadPoolExecutor() as beside:
        written = beside.map(partial(command, "-m", "nbgrader", "generate_feedback"), ASSIGNMENTS)
        said = same_scores()
        list(written)
    return said


def run_lab() -> None:
    """The lab on the perfect student's own functions, as a page to look at."""
    os.environ["CONV2D_NOTEBOOK"] = str(submitted("perfect", FIRST))
    lab = ROOT / "notebooks" / "filter_bank.ipynb"
    page = ("--execute", "--to", "html", "--output-dir", str(COURSE))
    command("-m", "nbconvert", *page, str(lab), log="lab-log.txt")


STEPS = [
    ("Release both assignments with nbgrader", release),
    ("Fill in eight sample students, three of whom go on to the second assignment", fill_samples),
    ("Grade them in the sandbox, in parallel", grade),
    (
        "Grade once more by plain 'nbgrader autograde', into the gradebook; run a lab on a student's own conv2d",
        record_beside_the_lab,
    ),
    ("Write the students' feedback with 'nbgrader generate_feedback'", give_feedback),
]


def same_scores() -> str:
    """nbgrader's gradebook must say what the results file says."""
    from autograder.gradebook.marks import automatic_scores  # nbgrader takes seconds to import

    for name in ASSIGNMENTS:
        ours = {report.student: report.score for report in read_results(COURSE / f"{name}.jsonl")}
        theirs = automatic_scores(f"sqlite:///{COURSE / 'gradebook.db'}", name)
        if ours != theirs or set(ours) != {sample.stem for sample in samples(name)}:
            raise DemoFailed(f"{name}: the gradebook's scores {theirs} are not the grader's {ours}.")
    return "✓ nbgrader's gradebook holds the same scores\n"


def closing_screen(seconds: float) -> None:
    here = COURSE.relative_to(ROOT)
    table = Table(
        title=f"Done in {seconds:.0f} s. Where to look", title_justify="left", show_header=False, box=None
    )
    table.add_row(
        "what students get", f"assignment/{FIRST}/{FIRST}.ipynb, then network/   (open them with: make lab)"
    )
    table.add_row(
        "a student's feedback", f"{here}/feedback/same_mistake/{FIRST}/{FIRST}.html; network/ beside it"
    )
    table.add_row("the class, one line each", f"{here}/{FIRST}.jsonl, network.jsonl")
    table.add_row("nbgrader's gradebook", f"cd {here} && jupyter lab   (then: Nbgrader, Formgrader)")
    table.add_row("filter banks on pictures", f"{here}/filter_bank.html")
    table.add_row("the sample students", "demo/samples/*.py, network/*.py")
    console.print()
    console.print(table)


def samples(name: str) -> list[Path]:
    return sorted(ASSIGNMENTS[name].glob("*.py"))


def command(*arguments: str, log: str = "log.txt") -> str:
    """Runs `python ARGUMENTS` in the demo's course; what it prints. What it says besides goes to a log in course/."""
    path = COURSE / log
    looks = {"COLUMNS": str(console.width)} | ({"FORCE_COLOR": "1"} if console.is_terminal else {})
    with path.open("a") as file:
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=COURSE,
            env=os.environ | looks,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            check=False,
        )
    if result.returncode != 0:
        last = path.read_text(errors="replace").strip().splitlines()[-1:]
        raise DemoFailed(
            f"'{' '.join(arguments[1:])}' failed: {''.join(last)} (see {path.relative_to(ROOT)})"
        )
    return result.stdout


if __name__ == "__main__":
    sys.exit(main())
