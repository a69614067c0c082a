"""From what ended a test to what its student reads: an outcome and a message without hidden inputs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from autograder.grading.notebook import Cell
from autograder.grading.program import CellFailure, NotRun, Program
from autograder.grading.quoting import quotable
from autograder.grading.remarks import doubled
from autograder.grading.search import where_instead
from autograder.judge import Inconclusive, Mismatch
from autograder.judge.picture import Picture
from autograder.judge.plain_words import Hint, explain_exception
from autograder.sandbox import (
    Crashed,
    NotDefined,
    OutOfMemory,
    OutOfTime,
    ProtocolBreach,
    Raised,
    TimedOut,
)

NOT_STARTED = "Not started: the function still raises NotImplementedError. Write it in its cell."
UNDECIDED = (
    "The hidden test could not use what the function returned. If its visible checks pass, tell your instructor "
    "the name of this test."
)
SPARE = "Nearly all notebooks need a few seconds: look for cells and functions that compute much, sleep or never end."


@dataclass(frozen=True)
class Verdict:
    """An outcome of `report.OUTCOMES`, the message for the student, and a picture of the place that it speaks of."""

    outcome: str
    message: str
    picture: Picture | None = None


def explain(error: BaseException | None, program: Program, hints: Sequence[Hint] = ()) -> Verdict:
    """The verdict on a test that ended with `error`, or with None when it passed.

    Args:
        hints: what errors mean in this assignment.
    """
    match error:
        case None:
            return Verdict("passed", "")
        case Mismatch():
            return Verdict("failed", str(error), error.picture)
        case Inconclusive():
            return Verdict("inconclusive", str(error))
        case NotDefined():
            return Verdict("missing", _not_defined(str(error), program))
        case NotRun(reason=OutOfTime()):
            return Verdict("timeout", _not_reached(error, program))
        case NotRun():
            outcome = "timeout" if isinstance(error.reason, TimedOut) else "crashed"
            if error.function is None:
                return Verdict(outcome, f"Not run: {error}.")
            return Verdict(outcome, f"Not called again, after a call that did not come back: {error}.")
        case OutOfTime():
            return Verdict(
                "timeout", f"Stopped: while this test ran, the notebook had {_used_up(error)} {SPARE}"
            )
        case TimedOut():
            return Verdict("timeout", f"Stopped: {error}. Is there a loop that never ends?")
        case OutOfMemory():
            return Verdict("error", f"Stopped: {error}. Is an array much larger than it has to be?")
        case Crashed():
            return Verdict(
                "crashed", f"The function ended the whole program ({error}) instead of returning a value."
            )
        case ProtocolBreach():
            return Verdict("crashed", "The function interfered with the sandbox, so its answer was not used.")
        case Raised(builtin_name="NotImplementedError"):
            return Verdict("missing", _not_started(error, program))
        case Raised():
            return Verdict("error", _raised(error, program, hints))
        case AssertionError():  # a plain assert in a test: its text may hold hidden values
            return Verdict("failed", "The result is not the expected one.")
        case pytest.fail.Exception():  # pytest.raises saw no error
            return Verdict("failed", "The function should have refused these arguments, but it did not.")
    return Verdict("error", UNDECIDED)


def _not_reached(error: NotRun, program: Program) -> str:
    """That the notebook's time was over before; where no hidden input exists yet, in which cell it ran out."""
    last = next((each.cell for each in program.failures if isinstance(each.failure, OutOfTime)), None)
    where = f" It ran out in {last.label}." if last else ""
    return f"Not reached: before this test's turn, the notebook had {_used_up(error)}{where} {SPARE}"


def _used_up(error: NotRun | OutOfTime) -> str:
    return f"used up the time that all its cells and tests may take together: {error}."


def _not_started(error: Raised, program: Program) -> str:
    """The stub may be the function's own or that of another one which it calls."""
    if len({frame.block for frame in error.frames}) < 2:
        return "\n".join(filter(None, [NOT_STARTED, _written_above(error, program)]))
    caller = replace(error, frames=error.frames[:-1])
    return f"Not started: the function calls another one that is not written yet.\n{_place(caller, program)}"


def _written_above(error: Raised, program: Program) -> str:
    """That a stub stands below an answer."""
    cell = program.cell_of(error.frames[-1].block) if error.frames else None
    stubs = re.findall(r"^def[ \t]+(\w{1,60})", cell.source, re.MULTILINE) if cell else []
    return "\n".join(filter(None, (doubled(program.cells, function) for function in stubs[:20])))


def _raised(error: Raised, program: Program, hints: Sequence[Hint]) -> str:
    """Type, message and the student's own line; the message only where it cannot carry hidden values."""
    source = "\n".join(cell.source for cell in program.cells)
    name = error.type_name if quotable(error.type_name, source) else error.builtin_name
    if not error.text:
        said = f"{name}"
    elif quotable(error.text, source):
        said = f"{name}: {error.text}"
    else:
        said = f"{name} (its message is left out, as it could show hidden values)"
    function, line = _running(error, program)
    hint = explain_exception(error.builtin_name, error.text, hints, line=line, function=function)
    if error.text.startswith("module 'numpy' has no attribute") and said.endswith(error.text):
        hint = "Newer versions of NumPy do not have this name, if it ever was one: look for its new name."
    unknown = re.fullmatch(r"name '(\w{1,60})' is not defined.*", error.text)
    if unknown and (broken := program.why_not_defined(unknown[1])):
        hint = f"Perhaps because {_stopped(broken, program)}"
    elif unknown and (instead := where_instead(unknown[1], program.all_cells)):
        hint = instead
    return "\n".join(part for part in (f"The function raised {said}.", _place(error, program), hint) if part)


def _place(error: Raised, program: Program) -> str:
    """The line of the function that was called, and the last one of the student's own that was running."""
    lines = _own_lines(error, program)
    places = [f"{cell.label}, line {number}:\n    {text[:120]}" for cell, number, text in lines]
    if not places:
        return ""
    inner = f"\nand there in {places[-1]}" if places[-1] != places[0] else ""
    return f"In {places[0]}{inner}"


def _running(error: Raised, program: Program) -> tuple[str, str]:
    """The function that was called, by the name of its cell, and the student's line that was running."""
    lines = _own_lines(error, program)
    return (lines[0][0].grade_id, lines[-1][2]) if lines else ("", "")


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
        return f"running {where} stopped with {failure}.\n{_place(failure, program)}".strip()
    return f"running {where} did not end ({failure})."
