"""The grades that go out: from the course's gradebook where there is one, else the automatic points alone, and it is said which."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom.results import each_result
from autograder.gradebook.errors import NoGradebook

if TYPE_CHECKING:
    from autograder.gradebook.totals import Total

COURSE_FILES = ("nbgrader_config.py", "gradebook.db")
ABOUT_TOTALS = """\
A grade is the total of the course's gradebook, into which 'record' or 'grade --record' puts results: automatic points,
changes of them by hand, written answers, extra credit, and the late penalty. nbgrader export shows the same. A student
whose results are not in a gradebook gets the automatic points, and the last line says so."""


@dataclass(frozen=True)
class Grade:
    """A student's grade.

    Attributes:
        total: from the gradebook; None where there are the automatic points alone.
    """

    automatic: float
    automatic_max: float
    total: "Total | None"

    @property
    def score(self) -> float:
        return self.automatic if self.total is None else self.total.score

    @property
    def max_score(self) -> float:
        return self.automatic_max if self.total is None else self.total.max_score

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What it is made of, in words; nothing for what is zero and always was."""
        if self.total is None:
            return []
        t = self.total
        parts = [
            ("Automatic checks", t.automatic),
            ("Changed by hand", t.by_hand),
            ("Written answers", t.written),
        ]
        parts += [("Extra credit", t.extra), ("Late penalty", t.late)]
        shown = [(words, f"{points:g}") for words, points in parts if points or words == "Automatic checks"]
        waiting = f", {t.waits} written answers not marked yet" if t.waits else ""
        return [*shown, ("Total", f"{t.score:g} of {t.max_score:g}{waiting}")]

    @property
    def columns(self) -> dict[str, float]:
        """The same for a table; see `autograder.reports.csv_scores.PARTS`."""
        if self.total is None:
            return {}
        t = self.total
        parts = {"automatic": t.automatic, "by_hand": t.by_hand, "written": t.written}
        ends = {"extra_credit": t.extra, "late_penalty": t.late, "score": t.score, "max_score": t.max_score}
        return parts | ends

    @property
    def marks(self) -> list[tuple[str, str, str]]:
        """Written answers: which, the points in words, the comment."""
        return [
            (
                mark.cell,
                "Not marked yet." if mark.score is None else f"{mark.score:g} of {mark.max_score:g} points.",
                mark.comment,
            )
            for mark in (self.total.marks if self.total else ())
        ]


def read_grades(
    results: Path, assignment: str | None, db: str | None
) -> tuple[dict[tuple[str, str], Grade], str]:
    """The grades of a results file by student and assignment, and what to say of where they are from.

    Args:
        assignment: of this one alone; None for all of the file.

    Raises `BadResults`.
    """
    automatic = {
        (result.report.student, result.report.assignment): (result.report.score, result.report.max_score)
        for result in each_result(results)
        if assignment in (None, result.report.assignment)
    }
    totals, why_not = _totals({name for _, name in automatic}, db)
    grades = {key: Grade(*points, totals.get(key)) for key, points in automatic.items()}
    return grades, _note(list(grades.values()), why_not)


def _totals(assignments: set[str], db: str | None) -> tuple[dict[tuple[str, str], "Total"], str]:
    # nbgrader takes seconds to import, and there is nothing for it to read in a folder that is no course's.
    if db is None and not any(map(Path.exists, map(Path, COURSE_FILES))):
        return {}, "There is no gradebook in this folder."
    from autograder.gradebook.course import Course
    from autograder.gradebook.totals import read_totals

    try:
        course = Course.here(db)
        return {
            (student, name): total
            for name in assignments
            for student, total in read_totals(course, name).items()
        }, ""
    except NoGradebook as error:
        return {}, str(error)


def _note(grades: list[Grade], why_not: str) -> str:
    alone = sum(grade.total is None for grade in grades)
    waits = sum(bool(grade.total and grade.total.waits) for grade in grades)
    differ = sum(bool(g.total and abs(g.total.automatic - g.automatic) > 1e-6) for g in grades)
    sentences = [
        f"Grades are the gradebook's totals for {len(grades) - alone:,} of {len(grades):,} students."
    ]
    if alone:
        sentences.append(
            f"{alone:,} got the automatic points alone: without written answers, changes by hand, extra credit and late "
            f"penalty. {why_not or 'The others are not in the gradebook; record them first.'}"
        )
    if waits:
        sentences.append(f"{waits:,} have written answers that nobody has marked; these count as 0.")
    if differ:
        sentences.append(
            f"{differ:,} have other automatic points in the gradebook than in the results: record them."
        )
    return " ".join(sentences)
