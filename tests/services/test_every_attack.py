"""Every attack under every combination of tier and kind of worker; `test_attacks.py` leaves a part of them out."""

import pytest
from attacks.corpus import read_corpus
from attacks.running import COMBINATIONS


@pytest.mark.parametrize("combination", COMBINATIONS, ids=str)
def test_every_attack_is_contained(combination):
    corpus = read_corpus()
    verdicts = combination.run(corpus)
    assert verdicts.keys() == corpus.keys()
    assert {path: each.gave_way for path, each in verdicts.items() if not each.contained} == {}
