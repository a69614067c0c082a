"""Which key an assignment gets: the first under which its hidden tests tell right from wrong as its author meant.

An assignment's keys follow from the course's, in an order that is always the same. So whoever has the course's key finds the
same one, and nothing needs to be kept but the course's key.
"""

from collections.abc import Iterator, Sequence

from autograder.judge.assignment import Assignment
from autograder.judge.hidden import Key
from autograder.judge.rehearsal import HiddenTest, rehearse, rehearse_mistakes

MOST_DRAWS = 20


class NoKey(Exception):
    """No key does; the message says what is wrong under all of them, for the author."""


def drawn(course: Key, assignment: str, number: int) -> Key:
    """The assignment's key of that number, from 0 on."""
    return course.for_(f"{assignment} {number}")


def first_accepted(course: Key, assignment: Assignment, tests: Sequence[HiddenTest]) -> int:
    """The number of the assignment's first key to which there is no objection. Raises `NoKey`. It takes seconds.

    Args:
        course: the course's key.
        tests: the assignment's hidden tests, without those of speed.
    """
    objection = ""
    for number in range(MOST_DRAWS):
        found = objections(assignment, tests, drawn(course, assignment.name, number))
        objection = next(found, "")
        if not objection:
            return number
    raise NoKey(f"{objection} So it was with {MOST_DRAWS} keys")


def objections(assignment: Assignment, tests: Sequence[HiddenTest], key: Key) -> Iterator[str]:
    """What the hidden tests do not do with the inputs that follow from this key, a sentence each."""
    tests = [test for test in tests if test.cell in assignment.points]  # a function that is dropped has none
    for test in rehearse(tests, assignment.right, key).failed:
        yield f"{test.name} fails the right functions."
    if assignment.bank is None:
        return
    bank = assignment.bank()
    for row in rehearse_mistakes(bank, tests, bank.mistakes, key):
        if not row.failed:
            yield f"The hidden tests do not catch the mistake {row.mistake.name} of {row.mistake.function}."
        elif not row.is_named_truly:
            yield f"The hidden tests do not tell the mistake {row.mistake.name} of {row.mistake.function} from others."
