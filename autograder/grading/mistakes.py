"""Writes the mistakes that are certain into the results of the tests that failed by them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from autograder.grading.report import TestResult
from autograder.judge.bank import Bank, Mistake
from autograder.judge.glimpses import NO_GLIMPSES, Glimpses
from autograder.judge.naming import Explanation, explanations
from autograder.judge.outcomes import RecordedCall

CallsOf = Callable[[str], Sequence[RecordedCall]]  # all calls that were made of a function, by its name


def name_mistakes(
    results: Sequence[TestResult], calls_of: CallsOf, bank: Bank | None, glimpses: Glimpses = NO_GLIMPSES
) -> tuple[TestResult, ...]:
    """The results with each function's mistakes in the tests that fail by them; the first of these explains them.

    A function's tests are those of the cell `test_<function>`. A mistake that several functions have is explained in the first
    of them: they may share the lines that it is in.

    Args:
        glimpses: of some mistakes, as `explanations` takes them.
    """
    if bank is None:
        return tuple(results)
    found = _found(results, calls_of, bank, glimpses)
    named = list(results)
    for function, own in found.items():
        for explanation in reversed(own):  # what spoils values comes first
            places = [place for place, test in enumerate(results) if _fails_by(test, function, explanation)]
            for place in places:
                named[place] = replace(named[place], mistake=explanation.name)
            for place in places[:1]:
                told = _told(function, explanation, found)
                named[place] = replace(named[place], message=f"{named[place].message}\n{told}")
    return tuple(named)


def _found(
    results: Sequence[TestResult], calls_of: CallsOf, bank: Bank, glimpses: Glimpses
) -> dict[str, list[Explanation]]:
    """The explanations of every function with failed tests, in the assignment's order.

    A program may choose which mistakes it makes, and tell by that what it was given. So a report names no more of them than
    there are functions, whichever function they are in.
    """
    found: dict[str, list[Explanation]] = {}
    certain: set[str] = set()
    left = len(bank.mistakes)
    for function in bank.mistakes:
        if any(_failed(test, function) for test in results):
            found[function] = []
            for explanation in explanations(function, calls_of(function), bank, certain, glimpses):
                if len(explanation.mistakes) <= left:
                    left -= len(explanation.mistakes)
                    found[function].append(explanation)
                    certain.update(each.name for each in explanation.mistakes)
    return found


def _failed(test: TestResult, function: str) -> bool:
    return test.cell == f"test_{function}" and test.outcome in ("failed", "error") and test.is_to_mend


def _fails_by(test: TestResult, function: str, explanation: Explanation) -> bool:
    return _failed(test, function) and test.name in explanation.tests


# --- what the student reads ------------------------------------------------------------------------------


def _told(function: str, explanation: Explanation, found: Mapping[str, Sequence[Explanation]]) -> str:
    """The sentences of an explanation, one for each mistake."""
    sentences = [_sentence(each, function, found) for each in explanation.mistakes]
    if len(sentences) > 1:
        numbered = (f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1))
        sentences = ["Several mistakes come together here:", *numbered]
    if not explanation.is_whole:
        sentences.append("Something else is wrong besides.")
    return "\n".join(sentences)


def _sentence(mistake: Mistake, function: str, found: Mapping[str, Sequence[Explanation]]) -> str:
    having = [
        other
        for other, own in found.items()
        if any(each.name == mistake.name for explanation in own for each in explanation.mistakes)
    ]
    if having[0] != function:
        return f"The same mistake as in {having[0]}, where it is explained."
    also = f" It is also in {_listed(having[1:])}." if having[1:] else ""
    return f"{mistake.sentence} (Section \u201c{mistake.lecture}\u201d.){also}"


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
