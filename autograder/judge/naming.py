"""Which mistake a wrong function has: its answers are compared with those of faulty versions that are known.

A mistake is one plain function with the decorator `mistake`. It is the faulty implementation itself; its first
argument is the right function of the suite's own, often with knobs, that it spoils:

    @mistake("convolve", sentence="Your kernel is rotated …", lecture="3. Slide the kernel")
    def flipped(right, image, kernel, *rest):
        return right(image, kernel[::-1, ::-1], *rest)

Nothing here is a guess: a mistake is named only where every recorded call of the function went exactly as the
faulty version's goes, and as no other one's.
"""

import copy
import functools
import importlib
import pkgutil
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

import numpy as np

from autograder.judge.arguments import Arguments, remember
from autograder.judge.ladder import TOLERANCE, Allowed, compare
from autograder.judge.rounding import rounding
from autograder.sandbox import Answer, Raised, WorkerFailure
from autograder.sandbox.failures import builtin_name

MOST_ELEMENTS = 20_000  # calls with larger arrays are for timing and are not looked at

# --- the bank --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mistake:
    """One modelled mistake of one function.

    Attributes:
        function: the function that has it.
        name: short, for results and statistics, such as "same_floor".
        sentence: what the code seems to do and what it should do, for the student.
        lecture: where that is explained.
        by_error: whether errors alone may show it, such as a ValueError for what should be accepted.
        implementation: the faulty function. It gets the student's arguments and may change them.
    """

    function: str
    name: str
    sentence: str
    lecture: str
    by_error: bool
    implementation: Callable[..., Any]


MODELS = "models"  # the attribute by which an implementation is known to be a mistake
Implementation = TypeVar("Implementation", bound=Callable[..., Any])


@dataclass(frozen=True)
class Modelled:
    """What the decorator `mistake` says of an implementation: of which functions it is one, and the rest of `Mistake`."""

    functions: tuple[str, ...]
    sentence: str
    lecture: str
    by_error: bool


@dataclass(frozen=True)
class Bank:
    """All modelled mistakes of an assignment.

    Attributes:
        right: the right function of every name.
        mistakes: the faulty ones of every name.
    """

    right: Mapping[str, Callable[..., Any]]
    mistakes: Mapping[str, tuple[Mistake, ...]]


def mistake(
    *functions: str, sentence: str, lecture: str, by_error: bool = False
) -> Callable[[Implementation], Implementation]:
    """Marks a faulty implementation of one or several functions; its name is the mistake's. See `Mistake`."""

    def mark(implementation: Implementation) -> Implementation:
        setattr(implementation, MODELS, Modelled(functions, sentence, lecture, by_error))
        return implementation

    return mark


def collect(
    package: ModuleType,
    right: Mapping[str, Callable[..., Any]],
    knobbed: Mapping[str, Callable[..., Any]] | None = None,
) -> Bank:
    """The mistakes in all modules of a package, or in one module.

    Args:
        right: the functions that answers are judged by; mistakes of other functions are left out.
        knobbed: what each mistake gets as its first argument: right as well, with knobs to turn. Without it, `right`.
    """
    mistakes: dict[str, dict[str, Mistake]] = {function: {} for function in right}
    for name, faulty in _marked(package):
        modelled: Modelled = getattr(faulty, MODELS)
        for function in modelled.functions:
            if function not in right:
                continue
            if name in mistakes[function]:
                raise ValueError(f"two mistakes of {function} have the name {name}")
            spoilt = functools.partial(faulty, (knobbed or right)[function])
            about = (modelled.sentence, modelled.lecture, modelled.by_error)
            mistakes[function][name] = Mistake(function, name, *about, implementation=spoilt)
    return Bank(right, {function: tuple(found.values()) for function, found in mistakes.items()})


def _marked(package: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The names and implementations of all mistakes in a package."""
    inner = pkgutil.iter_modules(getattr(package, "__path__", []), package.__name__ + ".")
    for module in (package, *(importlib.import_module(found.name) for found in inner)):
        for name, value in vars(module).items():
            if isinstance(getattr(value, MODELS, None), Modelled) and value.__module__ == module.__name__:
                yield name, value


# --- what happened ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of one call: a value or the name of a built-in exception, and the arguments afterwards.

    `raised` is None where a value came back, and "" where the call ended in another way (too slow, crashed).
    """

    value: object = None
    raised: str | None = None
    afterwards: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class RecordedCall:
    """One call of a student's function: the arguments that were sent, and what became of it."""

    arguments: tuple[Any, ...]
    keywords: Mapping[str, object]
    outcome: Outcome

    @functools.cached_property
    def key(self) -> Arguments:
        return Arguments(self.arguments, self.keywords)


def record(
    arguments: Iterable[Any], keywords: Mapping[str, object], ending: Answer | WorkerFailure
) -> RecordedCall:
    """A call as a test made it, with the answer or the failure that it ended in.

    The arguments are kept as they are: the trusted side's own, which no student's code can change.
    """
    if isinstance(ending, Answer):
        afterwards = tuple(ending.arguments) if ending.arguments is not None else None
        outcome = Outcome(ending.value, afterwards=afterwards)
    else:
        outcome = Outcome(raised=ending.builtin_name if isinstance(ending, Raised) else "")
    return RecordedCall(tuple(arguments), dict(keywords), outcome)


def outcome_of(function: Callable[..., Any], call: RecordedCall) -> Outcome:
    """What a function of our own makes of the same call. It works on copies."""
    return _outcome(function, call.key)


@remember(5000)
def _outcome(function: Callable[..., Any], call: Arguments) -> Outcome:
    arguments = copy.deepcopy(call.positional)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = function(*arguments, **call.keywords)
        except Exception as error:
            return Outcome(raised=builtin_name(error))
    return Outcome(value, afterwards=arguments)


# --- naming ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Judged:
    """A call next to what the right function makes of it.

    `allowed` is how far a right answer may be from the reference's, as `ladder.compare` takes it.
    """

    call: RecordedCall
    right: Outcome
    allowed: Allowed

    def accepts(self, outcome: Outcome) -> bool:
        """Whether the suite would."""
        return is_right(outcome, self.right, self.allowed)


def name_mistake(function: str, calls: Sequence[RecordedCall], bank: Bank) -> Mistake | None:
    """The one mistake whose answers equal the student's in all of the function's calls, else None.

    None as well where nothing is wrong, where a call ended without an answer, where the function is not
    finished, and where no wrong *value* is among the answers: errors alone can have any cause. (Mistakes that
    show `by_error` are the exception.)
    """
    calls = [call for call in calls if not _is_for_timing(call)]
    if any(call.outcome.raised in ("", "NotImplementedError") for call in calls):
        return None
    judged = [_judge(call, bank.right[function]) for call in calls]
    wrong = [each for each in judged if not each.accepts(each.call.outcome)]
    if not wrong:
        return None
    right = [each for each in judged if each.accepts(each.call.outcome)]
    a_value = any(each.call.outcome.raised is None for each in wrong)
    possible = (each for each in bank.mistakes.get(function, ()) if a_value or each.by_error)
    fitting = [each for each in possible if _explains(each, wrong) and _fits(each, right)]
    return fitting[0] if len(fitting) == 1 else None


def _judge(call: RecordedCall, right: Callable[..., Any]) -> _Judged:
    return _Judged(call, outcome_of(right, call), allowed_for(right, call))


def allowed_for(right: Callable[..., Any], call: RecordedCall) -> Allowed:
    """How far a right answer may be from the reference's; None where no arrays are in play or none is right."""
    return _allowed(right, call.key)


@remember(1000)
def _allowed(right: Callable[..., Any], call: Arguments) -> Allowed:
    if not any(isinstance(value, np.ndarray) for value in call.positional):
        return None
    try:
        return rounding(functools.partial(right, **call.keywords), *call.positional)
    except (ValueError, TypeError):  # arguments that are refused
        return None


def _explains(modelled: Mistake, wrong: Sequence[_Judged]) -> bool:
    """Whether the mistake is wrong in all these calls, and in the student's way."""
    for each in wrong:
        outcome = outcome_of(modelled.implementation, each.call)
        if not _alike(modelled, each, outcome) or each.accepts(outcome):
            return False
    return True


def _fits(modelled: Mistake, right: Sequence[_Judged]) -> bool:
    return all(_alike(modelled, each, outcome_of(modelled.implementation, each.call)) for each in right)


def _alike(modelled: Mistake, judged: _Judged, outcome: Outcome) -> bool:
    return agree(judged.call.outcome, outcome, judged.right, exactly=modelled.by_error)


def _is_for_timing(call: RecordedCall) -> bool:
    arrays = [value for value in call.arguments if isinstance(value, np.ndarray)]
    return any(array.size > MOST_ELEMENTS for array in arrays)


def is_right(outcome: Outcome, right: Outcome, allowed: Allowed = None) -> bool:
    """Whether a suite that judges by the reference would accept the outcome."""
    if right.raised is not None or outcome.raised is not None:
        return _alike_refusals(right.raised, outcome.raised)
    if not _unchanged(outcome.afterwards, right.afterwards):
        return False
    return compare(outcome.value, right.value, allowed=allowed) is None


def agree(theirs: Outcome, modelled: Outcome, right: Outcome, *, exactly: bool = False) -> bool:
    """Whether a call ended as it does in a faulty version.

    Where a value was due, one error is as good as another: loops end in an IndexError where slices end in a
    ValueError. Where the arguments should have been refused, or with `exactly`, the very same error is needed.
    """
    if theirs.raised is not None or modelled.raised is not None:
        if right.raised is None and not exactly:
            return theirs.raised is not None and modelled.raised is not None
        return _alike_refusals(theirs.raised, modelled.raised)
    if not _unchanged(theirs.afterwards, modelled.afterwards):
        return False
    return same(theirs.value, modelled.value, whole=_is_whole(right.value))


def _alike_refusals(one: str | None, other: str | None) -> bool:
    """Whether two calls refused their arguments, or did not, alike: one error's name is as good as another's."""
    refusals = {"TypeError": "ValueError", "IndexError": "ValueError"}
    return refusals.get(one or "", one) == refusals.get(other or "", other)


def _unchanged(afterwards: tuple[Any, ...] | None, expected: tuple[Any, ...] | None) -> bool:
    """Whether the arrays among two calls' arguments are the same afterwards."""
    if afterwards is None or expected is None:
        return True
    pairs = zip(afterwards, expected, strict=False)
    return all(
        isinstance(after, np.ndarray) and after.shape == right.shape and np.array_equal(after, right)
        for after, right in pairs
        if isinstance(right, np.ndarray)
    )


def same(one: Any, other: Any, *, whole: bool = False) -> bool:
    """Whether two values are the same: type, shape and numbers, within the tolerance that answers are judged by.

    Args:
        whole: whether 3 and 3.0 differ. They do where an int is due; in arrays and sums they do not.
    """
    if isinstance(one, (list, tuple)) or isinstance(other, (list, tuple)):
        ones, others = _items(one), _items(other)
        if ones is None or others is None or len(ones) != len(others):
            return False
        return all(same(a, b, whole=whole) for a, b in zip(ones, others, strict=True))
    if one is None or other is None:
        return one is None and other is None
    if not (_is_number(one) and _is_number(other)) or (whole and _is_whole(one) != _is_whole(other)):
        return False
    one, other = np.asarray(one, float), np.asarray(other, float)
    if one.shape != other.shape:
        return False
    largest = float(np.max(np.abs(other), initial=0.0))
    return bool(np.all(np.abs(one - other) <= TOLERANCE * max(1e-6, largest)))


def _items(value: object) -> list[Any] | None:
    """The items of a pair, however it is made."""
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim == 1):
        return list(value)
    return None


def _is_number(value: object) -> bool:
    """Whether a value is a number or an array of numbers. No int is so large that it is not a float."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iuf"
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < 2**63
    return isinstance(value, (float, np.integer, np.floating))


def _is_whole(value: object) -> bool:
    """Whether a value is whole by its type, or a pair is. An array's dtype does not matter."""
    if isinstance(value, tuple):
        return all(map(_is_whole, value))
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
