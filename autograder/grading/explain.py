"""From what ended a test to what its student reads: an outcome, and the sentences that the gate may let through."""

import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from autograder.grading.gate import Gate, Sentence
from autograder.grading.known_messages import FORMS, Words, read
from autograder.grading.notebook import Cell
from autograder.grading.program import CellFailure, NotRun, Program
from autograder.grading.remarks import doubled
from autograder.grading.search import where_instead
from autograder.grading.source import refusals
from autograder.judge import Inconclusive, Mismatch
from autograder.judge.facts import NEVER, Fact, choice, gamma
from autograder.judge.picture import Picture
from autograder.judge.plain_words import Hint, explain_exception
from autograder.judge.vocabulary import ERRORS
from autograder.sandbox import (
    Crashed,
    NotDefined,
    OutOfMemory,
    OutOfTime,
    ProtocolBreach,
    Raised,
    TimedOut,
    WorkerFailure,
)

NOT_STARTED = "Not started: the function still raises NotImplementedError. Write it in its cell."
UNDECIDED = (
    "The hidden test could not use what the function returned. If its visible checks pass, tell your instructor "
    "the name of this test."
)
SPARE = "Nearly all notebooks need a few seconds: look for cells and functions that compute much, sleep or never end."
INTERFERED = "The function interfered with the sandbox, so its answer was not used."
# Where what differs may not be told: the step of the ladder that failed, without anything of the answer or of what was due.
STEPS = {
    "type": "The result is of another type than the expected one.",
    "dtype": "The result's numbers are of a type that cannot hold the expected ones.",
    "shape": "The result has another shape than the expected one.",
    "values": "Numbers of the result are wrong.",
    "raised": "The function should raise an error for arguments that make no sense.",
    "inputs": "The function changed an array that it was given. Work on a copy (array.copy()) or on a new array.",
    "too slow": "The function is too slow. Gather the work in operations on whole arrays.",
}
STOPS = 512  # ways in which a worker can end: signals, exit codes, limits
HINTS = 512  # sentences that hints can say
# NumPy's errors, which are shown by their names as Python's are.
NUMPY_ERRORS = frozenset(["UFuncTypeError", "AxisError", "LinAlgError"])


@dataclass(frozen=True)
class Verdict:
    """An outcome of `report.OUTCOMES`, the message for the student, and a picture of the place that it speaks of."""

    outcome: str
    message: str
    picture: Picture | None = None


@dataclass(frozen=True)
class _Ending:
    """What ended a test.

    Attributes:
        program: whose cells the error points to.
        gate: of the report.
        hints: what errors mean in this assignment.
        calls: how many the test had made: which of them went wrong is for the program to choose.
    """

    program: Program
    gate: Gate
    hints: Sequence[Hint]
    calls: int


def explain(
    error: BaseException | None,
    program: Program,
    hints: Sequence[Hint] = (),
    gate: Gate | None = None,
    calls: int = 1,
) -> Verdict:
    """The verdict on a test that ended with `error`, or with None when it passed.

    Args:
        hints: what errors mean in this assignment.
        gate: the report's; without one the test stands alone.
        calls: how many calls the test has made.
    """
    if error is None:
        return Verdict("passed", "")
    gate = gate or Gate(program.cells)
    outcome = _outcome(error)
    told = gate.tell(outcome, _sentences(error, _Ending(program, gate, hints, calls)))
    return Verdict(outcome, told.text, told.picture)


def _outcome(error: BaseException) -> str:
    match error:
        case Mismatch() | AssertionError() | pytest.fail.Exception():
            return "failed"
        case Inconclusive():
            return "inconclusive"
        case NotDefined() | Raised(builtin_name="NotImplementedError"):
            return "missing"
        case TimedOut() | NotRun(reason=TimedOut()):
            return "timeout"
        case NotRun() | Crashed() | ProtocolBreach():
            return "crashed"
    return "error"


def _sentences(error: BaseException, ending: _Ending) -> Iterator[Sentence]:
    """What may be said of a test that ended so, best first."""
    match error:
        case Mismatch():
            yield from _mismatch(error, ending)
        case Inconclusive():
            yield Sentence(str(error), (choice("form", str(error), FORMS),))
        case NotDefined():
            yield _fixed(_not_defined(str(error), ending.program))
        case NotRun(reason=OutOfTime()):
            yield _stop(error, _not_reached(error, ending.program))
        case NotRun(function=None):
            yield _stop(error, f"Not run: {error}.")
        case NotRun(reason=ProtocolBreach()):
            yield _stop(error, "Not called again, after a call that interfered with the sandbox.")
        case NotRun():
            yield _stop(error, f"Not called again, after a call that did not come back: {error}.")
        case OutOfTime():
            yield _stop(error, f"Stopped: while this test ran, the notebook had {_used_up(error)} {SPARE}")
        case TimedOut():
            yield _stop(error, f"Stopped: {error}. Is there a loop that never ends?")
        case OutOfMemory():
            yield _stop(error, f"Stopped: {error}. Is an array much larger than it has to be?")
        case Crashed():
            yield _stop(
                error, f"The function ended the whole program ({error}) instead of returning a value."
            )
        case ProtocolBreach():
            yield _fixed(INTERFERED)
        case Raised(builtin_name="NotImplementedError"):
            yield _not_started(error, ending)
        case Raised():
            yield from _raised(error, ending)
        case AssertionError():  # a plain assert in a test: its text may hold hidden values
            yield _fixed("The result is not the expected one.")
        case pytest.fail.Exception():  # pytest.raises saw no error
            yield _fixed("The function should have refused these arguments, but it did not.")
        case _:
            yield _fixed(UNDECIDED)


def _form(name: str) -> Fact:
    return choice("form", name, FORMS)


def _fixed(text: str) -> Sentence:
    """One in which the program chose nothing but that it comes."""
    return Sentence(text, (_form(text),))


def _stop(failure: WorkerFailure, text: str) -> Sentence:
    """One that says how a worker ended: a limit, a signal or an exit code, in words of the sandbox's own."""
    return Sentence(text, (_form(re.split("[:(]", text)[0]), choice("stop", str(failure), STOPS)))


def _mismatch(error: Mismatch, ending: _Ending) -> Iterator[Sentence]:
    if error.facts is not None:
        which = Fact("call", ending.calls, gamma(ending.calls))
        yield Sentence(str(error), (_form(f"{error.step} told"), which, *error.facts), error.picture)
    if error.step in STEPS:
        yield Sentence(STEPS[error.step], (_form(error.step),))


def _not_reached(error: NotRun, program: Program) -> str:
    """That the notebook's time was over before; where no hidden input exists yet, in which cell it ran out."""
    last = next((each.cell for each in program.failures if isinstance(each.failure, OutOfTime)), None)
    where = f" It ran out in {last.label}." if last else ""
    return f"Not reached: before this test's turn, the notebook had {_used_up(error)}{where} {SPARE}"


def _used_up(error: NotRun | OutOfTime) -> str:
    return f"used up the time that all its cells and tests may take together: {error}."


def _not_started(error: Raised, ending: _Ending) -> Sentence:
    """The stub may be the function's own or that of another one which it calls."""
    program = ending.program
    if len({frame.block for frame in error.frames}) < 2:
        above = _written_above(error, program)
        block = (_form("stub above"), _line(error.frames[-1].block, 0, ending)) if above else (_form("stub"),)
        return Sentence("\n".join(filter(None, [NOT_STARTED, above])), block)
    place, facts = _place(replace(error, frames=error.frames[:-1]), ending)
    text = f"Not started: the function calls another one that is not written yet.\n{place}"
    return Sentence(text, (_form("calls a stub"), *facts))


def _written_above(error: Raised, program: Program) -> str:
    """That a stub stands below an answer."""
    cell = program.cell_of(error.frames[-1].block) if error.frames else None
    stubs = re.findall(r"^def[ \t]+(\w{1,60})", cell.source, re.MULTILINE) if cell else []
    return "\n".join(filter(None, (doubled(program.cells, function) for function in stubs[:20])))


def _raised(error: Raised, ending: _Ending) -> Iterator[Sentence]:
    """Type, message and the student's own line; the message only where it is known or the student's own."""
    place, where = _place(error, ending)
    lines = _own_lines(error, ending.program)
    words = Words(ending.gate.source, lines[-1][2] if lines else "")
    name = _type(error, words)
    if message := _message(error, words, lines, name):
        said, facts = message
        text = f"The function raised {name.value}{': ' if said else ''}{said.removesuffix('.')}."
        yield Sentence(_joined(text, place, _meaning(error, said, lines, ending)), (*facts, *where))
    text = f"The function raised {name.value} (its message is left out, as it could show hidden values)."
    hint = _meaning(error, error.text, lines, ending)
    yield Sentence(_joined(text, place, hint), (_form("raised"), name, *where, choice("hint", hint, HINTS)))
    yield Sentence(f"The function raised {name.value}.", (_form("raised alone"), name))


def _joined(*parts: str) -> str:
    return "\n".join(filter(None, parts))


def _type(error: Raised, words: Words) -> Fact:
    """The error's class as the student named it, where that is in the source, else the built-in one."""
    python = getattr(builtins, error.type_name, None)
    if error.type_name in NUMPY_ERRORS or (isinstance(python, type) and issubclass(python, BaseException)):
        return choice("error", error.type_name, 2 * ERRORS)
    own = words.name(error.type_name)
    if error.type_name == error.builtin_name or own.bits == NEVER:
        return choice("error", error.builtin_name, 2 * ERRORS)
    return Fact("error", error.type_name, 1 + own.bits)


def _message(
    error: Raised, words: Words, lines: Sequence[tuple[Cell, int, str]], name: Fact
) -> tuple[str, tuple[Fact, ...]] | None:
    """What the error says, if it is known or stands in the `raise` that was running, and what of it and of its name varies."""
    text = error.text.strip()
    if not text:
        return "", (_form("no message"), name)
    own = refusals(*lines[-1][:2]) if lines else []
    if text in own:
        return text, (_form("own message"), name, choice("own message", text, len(own)))
    if known := read(error.builtin_name, text, words):
        said, facts = known  # the form is one of the built-in error, so that its name is told with it
        usual = name.value == error.builtin_name
        return said, (*facts, Fact("usual name", usual, 1), *(() if usual else (name,)))
    return None


def _meaning(error: Raised, said: str, lines: Sequence[tuple[Cell, int, str]], ending: _Ending) -> str:
    """What the error usually means, and where a name is that it misses."""
    function, line = (lines[0][0].grade_id, lines[-1][2]) if lines else ("", "")
    if said.startswith("module 'numpy' has no attribute"):
        return "Newer versions of NumPy do not have this name, if it ever was one: look for its new name."
    unknown = re.fullmatch(r"name '(\w{1,60})' is not defined", said)
    program = ending.program
    if unknown and (broken := program.why_not_defined(unknown[1])):
        return f"Perhaps because {_stopped(broken, program)}"
    if unknown and (instead := where_instead(unknown[1], program.all_cells)):
        return instead
    return explain_exception(error.builtin_name, said, ending.hints, line=line, function=function)


def _place(error: Raised, ending: _Ending) -> tuple[str, tuple[Fact, ...]]:
    """The line of the function that was called, and the last one of the student's own that was running."""
    places = _own_lines(error, ending.program)
    ends = places if len(places) < 2 or places[0] == places[-1] else [places[0], places[-1]]
    facts = (
        choice("places", len(ends[:2]), 3),
        *(_line(f"cell {cell.position}", line, ending) for cell, line, _ in ends[:2]),
    )
    return _lines_told(places), facts


def _lines_told(places: Sequence[tuple[Cell, int, str]]) -> str:
    told = [f"{cell.label}, line {number}:\n    {text[:120]}" for cell, number, text in places]
    if not told:
        return ""
    inner = f"\nand there in {told[-1]}" if told[-1] != told[0] else ""
    return f"In {told[0]}{inner}"


def _line(block: str, line: int, ending: _Ending) -> Fact:
    return choice("line", (block, line), ending.gate.source.lines)


def _own_lines(error: Raised, program: Program) -> list[tuple[Cell, int, str]]:
    """The student's own lines that were running, outermost first: the cell, the number, the text."""
    found = []
    for frame in error.frames:
        cell = program.cell_of(frame.block)
        lines = cell.source.splitlines() if cell else []
        if cell and 1 <= frame.line <= len(lines):
            found.append((cell, frame.line, lines[frame.line - 1].strip()))
    return found


def _not_defined(function: str, program: Program) -> str:
    broken = program.why_not_defined(function)
    if broken is not None:
        also = " Its last run in your notebook ended in an error, too." if broken.cell.failed else ""
        return f"There is no function {function}: {_stopped(broken, program)}{also}"
    instead = where_instead(function, program.all_cells) or "Keep its name and its cell."
    return f"There is no function {function} in the notebook. {instead}"


def _stopped(broken: CellFailure, program: Program) -> str:
    """Why a cell stopped. No hidden input exists yet when cells run, so messages are shown whole."""
    where = broken.cell.label
    failure = broken.failure
    if isinstance(failure, Raised):
        return f"running {where} stopped with {failure}.\n{_lines_told(_own_lines(failure, program))}".strip()
    return f"running {where} did not end ({failure})."
