"""What holds when root grades holds when an ordinary user does: an attack of each family, in one of the two tiers."""

from collections.abc import Iterator

import pytest
from attacks.running import Combination
from ordinary_user import OrdinaryUser, ordinary_user
from test_attacks import assert_contained

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(60)]

# `python -m tests.attacks` tries all of them as whoever runs it.
TRIED = {
    1: (
        *("reading/home", "forging/frames", "breaking/processes", "escaping/signals_to_the_grader"),
        *("staying/daemon", "signalling/locks", "folder/links_beside_it"),
    ),
    2: (
        *("reading/gradebook", "telling/words_in_notes_and_causes", "following/right_one_in_the_worker"),
        *("escaping/writing_outside", "filling/unlinked_files", "notebooks/metadata", "wearing/blank_lines"),
    ),
}


@pytest.fixture(scope="module")
def user() -> Iterator[OrdinaryUser]:
    with ordinary_user() as user:
        yield user


@pytest.mark.parametrize("tier", TRIED)
def test_attacks_are_contained_where_an_ordinary_user_grades(tier, user):
    assert_contained(Combination(tier, "server"), TRIED[tier], user)
