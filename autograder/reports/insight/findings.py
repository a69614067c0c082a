"""From a class's arrays to what a page says: plain records, every number in them ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from autograder.judge.assignment import Assignment
from autograder.judge.naming import names_in
from autograder.judge.picture import Picture
from autograder.reports.insight import measures
from autograder.reports.insight.cohort import ABSENT, CODES, LONGEST, NONE, Cohort
from autograder.reports.insight.people import People, people_of
from autograder.reports.insight.progress import Progress

MOST_PAIRS = 10  # of functions that fail together
MOST_MESSAGES = 20
MOST_CHANGES = 15  # of mistakes, against an earlier class
TO_SAY = 3  # on Monday

Count = int | None  # of students; None where it is not told, as it could point to a few (see `sharing`)


@dataclass(frozen=True)
class Spread:
    """The scores of a class: how many, mean, standard deviation, smallest, quartiles, largest, and how many in each tenth."""

    number: int
    mean: float
    deviation: float
    least: float | None
    low: float
    median: float
    high: float
    most: float | None
    bands: tuple[Count, ...]


@dataclass(frozen=True)
class OfFunction:
    """How many students have a function right, in part, wrong altogether, or not started; they add up to the class.

    Attributes:
        points: the mean share of its points.
        follows: students who got points of it since another function's mistake was the cause.
    """

    name: str
    right: Count
    partly: Count
    wrong: Count
    missing: Count
    points: float | None
    follows: Count


@dataclass(frozen=True)
class OfTest:
    """How many students passed a hidden test, or how they did not; they add up to `number`, those who had it.

    Attributes:
        function: whose test it is.
        passed: with those whose timing could not be told.
        inconclusive: those alone.
        difficulty: the share who passed; None where nobody had the test.
        discrimination: see `measures.discrimination`; None where it cannot be told.
    """

    name: str
    title: str
    function: str
    number: int
    passed: Count
    wrong: Count
    error: Count
    slow: Count
    missing: Count
    inconclusive: Count
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True)
class NamedMistake:
    """A modelled mistake and who has it.

    Attributes:
        name: the mistake's.
        sentence, lecture: what it is and where that is explained; "" for one that the bank does not have.
        number: how many students have it in any function.
        students: who they are.
        functions: how many have it in each function.
        pictures: of a place where an output differed first, one for each function that has one.
    """

    name: str
    sentence: str
    lecture: str
    number: int
    students: tuple[str, ...]
    functions: Mapping[str, Count]
    pictures: Mapping[str, Picture]


@dataclass(frozen=True)
class SameMessage:
    """An error or a difference without a name that several students share."""

    cell: str
    outcome: str
    text: str
    code: str
    students: int


@dataclass(frozen=True)
class Pair:
    """Two functions that the same students do not have right: how many, and how many by chance.

    `follows` is for how many of them one fails tests by the other's mistake alone.
    """

    one: str
    other: str
    both: int
    expected: float
    follows: int


@dataclass(frozen=True)
class Change:
    """A share of this class and of an earlier one, as (count, of how many); `beyond_chance` says if it tells anything."""

    what: str
    now: tuple[int, int]
    earlier: tuple[int, int]

    @property
    def beyond_chance(self) -> bool:
        return measures.beyond_chance(*self.now, *self.earlier)


@dataclass(frozen=True)
class Earlier:
    """This class beside an earlier one: its scores, the functions that are right, and the named mistakes."""

    spread: Spread
    functions: tuple[Change, ...]
    mistakes: tuple[Change, ...]


@dataclass(frozen=True)
class Timing:
    """Seconds of grading: together, the median, what 95 of 100 stay below, the longest."""

    total: float
    median: float
    most_take: float
    longest: float | None


@dataclass(frozen=True)
class Insight:
    """What a page says of a class. `spread` and `timing` are None where nothing was graded.

    Attributes:
        unread: how many submissions could not be read.
        damaged: why, by student.
        people: whom to speak to; None where that is left out.
        named: whether students' names are in it.
    """

    assignment: str
    title: str
    max_score: float
    graded: int
    unread: Count
    damaged: Mapping[str, str]
    spread: Spread | None
    functions: tuple[OfFunction, ...]
    tests: tuple[OfTest, ...]
    reliability: float | None
    mistakes: tuple[NamedMistake, ...]
    pairs: tuple[Pair, ...]
    messages: tuple[SameMessage, ...]
    people: People | None
    timing: Timing | None
    weak: tuple[str, ...]
    left_out: int
    sections: Mapping[str, "OfSection"] = field(default_factory=dict)
    earlier: Earlier | None = None
    progress: Progress | None = None
    named: bool = True

    @property
    def to_say(self) -> tuple[NamedMistake, ...]:
        """The named mistakes that most students have."""
        return self.mistakes[:TO_SAY]


@dataclass(frozen=True)
class OfSection:
    """One section of the class: how many, the mean of their scores, and its commonest mistakes with their students."""

    number: int
    mean: float
    mistakes: tuple[tuple[str, int], ...]


def insight_of(
    cohort: Cohort,
    assignment: Assignment | None = None,
    *,
    earlier: Cohort | None = None,
    sections: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Insight:
    """Everything that the page says.

    Args:
        assignment: says what the named mistakes are; None where the kit does not have it.
        earlier: another class, to compare with.
        sections: the section of the class that a student is in.
        progress: what changed between attempts.
    """
    mistakes = _mistakes(cohort, assignment)
    return Insight(
        assignment=cohort.assignment,
        title=assignment.title if assignment else cohort.assignment[:LONGEST],
        max_score=cohort.max_score,
        graded=len(cohort.students),
        unread=len(cohort.damaged),
        damaged=cohort.damaged,
        spread=_spread(cohort),
        functions=tuple(_of_function(cohort, cell) for cell in cohort.cells),
        tests=_tests(cohort),
        reliability=measures.reliability(*_complete(cohort)),
        mistakes=mistakes,
        pairs=_pairs(cohort),
        messages=_messages(cohort),
        people=people_of(cohort),
        timing=_timing(cohort),
        weak=cohort.weak,
        left_out=cohort.left_out,
        sections=_sections(cohort, mistakes, sections or {}),
        earlier=_earlier(cohort, earlier, assignment) if earlier else None,
        progress=progress,
    )


def passed(cohort: Cohort) -> np.ndarray:
    """Whether each test earned its points by itself [student, test]."""
    return np.isin(cohort.outcomes, (CODES["passed"], CODES["inconclusive"]))


def _spread(cohort: Cohort) -> Spread | None:
    scores = cohort.scores
    if not scores.size:
        return None
    return Spread(
        len(scores),
        float(scores.mean()),
        float(scores.std()),
        float(scores.min()),
        *measures.quartiles(scores),
        float(scores.max()),
        tuple(map(int, measures.bands(scores, cohort.max_score))),
    )


def _of_function(cohort: Cohort, cell: str) -> OfFunction:
    columns = cohort.of_cell(cell)
    outcomes, follows = cohort.outcomes[:, columns], cohort.follows[:, columns] != NONE
    there = outcomes != ABSENT
    had = there.any(axis=1)
    good = passed(cohort)[:, columns]
    right = had & (good | ~there).all(axis=1)
    missing = had & ((outcomes == CODES["missing"]) | ~there).all(axis=1)
    partly = had & good.any(axis=1) & ~right
    points = np.array([cohort.items[column].max_points for column in columns])
    earned, possible = (good * points + cohort.kept[:, columns]).sum(), (there * points).sum()
    return OfFunction(
        cell.removeprefix("test_"),
        right=int(right.sum()),
        partly=int(partly.sum()),
        wrong=int((had & ~right & ~partly & ~missing).sum()),
        missing=int(missing.sum()),
        points=float(earned / possible) if possible else 0.0,
        follows=int(follows.any(axis=1).sum()),
    )


def _complete(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """Who passed what, of the students that had every test; and the tests' points."""
    complete = (cohort.outcomes != ABSENT).all(axis=1)
    points = np.array([item.max_points for item in cohort.items], float)
    return passed(cohort)[complete].astype(float), points


def _tests(cohort: Cohort) -> tuple[OfTest, ...]:
    told = measures.discrimination(*_complete(cohort))
    counts = {name: (cohort.outcomes == code).sum(axis=0) for name, code in CODES.items()}
    good = counts["passed"] + counts["inconclusive"]
    number = (cohort.outcomes != ABSENT).sum(axis=0)
    return tuple(
        OfTest(
            item.name,
            item.title or item.name,
            item.cell.removeprefix("test_"),
            number=int(number[i]),
            passed=int(good[i]),
            wrong=int(counts["failed"][i]),
            error=int(counts["error"][i] + counts["crashed"][i]),
            slow=int(counts["timeout"][i]),
            missing=int(counts["missing"][i]),
            inconclusive=int(counts["inconclusive"][i]),
            difficulty=float(good[i] / number[i]) if number[i] else None,
            discrimination=None if told is None or np.isnan(told[i]) else float(told[i]),
        )
        for i, item in enumerate(cohort.items)
    )


def _mistakes(cohort: Cohort, assignment: Assignment | None) -> tuple[NamedMistake, ...]:
    """By the number of students. One that looks the same in several functions is one mistake, and one that comes together with
    others counts as if it were alone."""
    words = _words(assignment)
    found: dict[tuple[str, str, str], dict[str, np.ndarray]] = {}
    for cell in cohort.cells:
        function, own = cell.removeprefix("test_"), cohort.mistakes[:, cohort.of_cell(cell)]
        for place in np.unique(own[own != NONE]):
            having = (own == place).any(axis=1)
            for name in names_in(cohort.names[place]):
                who = found.setdefault((name, *words.get((function, name), ("", ""))), {})
                who[function] = who[function] | having if function in who else having
    listed = [_named(cohort, key, who) for key, who in found.items()]
    return tuple(sorted(listed, key=lambda each: (-each.number, each.name, each.sentence)))


def _words(assignment: Assignment | None) -> dict[tuple[str, str], tuple[str, str]]:
    """Sentence and section of the lecture, by function and mistake."""
    if assignment is None or assignment.bank is None:
        return {}
    mistakes = (each for known in assignment.bank().mistakes.values() for each in known)
    return {(each.function, each.name): (each.sentence, each.lecture) for each in mistakes}


def _named(cohort: Cohort, key: tuple[str, str, str], who: dict[str, np.ndarray]) -> NamedMistake:
    anywhere = np.flatnonzero(np.any(list(who.values()), axis=0))
    cells = {function: f"test_{function}" for function in who}
    return NamedMistake(
        *key,
        number=len(anywhere),
        students=tuple(cohort.students[row] for row in anywhere),
        functions={function: int(rows.sum()) for function, rows in who.items()},
        pictures={
            function: cohort.pictures[cell, key[0]]
            for function, cell in cells.items()
            if (cell, key[0]) in cohort.pictures
        },
    )


def _pairs(cohort: Cohort) -> tuple[Pair, ...]:
    """The functions that fail together more often than chance has it, the most telling first."""
    cells = cohort.cells
    if not cells or not cohort.students:
        return ()
    good = passed(cohort) | (cohort.outcomes == ABSENT)
    failed = np.stack([~good[:, cohort.of_cell(cell)].all(axis=1) for cell in cells], axis=1)
    both, expected = measures.together(failed)
    by = _followed(cohort)
    pairs = [
        Pair(
            cells[i].removeprefix("test_"),
            cells[j].removeprefix("test_"),
            int(both[i, j]),
            float(expected[i, j]),
            int((failed[:, i] & failed[:, j] & (by[i, j] | by[j, i])).sum()),
        )
        for i in range(len(cells))
        for j in range(i + 1, len(cells))
        if both[i, j] > expected[i, j] + 1e-9
    ]
    return tuple(sorted(pairs, key=lambda pair: pair.expected - pair.both)[:MOST_PAIRS])


def _followed(cohort: Cohort) -> np.ndarray:
    """Whether a function fails tests by another one's mistake alone [function, the other one, student]."""
    found = np.zeros((len(cohort.cells), len(cohort.cells), len(cohort.students)), np.bool_)
    for j, cell in enumerate(cohort.cells):
        name = cell.removeprefix("test_")
        if name in cohort.helpers:
            follows = cohort.follows == cohort.helpers.index(name)
            for i, other in enumerate(cohort.cells):
                found[i, j] = follows[:, cohort.of_cell(other)].any(axis=1)
    return found


def _messages(cohort: Cohort) -> tuple[SameMessage, ...]:
    """What two students or more got without a name, by their number."""
    rows, columns = np.nonzero(cohort.messages != NONE)
    each = np.unique(np.stack([rows, cohort.messages[rows, columns]], axis=1), axis=0)
    counts = np.bincount(each[:, 1], minlength=len(cohort.texts))
    order = sorted(np.flatnonzero(counts > 1), key=lambda place: (-counts[place], cohort.texts[place].text))
    return tuple(
        SameMessage(text.cell.removeprefix("test_"), text.outcome, text.text, text.code, int(counts[place]))
        for place in order[:MOST_MESSAGES]
        for text in [cohort.texts[place]]
    )


def _timing(cohort: Cohort) -> Timing | None:
    seconds = cohort.seconds
    if not seconds.size:
        return None
    median, most = np.quantile(seconds, (0.5, 0.95))
    return Timing(float(seconds.sum()), float(median), float(most), float(seconds.max()))


def _sections(
    cohort: Cohort, mistakes: tuple[NamedMistake, ...], sections: Mapping[str, str]
) -> dict[str, OfSection]:
    """By name; students that are in none are left out."""
    members: dict[str, list[int]] = {}
    for row, student in enumerate(cohort.students):
        if student in sections:
            members.setdefault(sections[student][:LONGEST], []).append(row)
    result = {}
    for name in sorted(members):
        inside = {cohort.students[row] for row in members[name]}
        counts = [(each.name, len(inside.intersection(each.students))) for each in mistakes]
        common = sorted((pair for pair in counts if pair[1]), key=lambda pair: (-pair[1], pair[0]))
        result[name] = OfSection(
            len(inside), float(cohort.scores[members[name]].mean()), tuple(common[:TO_SAY])
        )
    return result


def _earlier(now: Cohort, then: Cohort, assignment: Assignment | None) -> Earlier | None:
    spread, number, of_earlier = _spread(then), len(now.students), len(then.students)
    if spread is None:
        return None
    right, before = _right(now), _right(then)
    functions = (
        Change(name, (right[name], number), (before[name], of_earlier)) for name in right if name in before
    )
    has, had = ({(m.name, m.sentence): m.number for m in _mistakes(c, assignment)} for c in (now, then))
    keys = sorted(has.keys() | had.keys(), key=lambda key: (-has.get(key, 0), -had.get(key, 0), key))
    mistakes = (
        Change(key[0], (has.get(key, 0), number), (had.get(key, 0), of_earlier))
        for key in keys[:MOST_CHANGES]
    )
    return Earlier(spread, tuple(functions), tuple(mistakes))


def _right(cohort: Cohort) -> dict[str, int]:
    """How many have each function right."""
    functions = (_of_function(cohort, cell) for cell in cohort.cells)
    return {each.name: each.right or 0 for each in functions}
