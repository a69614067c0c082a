"""Grades one attack after the other in one grading process, and judges what came of each."""

import contextlib
import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from autograder.classroom.submissions import Submission, find_submissions
from autograder.grading import Grader, Report
from autograder.grading.notebook import Damaged
from autograder.grading.submission import BUSY, GradingLimits, damaged
from autograder.judge.rehearsal import EXAMPLE
from autograder.reports.csv_scores import write_scores
from autograder.reports.feedback import cell_html, summary_html
from autograder.reports.gradescope import gradescope_results
from autograder.reports.table import class_table
from autograder.sandbox import Limits
from rich.console import Console

from attacks.corpus import Attack, controls
from attacks.course import Course, a_course
from attacks.overhearing import Ear, forget_peak_memory, overhearing, peak_memory
from attacks.processes import adopting_orphans, too_many, usual_number
from attacks.submitting import ASSIGNMENT, WITNESS, submit, withdraw
from attacks.verdict import Verdict

MEBIBYTE = 1 << 20
LIMITS = GradingLimits(
    Limits(
        cpu_seconds=0.3,
        wall_seconds=3.0,
        total_cpu_seconds=15,
        memory_bytes=512 * MEBIBYTE,
        file_bytes=2 * MEBIBYTE,
        scratch_bytes=8 * MEBIBYTE,
        files=300,
        threads=64,
        reply_bytes=16 * MEBIBYTE,
    ),
    total_seconds=30.0,
)
HURRIED = replace(LIMITS, total_seconds=2.0)  # for those that would take all the time that they get
# Real time, with a second more than a submission gets. Only those of the family "outlasting" sleep as others wait.
MOST_SECONDS, MOST_HURRIED_SECONDS = LIMITS.total_seconds + 1, BUSY * HURRIED.total_seconds + 1
MOST_USUAL = 5.0  # times what a control took: what every submission costs, on a machine as busy as this one
MOST_MEMORY = 2.0  # times what grading the right control took
LOOT = b"loot: "  # with which the attacks begin whatever they try to carry out in a message
THROUGH = re.compile(
    rb"got through: [^\"]{0,80}"
)  # with which they announce that something worked which must not
CLUMSY = re.compile(
    rb"loot: (?:Name|Type|Attribute|Argument|Syntax)Error: [^\"]{0,80}"
)  # the attack itself is wrong
FINGERPRINT = re.compile(rb"fingerprint \w+")  # what the witness sees


class FreshGrader(Grader):
    """Each of its workers is an interpreter of its own."""

    _server = None


class Judge:
    """Grades attacks and looks at everything that must not have happened. Made by `a_judge`."""

    def __init__(self, grader: Grader, hurried: Grader, course: Course, ear: Ear, tier: int):
        self._grader, self._hurried, self._course, self._ear = grader, hurried, course, ear
        self._kind_wanted = (tier, not isinstance(grader, FreshGrader))
        self._usual_processes = self._usual_folders = 1000
        self._usual_memory, self._usual_seconds = 1 << 40, 3600.0
        self._witness = self._grade_witness()

    def calibrate(self) -> None:
        """The controls: the right submission passes, the wrong one is caught. Raises RuntimeError otherwise."""
        self._grade(
            Submission(WITNESS, ASSIGNMENT, self._course.submitted), self._hurried
        )  # it starts its server
        verdicts = [self.judge(control) for control in controls().values()]
        for verdict in verdicts:
            if (
                not verdict.contained and self._kind_wanted[0] > 0
            ):  # in tier 0 a worker sees everybody's files
                raise RuntimeError(f"{verdict.attack}: {'; '.join(verdict.gave_way)}")
        self._usual_processes = usual_number()
        self._usual_folders = self._course.scratch_folders()
        self._usual_memory = max(verdict.memory for verdict in verdicts)
        self._usual_seconds = max(verdict.seconds for verdict in verdicts)  # longer on a busy machine

    def judge(self, attack: Attack, witness: bool = True) -> Verdict:
        """Grades the attack's submission, then, where it is asked for, the witness's once more."""
        limits = LIMITS.request
        most = {"bytes": limits.scratch_bytes, "files": limits.files}
        submit(attack, self._course.submitted, self._course.targets | most)
        before = self._course.photograph()
        self._ear.forget()
        forget_peak_memory()
        begun = time.monotonic()
        try:
            report = self._grade(self._submission(), self._hurried if is_hurried(attack) else self._grader)
        except Exception as error:
            gave_way = [f"the grader failed: {type(error).__name__}: {error}"]
            return Verdict(attack.path, tuple(gave_way), seconds=time.monotonic() - begun)
        finally:
            after = self._course.photograph()
            withdraw(self._course.submitted)
        seconds, memory = time.monotonic() - begun, peak_memory()
        worker_memory = self._ear.peak
        gave_way = [
            *self._score(attack, report),
            *self._leaks(report),
            *(f"changed: {path}" for path in sorted(_different(before, after))),
            *self._bounds(
                MOST_HURRIED_SECONDS if is_hurried(attack) else MOST_SECONDS, seconds, memory, worker_memory
            ),
            *self._kind(report),
            *self._leftovers(),
            *(f"somebody connected to {door}" for door in self._course.doors.visited()),
            *(self._neighbour() if witness else ()),
        ]
        messages = tuple(dict.fromkeys(test.message for test in report.tests if test.message))
        return Verdict(attack.path, tuple(gave_way), report.score, seconds, memory, worker_memory, messages)

    # --- grading -------------------------------------------------------------------------------------------

    def _submission(self) -> Submission:
        """The one that is not the witness's, as a class's submissions are found."""
        found = find_submissions(self._course.submitted, ASSIGNMENT)
        (other,) = (each for each in found if each.student != WITNESS)
        return other

    def _grade(self, submission: Submission, grader: Grader) -> Report:
        names = {"student": submission.student, "assignment": submission.assignment}
        try:
            return grader.grade(submission.read(), key=EXAMPLE, **names)
        except Damaged as damage:
            return damaged(str(damage), **names)

    def _grade_witness(self) -> tuple[dict, list[bytes]]:
        """What is said of the witness, but for the time, and what the witness sees around it.

        How often it tells that hangs on time: after its test has failed, calls that were sent ahead are answered or not.
        """
        self._ear.forget()
        report = self._grade(Submission(WITNESS, ASSIGNMENT, self._course.submitted), self._grader)
        record = {key: value for key, value in report.to_json().items() if key != "seconds"}
        return record, sorted({each for each in self._ear.said if FINGERPRINT.fullmatch(each)})

    # --- judging -------------------------------------------------------------------------------------------

    def _score(self, attack, report) -> Iterator[str]:
        if report.score != attack.honest:
            yield f"the score is {report.score:g}, not the honest {attack.honest:g}"

    def _leaks(self, report) -> Iterator[str]:
        for place in self._course.canaries.in_(b"\n".join(self._ear.said)):
            yield f"the worker told the canary of {place}"
        for said in sorted({each.decode("ascii", "replace") for each in self._ear.said}):
            if said.startswith("got through: "):
                yield said
            if said.startswith("loot: "):
                yield f"the attack itself is broken: {said}"
        told = published(report)
        for place in self._course.canaries.in_(told):
            yield f"the report tells the canary of {place}"
        if LOOT in told:
            yield "the report repeats what the attack carried out"

    def _bounds(self, most_seconds, seconds, memory, worker_memory) -> Iterator[str]:
        most_seconds += MOST_USUAL * self._usual_seconds
        if seconds > most_seconds:
            yield f"it took {seconds:.1f} seconds, more than {most_seconds:.1f}"
        if memory > MOST_MEMORY * self._usual_memory:
            times = memory / self._usual_memory
            yield f"the grader took {times:.1f} times the memory that a right submission needs"
        if worker_memory > LIMITS.request.memory_bytes:
            yield f"its worker took {worker_memory / MEBIBYTE:.0f} MiB of memory"

    def _kind(self, report) -> Iterator[str]:
        if self._ear.kinds - {self._kind_wanted}:
            yield "it was not run in the kind of worker that was asked for"
        if report.status == "graded" and not self._ear.workers:
            yield "nobody heard its worker"

    def _leftovers(self) -> Iterator[str]:
        if more := too_many(self._usual_processes):
            yield f"{more} process(es) were left"
        if (more := self._course.scratch_folders() - self._usual_folders) > 0:
            yield f"{more} folder(s) were left"

    def _neighbour(self) -> Iterator[str]:
        report, seen = self._grade_witness()
        if report != self._witness[0]:
            yield "another student's report has changed"
        if seen != self._witness[1]:
            yield "another student's worker sees something that was not there before"


def is_hurried(attack: Attack) -> bool:
    return attack.family == "outlasting"


def published(report: Report) -> bytes:
    """Everything that anybody reads of a report: the results file's line, both feedbacks, the CSV file and the table.

    Raises ValueError where a student's name gets out of its place in one of them.
    """
    line = json.dumps(report.to_json())
    cells = dict.fromkeys(test.cell for test in report.tests)
    pages = [summary_html(report), *(cell_html(report.of_cell(cell)) for cell in cells)]
    pages += [line, json.dumps(gradescope_results(report)), _table(report), _spreadsheet(report)]
    if "\n" in line:
        raise ValueError("a result takes more than one line")
    return "\n".join(pages).encode("utf-8", "replace")


def _table(report) -> str:
    screen = io.StringIO()
    Console(file=screen, width=200, force_terminal=False).print(class_table([report]))
    text = screen.getvalue()
    if not text.replace("\n", "").isprintable():
        raise ValueError("the table steers the terminal")
    return text


def _spreadsheet(report) -> str:
    file = Path("scores.csv")  # the working folder is the course's
    write_scores(lambda: [report], file)
    text = file.read_text(encoding="utf-8")
    file.unlink()
    _, row = csv.reader(io.StringIO(text))
    if any(cell.startswith(("=", "+", "-", "@")) for cell in row):
        raise ValueError("the spreadsheet would take a cell for a formula")
    return text


def _different(before: dict, after: dict) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


@contextlib.contextmanager
def a_judge(folder: Path, make_grader: Callable[[GradingLimits], Grader], tier: int) -> Iterator[Judge]:
    """A judge in an empty folder, who has seen that the controls come out right."""
    limits, hurried = (replace(each, allow_weak=tier == 0) for each in (LIMITS, HURRIED))
    with (
        adopting_orphans(),
        a_course(folder) as course,
        overhearing([course.canaries.pattern(), THROUGH, CLUMSY, FINGERPRINT]) as ear,
        make_grader(limits) as grader,
        make_grader(hurried) as in_a_hurry,
    ):
        judge = Judge(grader, in_a_hurry, course, ear, tier)
        judge.calibrate()
        yield judge
