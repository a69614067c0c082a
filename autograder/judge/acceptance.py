"""Which key an assignment gets: the first under which its hidden tests tell right from wrong as its author meant.

An assignment's keys follow from the course's, in an order that is always the same. So whoever has the course's key finds the
same one, and nothing needs to be kept but the course's key.

A key is accepted where every right program has full marks, every fault in one is noticed, and every modelled mistake is
noticed and told from all others. What is asked comes in parts, which processes can share.
"""

import functools
import io
import signal
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from autograder.judge.assignment import Assignment
from autograder.judge.bank import Bank, Functions
from autograder.judge.glimpses import OfOneCall
from autograder.judge.hidden import Key
from autograder.judge.programs import Fault, RightProgram
from autograder.judge.rehearsal import HiddenTest, rehearse, rehearse_mistakes

MOST_DRAWS = 20
# A fault may make a loop endless. What a test asks takes a right program some milliseconds of CPU time; where it takes
# longer, as a training does, a fault may take several times as long.
ENDLESS_SECONDS = 0.1
TIMES_RIGHT = 5
AGAIN_SECONDS = 0.02  # for each further call of a test that has met an endless one

# What a part has to say against a key, sentence by sentence; in the end, what of its work is worth remembering under the key:
# the glimpses of mistakes, each with its function and its place among that function's mistakes.
Kept = dict[tuple[str, int], OfOneCall]
Part = Callable[[Sequence[HiddenTest], Key], Generator[str, None, Kept]]


class NoKey(Exception):
    """No key does; the message says what is wrong under all of them, for the author."""


def drawn(course: Key, assignment: str, number: int) -> Key:
    """The assignment's key of that number, from 0 on."""
    return course.for_(f"{assignment} {number}")


def first_accepted(course: Key, assignment: str, objection: Callable[[Key], str]) -> int:
    """The number of the assignment's first key to which there is no objection. Raises `NoKey`.

    Args:
        course: the course's key.
        objection: what speaks against a key, in a sentence; "" where nothing does.
    """
    said = ""
    for number in range(MOST_DRAWS):
        said = objection(drawn(course, assignment, number))
        if not said:
            return number
    raise NoKey(f"{said} So it was with {MOST_DRAWS} keys")


def objections(
    assignment: Assignment, programs: Sequence[RightProgram], tests: Sequence[HiddenTest], key: Key
) -> Iterator[str]:
    """What the hidden tests do not do with the inputs that follow from this key, a sentence each.

    Args:
        programs: right ones, with the faults that must be noticed in them.
        tests: the assignment's hidden tests, without those of speed.
    """
    for part in parts(assignment, programs):
        yield from part(tests, key)


def parts(assignment: Assignment, programs: Sequence[RightProgram]) -> list[Part]:
    """`objections` in parts that can be asked for apart from each other, always in the same order."""
    found: list[Part] = [functools.partial(_of_right, assignment)]
    if assignment.bank is not None:
        bank = assignment.bank()
        longest_first = sorted(bank.mistakes, key=lambda name: -len(bank.mistakes[name]))
        found += [functools.partial(_of_mistakes, assignment, bank, name) for name in longest_first]
    for program in programs:
        for piece in dict.fromkeys(fault.piece for fault in program.faults):
            faults = [fault for fault in program.faults if fault.piece == piece]
            found.append(functools.partial(_of_faults, assignment, program, faults))
    return found + [functools.partial(_of_program, assignment, program) for program in programs]


def _of_right(assignment: Assignment, tests: Sequence[HiddenTest], key: Key) -> Generator[str, None, Kept]:
    for test in rehearse(_asked(assignment, tests), assignment.right, key).failed:
        yield f"{test.name} fails the right functions."
    return {}


def _of_program(
    assignment: Assignment, program: RightProgram, tests: Sequence[HiddenTest], key: Key
) -> Generator[str, None, Kept]:
    with (
        redirect_stdout(io.StringIO()),
        redirect_stderr(io.StringIO()),
    ):  # some right programs say what they do
        failed = rehearse(_asked(assignment, tests), program.functions(), key).failed
    for test in failed:
        yield f"{test.name} fails the right program {program.name}."
    return {}


def _of_mistakes(
    assignment: Assignment, bank: Bank, function: str, tests: Sequence[HiddenTest], key: Key
) -> Generator[str, None, Kept]:
    kept: Kept = {}
    for number, row in enumerate(rehearse_mistakes(bank, _asked(assignment, tests), [function], key)):
        if row.glimpses is not None:
            kept[function, number] = row.glimpses
        if not row.failed:
            yield f"The hidden tests do not catch the mistake {row.mistake.name} of {row.mistake.function}."
        elif not row.is_named_truly:
            yield f"The hidden tests do not tell the mistake {row.mistake.name} of {row.mistake.function} from others."
    return kept


def _of_faults(
    assignment: Assignment,
    program: RightProgram,
    faults: Sequence[Fault],
    tests: Sequence[HiddenTest],
    key: Key,
) -> Generator[str, None, Kept]:
    asked, right = _asked(assignment, tests), program.functions()
    for fault in faults:
        functions = program.functions(fault)
        likely_first = sorted(
            asked, key=lambda test: (test.name != fault.test, test.cell != f"test_{fault.piece}")
        )
        if not any(fails(test, functions, right, key) for test in likely_first):
            yield (
                f"The hidden tests do not notice {fault.text!r} at character {fault.start} "
                f"of {fault.piece} in {program.name}."
            )
    return {}


def _asked(assignment: Assignment, tests: Sequence[HiddenTest]) -> list[HiddenTest]:
    """The tests but those of functions that a course has dropped."""
    return [test for test in tests if test.cell in assignment.points]


def fails(test: HiddenTest, functions: Functions, right: Functions, key: Key) -> bool:
    """Whether the functions fail the test; a call of theirs that does not end fails it as well.

    Args:
        right: the same functions without a fault, which show how long the test may take.
    """
    failed, stopped = _failed(test, functions, key, ENDLESS_SECONDS)
    if stopped:
        begun = time.process_time()
        rehearse([test], right, key)
        patience = TIMES_RIGHT * (time.process_time() - begun)
        if patience > ENDLESS_SECONDS:
            failed, _ = _failed(test, functions, key, patience)
    return failed


def _failed(test: HiddenTest, functions: Functions, key: Key, seconds: float) -> tuple[bool, bool]:
    """Whether they fail the test, and whether a call was stopped, since the test took more CPU time than that."""
    with _ending_endless_calls(seconds) as stopped:
        failed = bool(rehearse([test], functions, key).failed)
    return failed, bool(stopped)


@contextmanager
def _ending_endless_calls(seconds: float) -> Iterator[list[str]]:
    """A call in the block that goes on for too long ends in an error, as it does in a worker. For a process's main thread.

    Gives a list in which each such error is noted.
    """
    stopped: list[str] = []

    def stop(*_: object) -> None:
        stopped.append("too long")
        raise TimeoutError("too long")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN_SECONDS)
    try:
        yield stopped
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
