"""Follow-through: a function that is right but for a helper keeps its points, so that one mistake costs once.

Where tests of a function fail and another one that it may build on (`Exercise.builds_on`) is wrong, they run once more in a new
worker, with right answers in the helper's place. What passes then was the helper's mistake. The rules:

- A helper is followed through only where it was attempted, and where it is itself at fault: where all that it lost is an earlier
  helper's doing, that one is to mend. One that gives no points here was graded in an earlier assignment (`Exercise.is_brought`):
  it is followed where it is missing, too.
- A test counts only if the code asked for the helper while it ran.
- What a function may build on is said in the assignment's record, and nothing in a notebook changes it: conv2d_matmul as
  `return conv2d(…)` beside a wrong conv2d earns nothing, in whatever disguise.
- No test of a helper itself runs with right answers, and no test of speed.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from autograder.grading.report import TestResult
from autograder.judge.assignment import Exercise

# Runs the tests at these places once more with right answers for these helpers; gives the place of each test that passes,
# with the helpers that its code asked for.
Again = Callable[[tuple[str, ...], Sequence[int]], Iterable[tuple[int, Collection[str]]]]

FAILED = ("failed", "error")  # outcomes that a helper's mistake may be the cause of
STOPPED = ("timeout", "crashed")  # the same; each costs the time of a call that hangs, or a worker
MISSING = ("missing",)  # not started, or it calls a function that is not


def follow_through(
    results: Iterable[TestResult],
    exercises: Sequence[Exercise],
    again: Again,
    *,
    share: float,
    timed: Collection[int] = (),
) -> list[TestResult]:
    """The results, in which tests that fail by a helper's mistake alone have their points and say whose mistake it is.

    Args:
        results: of all tests.
        exercises: the functions, in the notebook's order: an earlier one's mistake explains a later one's.
        share: which part of its points such a test keeps.
        timed: the places of tests of speed.
    """
    following = _Following(list(results), exercises, again, share, frozenset(timed))
    for helper in exercises:
        following.try_alone(helper)
    for exercise in exercises:
        following.try_together(exercise)
    return following.results


class _Following:
    """The results so far, and the helpers that were found wrong."""

    def __init__(
        self,
        results: list[TestResult],
        exercises: Sequence[Exercise],
        again: Again,
        share: float,
        timed: frozenset[int],
    ):
        self.results = results
        self._exercises, self._again, self._share, self._timed = exercises, again, share, timed
        self._wrong: list[Exercise] = []

    def try_alone(self, helper: Exercise) -> None:
        """Follows this helper's mistake, where it has one of its own, through all functions that build on it."""
        if not self._lost(helper) or not self._is_attempted(helper):
            return
        self._wrong.append(helper)
        users = (each for each in self._exercises if helper.name in each.builds_on)
        outcomes = FAILED + (MISSING if helper.is_brought else ())
        self._try((helper.name,), [place for user in users for place in self._lost(user, outcomes)])

    def try_together(self, exercise: Exercise) -> None:
        """Follows the mistakes of all its helpers through a function that may need several of them.

        Only here are tests tried whose calls were stopped: a function that hangs by itself hangs once more, not once for
        each helper.
        """
        wrong = [helper for helper in self._wrong if helper.name in exercise.builds_on and self._lost(helper)]
        outcomes: tuple[str, ...] = FAILED + STOPPED if len(wrong) > 1 else STOPPED
        outcomes += MISSING if any(helper.is_brought for helper in wrong) else ()
        if wrong:
            self._try(tuple(helper.name for helper in wrong), self._lost(exercise, outcomes))

    def _try(self, helpers: tuple[str, ...], places: list[int]) -> None:
        if not places:
            return
        for place, asked in self._again(helpers, places):
            to_blame = [name for name in helpers if name in asked]
            if to_blame:
                self.results[place] = self._followed(self.results[place], to_blame)

    def _followed(self, test: TestResult, helpers: list[str]) -> TestResult:
        return replace(
            test,
            message=sentence(helpers, self._share),
            mistake=None,
            picture=None,
            follow_through=helpers[0],
            followed_points=self._share * test.max_points,
        )

    def _lost(self, exercise: Exercise, outcomes: tuple[str, ...] = FAILED + STOPPED) -> list[int]:
        """The places of the function's tests that fail, and that no helper's mistake explains."""
        outcomes += MISSING if exercise.is_brought else ()
        return [
            place
            for place, test in enumerate(self.results)
            if test.cell == exercise.cell
            and place not in self._timed
            and test.outcome in outcomes
            and test.follow_through is None
        ]

    def _is_attempted(self, exercise: Exercise) -> bool:
        own = (test for test in self.results if test.cell == exercise.cell)
        return exercise.is_brought or any(test.outcome not in MISSING for test in own)


def sentence(helpers: Sequence[str], share: float = 1.0) -> str:
    """What the student reads of a test that fails by these helpers' mistakes alone.

    >>> print(sentence(["same_padding"]))
    Right, but for your same_padding: with a right same_padding in its place this check passes, so it keeps its points. Mend same_padding first; then it passes.
    """
    names = " and ".join(helpers)
    kept = "its points" if share == 1 else f"{share:.0%} of its points"
    return (
        f"Right, but for your {names}: with a right {names} in its place this check passes, so it keeps {kept}. "
        f"Mend {names} first; then it passes."
    )
