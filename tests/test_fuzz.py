"""Short, seeded runs of the fuzzers; `python -m tests.fuzz` runs them for as long as one likes."""

import re
from collections import Counter

import pytest
from fuzz import growth
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


# --- time -------------------------------------------------------------------------------------------------

SLOW = {
    "code": " \n",  # Pygments: 13 seconds for 8,000 characters
    "markdown": "\\\\(",  # the end of a formula is looked for behind each
    "messages": "a ",  # patterns with two repeats beside each other
    "names": "_",
}


@pytest.mark.parametrize("name", [*growth.TIMES][::3])  # `make fuzz` goes on with all of them
def test_what_students_write_takes_a_time_that_grows_with_its_length(name):
    target = growth.TIMES[name]
    assert target.check(case(target, 0)) == "read"


@pytest.mark.parametrize(("name", "piece"), SLOW.items(), ids=SLOW)
def test_what_was_slow_once_is_so_no_more(name, piece):
    assert growth.finding(growth.READERS[name], piece) == ""


def test_a_time_that_grows_with_the_square_of_the_length_is_noticed(monkeypatch):
    monkeypatch.setattr(growth, "TRIES", 1)
    monkeypatch.setattr(growth.least, "__defaults__", (5,))  # the least of five, however busy the machine
    slow = growth.Reader("slow", lambda text: re.search("a*b", text), ("a",))
    assert re.match(r"slow, 'a': 0\.\d+ s for \d+", growth.finding(slow, "a"))
