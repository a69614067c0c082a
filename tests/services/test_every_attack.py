"""Every attack under the combinations of tier and kind of worker of which `test_attacks.py` takes a part or nothing."""

import pytest
from attacks.corpus import read_corpus
from attacks.running import COMBINATIONS
from test_attacks import assert_contained


@pytest.mark.slow(180)
@pytest.mark.parametrize("combination", COMBINATIONS, ids=str)
def test_every_attack_is_contained(combination):
    assert_contained(combination, list(read_corpus()))
