"""Every attack that `test_attacks.py` leaves, each in one combination of tier and kind of worker, with the witness after it.

`python -m tests.attacks` tries all of them in all four combinations, which takes a quarter of an hour.
"""

import pytest
from attacks.corpus import read_corpus
from attacks.running import COMBINATIONS, Combination, has_witness
from test_attacks import TRIED, assert_contained

pytestmark = pytest.mark.slow(120)

# Every so manyth meets fresh workers. They cost twice what forked ones do, in each process, and stand behind the same wall.
FRESH = 5


def its_turn(place: int) -> Combination:
    """The combination in which the attack at this place is tried: of its kind of worker, that in which the witness follows."""
    kind = "server" if place % FRESH else "fresh"
    return next(
        each for each in COMBINATIONS if each.kind == kind and has_witness(each.tier, each.kind, place)
    )


def in_turn(combination: Combination) -> list[str]:
    tried = TRIED.get(combination, ())
    return [
        path
        for place, path in enumerate(read_corpus())
        if its_turn(place) == combination and path not in tried
    ]


# One at a time: every grading process tries the controls first, and other tests run while an attack sleeps.
@pytest.mark.parametrize("combination", COMBINATIONS, ids=str)
def test_every_attack_is_contained(combination):
    assert_contained(combination, in_turn(combination), together=1)


def test_each_attack_has_its_turn_and_one_of_every_family_meets_fresh_workers():
    turns = [path for combination in COMBINATIONS for path in in_turn(combination)]
    assert {*turns}.union(*TRIED.values()) == {*read_corpus()} and len(turns) == len({*turns})
    fresh = {
        path.split("/")[0] for place, path in enumerate(read_corpus()) if its_turn(place).kind == "fresh"
    }
    assert fresh == {path.split("/")[0] for path in read_corpus()}
