"""Every mutant of every right solution, and the list of those that no test can notice. It takes half a minute."""

from test_mutation import assert_every_fault_costs_points


def test_every_fault_in_a_right_solution_costs_points():
    assert_every_fault_costs_points()
