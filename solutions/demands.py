"""What is demanded of each function of an assignment: one table, and what every visible case and hidden call is an example of.

A *kind* says what the arguments of a call are like, in words: "two images", "a stride of 0 or less". The kinds of a call
follow from its arguments alone (`Demands.kinds`), so a call that asks for something new has a kind that is not in the table.
Each assignment says its own in `solutions/<name>/demands.py`. tests/test_demands.py fails on each gap: a kind that the text
does not say, that no visible case has, or no hidden test, and a call of a kind that is not in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.judge.assignment import Assignment, Exercise
from autograder.judge.rehearsal import HiddenTest, hidden_tests, rehearse
from autograder.judge.visible import Case

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Demand:
    """One kind of call of one function: where it is said, shown and tested; "" and () where it is not.

    Attributes:
        function: which.
        kind: what the arguments are like.
        said: the words of the text.
        shown: the titles of the visible cases.
        tested: the names of the hidden tests.
    """

    function: str
    kind: str
    said: str
    shown: tuple[str, ...]
    tested: tuple[str, ...]


@dataclass(frozen=True)
class Demands:
    """What one assignment demands.

    Attributes:
        suite: its hidden tests.
        text: its notebook's source.
        page: the page that shows the table.
        cases: the visible cases of each function.
        kinds: of a function's name and the arguments of a call of it.
        said: words of the text, and the kinds of calls that they announce. The words stand in the function's own section, in
            the introduction, or in the section that the function's own refers to.
        own: words that count where they stand in the function's own section alone.
        refers: the section that a function's own refers to, and the words by which it does.
    """

    suite: ModuleType
    text: Path
    page: Path
    cases: Mapping[str, Sequence[Case]]
    kinds: Callable[[str, Sequence[Any]], frozenset[str]]
    said: Mapping[str, Sequence[str]]
    own: Sequence[str] = ()
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def assignment(self) -> Assignment:
        """The record."""
        assignment: Assignment = self.suite.ASSIGNMENT
        return assignment

    @property
    def exercises(self) -> list[Exercise]:
        """The functions that are graded here: not those that are brought along."""
        return [exercise for exercise in self.assignment.exercises if not exercise.is_brought]

    # --- the table -------------------------------------------------------------------------------------------

    def table(self) -> list[Demand]:
        """Every kind of call that a visible case or a hidden test makes, in the order of the record."""
        told, found = sections(self.text.read_text(encoding="utf-8")), []
        for exercise in self.exercises:
            name = exercise.name
            shown = self._by_kind(name, ((case.title, case.arguments) for case in self.cases[name]))
            tested = self._by_kind(name, self.hidden_calls(name))
            for kind in dict.fromkeys([*shown, *tested]):
                said = self._said(kind, name, told)
                found.append(Demand(name, kind, said, shown.get(kind, ()), tested.get(kind, ())))
        return found

    def _by_kind(
        self, function: str, calls: Iterable[tuple[str, Sequence[Any]]]
    ) -> dict[str, tuple[str, ...]]:
        """The names of the calls of each kind."""
        found: dict[str, dict[str, None]] = {}
        for name, arguments in calls:
            for kind in sorted(self.kinds(function, arguments)):
                found.setdefault(kind, {})[name] = None
        return {kind: tuple(names) for kind, names in found.items()}

    def hidden_calls(self, function: str) -> Iterator[tuple[str, Sequence[Any]]]:
        """The calls that the hidden tests of a function's cell make of it: the test's name and the arguments."""
        for test in self.own_tests(function):
            for call in rehearse([test], self.assignment.right).calls.get(function, ()):
                if call.keywords:
                    raise ValueError(f"{test.name} calls {function} by keyword, which no visible case can")
                yield test.name, call.arguments

    def own_tests(self, function: str) -> list[HiddenTest]:
        """The hidden tests of a function's cell, but that for speed."""
        return [test for test in hidden_tests(self.suite) if test.cell == f"test_{function}"]

    # --- the text --------------------------------------------------------------------------------------------

    def _said(self, kind: str, function: str, told: Mapping[str, str]) -> str:
        """The words of the text that announce calls of this kind; "" where there are none."""
        announced = (words for words, listed in self.said.items() if kind in listed)
        return next((words for words in announced if self.is_said(words, function, told)), "")

    def is_said(self, words: str, function: str, told: Mapping[str, str]) -> bool:
        """Whether the text says these words of this function."""
        if words in told[function]:
            return True
        if words in self.own:
            return False
        other, referring = self.refers.get(function, ("", ""))
        if words in told[""]:
            return True
        return bool(other) and referring in told[function] and self.is_said(words, other, told)

    # --- the page --------------------------------------------------------------------------------------------

    def sections_of_page(self, demands: Sequence[Demand]) -> list[str]:
        """The lines of the page: a heading and a table for each function."""
        lines = []
        for exercise in self.exercises:
            lines += [
                "",
                f"## {exercise.name} ({exercise.points:g} points)",
                "",
                "| kind of call | the text | visible checks | hidden tests |",
                "|---|---|---|---|",
                *map(self._row, (each for each in demands if each.function == exercise.name)),
            ]
        return lines

    def _row(self, demand: Demand) -> str:
        cases = self.cases[demand.function]
        numbers = [n for n, case in enumerate(cases, 1) if case.title in demand.shown]
        tests = ", ".join(name.removeprefix(f"test_{demand.function}_") for name in demand.tested)
        return f"| {demand.kind} | {demand.said} | {', '.join(map(str, numbers))} | {tests} |"

    def write(self, page: str) -> None:
        """Writes the page and says so."""
        self.page.write_text(page, encoding="utf-8")
        print(f"wrote {self.page.relative_to(ROOT)}")


def chosen(told: Mapping[str, object]) -> Iterator[str]:
    """The words whose condition holds."""
    return (words for words, holds in told.items() if holds)


def sections(text: str) -> dict[str, str]:
    """What students read about each function, by its name, and the introduction, by "".

    A section ends at the function's check. Of its solution cell, only what students get counts.
    """
    found, words, introduction = {}, "", ""
    for cell in re.split(r"^# %%", text.partition("# %%")[2], flags=re.MULTILINE):
        if re.match(r".*\n# ## 1\.", cell):
            found[""], words = _plain(introduction), ""
        given = re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "", cell, flags=re.DOTALL)
        words, introduction = words + given, introduction + given
        if check := re.search(r"^checks\.check_(\w+)\(\)", cell, flags=re.MULTILINE):
            found[check[1]], words = _plain(words), ""
    return found


def _plain(cells: str) -> str:
    """The text on one line."""
    return " ".join(re.sub(r"^# ?", "", cells, flags=re.MULTILINE).split())
