"""What grading a submission gives: one flat record for the results file, the gradebook and every page."""

from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from autograder.judge.picture import Picture

OUTCOMES = ("passed", "failed", "error", "timeout", "crashed", "missing", "inconclusive")
# A timing that is borderline, or could not be made, costs no points.
EARNS_POINTS = frozenset({"passed", "inconclusive"})


class TestRecord(TypedDict):
    """One hidden test in the results file; `TestResult` says what the entries mean."""

    name: str
    cell: str
    title: str
    points: float
    max_points: float
    outcome: str
    message: str
    misconception: str | None
    follow_through: NotRequired[str | None]
    picture: dict[str, Any] | None


class Record(TypedDict):
    """One line of the results file; `Report` says what the entries mean."""

    student: str
    assignment: str
    status: str
    reason: NotRequired[str]
    score: float
    max_score: float
    tests: list[TestRecord]
    isolation: list[str]
    remarks: NotRequired[list[str]]
    weak_isolation: NotRequired[list[str]]
    seconds: float


@dataclass(frozen=True)
class TestResult:
    """One hidden test.

    Attributes:
        name: the test function's name, with pytest's parameters where it has them.
        cell: grade_id of the notebook's test cell that it counts for.
        title: what it checks, in words for the student.
        max_points: what it is worth.
        outcome: one of `OUTCOMES`.
        message: for the student; plain text that holds no hidden input. Empty when it passed.
        mistake: the modelled mistake that the answers equal, or None.
        picture: of where the first differing number comes from; None where there is no such place.
        follow_through: the function whose mistake it was, where the test kept points in spite of its outcome; else None.
        followed_points: the points that it kept.
    """

    __test__ = False  # pytest: not a test class

    name: str
    cell: str
    title: str
    max_points: float
    outcome: str
    message: str = ""
    mistake: str | None = None
    picture: Picture | None = None
    follow_through: str | None = None
    followed_points: float = 0.0

    @property
    def points(self) -> float:
        return self.max_points if self.outcome in EARNS_POINTS else self.followed_points

    @property
    def is_to_mend(self) -> bool:
        """Whether something is wrong with the function itself: it lost points, and by no other one's mistake."""
        return self.outcome not in EARNS_POINTS and self.follow_through is None


@dataclass(frozen=True)
class Report:
    """One submission, graded or damaged.

    Attributes:
        student, assignment: whose and which.
        tests: every test of the suite, in its order, whatever happened.
        isolation: the layers that the code ran under; empty when none of it ran.
        seconds: real time that grading took.
        reason: why the submission could not be read; None when it was graded.
        weak_isolation: the layers that did not hold where the class was graded; empty unless that was allowed.
        remarks: what failed when the cells ran, and what else the student should know; a line each, no hidden input in it.
    """

    student: str
    assignment: str
    tests: tuple[TestResult, ...]
    isolation: tuple[str, ...]
    seconds: float
    reason: str | None = None
    weak_isolation: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        return "graded" if self.reason is None else "damaged"

    @property
    def score(self) -> float:
        return sum(test.points for test in self.tests)

    @property
    def max_score(self) -> float:
        return sum(test.max_points for test in self.tests)

    def of_cell(self, cell: str) -> list[TestResult]:
        """The tests that count for one graded cell."""
        return [test for test in self.tests if test.cell == cell]

    def to_json(self) -> Record:
        """The record of the results file."""
        record: Record = {
            "student": self.student,
            "assignment": self.assignment,
            "status": self.status,
            "score": self.score,
            "max_score": self.max_score,
            "tests": [_test_to_json(test) for test in self.tests],
            "isolation": list(self.isolation),
            "seconds": round(self.seconds, 3),
        }
        if self.reason is not None:
            record["reason"] = self.reason
        if self.remarks:
            record["remarks"] = list(self.remarks)
        if self.weak_isolation:
            record["weak_isolation"] = list(self.weak_isolation)
        return record

    @classmethod
    def from_json(cls, record: Record) -> "Report":
        """The report that `to_json` wrote. Raises KeyError or TypeError for another record."""
        return cls(
            student=record["student"],
            assignment=record["assignment"],
            tests=tuple(_test_from_json(test) for test in record["tests"]),
            isolation=tuple(record["isolation"]),
            seconds=record["seconds"],
            reason=record.get("reason"),
            weak_isolation=tuple(record.get("weak_isolation", ())),
            remarks=tuple(record.get("remarks", ())),
        )


def _test_to_json(test: TestResult) -> TestRecord:
    return {
        "name": test.name,
        "cell": test.cell,
        "title": test.title,
        "points": test.points,
        "max_points": test.max_points,
        "outcome": test.outcome,
        "message": test.message,
        "misconception": test.mistake,  # the results file's word
        "follow_through": test.follow_through,
        "picture": test.picture.to_json() if test.picture else None,
    }


def _test_from_json(record: TestRecord) -> TestResult:
    picture = record.get("picture")  # files of earlier versions have none
    follow_through = record.get("follow_through")  # nor this
    return TestResult(
        name=record["name"],
        cell=record["cell"],
        title=record["title"],
        max_points=record["max_points"],
        outcome=record["outcome"],
        message=record["message"],
        mistake=record["misconception"],
        picture=Picture.from_json(picture) if picture is not None else None,
        follow_through=follow_through,
        followed_points=record["points"] if follow_through is not None else 0.0,
    )
