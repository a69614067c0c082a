"""All wrong programs and 80 pairs of mistakes, of which tests/test_naming.py judges some."""

import pytest
from naming.programs import wrong_programs
from naming.verdicts import pairs, rehearsal_of, verdict_on_pair, verdicts_on

from autograder.judge.visible import Checks
from solutions.conv2d.cases import CASES

pytestmark = pytest.mark.slow(54)


def test_a_quarter_of_all_wrong_functions_is_named_and_none_falsely():
    found = [verdict for program in wrong_programs() for verdict in verdicts_on(program)]
    assert [each for each in found if each.false] == []
    assert sum(bool(each.names) for each in found) >= len(found) / 4 > 30


def test_of_80_pairs_of_mistakes_none_is_named_falsely():
    found = [verdict_on_pair(*pair) for pair in pairs(80, seed=1)]
    assert [each for each in found if each.false] == []
    assert sum(bool(each.names) for each in found) > 40


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_visible_checks_of_wrong_programs_fail_exactly_where_hidden_tests_do():
    checks = Checks(CASES)
    for program in wrong_programs():
        hidden = {test.cell.removeprefix("test_") for test in rehearsal_of(program.functions).failed}
        visible = {
            name
            for name, function in program.functions.items()
            if any(checks.examine(name, function, case)[0] for case in CASES[name])
        }
        assert visible == hidden, str(program)
