"""Two keys give the same scores: on every right program, every modelled mistake, every beginner's mistake and every mutant."""

import dataclasses

import numpy as np
import pytest
from beginners.programs import RIGHT as BEGINNERS_RIGHT
from beginners.programs import programs

from autograder.judge.acceptance import fails, objections
from autograder.judge.hidden import Key
from autograder.judge.programs import read_programs
from autograder.judge.rehearsal import EXAMPLE, hidden_tests, rehearse_mistakes
from autograder.suite import conv2d, network, suite_folder

pytestmark = pytest.mark.slow(55)

ANOTHER = EXAMPLE.for_("a course that nobody knows")
SUITES = {"conv2d": conv2d, "network": network}
each_suite = pytest.mark.parametrize(("name", "suite"), SUITES.items(), ids=SUITES)
TESTS = {name: hidden_tests(suite) for name, suite in SUITES.items()}
FAULTS = {
    "conv2d": (2000, 1),
    "network": (600, 8),
}  # more than so many; each is tried, or each eighth: a training takes longer
MISTAKES = {"conv2d": 500, "network": 100}


def functions_of(*sources: str) -> dict:
    names: dict = {"np": np, "__name__": "__main__"}
    for source in sources:
        exec(source, names)
    return names


def failed(functions: dict, right: dict, key: Key, function: str) -> list[str]:
    """The tests of a function that fail; a call that never ends fails its test."""
    tests = [test for test in TESTS["conv2d"] if test.cell == f"test_{function}"]
    try:
        return [test.name for test in tests if fails(test, functions, right, key)]
    except SystemExit:  # a beginner's program that ends Python: all its tests
        return ["exit"]


@each_suite
def test_every_right_program_gets_full_marks_and_every_fault_in_one_costs_points_under_another_key(
    name, suite
):
    programs = read_programs(suite_folder(name))
    least, step = FAULTS[name]
    assert len(programs) >= 8 and sum(len(each.faults) for each in programs) > least
    tried = [dataclasses.replace(each, faults=each.faults[step // 2 :: step]) for each in programs]
    without_mistakes = dataclasses.replace(suite.ASSIGNMENT, bank=None)
    assert list(objections(without_mistakes, tried, TESTS[name], ANOTHER)) == []


@each_suite
def test_every_mistake_fails_the_same_tests_and_gets_its_name_under_another_key(name, suite):
    known = suite.ASSIGNMENT.bank()
    one, other = (
        list(rehearse_mistakes(known, TESTS[name], known.mistakes, key)) for key in (EXAMPLE, ANOTHER)
    )
    assert len(one) > MISTAKES[name]
    assert [(row.mistake.name, row.failed) for row in one if not row.failed or not row.is_named_truly] == []
    assert [
        (a.mistake.name, a.failed, b.failed) for a, b in zip(one, other, strict=True) if a.failed != b.failed
    ] == []
    assert all(row.is_named_truly for row in other)


def test_every_beginners_program_fails_the_same_tests_under_another_key():
    different, wrong = [], 0
    right = functions_of(*BEGINNERS_RIGHT.values())
    for program in programs():
        functions = functions_of(*(BEGINNERS_RIGHT | {program.function: program.source}).values())
        one, other = (failed(functions, right, key, program.function) for key in (EXAMPLE, ANOTHER))
        wrong += bool(one)
        if one != other:
            different.append((program.function, program.mistake, one, other))
    assert different == [] and wrong > 150
