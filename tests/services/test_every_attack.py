"""Every attack in both tiers and with both kinds of worker, of which `test_attacks.py` takes a part.

Each is tried in the two of the four combinations in which the witness follows it; `python -m tests.attacks` tries all four.
"""

import pytest
from attacks.corpus import read_corpus
from attacks.running import COMBINATIONS, has_witness
from test_attacks import assert_contained

# One after the other: each keeps two processes busy, and an attack that waits for a processor is one that takes long.
pytestmark = [pytest.mark.slow(180), pytest.mark.xdist_group("every attack")]


@pytest.mark.parametrize("combination", COMBINATIONS, ids=str)
def test_every_attack_is_contained(combination):
    corpus = list(read_corpus())
    chosen = [
        path for place, path in enumerate(corpus) if has_witness(combination.tier, combination.kind, place)
    ]
    assert_contained(combination, chosen)
