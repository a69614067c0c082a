"""Every lab on stand-ins, as before anything of the assignment is written, and the long ones on right functions."""

import pytest
from test_labs import LABS, LONG, assert_lab_shows, run_in_kernel

from autograder.suite import find
from coursesite.labs import executed

FOR_STUDENTS = find("conv2d").labs


@pytest.fixture(scope="module")
def on_stand_ins():
    """The labs, executed on the notebook that students get."""
    return executed(FOR_STUDENTS, solved=False)


@pytest.mark.parametrize("lab", FOR_STUDENTS)
def test_a_lab_runs_where_nothing_is_written_yet(lab, on_stand_ins):
    assert_lab_shows(lab, on_stand_ins[lab], "a stand-in")


@pytest.mark.parametrize("lab", sorted(LONG.intersection(FOR_STUDENTS)))
def test_a_long_lab_runs_from_top_to_bottom_on_a_students_own_functions(lab):
    """The site shows it as it was executed here, or here is looked at what was executed for the site."""
    assert_lab_shows(lab, executed([lab])[lab], "your own")


@pytest.mark.parametrize(
    "lab", [lab for lab in LABS if lab.stem not in FOR_STUDENTS], ids=lambda lab: lab.stem
)
def test_a_lab_of_the_instructors_runs_in_jupyters_kernel(lab):
    assert_lab_shows(lab.stem, run_in_kernel(lab), "")
