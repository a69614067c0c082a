"""The hidden suite notices every small fault in a right solution. `python -m tests.mutation` prints the table."""

import pytest
from cosmic_ray.mutating import mutate_code
from mutation.classes import verdicts
from mutation.equivalent import entries
from mutation.hidden import hidden_tests
from mutation.mutants import Solution
from mutation.operators import OWN
from mutation.pool import Schedule, judge
from trusted_program import suite_results

from autograder.suite import conv2d
from solutions.conv2d.demands import DEMANDS, classes
from solutions.network import demands as of_network

EXAMPLES = [(operator, example) for operator in OWN for example in operator.examples()]


@pytest.mark.parametrize("operator, example", EXAMPLES, ids=lambda each: getattr(each, "__name__", ""))
def test_an_operator_makes_the_fault_that_its_example_shows(operator, example):
    assert (
        mutate_code(example.pre_mutation_code, operator(), example.occurrence) == example.post_mutation_code
    )


@pytest.mark.slow
def test_the_hidden_tests_called_directly_judge_as_the_suite_does():
    wrong = Solution("demo/samples/same_mistake.py").functions()
    directly = {test.name: test.passes(wrong) for test in hidden_tests()}
    results = {result.name: result.points > 0 for result in suite_results(wrong)}
    speed = set(results) - set(directly)
    assert len(speed) == 1
    assert directly == {name: passed for name, passed in results.items() if name not in speed}
    assert not all(directly.values())


@pytest.mark.slow
def test_a_fault_that_never_ends_is_killed_by_the_test_that_hangs():
    solution = Solution("demo/samples/loops_only.py")
    mutants = [
        mutant
        for mutant in solution.mutants()
        if mutant.operator == "DeleteStatement" and mutant.change[0] == "position += stride"
    ]
    tests = [test for test in hidden_tests() if test.cell == "test_output_size"]
    (verdict,) = judge(solution, Schedule.of(solution, tests), mutants, workers=1)
    assert verdict.killed_by.startswith("test_output_size") and verdict.killed_by.endswith("(hangs)")


def test_there_are_hundreds_of_classes_of_arguments_and_some_for_every_function():
    found = classes(DEMANDS.table())
    assert len(set(found)) == len(found) > 300
    assert {function for function, _ in found} == set(conv2d.ASSIGNMENT.right)
    assert ("conv2d", ("VALID", "equal strides above 1, with a remainder")) in found


@pytest.mark.parametrize("function", conv2d.ASSIGNMENT.right)
def test_a_function_that_is_wrong_or_raises_for_one_class_of_arguments_loses_points(function):
    found = list(verdicts(DEMANDS, classes(DEMANDS.table()), function))
    assert len(found) >= 15
    assert [str(mutant) for mutant, survives in found if survives] == []


@pytest.mark.parametrize("function", [each.name for each in of_network.DEMANDS.exercises])
def test_a_function_of_the_network_that_is_wrong_or_raises_for_one_kind_of_call_loses_points(function):
    demands = of_network.DEMANDS
    found = list(verdicts(demands, [(each.function, (each.kind,)) for each in demands.table()], function))
    assert len(found) >= 4
    assert [str(mutant) for mutant, survives in found if survives] == []


def test_each_equivalent_mutant_is_listed_with_a_reason():
    assert entries() and all(len(entry.reason) > 15 and entry.line for entry in entries())
