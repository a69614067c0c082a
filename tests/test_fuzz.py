"""Short, seeded runs of the fuzzers; `python -m tests.fuzz` runs them for as long as one likes."""

from collections import Counter

import pytest
from fuzz.targets import TARGETS, case

CASES = {"wire": 4000, "notebooks": 40, "results": 120}


@pytest.mark.parametrize("name", TARGETS)
def test_altered_input_is_read_or_refused_and_nothing_else_happens(name):
    target, outcomes = TARGETS[name], Counter()
    for number in range(CASES[name]):
        try:
            outcomes[target.check(case(target, number))] += 1
        except Exception as finding:
            raise AssertionError(f"python -m tests.fuzz {name} --case {number}") from finding
    assert min(outcomes["read"], outcomes["refused"]) > CASES[name] / 20, (
        "too tame or too wild to prove anything"
    )


# What the long runs found, each by the smallest case that shows it.
FOUND = {
    "seconds that are no float": (b'"seconds": 0.5', b'"seconds": 1' + b"0" * 400),
    "points that are no float": (b'"max_points": 6.0', b'"max_points": 1' + b"0" * 400),
    "half a character in a cell's name": (b'"cell": "test_conv2d"', b'"cell": "\\ud800"'),
    "a window that nobody could draw": (b'"image": [5, 7]', b'"image": [1000000000, 1]'),
}


@pytest.mark.parametrize(("old", "new"), FOUND.values(), ids=FOUND)
def test_results_are_refused_for(old, new):
    from fuzz.targets import LINES

    assert TARGETS["results"].check(LINES[0]) == "read" and old in LINES[0]
    assert TARGETS["results"].check(LINES[0].replace(old, new)) == "refused"
