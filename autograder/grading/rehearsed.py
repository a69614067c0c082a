"""What is the same for a whole class, since it follows from the course's key: found out once, and kept in a file from then on.

It holds hidden inputs and their right answers, so it is as secret as the key. The file is sealed with the key: nothing of it is
read that somebody else than its owner may have written, and nothing that was written for another key.
"""

import hashlib
import hmac
import pickle
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grading.ahead import Foresight, foresee
from autograder.judge.acceptance import Kept
from autograder.judge.arguments import Arguments
from autograder.judge.assignment import Assignment
from autograder.judge.bank import Bank
from autograder.judge.expected import Expected, expected
from autograder.judge.glimpses import Glimpses
from autograder.judge.hidden import SECRET_BYTES, Key
from autograder.judge.ladder import Allowed
from autograder.judge.outcomes import RecordedCall, kept_allowed, kept_outcome
from autograder.judge.rehearsal import calls_in_order, hidden_tests
from autograder.suite import package

MOST_BYTES = 1 << 26
SEAL_BYTES = hashlib.sha256().digest_size

Calls = dict[str, list[tuple[str, RecordedCall]]]  # those of each test, each with its function's name


@dataclass(frozen=True)
class Rehearsed:
    """What hidden tests ask under one key, and by what the known mistakes are told from each other.

    Attributes:
        foresight: of each test, by its name.
        glimpses: of the mistakes; those that are missing are only found more slowly.
    """

    foresight: Mapping[str, Foresight]
    glimpses: Glimpses


@dataclass(frozen=True)
class Memory:
    """A file in which a course keeps what follows from its key.

    Attributes:
        made_with: names the tests, the kit and the key: with any other than these its content is of no use.
    """

    file: Path
    made_with: str


@dataclass(frozen=True)
class _Content:
    """What stands in the file."""

    calls: Calls
    expected: list[tuple[Callable[..., Any], Arguments, Expected]]
    allowed: list[tuple[str, Arguments, Allowed]]
    glimpses: Kept


def rehearsed(assignment: Assignment, key: Key, memory: Memory | None = None) -> Rehearsed:
    """What follows from the key: from the file where it is there and in order, else found out now, without glimpses."""
    kept = None if memory is None else _read(memory, key)
    if kept is None:
        return Rehearsed(foresee(_calls(assignment, key)), {})
    bank = assignment.bank() if assignment.bank else None
    _remember(kept, assignment)
    return Rehearsed(foresee(kept.calls), _by_mistake(kept.glimpses, bank) if bank else {})


def packed(assignment: Assignment, key: Key, made_with: str, glimpses: Kept) -> bytes:
    """The content of a memory's file.

    Args:
        glimpses: what the acceptance of the key has found of them.
    """
    calls = _calls(assignment, key)
    small = {(function, call.key) for made in calls.values() for function, call in made if call.key.small}
    asked = {call for _, call in small}  # not what this process has found for another key or assignment
    allowed = [(function, call, kept_allowed(assignment.right[function], call)) for function, call in small]
    answers = [
        (function, call, answer)
        for (function, call), answer in expected.known.items()
        if call in asked and _has_a_name(function)
    ]
    content = pickle.dumps(_Content(calls, answers, allowed, glimpses), pickle.HIGHEST_PROTOCOL)
    return _seal(key, made_with, content) + content


def portable(glimpses: Kept) -> Kept:
    """Those that another process can read: what a faulty version returns may be anything."""
    return {place: each for place, each in glimpses.items() if _is_portable(each)}


def _is_portable(value: object) -> bool:
    try:
        pickle.dumps(value)
    except Exception:  # each kind of object has errors of its own
        return False
    return True


def _calls(assignment: Assignment, key: Key) -> Calls:
    tests = hidden_tests(package(assignment.name))
    return {test.name: calls_in_order(test, assignment.right, key) for test in tests}


def _has_a_name(function: Callable[..., Any]) -> bool:
    """Whether another process finds the function by its module and its name."""
    module = sys.modules.get(getattr(function, "__module__", ""))
    return getattr(module, getattr(function, "__qualname__", ""), None) is function


def _seal(key: Key, made_with: str, content: bytes) -> bytes:
    return hmac.digest(key.stream(f"rehearsed\0{made_with}", SECRET_BYTES), content, "sha256")


def _read(memory: Memory, key: Key) -> _Content | None:
    """What stands in the file; None where it is not there, or its seal is broken."""
    try:
        with memory.file.open("rb") as opened:
            seal, content = opened.read(SEAL_BYTES), opened.read(MOST_BYTES)
    except OSError:
        return None
    if not hmac.compare_digest(seal, _seal(key, memory.made_with, content)):
        return None
    kept = pickle.loads(content)  # whoever could seal it has the course's key
    return kept if isinstance(kept, _Content) else None


def _remember(kept: _Content, assignment: Assignment) -> None:
    """Tells those who would find it out by themselves."""
    for function, call, answer in kept.expected:
        expected.known[function, call] = answer.protected()
    for name, call, allowed in kept.allowed:
        kept_allowed.known[assignment.right[name], call] = allowed
    for made in kept.calls.values():
        for name, recorded in made:
            if recorded.key.small:
                kept_outcome.known[assignment.right[name], recorded.key] = recorded.outcome


def _by_mistake(glimpses: Kept, bank: Bank) -> Glimpses:
    return {bank.mistakes[function][number]: each for (function, number), each in glimpses.items()}
