"""Every kind of damage through nbgrader, its feedback and its formgrader. It takes minutes."""

import pytest
from damage.course import KINDS, assert_formgrader_opens, assert_pages, assert_score, graded_course

pytestmark = [pytest.mark.slow(170), pytest.mark.xdist_group("every damage")]


@pytest.fixture(scope="module")
def course(tmp_path_factory, released_course):
    with graded_course(released_course, tmp_path_factory.mktemp("damaged"), KINDS) as folder:
        yield folder


@pytest.mark.parametrize("name", KINDS)
def test_nbgrader_gives_the_due_score_and_a_page_to(name, course):
    assert_score(course, name)
    assert_pages(course, name)


def test_formgrader_opens_all_of_them(course):
    assert_formgrader_opens(course, KINDS)
