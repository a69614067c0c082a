"""What an assignment is: one record, in the assignment's own folder, from which everything else follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from autograder.judge.bank import Bank
from autograder.judge.picture import Picture
from autograder.judge.plain_words import Hint
from autograder.judge.twin import Twin


@dataclass(frozen=True)
class Exercise:
    """One function that students write.

    Attributes:
        name: the function's, which is the grade_id of its solution cell.
        points: what its hidden tests add up to. A function of an earlier assignment that students bring along gives
            none here: its mistakes are told, and followed through.
        right: a right implementation; it takes the student's arguments.
        builds_on: other functions of the notebook that this one may call for a part of its work. Where one of them is
            wrong, and this one right but for that, this one keeps its points (`autograder.grading.follow_through`).
            Never one that does all of the work, or nearly: calling it would be no answer.
    """

    name: str
    points: float
    right: Callable[..., Any]
    builds_on: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """The grade_id of its graded cell."""
        return f"test_{self.name}"

    @property
    def is_brought(self) -> bool:
        """Whether it is a function of an earlier assignment, which was graded there."""
        return self.points == 0


@dataclass(frozen=True)
class Assignment:
    """One assignment.

    Attributes:
        name: its folder's, its notebook's, and the one by which every command knows it.
        title: for people.
        summary: what students do in it, in one sentence.
        exercises: the functions, in the order of the notebook. Whatever else speaks of a function that is not
            listed here (a section of the text, visible cases, hidden tests, modelled mistakes) is left out.
        bank: gives the modelled mistakes; None where there are none.
        baseline: a module that needs NumPy alone, whose functions hidden tests time the student's against.
        origins: a module that needs NumPy and the judge's visible half alone: how outputs are made, hints. It
            becomes a part of the students' checks.py. None where there is nothing to explain.
        helpers: modules and packages that need NumPy and each other alone. The first has a right version of every function
            that others build on. Their files go into a worker of its own, where they answer for a student's wrong ones.
            Empty where nothing is followed through.
        follow_through: which share of its points a function keeps that is right but for another one's mistake: from 0,
            for none, to 1.
        hints: what errors mean here; asked before the judge's own.
        draw: gives the HTML of a picture, "" for one that it does not know.
        twins: for a hidden test's name, calls of the same kind that a student who failed it may see.
        labs: the lab notebooks that belong to it, by name.
        pictures: the samples of the package `data` that the notebook itself loads, by name.
    """

    name: str
    title: str
    summary: str
    exercises: tuple[Exercise, ...]
    bank: Callable[[], Bank] | None = None
    baseline: ModuleType | None = None
    origins: ModuleType | None = None
    helpers: tuple[ModuleType, ...] = ()
    follow_through: float = 1.0
    hints: tuple[Hint, ...] = ()
    draw: Callable[[Picture], str] | None = None
    twins: Mapping[str, Twin] = field(default_factory=dict)
    labs: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def points(self) -> dict[str, float]:
        """What each graded cell of the notebook is worth."""
        return {exercise.cell: exercise.points for exercise in self.exercises}

    @property
    def right(self) -> dict[str, Callable[..., Any]]:
        """The right functions by name."""
        return {exercise.name: exercise.right for exercise in self.exercises}

    @property
    def built_on(self) -> list[str]:
        """The functions that others build on, in the notebook's order."""
        names = {name for exercise in self.exercises for name in exercise.builds_on}
        return [exercise.name for exercise in self.exercises if exercise.name in names]
