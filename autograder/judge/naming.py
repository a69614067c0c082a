"""Which mistakes a wrong function has: its answers are compared with those of faulty versions that are known.

Nothing here is a guess. A mistake is named where it explains the recorded calls of the function and nothing else does: every
call ended as it ends in the faulty version, value for value, and where a value was due but an error came, in an error. Where
no single mistake does that, several together may: the fewest that explain every call, if no other ones do.

Values decide. Arguments that should have been refused and were not have tests and messages of their own, so they hide
no mistake; and errors alone, which can have any cause, show none but those that are known by their errors.
"""

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.judge.arguments import MOST_BYTES, Arguments
from autograder.judge.bank import Bank, Mistake, spoilt
from autograder.judge.glimpses import NO_GLIMPSES, Glimpses, OfOneCall, glimpses_of
from autograder.judge.judged import Judged, judge
from autograder.judge.outcomes import Outcome, RecordedCall, fresh_outcome, outcome_of

TOGETHER = " + "  # between the names of several mistakes
MOST_ELEMENTS = 20_000  # calls with larger arrays are for timing and are not looked at
MOST_TOGETHER = 3  # mistakes of one function
MOST_BESIDE_ERRORS = 2  # of them, where some of its calls ended in an error
MOST_BEGINNINGS = 8  # of those that explain some of the calls, so many are tried further
MOST_TRIED = 12_000  # calls of faulty versions for one function: naming ends there, without a name

MOST_REMEMBERED = 500_000  # bytes of a program's calls of one function, with what they ended in: it may answer with much more


@dataclass(frozen=True)
class Explanation:
    """Mistakes that together explain a function's calls.

    Attributes:
        mistakes: in the bank's order.
        tests: which tests fail by them, by the calls' `test`; and those whose calls are not looked at, if they fail.
        is_whole: whether they explain everything; else there is something besides, which is not certain.
    """

    mistakes: tuple[Mistake, ...]
    tests: frozenset[str]
    is_whole: bool = True

    @property
    def name(self) -> str:
        """Short, for results and statistics. `names_in` takes it apart."""
        return TOGETHER.join(each.name for each in self.mistakes)


def names_in(name: str) -> list[str]:
    """The names of the single mistakes in the name of an explanation."""
    return name.split(TOGETHER)


def name_mistake(function: str, calls: Sequence[RecordedCall], bank: Bank) -> Mistake | None:
    """The one mistake that explains all of the function's calls, else None."""
    return _only(_found(_Asked(function, calls, bank, ())))


def name_each(
    known: Sequence[Mistake], calls: Sequence[Sequence[RecordedCall]], bank: Bank
) -> Iterator[tuple[Mistake | None, OfOneCall | None]]:
    """What `name_mistake` gives for programs of which each has one of the known mistakes of a function, and its glimpses.

    Where a mistake goes wrong in its own program is where it is looked for first in the others'.
    """
    glimpses: dict[Mistake, OfOneCall] = {}
    asked = [_Asked(each.function, made, bank, (), glimpses) for each, made in zip(known, calls, strict=True)]
    for each, own in zip(known, asked, strict=True):
        if (found := glimpses_of(each, own.judged)) is not None:
            glimpses[each] = found
    for each, own in zip(known, asked, strict=True):
        yield _only(_found(own)), glimpses.get(each)


def _only(found: Sequence[Explanation]) -> Mistake | None:
    """The mistake, where a single one is the whole explanation."""
    if len(found) != 1 or len(found[0].mistakes) != 1 or not found[0].is_whole:
        return None
    return found[0].mistakes[0]


def explanations(
    function: str,
    calls: Sequence[RecordedCall],
    bank: Bank,
    certain: Collection[str] = (),
    glimpses: Glimpses = NO_GLIMPSES,
) -> list[Explanation]:
    """What is certain: at most one explanation of wrong values, and one of what is not refused as it should be.

    There is none where nothing is wrong, where a call ended without an answer, where the function is not finished, where
    several explanations have nothing in common, and where no wrong *value* is among the answers. (Mistakes that show `by_error`
    are the exception.)

    Args:
        certain: the names of mistakes that other functions of the same program have. Of several explanations one by these is
            taken, and errors alone may show one of these: functions that share a helper share its mistake.
        glimpses: of some mistakes. With them less is tried; what is found is the same.

    What programs have in common, whose calls all ended alike, is found once.
    """
    asked = _Asked(function, calls, bank, certain, glimpses)
    return list(_remembered(asked) if asked.is_small else _found(asked))


class _Asked:
    """The arguments of `explanations`; two are equal where all calls ended in the same, byte for byte."""

    def __init__(
        self,
        function: str,
        calls: Sequence[RecordedCall],
        bank: Bank,
        certain: Collection[str],
        glimpses: Glimpses = NO_GLIMPSES,
    ) -> None:
        self.glimpses = glimpses
        self.function, self.calls, self.bank, self.certain = function, calls, bank, frozenset(certain)
        self.looked_at = [call for call in calls if not _is_for_timing(call)]

    @functools.cached_property
    def judged(self) -> list[Judged]:
        return [judge(call, self.bank.right[self.function]) for call in self.looked_at]

    @functools.cached_property
    def _told(self) -> list[tuple[str, Arguments, Arguments]]:
        """The test of each call that is looked at, the call and what it ended in."""
        return [(call.test, call.key, _ending(call)) for call in self.looked_at]

    @property
    def is_small(self) -> bool:
        """Whether what is found is worth remembering."""
        sizes = [call.size + ending.size for _, call, ending in self._told]
        return max(sizes, default=0) <= MOST_BYTES and sum(sizes) <= MOST_REMEMBERED

    @functools.cached_property
    def _key(self) -> tuple[object, ...]:
        tests = frozenset(call.test for call in self.calls)
        return self.function, id(self.bank), self.certain, tests, tuple(self._told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _ending(call: RecordedCall) -> Arguments:
    """What a call ended in, as a key."""
    outcome = call.outcome
    changed = None if outcome.afterwards is call.arguments else outcome.afterwards
    return Arguments((outcome.value, outcome.raised, outcome.deliberate, changed))


def _found(asked: _Asked) -> tuple[Explanation, ...]:
    if any(call.outcome.raised in ("", "NotImplementedError") for call in asked.looked_at):
        return ()
    if all(each.is_accepted for each in asked.judged):
        return ()
    causes = _Search(asked).causes()
    unseen = {call.test for call in asked.calls} - {call.test for call in asked.looked_at}
    common = filter(None, map(_common, causes))
    return tuple(replace(each, tests=each.tests | unseen) for each in common)


_remembered = functools.lru_cache(64)(_found)


def _common(alternatives: Sequence[Explanation]) -> Explanation | None:
    """The mistakes that are in every explanation."""
    if not alternatives:
        return None
    shared = frozenset.intersection(*(frozenset(m.name for m in each.mistakes) for each in alternatives))
    mistakes = tuple(each for each in alternatives[0].mistakes if each.name in shared)
    return Explanation(mistakes, alternatives[0].tests, len(alternatives) == 1) if mistakes else None


def _is_for_timing(call: RecordedCall) -> bool:
    arrays = [value for value in call.arguments if isinstance(value, np.ndarray)]
    return any(array.size > MOST_ELEMENTS for array in arrays)


@dataclass(frozen=True)
class _Version:
    """A faulty version: which of `Bank.ways` is spoilt, by which mistakes in this order."""

    mistakes: tuple[Mistake, ...]
    way: int


class _Exhausted(Exception):
    """More has been tried than naming may."""


class _Search:
    """Looks for explanations of one function's calls, at most `MOST_TRIED` calls of faulty versions long.

    One of several mistakes has to explain some wrong value alone. Another one must then explain, together with it, a call that
    was not yet explained, and so on. So the work grows with the bank, not with the number of its pairs.
    """

    def __init__(self, asked: _Asked):
        # Which class of arguments ends in an error shows where others do not.
        contrast = any(each.is_due and each.is_accepted for each in asked.judged)
        known = asked.bank.mistakes.get(asked.function, ())
        self._known = [each for each in known if contrast or not each.by_error]
        self._ways = asked.bank.ways[asked.function]
        self._judged = sorted(asked.judged, key=lambda each: each.rank)
        self._certain = asked.certain
        self._glimpses = asked.glimpses
        self._tried = 0

    def causes(self) -> list[list[Explanation]]:
        """The explanations of each; nothing where too much would have to be tried."""
        try:
            alone = self._alone(self._judged)
            return [alone] if alone else [self._of_values(), self._of_refusals()]
        except _Exhausted:
            return []

    # --- one mistake ---------------------------------------------------------------------------------------

    def _alone(self, judged: Sequence[Judged]) -> list[Explanation]:
        """Single mistakes that explain all these calls."""
        if not all(each.is_explicable for each in judged):
            return []
        by_value = any(each.is_wrong_value for each in judged) or not any(each.is_due for each in judged)
        answers = {each.call.key: each for each in judged} if self._glimpses else {}
        fitting = {
            each.name: each
            for each in self._known
            if by_value or each.by_error or each.name in self._certain
            if any(
                self._explains_all(_Version((each,), way), judged) for way in self._possible(each, answers)
            )
        }
        return self._settled([self._explanation([each], judged) for each in fitting.values()])

    def _possible(self, mistake: Mistake, answers: Mapping[Arguments, Judged]) -> Iterable[int]:
        """The ways in which a mistake may explain these answers: those that a glimpse does not rule out."""
        if mistake in self._glimpses:
            call, glimpses = self._glimpses[mistake]
            if call in answers:
                return (way for way, each in enumerate(glimpses) if each.is_of(answers[call]))
        return range(len(self._ways))

    def _settled(self, alternatives: list[Explanation]) -> list[Explanation]:
        """One alone, where it is by mistakes that other functions have."""
        elsewhere = [each for each in alternatives if all(m.name in self._certain for m in each.mistakes)]
        return elsewhere if len(elsewhere) == 1 else alternatives

    # --- what spoils values --------------------------------------------------------------------------------

    def _of_values(self) -> list[Explanation]:
        """The fewest mistakes that explain every value, whatever should have been refused besides."""
        heard = [each for each in self._judged if each.is_due or each.is_accepted]
        wrong = [each for each in heard if not each.is_accepted]
        right = [each for each in heard if each.is_accepted]
        if not all(each.is_explicable for each in wrong):
            return []
        beginnings = {_Version((), way): frozenset[int]() for way in range(len(self._ways))}
        for _ in range(_most_together(wrong)):
            beginnings = dict(self._longer(beginnings, wrong, right))
            whole = [version for version, explained in beginnings.items() if len(explained) == len(wrong)]
            if whole:
                return self._distinct(whole, heard)
            best = sorted(beginnings, key=lambda version: -len(beginnings[version]))
            hidden = [version for version in best if not beginnings[version]]
            beginnings = {version: beginnings[version] for version in (*best[:MOST_BEGINNINGS], *hidden)}
        return []

    def _longer(
        self,
        beginnings: Mapping[_Version, frozenset[int]],
        wrong: Sequence[Judged],
        right: Sequence[Judged],
    ) -> Iterator[tuple[_Version, frozenset[int]]]:
        """Versions with one mistake more that explain a wrong call more, and which calls they explain."""
        for beginning, explained in beginnings.items():
            missing = [place for place in range(len(wrong)) if place not in explained]
            # The first mistake must show in some value alone; which one is not known.
            targets = missing[:1] if beginning.mistakes else [n for n in missing if wrong[n].is_wrong_value]
            by_value = any(wrong[place].is_wrong_value for place in targets)
            if not by_value and len(missing) < 2 and not wrong[missing[0]].call.outcome.deliberate:
                continue  # a single error, which may have any cause
            hidden = bool(beginning.mistakes) and not explained
            for longer in self._with_one_more(beginning, first=int(hidden), by_value=by_value):
                if not any(self._ends_alike(longer, wrong[place]) for place in targets):
                    if longer.mistakes[0].on_answer and longer.way == 0 and not beginning.mistakes:
                        yield longer, frozenset()  # it may hide another one in every call
                    continue
                if all(self._ends_alike(longer, wrong[place]) for place in explained) and self._explains_all(
                    longer, right
                ):
                    also = (n for n in missing if self._ends_alike(longer, wrong[n]))
                    yield longer, explained.union(also)

    def _with_one_more(self, beginning: _Version, *, first: int, by_value: bool) -> Iterator[_Version]:
        """The mistakes of a version and another one, in every order.

        Args:
            first: the first place that the new one may take.
            by_value: whether it has to explain a value; else it is one that shows by errors.
        """
        names = {each.name for each in beginning.mistakes}
        for each in self._known:
            if each.name not in names and (by_value or each.by_error):
                for place in range(first, len(beginning.mistakes) + 1):
                    before, after = beginning.mistakes[:place], beginning.mistakes[place:]
                    yield _Version((*before, each, *after), beginning.way)

    def _distinct(self, whole: Iterable[_Version], heard: Sequence[Judged]) -> list[Explanation]:
        """One explanation for the same mistakes in several orders and ways."""
        fitting = (version.mistakes for version in whole if self._refuses_as_they_do(version, heard))
        sets = {frozenset(each.name for each in mistakes): mistakes for mistakes in fitting}
        due = [each for each in heard if each.is_due]
        return self._settled(
            [self._explanation(sorted(each, key=self._known.index), due) for each in sets.values()]
        )

    # --- what is not refused -------------------------------------------------------------------------------

    def _of_refusals(self) -> list[Explanation]:
        """Single mistakes that explain what is not refused, and are right where a value is due."""
        due = [each for each in self._judged if each.is_due]
        asked = [each for each in self._judged if not each.is_due]
        if all(each.is_accepted for each in asked):
            return []
        return [
            each
            for each in self._alone(asked)
            if all(judged.accepts(outcome_of(each.mistakes[0].implementation, judged.call)) for judged in due)
        ]

    # --- versions and calls --------------------------------------------------------------------------------

    def _explains_all(self, version: _Version, judged: Sequence[Judged]) -> bool:
        return all(self._ends_alike(version, each) for each in judged) and self._refuses_as_they_do(
            version, judged
        )

    def _ends_alike(self, version: _Version, judged: Judged) -> bool:
        """Whether the call ends so in this version, too: wrong in the same way, or right as well."""
        self._tried += 1
        if self._tried > MOST_TRIED:
            raise _Exhausted
        return judged.ends_like(self._outcome(version, judged.call))

    def _outcome(self, version: _Version, call: RecordedCall) -> Outcome:
        if len(version.mistakes) == 1:
            return outcome_of(version.mistakes[0].implementations[version.way], call)
        return fresh_outcome(spoilt(self._ways[version.way], version.mistakes), call.key)

    def _refuses_as_they_do(self, version: _Version, judged: Sequence[Judged]) -> bool:
        """Whether, where a mistake refuses what it should not, the student's code refused it: no other error is one."""
        return all(
            each.call.outcome.deliberate
            or outcome_of(mistake.implementations[version.way], each.call).raised is None
            for mistake in version.mistakes
            if mistake.refuses
            for each in judged
            if each.is_due
        )

    def _explanation(self, mistakes: Sequence[Mistake], judged: Sequence[Judged]) -> Explanation:
        return Explanation(
            tuple(mistakes), frozenset(each.call.test for each in judged if not each.is_accepted)
        )


def _most_together(wrong: Sequence[Judged]) -> int:
    """How many mistakes these wrong calls can tell: each takes a wrong value, and errors, which are all alike, tell little."""
    values = sum(each.is_wrong_value for each in wrong)
    return min(values, MOST_TOGETHER if values == len(wrong) else MOST_BESIDE_ERRORS)
