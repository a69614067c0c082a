"""Eight kills at random moments of one class's grading and recording."""

import pytest
from test_recording import kill_and_compare

pytestmark = pytest.mark.slow(60)


def test_eight_kills_end_in_the_gradebook_of_an_undisturbed_run(released_course, tmp_path):
    kill_and_compare(released_course, tmp_path, kills=8)
