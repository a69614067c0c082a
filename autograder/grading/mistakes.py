"""Writes the mistake that was recognised, if exactly one was, into the results of the tests that failed by it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.grading.report import TestResult
from autograder.judge.naming import Bank, RecordedCall, name_mistake


def name_mistakes(
    results: Sequence[TestResult], calls: Mapping[str, Sequence[RecordedCall]], bank: Bank | None
) -> tuple[TestResult, ...]:
    """The results with each function's mistake in the failed tests of its cell; the first of them explains it.

    A function's tests are those of the cell `test_<function>`.
    """
    results = list(results)
    if bank is None:
        return tuple(results)
    for function in bank.mistakes:
        failed = [place for place, test in enumerate(results) if _failed(test, function)]
        mistake = name_mistake(function, calls.get(function, ()), bank) if failed else None
        if mistake is None:
            continue
        for place in failed:
            results[place] = replace(results[place], mistake=mistake.name)
        first = results[failed[0]]
        explained = f"{first.message}\n{mistake.sentence} (Section \u201c{mistake.lecture}\u201d.)"
        results[failed[0]] = replace(first, message=explained)
    return tuple(results)


def _failed(test: TestResult, function: str) -> bool:
    return test.cell == f"test_{function}" and test.outcome in ("failed", "error") and test.is_to_mend
