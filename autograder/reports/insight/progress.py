"""What changes between a student's attempts, and after which kind of feedback a function is right at the next one."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.grading.report import EARNS_POINTS, Report, TestResult
from autograder.reports.insight.cohort import LONGEST, LONGEST_NAME, MOST_NAMES, MOST_TESTS
from autograder.reports.insight.measures import beyond_chance

MOST_ATTEMPTS = 10  # shown one by one; later ones count with the last
MOST_MISTAKES = 15

# What a student read about a function: that it is right, a named mistake, something without a name, that it is missing.
RIGHT, NAMED, NEUTRAL, MISSING = "right", "named", "neutral", "missing"
FOLLOWED = "followed"  # right but for another function: neither kind of message


@dataclass(frozen=True)
class Mended:
    """How often something was read about a function before another attempt, and how often that was right then."""

    what: str
    read: int
    mended: int | None


@dataclass(frozen=True)
class Progress:
    """A class's attempts.

    Attributes:
        students: how many have made one attempt, two, and so on; the last number counts those with more, too.
        means: the mean score of everybody's first attempt, of the second ones, and so on.
        named, neutral, missing: what was mended after each kind of feedback.
        mistakes: the same for each named mistake, those that were read most often first.
    """

    students: tuple[int | None, ...]
    means: tuple[float, ...]
    named: Mended
    neutral: Mended
    missing: Mended
    mistakes: tuple[Mended, ...]

    @property
    def tells(self) -> bool:
        """Whether a named mistake and a neutral message differ beyond chance."""
        if self.named.mended is None or self.neutral.mended is None:
            return False
        return beyond_chance(self.named.mended, self.named.read, self.neutral.mended, self.neutral.read)


State = tuple[str, str]  # what was read, and the mistake's name


@dataclass
class _Seen:
    """What is known so far.

    Attributes:
        attempts: how many each student has made.
        before: what each student read last, by cell.
        number, points: how many attempts are a first, second … one, and their scores together.
        read, mended: how often something was read before another attempt, and how often that was right.
    """

    attempts: Counter[str] = field(default_factory=Counter)
    before: dict[str, dict[str, State]] = field(default_factory=dict)
    number: Counter[int] = field(default_factory=Counter)
    points: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    read: Counter[State] = field(default_factory=Counter)
    mended: Counter[State] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        student, now = report.student[:LONGEST_NAME], _states(report)
        self.attempts[student] += 1
        attempt = min(self.attempts[student], MOST_ATTEMPTS)
        self.number[attempt] += 1
        self.points[attempt] += report.score
        for cell, state in self.before.get(student, {}).items():
            if state[0] != RIGHT and cell in now and (state in self.read or len(self.read) < MOST_NAMES):
                self.read[state] += 1
                self.mended[state] += now[cell][0] == RIGHT
        self.before[student] = now

    def progress(self) -> Progress:
        number = Counter(min(attempts, MOST_ATTEMPTS) for attempts in self.attempts.values())
        most = max(number)
        named = [state for state in self.read if state[0] == NAMED]
        listed = sorted(named, key=lambda state: (-self.read[state], state))[:MOST_MISTAKES]
        return Progress(
            tuple(number[each] for each in range(1, most + 1)),
            tuple(self.points[each] / self.number[each] for each in range(1, most + 1)),
            self._sum("A named mistake", named),
            self._sum("A message without a name", [(NEUTRAL, "")]),
            self._sum("Not started", [(MISSING, "")]),
            tuple(self._sum(state[1], [state]) for state in listed),
        )

    def _sum(self, what: str, states: list[State]) -> Mended:
        return Mended(
            what, sum(self.read[each] for each in states), sum(self.mended[each] for each in states)
        )


def progress_of(attempts: Iterable[Report]) -> Progress | None:
    """What the attempts say, each student's in their order; None where nobody has made a second one.

    Submissions that could not be read are left out.
    """
    seen = _Seen()
    for report in attempts:
        if report.reason is None and len(report.tests) <= MOST_TESTS:
            seen.add(report)
    return seen.progress() if any(number > 1 for number in seen.attempts.values()) else None


def _states(report: Report) -> dict[str, State]:
    """What the student read about each function."""
    tests = defaultdict(list)
    for test in report.tests:
        tests[test.cell].append(test)
    return {cell: _state(own) for cell, own in tests.items()}


def _state(tests: list[TestResult]) -> State:
    if all(test.outcome in EARNS_POINTS for test in tests):
        return RIGHT, ""
    named = next((test.mistake for test in tests if test.mistake is not None), None)
    if named is not None:
        return NAMED, named[:LONGEST]
    lost = [test for test in tests if test.is_to_mend]
    if not lost:
        return FOLLOWED, ""
    return (MISSING if all(test.outcome == "missing" for test in lost) else NEUTRAL), ""
