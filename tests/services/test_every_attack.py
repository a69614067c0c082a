"""Every attack, each in one combination of tier and kind of worker, with the witness after it; `test_attacks.py` takes a part.

`python -m tests.attacks` tries all of them in all four combinations, which takes a quarter of an hour.
"""

import pytest
from attacks.corpus import read_corpus
from attacks.running import COMBINATIONS, has_witness
from test_attacks import assert_contained

# One after the other: each keeps two processes busy, and an attack that waits for a processor is one that takes long.
pytestmark = [pytest.mark.slow(180), pytest.mark.xdist_group("every attack")]


def in_turn(number: int) -> list[str]:
    """Of the attacks that the witness follows in this combination every second, so that each attack has its turn once."""
    combination, first = COMBINATIONS[number], number // 2
    followed = [
        path
        for place, path in enumerate(read_corpus())
        if has_witness(combination.tier, combination.kind, place)
    ]
    return followed[first::2]


@pytest.mark.parametrize("number", range(len(COMBINATIONS)), ids=[str(each) for each in COMBINATIONS])
def test_every_attack_is_contained(number):
    assert_contained(COMBINATIONS[number], in_turn(number))


def test_each_attack_has_its_turn_once():
    turns = [path for number in range(len(COMBINATIONS)) for path in in_turn(number)]
    assert sorted(turns) == sorted(read_corpus())
