"""What grading a submission gives: one flat record for the results file, the gradebook and every page."""

from dataclasses import asdict, dataclass

from autograder.suite.window import Window

OUTCOMES = ("passed", "failed", "error", "timeout", "crashed", "missing", "inconclusive")
# A timing that could not be told apart from noise never costs points.
EARNS_POINTS = frozenset({"passed", "inconclusive"})


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
        misconception: the modelled mistake that the answers equal, or None.
        window: where the first differing number comes from, for a picture; None where there is no such place.
    """

    __test__ = False  # pytest: not a test class

    name: str
    cell: str
    title: str
    max_points: float
    outcome: str
    message: str = ""
    misconception: str | None = None
    window: Window | None = None

    @property
    def points(self) -> float:
        return self.max_points if self.outcome in EARNS_POINTS else 0.0


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

    def to_json(self) -> dict:
        """The record of the results file."""
        record = {"student": self.student, "assignment": self.assignment, "status": self.status}
        if self.reason is not None:
            record["reason"] = self.reason
        record |= {"score": self.score, "max_score": self.max_score}
        record["tests"] = [
            {
                "name": test.name,
                "cell": test.cell,
                "title": test.title,
                "points": test.points,
                "max_points": test.max_points,
                "outcome": test.outcome,
                "message": test.message,
                "misconception": test.misconception,
                "window": asdict(test.window) if test.window else None,
            }
            for test in self.tests
        ]
        if self.remarks:
            record["remarks"] = list(self.remarks)
        record["isolation"] = list(self.isolation)
        if self.weak_isolation:
            record["weak_isolation"] = list(self.weak_isolation)
        return record | {"seconds": round(self.seconds, 3)}

    @classmethod
    def from_json(cls, record: dict) -> "Report":
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


def _test_from_json(record: dict) -> TestResult:
    fields = {key: value for key, value in record.items() if key not in ("points", "window")}
    window = record["window"]
    if window is not None:
        window = Window(**{key: tuple(pair) for key, pair in window.items()})
    return TestResult(**fields, window=window)
